/**
 * Batches as a person handles them: estimate, start, pause, resume, stop. One is active per episode; its config is saved
 * with it and only its budget ever changes.
 */
import {
  type Batch,
  type BatchConfig,
  type BatchEstimate,
  type BatchStatus,
  committedMicroUsd,
  type EstimateLine,
  heldByDirector,
} from '../../../src-shared/domain/batch.ts';
import { formatUsd, type MicroUsd } from '../../../src-shared/domain/money.ts';
import type { Shot } from '../../../src-shared/domain/shot.ts';
import { AppError } from '../../platform/app-error.ts';
import type { OrchestratorDeps } from '../orchestrator-deps.ts';
import { askAtOnce } from '../retry/ask-at-once.ts';
import { type AuditLine, auditInSlices } from './audit-batch.ts';
import { unknownShots } from './batch-scope.ts';
import { atOnce, collectEstimate, estimateInSlices, findRunnable, inSlices, type Runnable } from './estimate-batch.ts';
import { standDown } from './stand-down.ts';

export interface BatchManager {
  /** Price and refusal of everything a batch would start, in slices; throws at once what is wrong with the scope. */
  preflight(config: BatchConfig): AsyncGenerator<EstimateLine[], void, void>;
  /** The same with the requests as they would be sent. */
  audit(config: BatchConfig): AsyncGenerator<AuditLine[], void, void>;
  /** An estimate as a whole. */
  estimate(config: BatchConfig): Promise<BatchEstimate>;
  /** What `start` asks first, in slices: it takes long where everything of a long episode is refused. */
  search(config: BatchConfig): Promise<Runnable>;
  /** Looks at once for what would run where it is not told. */
  start(config: BatchConfig, found?: Runnable): Batch;
  pause(batchId: string): Batch;
  /** Goes on; a budget replaces the batch's. */
  resume(batchId: string, budgetMicroUsd?: MicroUsd): Batch;
  /** A person ends it: nothing more is submitted; what a provider has is called off where that is free, else fetched. */
  stop(batchId: string, person?: string): Batch;
  list(): Batch[];
}

export interface BatchManagerHooks {
  /** a person has changed a batch */
  onChange: (batch: Batch) => void;
  /** a person lets one go on that was on hold */
  onResume: (batchId: string) => void;
}

/** The batches of one open project. */
export function createBatchManager(deps: OrchestratorDeps, hooks: BatchManagerHooks): BatchManager {
  const { store } = deps;
  const setStatus = (batchId: string, status: BatchStatus, reason: string | null): Batch => {
    const batch = store.setBatchStatus(batchId, status, reason);
    hooks.onChange(batch);
    return batch;
  };
  return {
    preflight: (config) => estimateInSlices(deps, config, shotsOf(deps, config)),
    audit: (config) => auditInSlices(deps, config, shotsOf(deps, config)),
    estimate: async (config) => collectEstimate(config, estimateInSlices(deps, config, shotsOf(deps, config))),
    search: async (config) => inSlices(findRunnable(deps, config, shotsOf(deps, config))),
    start(config, found) {
      const shots = shotsOf(deps, config);
      refuseSecondBatch(store.activeBatch(config.episodeId));
      const { runs, refusal } = found ?? atOnce(findRunnable(deps, config, shots));
      if (!runs) throw nothingToRun(config, refusal);
      const batch = store.inTransaction(() => {
        const id = `batch_${config.episodeId}_${deps.ids.shortHex()}`;
        store.insertBatch(id, config);
        return store.setBatchStatus(id, 'running', null);
      });
      hooks.onChange(batch);
      return batch;
    },
    pause(batchId) {
      requireStatus(deps, batchId, ['running'], 'paused');
      return setStatus(batchId, 'paused', heldByDirector);
    },
    resume(batchId, budgetMicroUsd) {
      const batch = requireStatus(deps, batchId, ['paused', 'budget_exhausted'], 'resumed');
      if (budgetMicroUsd !== undefined) raiseBudget(deps, batch, budgetMicroUsd);
      hooks.onResume(batchId);
      askAtOnce(deps, batch);
      return setStatus(batchId, 'running', null);
    },
    stop(batchId, person) {
      requireStatus(deps, batchId, ['created', 'running', 'paused', 'budget_exhausted'], 'stopped');
      const batch = store.inTransaction(() => {
        const stopped = store.setBatchStatus(batchId, 'complete', 'Stopped by the director.');
        standDown(deps, stopped, person ?? null);
        return stopped;
      });
      hooks.onChange(batch);
      return batch;
    },
    list: () => store.batches(),
  };
}

function shotsOf(deps: OrchestratorDeps, config: BatchConfig): Shot[] {
  const shots = deps.store.shots(config.episodeId);
  if (shots.length === 0) throw nothingToRun(config, null);
  const unknown = unknownShots(config, shots);
  if (unknown.length > 0) {
    throw new AppError({
      code: 'shot.not-found',
      message: `The plan of ${config.episodeId} has no ${unknown.join(', ')}.`,
      hint: 'Take them out of the selection, or add them to the plan.',
    });
  }
  return shots;
}

function refuseSecondBatch(active: Batch | null): void {
  if (!active) return;
  throw new AppError({
    code: 'batch.already-active',
    message: `${active.id} is still open for ${active.episodeId}.`,
    hint: active.status === 'running' ? 'Pause or stop it first.' : 'Resume it, or stop it first.',
  });
}

function raiseBudget(deps: OrchestratorDeps, batch: Batch, budgetMicroUsd: MicroUsd): void {
  const committed = committedMicroUsd(batch.spend);
  if (budgetMicroUsd < committed) {
    throw new AppError({
      code: 'input.invalid',
      message: `${formatUsd(committed)} of this batch is bound already; a cap of ${formatUsd(budgetMicroUsd)} is below it.`,
      hint: `Give a cap of at least ${formatUsd(committed)}.`,
    });
  }
  deps.store.setBudget(batch.id, budgetMicroUsd);
}

function requireStatus(deps: OrchestratorDeps, batchId: string, allowed: BatchStatus[], verb: string): Batch {
  const batch = deps.store.batch(batchId);
  if (!batch) throw new AppError({ code: 'batch.not-found', message: `There is no batch ${batchId}.` });
  if (allowed.includes(batch.status)) return batch;
  throw new AppError({
    code: 'batch.wrong-status',
    message: `${batchId} is ${batch.status.replace('_', ' ')} and cannot be ${verb}.`,
    hint: `That needs a batch that is ${allowed.map((status) => status.replace('_', ' ')).join(' or ')}.`,
  });
}

function nothingToRun(config: BatchConfig, refusal: string | null): AppError {
  const what = refusal ? 'can run' : 'is left to run';
  return new AppError({
    code: 'batch.nothing-to-run',
    message: `Nothing in this scope of ${config.episodeId} ${what}.`,
    hint: refusal ?? 'Choose other shots or phases, or ask for another take first.',
  });
}
