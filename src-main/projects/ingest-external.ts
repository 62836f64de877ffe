/**
 * Takes in files that arrive in output folders from outside. A file is touched only when it has stopped growing (size and
 * time unchanged over two looks), and recorded only if it is still the same after it was hashed and probed: never half-read,
 * never twice. What cannot be a take becomes a problem that names the file and the fix, and goes when the file does.
 */
import { stat } from 'node:fs/promises';
import type { Take } from '../../src-shared/domain/take.ts';
import type { Clock, Timer } from '../orchestrator/ports/clock.ts';
import type { MediaWorkshop } from '../orchestrator/ports/media.ts';
import type { ProjectPaths } from '../orchestrator/ports/project-files.ts';
import type { ProjectStore } from '../orchestrator/ports/project-store.ts';
import { isAbortError } from '../platform/app-error.ts';
import type { Logger } from '../platform/logger.ts';
import { createSemaphore } from '../platform/semaphore.ts';
import { type Refusal, recordExternal } from './record-external.ts';
import { isNoTakeName, shotOfFolder, takeNumberOfName } from './take-file-name.ts';
import type { FolderEntry } from './watch-folders.ts';

export interface IngestDeps {
  store: ProjectStore;
  paths: Pick<ProjectPaths, 'resolve' | 'relativeSidecarPath'>;
  media: Pick<MediaWorkshop, 'hash' | 'probe'>;
  clock: Clock;
  logger: Logger;
  /** the project's slug, for records */
  project: () => string;
  /** measures and judges what was taken in, as any other take is; absent = nothing is measured */
  judge?: (take: Take, signal: AbortSignal) => Promise<void>;
}

export interface Ingest {
  /** The files that a folder below `output` holds now. */
  consider(folder: string, files: readonly FolderEntry[]): void;
  /** Settles when nothing is being looked at or taken in. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** Between two looks at a file that may still be growing. */
export const lookEveryMs = 300;
const atOnce = 2;
const problemPrefix = 'take-file:';

/** What a file is told from its earlier self by. */
interface Look {
  size: number;
  mtimeMs: number;
}

export function createIngest(deps: IngestDeps): Ingest {
  const { store, clock, logger } = deps;
  /** files that may be takes, with the last look at each */
  const pending = new Map<string, Look | null>();
  /** files that were judged as they are: not looked at again until they change */
  const judged = new Map<string, Look>();
  const places = createSemaphore(atOnce);
  const stop = new AbortController();
  const working = new Set<Promise<void>>();
  let timer: Timer | null = null;
  let waiters: (() => void)[] = [];

  const tellIdle = () => {
    if (pending.size > 0 || working.size > 0) return;
    for (const resolve of waiters) resolve();
    waiters = [];
  };
  const schedule = () => {
    if (stop.signal.aborted || timer || pending.size === 0) return;
    timer = clock.after(lookEveryMs, () => {
      timer = null;
      run(lookAround());
    });
  };
  const run = (work: Promise<void>) => {
    const guarded: Promise<void> = work
      .catch((error: unknown) => {
        if (!isAbortError(error)) logger.error('files from outside could not be looked at', { error });
      })
      .finally(() => {
        working.delete(guarded);
        schedule();
        tellIdle();
      });
    working.add(guarded);
  };

  const lookAround = async (): Promise<void> => {
    for (const [path, before] of [...pending]) {
      stop.signal.throwIfAborted();
      const now = await lookAt(deps.paths.resolve(path));
      const known = judged.get(path);
      if (now === null || (known && same(known, now))) {
        pending.delete(path);
      } else if (before && same(before, now)) {
        pending.delete(path);
        run(places.run(() => takeIn(path, now), stop.signal));
      } else pending.set(path, now);
    }
  };
  const takeIn = async (path: string, look: Look): Promise<void> => {
    const stillSame = async () => {
      const now = await lookAt(deps.paths.resolve(path));
      return now !== null && same(now, look);
    };
    const answer = await recordExternal({ path, sizeBytes: look.size, stillSame, signal: stop.signal }, deps);
    if (answer.kind === 'changing') {
      pending.set(path, null);
      return;
    }
    judged.set(path, look);
    if (answer.kind === 'refused') raise(path, answer.refusal);
    else store.clearProblem(problemPrefix + path);
    if (answer.kind === 'recorded') await deps.judge?.(answer.take, stop.signal);
  };
  const raise = (path: string, refusal: Refusal) => {
    store.raiseProblem({ key: problemPrefix + path, severity: 'warning', file: path, where: null, ...refusal });
  };

  const considerFile = (folder: string, entry: FolderEntry): void => {
    const path = ['output', folder, entry.name].filter(Boolean).join('/');
    if (pending.has(path) || isNoTakeName(entry.name)) return;
    const shotId = shotOfFolder(folder);
    const number = shotId === null ? null : takeNumberOfName(entry.name, shotId.slice(shotId.indexOf('_') + 1));
    if (shotId !== null && number !== null && store.isTakeNumberHeld(shotId, number)) return;
    if (store.takeByPath(path)) return;
    const misnamed = refusalOfName(path);
    if (misnamed) {
      raise(path, misnamed);
      return;
    }
    if (entry.isLink) {
      raise(path, {
        message: `${path} is a link; a take is a file of the project itself.`,
        hint: 'Put the file itself in this folder.',
      });
      return;
    }
    pending.set(path, null);
  };

  return {
    consider(folder, files) {
      if (stop.signal.aborted) return;
      clearGone(store, folder, files);
      for (const entry of files) considerFile(folder, entry);
      schedule();
    },
    async idle() {
      if (pending.size === 0 && working.size === 0) return;
      await new Promise<void>((resolve) => waiters.push(resolve));
    },
    async close() {
      stop.abort();
      timer?.cancel();
      await Promise.allSettled([...working]);
      pending.clear();
      tellIdle();
    },
  };
}

/** Names that a recorded path cannot hold, legal as they are on some systems. */
function refusalOfName(path: string): Refusal | null {
  if (!path.includes('\\')) return null;
  return { message: `${path} has a backslash in its name and is not taken in.`, hint: 'Rename the file without it.' };
}

/** Problems of files that are no longer in the folder are over. */
function clearGone(store: ProjectStore, folder: string, files: readonly FolderEntry[]): void {
  const names = new Set(files.map((file) => file.name));
  const inFolder = `${problemPrefix}${['output', folder].filter(Boolean).join('/')}/`;
  for (const { key } of store.problems()) {
    const name = key.startsWith(inFolder) ? key.slice(inFolder.length) : null;
    if (name !== null && !name.includes('/') && !names.has(name)) store.clearProblem(key);
  }
}

async function lookAt(path: string): Promise<Look | null> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { size, mtimeMs };
  } catch {
    // Gone again before it was looked at.
    return null;
  }
}

function same(a: Look, b: Look): boolean {
  return a.size === b.size && a.mtimeMs === b.mtimeMs;
}
