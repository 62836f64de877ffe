import type { Phase } from '../../src-shared/domain/phase.ts';
import type { Review, ReviewAction } from '../../src-shared/domain/review.ts';
import type { ReviewStore } from '../orchestrator/ports/store.ts';
import type { StoreContext } from './store-context.ts';

interface ReviewRow {
  id: string;
  shot_id: string;
  phase: Phase;
  take_id: string | null;
  action: ReviewAction;
  reasons: string;
  note: string;
  workflow_id: string | null;
  decided_by: string;
  decided_at: string;
  undoes: string | null;
  gate_disagreement: Review['gateDisagreement'];
  undone: number;
}

/** Decisions are only ever added; taking one back marks it and adds another. */
export function createReviewStore(context: StoreContext): ReviewStore {
  const { sql } = context;
  const find = (reviewId: string): Review | null => {
    const row = sql.get<ReviewRow>('SELECT * FROM reviews WHERE id = ?', reviewId);
    return row ? toReview(row) : null;
  };
  const tell = (reviewId: string): void => {
    const review = find(reviewId);
    if (review) context.tell({ type: 'review_recorded', review });
  };
  return {
    recordReview: (draft) =>
      sql.transact(() => {
        sql.run(
          `INSERT INTO reviews (id, shot_id, phase, take_id, action, reasons, note, workflow_id, decided_by, decided_at,
             undoes, gate_disagreement) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
          ...[draft.id, draft.shotId, draft.phase, draft.takeId, draft.action, JSON.stringify(draft.reasons)],
          ...[draft.note, draft.workflowId, draft.decidedBy, draft.decidedAt, draft.undoes, draft.gateDisagreement],
        );
        tell(draft.id);
        return { ...draft, undone: false };
      }),
    review: find,
    reviewsOf: (shotId) =>
      sql.all<ReviewRow>('SELECT * FROM reviews WHERE shot_id = ? ORDER BY seq', shotId).map(toReview),
    lastUndoable() {
      const row = sql.get<ReviewRow>(
        `SELECT * FROM reviews WHERE undone = 0 AND action NOT IN ('undo', 'auto-approve') ORDER BY seq DESC LIMIT 1`,
      );
      return row ? toReview(row) : null;
    },
    markUndone: (reviewId) =>
      sql.transact(() => {
        const { changes } = sql.run('UPDATE reviews SET undone = 1 WHERE id = ? AND undone = 0', reviewId);
        if (changes > 0) tell(reviewId);
      }),
    saveUndoState(reviewId, before, takes) {
      sql.transact(() =>
        sql.run(
          `INSERT INTO review_undo (review_id, state) VALUES (?, ?)
           ON CONFLICT (review_id) DO UPDATE SET state = excluded.state`,
          ...[reviewId, JSON.stringify({ before, takes })],
        ),
      );
    },
    undoState(reviewId) {
      const row = sql.get<{ state: string }>('SELECT state FROM review_undo WHERE review_id = ?', reviewId);
      return row ? JSON.parse(row.state) : null;
    },
  };
}

function toReview(row: ReviewRow): Review {
  return {
    id: row.id,
    shotId: row.shot_id,
    phase: row.phase,
    takeId: row.take_id,
    action: row.action,
    reasons: JSON.parse(row.reasons),
    note: row.note,
    workflowId: row.workflow_id,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at,
    undoes: row.undoes,
    gateDisagreement: row.gate_disagreement,
    undone: row.undone === 1,
  };
}
