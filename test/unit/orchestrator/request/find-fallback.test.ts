import { describe, expect, it } from 'vitest';
import { fallbackFromOf } from '../../../../src-main/orchestrator/request/find-fallback.ts';
import type { Attempt } from '../../../../src-shared/domain/attempt.ts';
import type { Review } from '../../../../src-shared/domain/review.ts';

const attempt = (number: number, workflowId: string, part: Partial<Attempt> = {}) => {
  const at = { shotId: 'EP001_SH001', phase: 'previs', series: 0 };
  return { ...at, number, request: { workflowId }, failure: null, ...part } as Attempt;
};
const replaced = (attempts: Attempt[], reviews: Partial<Review>[] = []) => {
  const last = attempts.at(-1);
  if (!last) throw new Error('no attempt');
  return fallbackFromOf({ attemptsOf: () => attempts, reviewsOf: () => reviews as Review[] }, last);
};

describe('what a fallback took the place of', () => {
  it('is the engine that the series began with, however many have failed since', () => {
    expect(replaced([attempt(1, 'ink'), attempt(2, 'wash'), attempt(3, 'noir')])).toBe('ink');
    expect(replaced([attempt(1, 'ink'), attempt(2, 'ink')])).toBeNull();
    expect(replaced([attempt(1, 'ink')])).toBeNull();
  });

  it('is nothing of a series before, and nothing that was never sent', () => {
    const cancelled = { category: 'permanent', detail: 'cancelled', message: '', retryAfterMs: null } as const;
    expect(replaced([attempt(1, 'ink'), attempt(2, 'wash', { series: 1 })])).toBeNull();
    expect(replaced([attempt(1, 'ink', { failure: cancelled }), attempt(2, 'wash')])).toBeNull();
  });

  it('is nothing where a person chose the engine and stands by it', () => {
    const attempts = [attempt(1, 'ink'), attempt(2, 'wash')];
    const chosen = { phase: 'previs', undone: false, workflowId: 'wash' } as const;
    expect(replaced(attempts, [chosen])).toBeNull();
    expect(replaced(attempts, [{ ...chosen, undone: true }])).toBe('ink');
    expect(replaced(attempts, [{ ...chosen, phase: 'video' }])).toBe('ink');
  });
});
