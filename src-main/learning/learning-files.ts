/**
 * The files of `state/learning`: one line for each event, in the order in which it was learned. The database is the truth. A
 * file that lacks lines is completed; one that says something else is kept aside and written anew, whole.
 */
import { setImmediate } from 'node:timers/promises';
import { type LearningFileKind, learningFileNames } from '../../src-shared/domain/learning.ts';
import type { GrowingFiles, LearningStore } from '../orchestrator/ports/learning-store.ts';

export interface LearningFilesDeps {
  store: Pick<LearningStore, 'learningEventsAfter'>;
  growing: GrowingFiles;
  pathOf: (fileName: string) => string;
  onDamaged: (path: string) => void;
}

/** How far a file is known to hold what it should. */
interface Written {
  seq: number;
  bytes: number;
}

const sliceRows = 250;
const kinds = Object.keys(learningFileNames) as LearningFileKind[];

export class LearningFiles {
  readonly #deps: LearningFilesDeps;
  readonly #written = new Map<LearningFileKind, Written>();

  constructor(deps: LearningFilesDeps) {
    this.#deps = deps;
  }

  /** Brings every file up to what the database holds. */
  async write(): Promise<void> {
    for (const kind of kinds) await this.#writeOne(kind);
  }

  async #writeOne(kind: LearningFileKind): Promise<void> {
    const { growing, pathOf } = this.#deps;
    const path = pathOf(learningFileNames[kind]);
    const size = await growing.size(path);
    const known = this.#written.get(kind);
    // A file that somebody else has touched is looked at from its beginning.
    const from = known?.bytes === (size ?? 0) ? known : { seq: 0, bytes: 0 };
    this.#written.delete(kind);
    const written = (await this.#extend(kind, { path, size: size ?? 0, from })) ?? (await this.#rebuild(kind, path));
    this.#written.set(kind, written);
  }

  async #rebuild(kind: LearningFileKind, path: string): Promise<Written> {
    this.#deps.onDamaged(path);
    await this.#deps.growing.setAside(path);
    const written = await this.#extend(kind, { path, size: 0, from: { seq: 0, bytes: 0 } });
    if (written) return written;
    throw new Error(`${path} changes while it is written`);
  }

  /** Compares what is there with what should be and appends what is missing; null when the file says something else. */
  async #extend(kind: LearningFileKind, order: { path: string; size: number; from: Written }): Promise<Written | null> {
    const { store, growing } = this.#deps;
    let { seq, bytes } = order.from;
    for (;;) {
      const rows = store.learningEventsAfter(seq, sliceRows, kind);
      const text = Buffer.from(rows.map(({ event }) => `${JSON.stringify(event.line)}\n`).join(''));
      const there = Math.max(0, Math.min(text.length, order.size - bytes));
      if (there > 0) {
        const found = await growing.readAt(order.path, bytes, there);
        if (!text.subarray(0, there).equals(found)) return null;
      }
      if (there < text.length) await growing.append(order.path, text.subarray(there));
      bytes += text.length;
      seq = rows.at(-1)?.seq ?? seq;
      if (rows.length < sliceRows) return bytes < order.size ? null : { seq, bytes };
      await setImmediate();
    }
  }
}
