/**
 * Autonomy in the model: what a batch may be allowed to approve by itself, and how the model comes to know of it. Nobody is
 * told of such an approval, so it is read from the log of decisions and held against the rules it must have kept.
 */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { AutonomyConfig, BatchConfigInput } from '../../src-shared/domain/batch.ts';
import type { Review } from '../../src-shared/domain/review.ts';
import { keyOf, type Model, remember } from './model.ts';
import { type ModelWorld, shotIds } from './model-world.ts';

/** What a batch is allowed. Nothing here measures drift, so a batch that requires gate 3 approves nothing. */
export const allowances: fc.Arbitrary<{ name: string; autonomy: BatchConfigInput['autonomy'] }> = fc.constantFrom(
  { name: '', autonomy: { enabled: false } },
  { name: '', autonomy: { enabled: false } },
  { name: ' by itself', autonomy: { enabled: true } },
  { name: ' by itself, one at most', autonomy: { enabled: true, max_auto_approve_per_batch: 1 } },
  { name: ' by itself where gate 3 passes', autonomy: { enabled: true, require_gate3: true } },
);

/** Takes over what autonomy has approved since the last look. */
export function learnApprovals(model: Model, world: ModelWorld): void {
  const { store } = world.session;
  const known = new Set(model.decisions.map(({ id }) => id));
  for (const review of shotIds.flatMap((shotId) => store.reviewsOf(shotId))) {
    if (review.action !== 'auto-approve' || known.has(review.id)) continue;
    const key = keyOf(review.shotId, review.phase);
    const takeId = review.takeId ?? '';
    expect(model.circled.get(key), `${review.id} in place of a take that was circled`).toBe(undefined);
    expect(model.marks.get(takeId) ?? 'unreviewed', `${review.id} of a take that was decided on`).toBe('unreviewed');
    expect(allowanceOf(review, world), review.id).toMatchObject({ enabled: true, require_gate3: false });
    expect(
      store.gates(takeId).map(({ status }) => status),
      review.id,
    ).toEqual(['pass']);
    remember(model, { id: review.id, action: 'auto-approve', shotId: review.shotId, takeId, note: review.note }, key);
    model.marks.set(takeId, 'approved');
    model.circled.set(key, takeId);
  }
  checkCaps(model, world);
}

/** What stands of autonomy's approvals is what its batch says, and within the cap. */
function checkCaps(model: Model, { session: { store } }: ModelWorld): void {
  const standing = model.decisions.filter(({ action, undone }) => action === 'auto-approve' && !undone);
  for (const { id, config, autoApproved } of store.batches()) {
    const own = standing.filter(({ takeId }) => batchOf(takeId, store) === id);
    expect(autoApproved, `approvals that ${id} tells of`).toBe(own.length);
    const cap = config.autonomy.max_auto_approve_per_batch;
    if (cap > 0) expect(own.length, `approvals of ${id}`).toBeLessThanOrEqual(cap);
  }
}

function allowanceOf({ takeId }: Review, { session: { store } }: ModelWorld): AutonomyConfig | undefined {
  return store.batch(batchOf(takeId, store) ?? '')?.config.autonomy;
}

function batchOf(takeId: string | null, store: ModelWorld['session']['store']): string | null {
  const attemptId = store.take(takeId ?? '')?.attemptId ?? '';
  return store.attempt(attemptId)?.batchId ?? null;
}
