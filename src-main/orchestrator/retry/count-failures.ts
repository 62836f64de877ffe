import { type Attempt, wasNoTry } from '../../../src-shared/domain/attempt.ts';
import { type FailureCategory, failureCategories } from '../../../src-shared/domain/failure.ts';
import type { GateResult } from '../../../src-shared/domain/verdict.ts';
import { waitsOf } from '../attempt/job-record.ts';
import { categoryOfGate, failedGate } from '../classify-failure.ts';

/** Failures of a series by category: lost attempts, and takes that a gate rejected. */
export function countFailures(
  attempts: readonly Attempt[],
  gatesOf: (takeId: string) => readonly GateResult[],
): Record<FailureCategory, number> {
  const counts = Object.fromEntries(failureCategories.map((name) => [name, 0])) as Record<FailureCategory, number>;
  for (const attempt of attempts) {
    if (attempt.state === 'failed' && attempt.failure && !wasNoTry(attempt)) counts[attempt.failure.category]++;
    const rejected = attempt.takeId === null ? null : failedGate(gatesOf(attempt.takeId));
    if (rejected) counts[categoryOfGate(rejected.gate)]++;
    counts.transient += waitsOf(attempt);
  }
  return counts;
}
