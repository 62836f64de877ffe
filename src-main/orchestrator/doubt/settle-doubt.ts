/**
 * A person ends a doubt, or says that nobody can tell yet. Who did what is written down with the change, in one transaction;
 * a second click finds the attempt out of doubt and is refused. Nothing here sends anything again.
 */
import { assertNever } from '../../../src-shared/domain/assert-never.ts';
import type { Attempt } from '../../../src-shared/domain/attempt.ts';
import type { DoubtAnswer } from '../../../src-shared/domain/attempt-step.ts';
import { shortShotId } from '../../../src-shared/domain/ids.ts';
import { isInFlight } from '../../../src-shared/domain/production-state.ts';
import { AppError } from '../../platform/app-error.ts';
import { jobRecord } from '../attempt/job-record.ts';
import type { OrchestratorDeps } from '../orchestrator-deps.ts';
import type { ProviderAdapter } from '../ports/provider.ts';
import type { ProductionStore } from '../ports/store.ts';
import type { Bound } from '../stations/bind.ts';
import { movePhase, type PhaseAddress } from '../stations/move-phase.ts';
import { jobToAdopt, refuseUnknownJob } from './check-adoption.ts';

export interface DoubtOrder {
  attemptId: string;
  answer: DoubtAnswer;
  /** who says so */
  person: string;
}

export interface SettledDoubt {
  attempt: Attempt;
  /** what has to be polled now; null when nothing has */
  adopted: Bound | null;
}

type SettleDeps = Pick<OrchestratorDeps, 'store' | 'providers'>;

/** Carries a person's answer out. Throws state.stale when there is no doubt any more or it is being cleared right now. */
export function settleDoubt(deps: SettleDeps, order: DoubtOrder): SettledDoubt {
  const { answer, person: by } = order;
  return deps.store.inTransaction((): SettledDoubt => {
    const attempt = requireDoubt(deps.store, order.attemptId);
    switch (answer.kind) {
      case 'wait':
        deps.store.recordStep({ attemptId: attempt.id, kind: 'waited', by, note: null });
        return { attempt, adopted: null };
      case 'release':
        deps.store.recordStep({ attemptId: attempt.id, kind: 'released', by, note: null });
        return { attempt: end(deps.store, attempt, 'It had never been taken.', 0), adopted: null };
      case 'charged': {
        deps.store.recordStep({ attemptId: attempt.id, kind: 'charged', by, note: null });
        const ended = end(deps.store, attempt, 'It was charged and brought no take.', attempt.reservedMicroUsd);
        return { attempt: ended, adopted: null };
      }
      case 'adopt':
        return adoptJob(deps, attempt, { jobId: answer.jobId, by });
      default:
        return assertNever(answer, 'answer to a doubt');
    }
  });
}

/**
 * What is asked of the engine before an answer is carried out: whether it has the job that a person typed. Throws when it has
 * not; what can be told without asking is refused by `settleDoubt` itself.
 */
export async function checkAnswer(deps: SettleDeps, order: DoubtOrder, signal: AbortSignal): Promise<void> {
  const { answer, attemptId } = order;
  if (answer.kind !== 'adopt') return;
  const attempt = requireDoubt(deps.store, attemptId);
  const adapter = requireAdapter(deps, attempt);
  refuseTakenJob(deps.store, attempt, answer.jobId);
  const { job, isListed } = jobToAdopt(deps.store, adapter, { attempt, jobId: answer.jobId });
  if (!isListed) await refuseUnknownJob(adapter, job, signal);
}

/** The attempt, which must be in doubt and not about to be cleared by a run. */
export function requireDoubt(store: ProductionStore, attemptId: string): Attempt {
  const attempt = store.attempt(attemptId);
  if (attempt?.state !== 'in_doubt') {
    throw new AppError({
      code: 'state.stale',
      message: 'This attempt is not in doubt any more.',
      hint: 'Look at the shot again.',
    });
  }
  const row = store.shotPhase(attempt.shotId, attempt.phase);
  if (row.series === attempt.series && isInFlight(row.state)) {
    throw new AppError({
      code: 'state.stale',
      message: `${attempt.request.provider} is being asked about this attempt at the moment.`,
      hint: 'Look again in a few seconds.',
      retry: true,
    });
  }
  return attempt;
}

