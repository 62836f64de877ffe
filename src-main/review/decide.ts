/**
 * The director's decisions. Each is one transaction: the decision, what it takes back, the take's mark, the phase's move
 * and the journal; it is durable when the function returns and can be undone until something was dispatched on it.
 */
import type { Decided } from '../../src-shared/api/review-contract.ts';
import { shortShotId } from '../../src-shared/domain/ids.ts';
import { nextPhase, type Phase } from '../../src-shared/domain/phase.ts';
import { isInFlight, isLegalMove, type TransitionCause } from '../../src-shared/domain/production-state.ts';
import type { RejectReason, Review, ReviewAction } from '../../src-shared/domain/review.ts';
import type { ShotPhase } from '../../src-shared/domain/shot.ts';
import type { Take } from '../../src-shared/domain/take.ts';
import { enqueueNextPhase } from '../orchestrator/enqueue-next-phase.ts';
import type { ShotPhasePatch } from '../orchestrator/ports/store.ts';
import { AppError } from '../platform/app-error.ts';
import type { ReviewDeps } from './review-deps.ts';

/** Circles a take for its phase and enqueues the next one. Changing an approval needs a note: why. */
export function approve(order: { takeId: string; note: string }, deps: ReviewDeps): Decided {
  const take = requireTake(order.takeId, deps);
  const row = deps.store.shotPhase(take.shotId, take.phase);
  const again = row.state === 'stabilized' && row.approvedTakeId === take.id ? approvalOf(take, deps) : null;
  if (again) return { review: again, shotPhase: row };
  protectApproval(row, take.id, order.note, 'approve another take');
  return decide({ action: 'approve', row, take, note: order.note, reasons: [], workflowId: null }, deps, (tools) => {
    circle(take, row, deps, tools, 'approved');
  });
}

/** The decision by which a take is circled now: a second click on Approve is the same decision. */
function approvalOf(take: Take, deps: ReviewDeps): Review | null {
  const approvals = deps.store
    .reviewsOf(take.shotId)
    .filter((review) => review.takeId === take.id && !review.undone && /approve$|^override$/.test(review.action));
  return approvals.at(-1) ?? null;
}

/** Sends the phase back for another take, with reasons that go into its lineage and into learning. */
export function reject(order: { takeId: string; reasons: RejectReason[]; note: string }, deps: ReviewDeps): Decided {
  const take = requireTake(order.takeId, deps);
  const row = deps.store.shotPhase(take.shotId, take.phase);
  if (row.approvedTakeId === take.id) protectApproval(row, null, order.note, 'reject the circled take');
  return decide({ ...order, action: 'reject', row, take, workflowId: null }, deps, (tools) => {
    tools.mark(take, 'rejected');
    const reopens = row.approvedTakeId === take.id;
    if (row.approvedTakeId !== null && !reopens) return;
    const reason = ['Another take was asked for', order.reasons.join(', ')].filter(Boolean).join(': ');
    sendBack(row, deps, 'rejected', { reason, approvedTakeId: null });
    if (reopens) closeNextPhase(row, deps, tools);
  });
}

/** Chooses the engine of the next attempt; a phase that waits for a person goes back to work with it. */
export function reroute(
  order: { shotId: string; phase: Phase; workflowId: string; note: string },
  deps: ReviewDeps,
): Decided {
  const row = deps.store.shotPhase(order.shotId, order.phase);
  const circled = row.approvedTakeId === null ? null : deps.store.take(row.approvedTakeId);
  if (circled) protectApproval(row, null, order.note, 'reroute a phase that has a circled take');
  const draft = { action: 'reroute' as const, row, take: circled, reasons: [], note: order.note };
  return decide({ ...draft, workflowId: order.workflowId }, deps, (tools) => {
    if (circled) tools.mark(circled, 'unreviewed');
    sendBack(row, deps, 'rerouted', {
      workflowId: order.workflowId,
      approvedTakeId: null,
      reason: `Rerouted to ${order.workflowId}`,
    });
    if (circled) closeNextPhase(row, deps, tools);
  });
}

/** The circle itself, used by approve and override. */
export function circle(
  take: Take,
  row: ShotPhase,
  deps: ReviewDeps,
  tools: DecisionTools,
  cause: TransitionCause,
): void {
  const before = row.approvedTakeId === null ? null : deps.store.take(row.approvedTakeId);
  if (before && before.id !== take.id) tools.mark(before, 'unreviewed');
  tools.mark(take, 'approved');
  const patch: ShotPhasePatch = {
    outcome: 'approved',
    approvedTakeId: take.id,
    reason: null,
    retryAt: null,
    series: row.series + 1,
  };
  if (row.state === 'stabilized') deps.store.annotate(row.shotId, row.phase, row.version, patch);
  else {
    const move = { shotId: row.shotId, phase: row.phase, to: 'stabilized' as const, cause };
    deps.store.transition({ ...move, expectedVersion: row.version, patch });
  }
  const next = nextPhase(row.phase);
  if (next) {
    tools.remember(deps.store.shotPhase(row.shotId, next));
    enqueueNextPhase(deps.store, row.shotId, row.phase);
  }
}

