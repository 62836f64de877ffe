/**
 * The batch files `state/visual/batches/<batch_id>.json`: exports that follow the journal, one written after the other at
 * each change of a batch. A write that does not succeed is a visible problem and never stops a batch.
 */
import { z } from 'zod';
import { type Batch, batchStatusSchema, committedMicroUsd } from '../../../src-shared/domain/batch.ts';
import { usdNumber } from '../../../src-shared/domain/money.ts';
import { rehearsalMark } from '../../../src-shared/domain/project.ts';
import type { OrchestratorDeps } from '../orchestrator-deps.ts';
import type { Timer } from '../ports/clock.ts';

/** A batch as the reference sheet's BatchState; times in epoch seconds. */
export const batchStateFileSchema = z.strictObject({
  batch_id: z.string(),
  project: z.string(),
  rehearsal: z.literal(true).optional(),
  episode_id: z.string(),
  status: batchStatusSchema,
  started_at: z.number(),
  completed_at: z.number(),
  total_cost: z.number(),
  shots_completed: z.number().int(),
  shots_failed: z.number().int(),
  shots_pending: z.number().int(),
  shots_in_review: z.number().int(),
  auto_approved: z.number().int(),
  error_message: z.string().nullable(),
});
export type BatchStateFile = z.infer<typeof batchStateFileSchema>;

/** The export of a batch. */
function toBatchState(batch: Batch, project: string): BatchStateFile {
  return {
    batch_id: batch.id,
    project,
    episode_id: batch.episodeId,
    status: batch.status,
    started_at: epochSeconds(batch.startedAt),
    completed_at: epochSeconds(batch.completedAt),
    total_cost: usdNumber(committedMicroUsd(batch.spend)),
    shots_completed: batch.counts.completed,
    shots_failed: batch.counts.halted,
    shots_pending: batch.counts.pending,
    shots_in_review: batch.counts.inReview,
    auto_approved: batch.autoApproved,
    error_message: batch.statusReason,
  };
}

function epochSeconds(iso: string | null): number {
  return iso === null ? 0 : Date.parse(iso) / 1000;
}

type ExportDeps = Pick<OrchestratorDeps, 'clock' | 'store' | 'files' | 'paths' | 'documents' | 'logger'>;

/** Progress is told with every take; its file follows at most so often. A change of status is written at once. */
const progressPauseMs = 1000;

export class BatchExports {
  readonly #deps: ExportDeps;
  readonly #written = new Map<string, string>();
  /** the newest state of each batch that is not on disk yet */
  readonly #waiting = new Map<string, Batch>();
  readonly #troubled = new Set<string>();
  #last: Promise<void> = Promise.resolve();
  #timer: Timer | null = null;
  #seen = 0;
  #unsubscribe: (() => void) | null = null;

  constructor(deps: ExportDeps) {
    this.#deps = deps;
  }

  /** From now on each change is written; the first call also writes every batch as it stands. */
  follow(): void {
    if (this.#unsubscribe) return;
    const { store } = this.#deps;
    this.#seen = store.lastSeq();
    this.#unsubscribe = store.onCommit((lastSeq) => this.#read(lastSeq));
    for (const batch of store.batches()) this.#waiting.set(batch.id, batch);
    this.#flush();
  }

  /** Resolves when every change so far is on disk, or has been said not to be. */
  settled(): Promise<void> {
    this.#flush();
    return this.#last;
  }

  close(): Promise<void> {
    this.#unsubscribe?.();
    return this.settled();
  }

  #read(lastSeq: number): void {
    const told = this.#deps.store.eventsAfter(this.#seen, lastSeq - this.#seen, 'batch_changed');
    this.#seen = lastSeq;
    for (const { body } of told) if (body.type === 'batch_changed') this.#note(body.batch);
  }

  #note(batch: Batch): void {
    this.#waiting.set(batch.id, batch);
    if (this.#written.get(batch.id) === batch.status) this.#flushLater();
    else this.#flush();
  }

  #flushLater(): void {
    this.#timer ??= this.#deps.clock.after(progressPauseMs, () => this.#flush());
  }

  #flush(): void {
    this.#timer?.cancel();
    this.#timer = null;
    for (const batch of this.#waiting.values()) {
      this.#written.set(batch.id, batch.status);
      this.#last = this.#last
        .then(() => this.#writeOne(batch))
        .catch((error: unknown) => this.#deps.logger.error('a batch export stumbled', { batchId: batch.id, error }));
    }
    this.#waiting.clear();
  }

  async #writeOne(batch: Batch): Promise<void> {
    const { files, paths, documents, store } = this.#deps;
    const { project } = documents();
    const state = { ...toBatchState(batch, project.slug), ...rehearsalMark(project) };
    const path = paths.batchFilePath(batch.id);
    const key = `batch-file:${batch.id}`;
    try {
      await files.write(path, `${JSON.stringify(state, null, 2)}\n`);
      if (this.#troubled.delete(batch.id)) store.clearProblem(key);
    } catch (error) {
      this.#written.delete(batch.id);
      if (this.#troubled.has(batch.id)) return;
      this.#troubled.add(batch.id);
      this.#deps.logger.error('a batch file could not be written', { batchId: batch.id, error });
      const hint = 'Nothing is lost: the file is written again with the next change of the batch.';
      const message = `The file of ${batch.id} could not be written.`;
      store.raiseProblem({ key, severity: 'warning', file: paths.relativeTo(path), where: null, message, hint });
    }
  }
}
