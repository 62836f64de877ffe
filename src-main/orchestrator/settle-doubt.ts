import { AppError } from '../platform/app-error.ts';
import { movePhase } from './move-phase.ts';
import type { OrchestratorDeps } from './orchestrator-deps.ts';

/** What a person found in the provider's own list of jobs. */
export type DoubtAnswer = 'charged' | 'not-charged';

/**
 * A person ends a doubt: the held money is settled or released, and the phase goes back to the queue for another attempt if
 * it still waits for this answer. Only a person can; nothing here resolves a doubt by paying again.
 */
export function settleDoubt(deps: Pick<OrchestratorDeps, 'store'>, attemptId: string, answer: DoubtAnswer): void {
  deps.store.inTransaction(() => {
    const attempt = deps.store.attempt(attemptId);
    if (attempt?.state !== 'in_doubt') {
      throw new AppError({
        code: 'state.stale',
        message: 'This attempt is not in doubt any more.',
        hint: 'Look at the shot again.',
      });
    }
    const message = answer === 'charged' ? 'It was charged and brought no take.' : 'It had never been taken.';
    const failure = { category: 'permanent', detail: 'cancelled', message, retryAfterMs: null } as const;
    deps.store.failAttempt(attemptId, failure, answer === 'charged' ? attempt.reservedMicroUsd : 0);
    const { shotId, phase, series } = attempt;
    const hasTake = deps.store.takesOf(shotId, phase).some((take) => take.review === 'unreviewed');
    if (hasTake) return;
    const patch = { reason: null, retryAt: null };
    const at = { shotId, phase, series };
    movePhase(deps.store, at, { from: 'awaiting_operator', to: 'queued', cause: 'restarted', patch });
  });
}
