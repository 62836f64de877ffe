import type { Attempt } from '../../../src-shared/domain/attempt.ts';
import type { ProductionState, TransitionCause } from '../../../src-shared/domain/production-state.ts';
import type { ProductionStore } from '../ports/store.ts';
import { movePhase, type PhaseAddress } from '../stations/move-phase.ts';

/**
 * Brings a phase that waits or was halted back to `assembling`, because its newest attempt goes on: a file was delivered, or
 * a job came back late. False, and nothing is moved, where a person has decided since or another take waits for review.
 */
export function followAttempt(
  store: ProductionStore,
  at: PhaseAddress,
  follow: { attempt: Attempt; cause: TransitionCause },
): boolean {
  const { attempt, cause } = follow;
  const row = store.shotPhase(at.shotId, at.phase);
  if (row.series !== at.series || row.approvedTakeId !== null) return false;
  if (row.state === 'assembling') return true;
  if (store.attemptsOf(at.shotId, at.phase).at(-1)?.id !== attempt.id) return false;
  // a phase that waits for this very job goes on with it, whatever else arrived: left waiting it would be sent once more
  if (row.state !== 'remediating' && hasNewerTake(store, attempt)) return false;
  const way = wayToAssembly[row.state];
  if (!way) return false;
  const patch = { reason: null, retryAt: null, outcome: null };
  way.forEach((to, step) => {
    const from = step === 0 ? row.state : (way[step - 1] ?? row.state);
    movePhase(store, at, { from, to, cause, patch });
  });
  return true;
}

/** Legal moves from where a phase can be left while its attempt is still open. */
const wayToAssembly: Partial<Record<ProductionState, readonly ProductionState[]>> = {
  queued: ['binding', 'assembling'],
  binding: ['assembling'],
  remediating: ['binding', 'assembling'],
  awaiting_operator: ['queued', 'binding', 'assembling'],
  halted: ['queued', 'binding', 'assembling'],
};

function hasNewerTake(store: ProductionStore, attempt: Attempt): boolean {
  return store
    .takesOf(attempt.shotId, attempt.phase)
    .some(
      (take) => take.attemptId !== attempt.id && take.review === 'unreviewed' && take.createdAt > attempt.createdAt,
    );
}
