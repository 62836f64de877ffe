import type { Decided } from '../../src-shared/api/review-contract.ts';
import { isAttemptOver } from '../../src-shared/domain/attempt.ts';
import { shortShotId } from '../../src-shared/domain/ids.ts';
import { isInFlight, type ProductionState } from '../../src-shared/domain/production-state.ts';
import type { Review } from '../../src-shared/domain/review.ts';
import type { ShotPhase } from '../../src-shared/domain/shot.ts';
import { AppError } from '../platform/app-error.ts';
import type { ReviewDeps } from './review-deps.ts';

/**
 * Takes back a decision, the newest by default: phases and marks are as before it, nothing recorded is removed. Refused
 * when work was dispatched on its strength or a later decision stands on it.
 */
export function undo(reviewId: string | undefined, deps: ReviewDeps): Decided {
  const { store } = deps;
  const decided = store.inTransaction((): Decided => {
    const review = reviewId === undefined ? store.lastUndoable() : store.review(reviewId);
    const saved = review && !review.undone ? store.undoState(review.id) : null;
    if (!review || !saved) throw nothingToUndo();
    for (const mark of saved.takes) store.setTakeReview(mark.takeId, mark.review);
    if (review.action === 'override' && review.takeId) store.setTakeReview(review.takeId, 'unreviewed');
    for (const before of saved.before) restorePhase(before, review, deps);
    store.markUndone(review.id);
    if (review.action === 'auto-approve') recountBatchOf(review, deps);
    const record = store.recordReview({
      ...{ id: deps.ids.newId('rev'), shotId: review.shotId, phase: review.phase, takeId: review.takeId },
      ...{ action: 'undo', reasons: [], note: '', workflowId: null, gateDisagreement: null },
      decidedBy: deps.person,
      decidedAt: deps.clock.now().toISOString(),
      undoes: review.id,
    });
    return { review: record, shotPhase: store.shotPhase(review.shotId, review.phase) };
  });
  deps.wake();
  return decided;
}

/** Autonomy's cap counts what stands: an approval that is taken back is free again. */
function recountBatchOf({ takeId }: Review, { store }: ReviewDeps): void {
  const attemptId = takeId === null ? null : (store.take(takeId)?.attemptId ?? null);
  const batchId = attemptId === null ? null : (store.attempt(attemptId)?.batchId ?? null);
  if (batchId !== null) store.recountAutoApprovals(batchId);
}

function restorePhase(before: ShotPhase, review: Review, deps: ReviewDeps): void {
  const now = deps.store.shotPhase(before.shotId, before.phase);
  const what = `${shortShotId(before.shotId)} (${before.phase})`;
  if (now.attempts !== before.attempts || isInFlight(now.state)) {
    throw tooLate(`${what} has been dispatched since that decision.`);
  }
  const reviews = deps.store.reviewsOf(before.shotId);
  const later = reviews
    .slice(reviews.findIndex((other) => other.id === review.id) + 1)
    .find((other) => other.phase === before.phase && !other.undone && other.action !== 'undo');
  if (later) throw tooLate(`${what} was decided again since.`);
  const to = stateToRestore(before, deps);
  const { outcome, reason, approvedTakeId, workflowId, retryAt, remediationCount } = before;
  // its series too: what is out for it is its own again, and the machine's repeats are counted on, not anew
  const { series } = before;
  const patch = { outcome, reason, approvedTakeId, workflowId, retryAt, remediationCount, series };
  if (now.state === to) deps.store.annotate(before.shotId, before.phase, now.version, patch);
  else {
    const move = { shotId: before.shotId, phase: before.phase, to, cause: 'undone' as const };
    deps.store.transition({ ...move, expectedVersion: now.version, patch });
  }
}

/**
 * The run that was at work when the decision was made steers its phase no more, so a station is not gone back to: what it
 * has brought or still brings waits for the director; where there is nothing to wait for, the phase waits for its turn.
 */
function stateToRestore(before: ShotPhase, { store }: ReviewDeps): ProductionState {
  if (!isInFlight(before.state)) return before.state;
  const { shotId, phase } = before;
  const hasTake = store.takesOf(shotId, phase).some((take) => take.review === 'unreviewed');
  const isAwaited = store.attemptsOf(shotId, phase).some(({ state }) => !isAttemptOver(state) && state !== 'intent');
  return hasTake || isAwaited ? 'awaiting_operator' : 'queued';
}

function tooLate(message: string): AppError {
  return new AppError({ code: 'review.too-late', message, hint: 'Decide again: approve, reject or reroute.' });
}

function nothingToUndo(): AppError {
  return new AppError({ code: 'review.nothing-to-undo', message: 'There is no decision to take back.' });
}
