import { type Attempt, isAttemptOver } from '../../src-shared/domain/attempt.ts';
import { keyframePrompt, videoPrompt } from '../../src-shared/domain/plan.ts';
import type { PhaseAddress } from './move-phase.ts';
import type { ProductionStore } from './ports/store.ts';

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
  const shot = deps.store.shot(at.shotId);
  if (!shot) return null;
  const chosen = shot.phases[at.phase].workflowId;
  if (chosen !== null && chosen !== request.workflowId) return `It was rerouted to ${chosen} before it was sent.`;
  const prompt = at.phase === 'video' ? videoPrompt(shot.plan) : keyframePrompt(shot.plan);
  return prompt === request.prompt ? null : 'The plan was changed before it was sent.';
}

/** Why an intent is dropped whose batch has ended: it would wait for that batch for ever. */
export const stoppedBeforeSent = 'Its batch was stopped before it was sent.';

/** A batch that has ended sends nothing more, and cannot be resumed. */
export function isBatchOver(deps: OpenDeps, batchId: string | null): boolean {
  const status = batchId === null ? null : deps.store.batch(batchId)?.status;
  return status === 'complete' || status === 'failed';
}

/** Ends an attempt that was never sent. */
export function dropIntent(deps: OpenDeps, attempt: Attempt, message: string): void {
  const failure = { category: 'permanent', detail: 'cancelled', message, retryAfterMs: null } as const;
  deps.store.failAttempt(attempt.id, failure, 0);
}
