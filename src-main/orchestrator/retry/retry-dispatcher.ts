/**
 * Carries a decision out: counts what the ledger says of a series, asks the supervisor, and moves the phase. Counts live in
 * the attempts and their gates, never here, so that a restart counts the same.
 */
import { type Attempt, isAttemptOver, wasNoTry } from '../../../src-shared/domain/attempt.ts';
import type { Batch } from '../../../src-shared/domain/batch.ts';
import { defaultRetryPolicies } from '../../../src-shared/domain/failure.ts';
import type { ProductionState, TransitionCause } from '../../../src-shared/domain/production-state.ts';
import { type Decision, decide, type Evidence, type RetryPlan } from '../../supervisor/decide.ts';
import { calledOffBy } from '../attempt/call-off.ts';
import { type NextDeps, planNextAttempt } from '../attempt/next-attempt.ts';
import { isBatchOver } from '../attempt/open-attempt.ts';
import type { OrchestratorDeps } from '../orchestrator-deps.ts';
import { movePhase, type PhaseAddress } from '../stations/move-phase.ts';
import type { StationDeps } from '../stations/station-deps.ts';
import { countFailures, readGates } from './count-failures.ts';

export interface DecisionContext {
  at: PhaseAddress;
  batch: Pick<Batch, 'id' | 'config'> | null;
  /** the attempt that is decided on */
  attempt: Attempt;
}

/** Asks the supervisor about a take's gates or a lost attempt, with the counts of its series. */
export function decideFor(deps: NextDeps, context: DecisionContext, evidence: Evidence): Decision {
  const { at, batch } = context;
  const attempts = deps.store
    .attemptsOf(at.shotId, at.phase)
    .filter((attempt) => attempt.series === at.series && !wasNoTry(attempt));
  return decide({
    evidence,
    failures: countFailures(attempts, readGates(deps.store, at)),
    attempts: attempts.length,
    maxAttempts: batch?.config.maxAttemptsPerShot ?? 1,
    policies: batch?.config.retryPolicies ?? defaultRetryPolicies,
    next: () => changeOfNext(deps, context),
    jitter: ((deps.ids.randomSeed() % 2001) - 1000) / 1000,
  });
}

const resent = 'The same request: it was not taken yet.';

/** An attempt that is not over is sent as it stands; else the next one is composed, to see what it would change. */
function changeOfNext(deps: NextDeps, { at, batch, attempt }: DecisionContext): string {
  const shot = deps.store.shot(at.shotId);
  const now = deps.store.attempt(attempt.id) ?? attempt;
  if (!shot || !isAttemptOver(now.state)) return resent;
  const provider = batch?.config.provider ?? attempt.request.provider;
  const newSeed = () => (attempt.request.seed ?? 0) + 1;
  return planNextAttempt(deps, { at, shot, provider, batchId: batch?.id ?? null, newSeed }).change;
}

/** Moves the phase as decided; false when somebody else has moved it since. `ACCEPT` is not this file's to carry out. */
export function carryOut(
  deps: StationDeps,
  order: { at: PhaseAddress; from: ProductionState; batchId: string | null },
  decision: Exclude<Decision, { action: 'ACCEPT' }>,
): boolean {
  const { at, from } = order;
  const byGates = from === 'auditing';
  switch (decision.action) {
    case 'RETRY_STAGE':
      return planRetry(deps, order, decision.plan, decision.reason);
    case 'ESCALATE_USER': {
      const cause: TransitionCause = byGates ? 'audit-needs-eyes' : 'attempt-lost';
      return (
        movePhase(deps.store, at, { from, to: 'awaiting_operator', cause, patch: { reason: decision.reason } }) !== null
      );
    }
    case 'ABANDON': {
      const cause: TransitionCause = byGates || decision.afterRetries ? 'retries-exhausted' : 'attempt-lost';
      const patch = { reason: decision.reason, outcome: 'abandoned' as const, retryAt: null };
      return movePhase(deps.store, at, { from, to: 'halted', cause, patch }) !== null;
    }
    case 'PAUSE_BATCH': {
      const reason = pauseBatch(deps, { shotId: at.shotId, batchId: order.batchId }, decision.reason);
      const patch = { reason, retryAt: null };
      return movePhase(deps.store, at, { from, to: 'queued', cause: 'interrupted', patch }) !== null;
    }
  }
}

/**
 * Pauses a running batch until a person has mended what it says; one that is paused or over already stays as it is, so that
 * a dozen jobs in trouble at once are one pause. A straggler pauses nothing: what it tells was mended, or its next run tells it
 * again. Answers with the reason as a person is to read it.
 */
export function pauseBatch(
  deps: Pick<StationDeps, 'store' | 'isStraggler'>,
  { shotId, batchId }: { shotId: string; batchId: string | null },
  why: string,
): string {
  if (batchId === null || isBatchOver(deps, batchId) || deps.isStraggler(shotId)) return why;
  const reason = `${asSentence(why)} Then resume the batch.`;
  if (deps.store.batchStatus(batchId) === 'running') deps.store.setBatchStatus(batchId, 'paused', reason);
  return reason;
}

function planRetry(
  deps: OrchestratorDeps,
  order: { at: PhaseAddress; from: ProductionState; batchId: string | null },
  plan: RetryPlan,
  reason: string,
): boolean {
  const { at, from } = order;
  // its batch is over and repeats nothing: the next one goes on with it
  if (isBatchOver(deps, order.batchId)) {
    const patch = { reason: asSentence(reason), retryAt: null };
    return movePhase(deps.store, at, { from, to: 'queued', cause: 'interrupted', patch }) !== null;
  }
  const last = deps.store.attemptsOf(at.shotId, at.phase).at(-1);
  const person = last === undefined ? null : calledOffBy(deps.store, last.id);
  if (person !== null) {
    const patch = {
      reason: `${asSentence(reason)} ${person} had called it off: it is not tried again.`,
      retryAt: null,
    };
    const cause: TransitionCause = from === 'auditing' ? 'audit-needs-eyes' : 'attempt-lost';
    return movePhase(deps.store, at, { from, to: 'awaiting_operator', cause, patch }) !== null;
  }
  // counted over all categories, so the limit too: what was repeated, and what this category has left
  const remediationCount = deps.store.shotPhase(at.shotId, at.phase).remediationCount + 1;
  const patch = {
    reason: `${asSentence(reason)} ${plan.change}`,
    retryAt: new Date(deps.clock.now().getTime() + plan.delayMs).toISOString(),
    remediationCount,
    remediationLimit: remediationCount + plan.limit - plan.number,
  };
  const cause: TransitionCause = from === 'auditing' ? 'audit-rejected' : 'retry-planned';
  return movePhase(deps.store, at, { from, to: 'remediating', cause, patch }) !== null;
}

/** An engine's own words seldom end as a sentence does. */
function asSentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
