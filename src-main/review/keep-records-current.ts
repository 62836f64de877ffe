/**
 * Brings a take's record up to what is known of it: gates measured and a person's last word. The record in the database
 * is what manifests and sidecars are written from.
 */
import type { ProvenanceRecord } from '../../src-shared/domain/provenance.ts';
import type { Review } from '../../src-shared/domain/review.ts';
import type { ProductionStore } from '../orchestrator/ports/store.ts';

/** The `human_review` block that a take's decisions amount to; undefined when nobody decided or it was taken back. */
function humanReviewOf(reviews: Review[], takeId: string): ProvenanceRecord['human_review'] {
  const last = reviews
    .filter((review) => review.takeId === takeId && !review.undone && review.action !== 'undo')
    .at(-1);
  if (!last) return undefined;
  const words = {
    approve: 'approved',
    'auto-approve': 'approved',
    reject: 'rejected',
    override: 'overridden',
  } as const;
  if (!(last.action in words)) return undefined;
  return {
    decision: words[last.action as keyof typeof words],
    reasons: last.reasons,
    note: last.note,
    decided_at: last.decidedAt,
    decided_by: last.decidedBy,
  };
}

/** Writes the person's last word into the records of a shot's takes where it changed; returns the takes it touched. */
export function updateHumanReview(store: ProductionStore, shotId: string): string[] {
  const reviews = store.reviewsOf(shotId);
  const touched: string[] = [];
  for (const take of store.takesOf(shotId)) {
    const record = store.provenance(take.id);
    const human = humanReviewOf(reviews, take.id);
    if (JSON.stringify(record.human_review) === JSON.stringify(human)) continue;
    const { human_review: _before, ...rest } = record;
    store.updateProvenance(take.id, human ? { ...rest, human_review: human } : rest);
    touched.push(take.id);
  }
  return touched;
}