export interface DecisionTools {
  /** changes a take's mark and remembers the one it had */
  mark(take: Take, review: Take['review']): void;
  /** keeps a phase as it was before it is changed, for undo */
  remember(row: ShotPhase): void;
}

export interface DecisionDraft {
  action: Exclude<ReviewAction, 'undo' | 'auto-approve'>;
  row: ShotPhase;
  take: Take | null;
  note: string;
  reasons: RejectReason[];
  workflowId: string | null;
}

/** Records a decision around `change`, all or nothing, and wakes the loop when it is durable. */
export function decide(draft: DecisionDraft, deps: ReviewDeps, change: (tools: DecisionTools) => void): Decided {
  const { store } = deps;
  const decided = store.inTransaction((): Decided => {
    const before = new Map([[draft.row.phase, draft.row]]);
    const marks: { takeId: string; review: Take['review'] }[] = [];
    const review = store.recordReview({
      id: deps.ids.newId('rev'),
      shotId: draft.row.shotId,
      phase: draft.row.phase,
      takeId: draft.take?.id ?? null,
      action: draft.action,
      reasons: draft.reasons,
      note: draft.note,
      workflowId: draft.workflowId,
      decidedBy: deps.person,
      decidedAt: deps.clock.now().toISOString(),
      undoes: null,
      gateDisagreement: gateDisagreement(draft.action, draft.take),
    });
    change({
      mark(take, mark) {
        marks.push({ takeId: take.id, review: take.review });
        store.setTakeReview(take.id, mark);
      },
      remember: (row) => before.set(row.phase, row),
    });
    store.saveUndoState(review.id, [...before.values()], marks);
    return { review, shotPhase: store.shotPhase(draft.row.shotId, draft.row.phase) };
  });
  deps.wake();
  return decided;
}

/** A gate said otherwise: false_negative = approved despite a fail, false_positive = rejected despite a pass. */
function gateDisagreement(action: ReviewAction, take: Take | null): Review['gateDisagreement'] {
  if ((action === 'approve' || action === 'override') && take?.gateStatus === 'fail') return 'false_negative';
  if (action === 'reject' && take?.gateStatus === 'pass') return 'false_positive';
  return null;
}

function sendBack(row: ShotPhase, deps: ReviewDeps, cause: TransitionCause, patch: ShotPhasePatch): void {
  const fresh: ShotPhasePatch = { ...patch, series: row.series + 1, remediationCount: 0, retryAt: null, outcome: null };
  const mayMove = !isInFlight(row.state) && row.state !== 'blocked' && row.state !== 'queued';
  if (mayMove && isLegalMove(row.state, 'queued')) {
    const move = { shotId: row.shotId, phase: row.phase, to: 'queued' as const, cause };
    deps.store.transition({ ...move, expectedVersion: row.version, patch: fresh });
  } else deps.store.annotate(row.shotId, row.phase, row.version, { workflowId: patch.workflowId ?? row.workflowId });
}

/** The phase that was enqueued on an approval waits again when the approval is taken away, unless it has takes. */
function closeNextPhase(row: ShotPhase, deps: ReviewDeps, tools: DecisionTools): void {
  const next = nextPhase(row.phase);
  if (!next) return;
  const following = deps.store.shotPhase(row.shotId, next);
  if (following.state !== 'queued') return;
  tools.remember(following);
  const move = { shotId: row.shotId, phase: next, to: 'blocked' as const, cause: 'upstream-reopened' as const };
  deps.store.transition({ ...move, expectedVersion: following.version });
}

function protectApproval(row: ShotPhase, takeId: string | null, note: string, what: string): void {
  if (row.approvedTakeId === null || row.approvedTakeId === takeId || note.trim() !== '') return;
  throw new AppError({
    code: 'take.protected',
    message: `${row.approvedTakeId} is the circled take of ${shortShotId(row.shotId)} (${row.phase}).`,
    hint: `Say why, to ${what}.`,
  });
}

function requireTake(takeId: string, deps: ReviewDeps): Take {
  const take = deps.store.take(takeId);
  if (take) return take;
  throw new AppError({ code: 'take.not-found', message: `There is no take ${takeId} in this project.` });
}
