/**
 * The production of one open project: batches, the loop that works them off, and what a start recovers. It owns the runs
 * under way; `close` leaves every attempt where a restart can go on with it.
 */

import type { Attempt } from '../../src-shared/domain/attempt.ts';
import type { JobOut } from '../../src-shared/domain/job-out.ts';
import type { Phase } from '../../src-shared/domain/phase.ts';
import type { ShotPhase } from '../../src-shared/domain/shot.ts';
import { AppError } from '../platform/app-error.ts';
import { type CallOffOrder, callOffAttempt } from './attempt/call-off-order.ts';
import { createDelivery, type DeliveryOrder } from './attempt/deliver-file.ts';
import { jobOutOf, listJobsOut } from './attempt/jobs-out.ts';
import { BatchExports } from './batch/batch-export.ts';
import { type BatchManager, createBatchManager } from './batch/batch-manager.ts';
import { createBudgetGuard } from './budget-guard.ts';
import { createDoubtDesk, type DoubtDesk } from './doubt/doubt-desk.ts';
import { createLateJobs } from './doubt/late-jobs.ts';
import { ProductionLoop } from './loop/production-loop.ts';
import { recoverWork } from './loop/recovery.ts';
import { runAttempt } from './loop/shot-run.ts';
import type { OrchestratorDeps } from './orchestrator-deps.ts';
import { quoteWorkflow, type WorkflowQuote } from './request/quote-workflow.ts';
import { type CancelRetryOrder, cancelRetry } from './retry/cancel-retry.ts';
import type { StationDeps } from './stations/station-deps.ts';

export interface Orchestrator {
  readonly batches: BatchManager;
  /** Takes up what the last process left; call once, before anything else. */
  recover(): Promise<void>;
  /** What one more take of a phase would cost with a workflow. */
  quote(shotId: string, phase: Phase, workflowId: string): WorkflowQuote;
  /** Attempts of which nobody knows whether they were taken. */
  readonly doubts: DoubtDesk;
  /** A person delivers the file of an attempt that they make; it is fetched and gated like any other. */
  deliver(order: DeliveryOrder): Promise<ShotPhase>;
  /** Jobs of a batch, or of the project, that providers have. */
  jobsOut(batchId: string | null): JobOut[];
  /** The job of one attempt; null when no provider has it. */
  jobOut(attempt: Attempt): JobOut | null;
  /** A person calls a job off that is out. */
  callOff(order: CallOffOrder): Attempt;
  /** A person ends a phase's wait for another try. */
  cancelRetry(order: CancelRetryOrder): ShotPhase;
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
    places: new Map(),
    signal: ending.signal,
    submitSignal: cutting.signal,
    coolDown: (provider, untilMs) => coolDowns.set(provider, Math.max(untilMs, coolDowns.get(provider) ?? 0)),
    isStraggler: (shotId) => loop.isStraggler(shotId),
  };
  const exports = new BatchExports(deps);
  const loop = new ProductionLoop({ deps: station, coolDowns, onRest: () => void late.look() });
  const late = createLateJobs(station, loop);
  const open = () => {
    exports.follow();
    loop.wake();
  };
  const deliverFile = createDelivery(deps, (bound) => {
    const { shotId, phase } = bound.at;
    const run = { shotId, phase, batchId: bound.attempt.batchId, provider: bound.adapter.name };
    loop.adopt(run, () => runAttempt(station, bound));
    open();
  });
  const batches = createBatchManager(deps, {
    onChange(batch) {
      if (batch.status === 'complete') void late.look();
      open();
    },
    onResume: (batchId) => loop.goOn(batchId),
  });
  return {
    batches,
    async recover() {
      exports.follow();
      recoverWork(station, loop);
      void late.look();
      open();
      await exports.settled();
    },
    quote(shotId, phase, workflowId) {
      const shot = deps.store.shot(shotId);
      if (!shot) throw new AppError({ code: 'shot.not-found', message: `There is no shot ${shotId}.` });
      return quoteWorkflow(deps, shot, phase, workflowId);
    },
    doubts: createDoubtDesk(station, { loop, late, wake: open }),
    async deliver(order) {
      const { shotId, phase } = await deliverFile(order);
      return deps.store.shotPhase(shotId, phase);
    },
    jobsOut: (batchId) => listJobsOut(station, batchId),
    jobOut: (attempt) => jobOutOf(station, attempt),
    callOff: (order) => callOffAttempt(deps, order),
    cancelRetry(order) {
      const row = cancelRetry(deps, order);
      open();
      return row;
    },
    wake: open,
    async idle() {
      do await loop.idle();
      while (await late.settled());
      await exports.settled();
    },
    async close() {
      ending.abort();
      const cut = deps.clock.after(submitGraceMs, () => cutting.abort());
      await late.settled();
      await loop.close();
      cut.cancel();
      await exports.close();
    },
  };
}
