import type { Attempt } from '../../../src-shared/domain/attempt.ts';
import type { TransitionCause } from '../../../src-shared/domain/production-state.ts';
import type { Take } from '../../../src-shared/domain/take.ts';
import type { DispatchOutcome } from '../attempt/attempt-outcome.ts';
import { calledOffBy } from '../attempt/call-off.ts';
import { dispatch } from '../attempt/dispatch.ts';
import { followAttempt } from '../attempt/follow-attempt.ts';
import { dropIntent, isBatchOver, stoppedBeforeSent } from '../attempt/open-attempt.ts';
import type { ShotPhasePatch } from '../ports/store.ts';
import { askAgainPatch, lockedOutPauseMs, maxPauses } from '../retry/pause-before-asking.ts';
import { carryOut, decideFor, pauseBatch } from '../retry/retry-dispatcher.ts';
import { type Bound, batchRuns } from './bind.ts';
import { movePhase, type PhaseAddress, stillStands } from './move-phase.ts';
import type { StationDeps } from './station-deps.ts';

/** A take that has arrived, with the attempt that made it. */
export interface Assembled {
  at: PhaseAddress;
  attempt: Attempt;
  take: Take;
}

/** Second station: the attempt goes through its protocol; null when it brought no take (the phase says why). */
export async function assemble(deps: StationDeps, bound: Bound): Promise<Assembled | null> {
  const { at, attempt, adapter } = bound;
  const outcome = await dispatch(deps, {
    ...{ attempt, adapter, signal: deps.signal, submitSignal: deps.submitSignal },
    conclude: (reached) => concludeDispatch(deps, bound, reached),
    isWanted: () => stillStands(deps.store, at, 'assembling') && batchRuns(deps, attempt.batchId),
  }).finally(() => deps.places.delete(attempt.id));
  return outcome.kind === 'arrived' ? { at, attempt: outcome.attempt, take: outcome.take } : null;
}

/** The phase's move that belongs to an outcome; runs in the transaction that records the outcome. */
function concludeDispatch(deps: StationDeps, bound: Bound, outcome: DispatchOutcome): void {
  const { at } = bound;
  switch (outcome.kind) {
    case 'arrived':
      // a job that came back late, or after a bug had halted its phase, is wanted all the same
      followAttempt(deps.store, at, { attempt: outcome.attempt, cause: 'take-arrived' });
      movePhase(deps.store, at, { from: 'assembling', to: 'auditing', cause: 'take-arrived' });
      return;
    case 'with-person':
      concludeWithPerson(deps, at, outcome);
      return;
    case 'failed':
    case 'waiting':
      concludeFailure(deps, bound, outcome);
      return;
    case 'withheld':
      concludeWithheld(deps, at, outcome.attempt);
      return;
    case 'unreachable':
      concludeUnreachable(deps, at, outcome.failure.message);
      return;
    case 'locked-out':
      concludeLockedOut(deps, at, outcome);
      return;
    case 'in-doubt':
      concludeDoubt(deps, at, outcome);
  }
}

/** Paused, it keeps what it has reserved and is sent when the batch goes on; stopped or decided, the money is free again. */
function concludeWithheld(deps: StationDeps, at: PhaseAddress, attempt: Attempt): void {
  const patch = { reason: null };
  const queued = movePhase(deps.store, at, { from: 'assembling', to: 'queued', cause: 'interrupted', patch });
  if (attempt.state !== 'intent') return;
  if (!queued) dropIntent(deps, attempt, 'A decision was made before it was sent.');
  else if (isBatchOver(deps, attempt.batchId)) dropIntent(deps, attempt, stoppedBeforeSent);
}

function concludeFailure(
  deps: StationDeps,
  { at, adapter }: Bound,
  outcome: Extract<DispatchOutcome, { kind: 'failed' | 'waiting' }>,
): void {
  const { attempt, failure } = outcome;
  if (outcome.kind === 'waiting' && isBatchOver(deps, attempt.batchId)) {
    // refused for now, and stopped while the answer was on its way: there will be no second try to hold its money for
    dropIntent(deps, attempt, stoppedBeforeSent);
    movePhase(deps.store, at, { from: 'assembling', to: 'queued', cause: 'interrupted', patch: { reason: null } });
    return;
  }
  if (failure.detail === 'cancelled') {
    concludeCalledOff(deps, at, attempt);
    return;
  }
  const batch = attempt.batchId === null ? null : deps.store.batch(attempt.batchId);
  const context = { at, batch, attempt };
  const decision = decideFor(deps, context, { kind: 'failure', failure });
  if (outcome.kind === 'waiting' && decision.action !== 'RETRY_STAGE') deps.store.failAttempt(attempt.id, failure, 0);
  if (decision.action === 'ACCEPT') return;
  if (failure.detail === 'rate_limit') {
    // given up or not: what the engine asked of this shot it asked of everybody
    const waitMs = decision.action === 'RETRY_STAGE' ? decision.plan.delayMs : (failure.retryAfterMs ?? 0);
    deps.coolDown(adapter.name, deps.clock.now().getTime() + waitMs);
  }
  carryOut(deps, { at, from: 'assembling', batchId: attempt.batchId }, decision);
}

