import { describe, expect, test } from 'vitest';
import { withReview } from '../../../../src-renderer/stores/reviews-store.ts';
import type { Review } from '../../../../src-shared/domain/review.ts';
import { sampleDecided } from '../../../fakes/api-samples.ts';

const made = (id: string, minute: number, change: Partial<Review> = {}): Review => ({
  ...sampleDecided('approve', '').review,
  id,
  decidedAt: `2026-01-02T03:0${minute}:00.000Z`,
  undone: false,
  ...change,
});

describe('the decisions of a shot', () => {
  test('stand in the order in which they were made, however they arrive', () => {
    expect(withReview([made('b', 2)], made('a', 1)).map((one) => one.id)).toEqual(['a', 'b']);
  });

  test('are there once when they come twice', () => {
    expect(withReview([made('a', 1)], made('a', 1, { note: 'again' }))).toEqual([made('a', 1, { note: 'again' })]);
  });

  test('are marked by the decision that takes them back', () => {
    const reviews = withReview([made('a', 1), made('b', 2)], made('c', 3, { action: 'undo', undoes: 'a' }));
    expect(reviews.map((one) => one.undone)).toEqual([true, false, false]);
  });
});
