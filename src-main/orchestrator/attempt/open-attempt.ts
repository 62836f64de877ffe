import { type Attempt, isAttemptOver } from '../../../src-shared/domain/attempt.ts';
import { isInFlight } from '../../../src-shared/domain/production-state.ts';
import type { ProductionStore } from '../ports/store.ts';
import type { PhaseAddress } from '../stations/move-phase.ts';

type OpenDeps = { store: ProductionStore };

/** The attempt of this series that is not over; intents that nobody will send are dropped and their money released. */
export function openAttemptOf(deps: OpenDeps, at: PhaseAddress): Attempt | null {
  let open: Attempt | null = null;
  for (const attempt of deps.store.attemptsOf(at.shotId, at.phase)) {
    if (isAttemptOver(attempt.state)) continue;
    const unwanted = attempt.state === 'intent' ? whyUnwanted(deps, at, attempt) : null;
    if (unwanted !== null) dropIntent(deps, attempt, unwanted);
    else if (attempt.series === at.series) open = attempt;
  }
  return open;
}

/** Why a recorded request is not the one to send any more; null when it still is. */
function whyUnwanted(deps: OpenDeps, at: PhaseAddress, { series, batchId, request }: Attempt): string | null {
  if (series !== at.series) return 'A decision was made before it was sent.';
  if (isBatchOver(deps, batchId)) return stoppedBeforeSent;
  const chosen = deps.store.shotPhase(at.shotId, at.phase).workflowId;
  if (chosen === null || chosen === request.workflowId) return null;
  return `It was rerouted to ${chosen} before it was sent.`;
}

/** Why an intent is dropped whose batch has ended: it would wait for that batch for ever. */
export const stoppedBeforeSent = 'Its batch was stopped before it was sent.';

/** A batch that has ended sends nothing more, and cannot be resumed. */
export function isBatchOver(deps: OpenDeps, batchId: string | null): boolean {
  const status = batchId === null ? null : deps.store.batchStatus(batchId);
  return status === 'complete' || status === 'failed';
}

/** Why an intent waits for nothing any more, whichever way its phase went on; null when it may still be sent. */
export function whyOvertaken(deps: OpenDeps, { shotId, phase, series, batchId }: Attempt): string | null {
  if (isBatchOver(deps, batchId)) return stoppedBeforeSent;
  const row = deps.store.shotPhase(shotId, phase);
  const isWaitedFor = isInFlight(row.state) || row.state === 'queued' || row.state === 'remediating';
  if (row.series === series && isWaitedFor) return null;
  return 'It was overtaken by a decision before it was sent.';
}

/** Gives the money back of every intent that was overtaken; shots with a run look after their own. */
export function dropOvertaken(deps: OpenDeps, busyShots: ReadonlySet<string>): void {
  for (const attempt of deps.store.openAttempts()) {
    if (attempt.state !== 'intent' || busyShots.has(attempt.shotId)) continue;
    const why = whyOvertaken(deps, attempt);
    if (why !== null) dropIntent(deps, attempt, why);
  }
}

/** Ends an attempt that was never sent. */
export function dropIntent(deps: OpenDeps, attempt: Attempt, message: string): void {
  const failure = { category: 'permanent', detail: 'cancelled', message, retryAfterMs: null } as const;
  deps.store.failAttempt(attempt.id, failure, 0);
}