/** With its batch stopped it waits for the next one; alone, for whoever called it off. */
function concludeCalledOff(deps: StationDeps, at: PhaseAddress, { id, batchId }: Attempt): void {
  if (isBatchOver(deps, batchId)) {
    movePhase(deps.store, at, { from: 'assembling', to: 'queued', cause: 'interrupted', patch: { reason: null } });
    return;
  }
  const patch = { reason: `${calledOffBy(deps.store, id) ?? 'A decision'} called it off.`, retryAt: null };
  movePhase(deps.store, at, { from: 'assembling', to: 'awaiting_operator', cause: 'attempt-lost', patch });
}

/** Somebody makes the file: the phase says what is asked for. Where a decision came first, nobody is asked any more. */
function concludeWithPerson(
  deps: StationDeps,
  at: PhaseAddress,
  { attempt, message }: Extract<DispatchOutcome, { kind: 'with-person' }>,
): void {
  const { store } = deps;
  const isNewest = store.attemptsOf(at.shotId, at.phase).at(-1)?.id === attempt.id;
  if (isNewest && store.shotPhase(at.shotId, at.phase).state === 'awaiting_operator') return;
  if (!followAttempt(store, at, { attempt, cause: 'asked-of-person' })) {
    dropIntent(deps, attempt, 'A decision was made before it was delivered.');
    return;
  }
  const patch = { reason: message, retryAt: null };
  movePhase(store, at, { from: 'assembling', to: 'awaiting_operator', cause: 'asked-of-person', patch });
}

/** The job is accepted and may be done: it is asked about again, in longer and longer pauses, and never sent again. */
function concludeUnreachable(deps: StationDeps, at: PhaseAddress, message: string): void {
  const row = deps.store.shotPhase(at.shotId, at.phase);
  if (row.remediationCount >= maxPauses) {
    const reason = `${message} Its job is still open and is asked about again at the next start.`;
    movePhase(deps.store, at, { from: 'assembling', to: 'halted', cause: 'attempt-lost', patch: { reason } });
    return;
  }
  const reason = `${message} The engine has the job; it is asked about it again.`;
  const patch: ShotPhasePatch = { ...askAgainPatch(deps.clock, row), reason };
  movePhase(deps.store, at, { from: 'assembling', to: 'remediating', cause: 'retry-planned', patch });
}

/**
 * The provider has the job and refuses the account: nothing more is submitted until a person has mended it. The job is asked
 * about for as long as that takes, and at once when the batch goes on; no repeat is counted for it.
 */
function concludeLockedOut(
  deps: StationDeps,
  at: PhaseAddress,
  { attempt, failure }: Extract<DispatchOutcome, { kind: 'locked-out' }>,
): void {
  const mend = pauseBatch(deps, attempt, failure.message);
  const reason = `${mend} The engine has the job, its money is held, and it is asked about it every few minutes.`;
  const pauseMs = deps.isStraggler(at.shotId) ? 0 : lockedOutPauseMs;
  const retryAt = new Date(deps.clock.now().getTime() + pauseMs).toISOString();
  const patch: ShotPhasePatch = { reason, retryAt };
  movePhase(deps.store, at, { from: 'assembling', to: 'remediating', cause: 'interrupted', patch });
}

const askAgainMs = 15_000;

/** A doubt that the provider can clear is asked about again; otherwise it waits for a person. Nothing is paid twice. */
function concludeDoubt(
  deps: StationDeps,
  at: PhaseAddress,
  outcome: Extract<DispatchOutcome, { kind: 'in-doubt' }>,
): void {
  const cause: TransitionCause = 'attempt-in-doubt';
  const held = `${outcome.failure.message} Its money is held and nothing is sent again.`;
  if (!outcome.askAgain) {
    const patch: ShotPhasePatch = { reason: `${held} Look at the engine's own list of jobs.` };
    movePhase(deps.store, at, { from: 'assembling', to: 'awaiting_operator', cause, patch });
    return;
  }
  const retryAt = new Date(deps.clock.now().getTime() + askAgainMs).toISOString();
  const patch: ShotPhasePatch = { reason: `${held} The engine is asked again what became of it.`, retryAt };
  movePhase(deps.store, at, { from: 'assembling', to: 'remediating', cause, patch });
}