/** Money is settled or free again; the phase goes back to the queue if it still waits for this answer. */
function end(store: ProductionStore, attempt: Attempt, message: string, billedMicroUsd: number): Attempt {
  const failure = { category: 'permanent', detail: 'cancelled', message, retryAfterMs: null } as const;
  const ended = store.failAttempt(attempt.id, failure, billedMicroUsd);
  const at = addressOf(attempt);
  const to = hasTakeToReview(store, at) ? ('awaiting_operator' as const) : ('queued' as const);
  const patch = { reason: null, retryAt: null };
  movePhase(store, at, { from: 'remediating', to, cause: 'restarted', patch });
  if (to === 'queued') movePhase(store, at, { from: 'awaiting_operator', to, cause: 'restarted', patch });
  return ended;
}

/**
 * Makes a job that of an attempt in doubt; `by` is null where the list left no doubt. Call in a transaction; throws input.invalid
 * when another attempt has the job.
 */
export function adoptJob(
  deps: SettleDeps,
  attempt: Attempt,
  { jobId, by }: { jobId: string; by: string | null },
): SettledDoubt {
  const { store } = deps;
  const adapter = requireAdapter(deps, attempt);
  refuseTakenJob(store, attempt, jobId);
  const { job } = jobToAdopt(store, adapter, { attempt, jobId });
  store.recordStep({ attemptId: attempt.id, kind: 'adopted', by, note: jobId });
  const patch = { providerJobId: jobId, providerJob: jobRecord(attempt, job, null), failure: null };
  const submitted = store.advanceAttempt(attempt.id, 'in_doubt', 'submitted', patch);
  const at = addressOf(attempt);
  bringToAssembly(store, at);
  return { attempt: submitted, adopted: { at, attempt: submitted, adapter } };
}

function requireAdapter({ providers }: Pick<SettleDeps, 'providers'>, { request }: Attempt): ProviderAdapter {
  const adapter = providers.get(request.provider);
  if (adapter) return adapter;
  throw new AppError({
    code: 'provider.unknown',
    message: `The engine ${request.provider} is not set up here, so its job cannot be fetched.`,
    hint: 'Set it up, then adopt the job.',
  });
}

/** One job is one take: adopted twice it would be paid once and settled twice. */
function refuseTakenJob(store: ProductionStore, attempt: Attempt, jobId: string): void {
  const holder = store.attemptByJob(attempt.request.provider, jobId);
  if (!holder || holder.id === attempt.id) return;
  throw new AppError({
    code: 'input.invalid',
    message: `Job ${jobId} belongs to attempt ${holder.number} of ${shortShotId(holder.shotId)} (${holder.phase}).`,
    hint: 'Choose another job of the list, or say that this attempt was never charged.',
  });
}

/** The phase follows its job again, unless somebody has gone on without it or a take of it waits for review. */
function bringToAssembly(store: ProductionStore, at: PhaseAddress): void {
  const fresh = { reason: null, retryAt: null };
  if (!hasTakeToReview(store, at)) {
    movePhase(store, at, { from: 'awaiting_operator', to: 'queued', cause: 'restarted', patch: fresh });
    movePhase(store, at, { from: 'queued', to: 'binding', cause: 'work-started' });
  }
  movePhase(store, at, { from: 'remediating', to: 'binding', cause: 'retry-started', patch: fresh });
  movePhase(store, at, { from: 'binding', to: 'assembling', cause: 'request-bound' });
}

function hasTakeToReview(store: ProductionStore, at: PhaseAddress): boolean {
  return store.takesOf(at.shotId, at.phase).some((take) => take.review === 'unreviewed');
}

function addressOf({ shotId, phase, series }: Attempt): PhaseAddress {
  return { shotId, phase, series };
}
