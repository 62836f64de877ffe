/**
 * The production of one open project: batches, the loop that works them off, and what a start recovers. It owns the runs
 * under way; `close` leaves every attempt where a restart can go on with it.
 */

import { toBatchState } from './batch-export.ts';
import { type BatchManager, createBatchManager } from './batch-manager.ts';
import { createBudgetGuard } from './budget-guard.ts';
import type { OrchestratorDeps } from './orchestrator-deps.ts';
import { ProductionLoop } from './production-loop.ts';
import { recoverWork } from './recovery.ts';
import { dropIntent } from './stations/bind.ts';
import type { StationDeps } from './stations/station-deps.ts';

export interface Orchestrator {
  readonly batches: BatchManager;
  /** Takes up what the last process left; call once, before anything else. */
  recover(): Promise<void>;
  /** Something may have made work possible. */
  wake(): void;
  /** Resolves when nothing runs and nothing will until a person acts. */
  idle(): Promise<void>;
  /** Takes no more work, ends polls and downloads, waits for what is being written. */
  close(): Promise<void>;
}

/** How long a submit under way is given at close before it is cut off and left in doubt. */
const submitGraceMs = 3000;

/** Builds the production of one project; nothing happens before `recover` or a batch's start. */
export function createOrchestrator(deps: OrchestratorDeps): Orchestrator {
  const ending = new AbortController();
  const cutting = new AbortController();
  const coolDowns = new Map<string, number>();
  const station: StationDeps = {
    ...deps,
    guard: createBudgetGuard(deps.store, deps.documents),
    signal: ending.signal,
    submitSignal: cutting.signal,
    coolDown: (provider, untilMs) => coolDowns.set(provider, Math.max(untilMs, coolDowns.get(provider) ?? 0)),
  };
  const exports = new BatchExports(deps);
  const loop = new ProductionLoop({ deps: station, coolDowns, onBatchStatus: (id) => exports.write(id) });
  const batches = createBatchManager(deps, {
    onBatchStatus(batchId) {
      if (deps.store.batch(batchId)?.status === 'complete') releaseIntents(station, batchId);
      exports.write(batchId);
      loop.wake();
    },
  });
  return {
    batches,
    async recover() {
      for (const batchId of recoverWork(station, loop)) exports.write(batchId);
      await exports.settled();
      loop.wake();
    },
    wake: () => loop.wake(),
    async idle() {
      await loop.idle();
      await exports.settled();
    },
    async close() {
      ending.abort();
      const cut = deps.clock.after(submitGraceMs, () => cutting.abort());
      await loop.close();
      cut.cancel();
      await exports.settled();
    },
  };
}

/** A stopped batch sends nothing more: what it had only recorded gives its money back. */
function releaseIntents(deps: StationDeps, batchId: string): void {
  for (const attempt of deps.store.openAttempts()) {
    if (attempt.batchId !== batchId || attempt.state !== 'intent') continue;
    dropIntent(deps, attempt, 'Its batch was stopped before it was sent.');
  }
}

/** Writes the batch files one after the other; a write that does not succeed is a visible problem and never stops a batch. */
class BatchExports {
  readonly #deps: OrchestratorDeps;
  #last: Promise<void> = Promise.resolve();

  constructor(deps: OrchestratorDeps) {
    this.#deps = deps;
  }

  write(batchId: string): void {
    this.#last = this.#last.then(() => this.#writeOne(batchId));
  }

  settled(): Promise<void> {
    return this.#last;
  }

  async #writeOne(batchId: string): Promise<void> {
    const { store, files, paths, documents, logger } = this.#deps;
    const batch = store.batch(batchId);
    if (!batch) return;
    const state = toBatchState(batch, documents().project.slug);
    try {
      await files.write(paths.batchFilePath(batchId), `${JSON.stringify(state, null, 2)}\n`);
    } catch (error) {
      logger.error('a batch file could not be written', { batchId, error });
    }
  }
}
