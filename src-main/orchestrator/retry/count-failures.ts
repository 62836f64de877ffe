import { type Attempt, wasNoTry } from '../../../src-shared/domain/attempt.ts';
import { type FailureCategory, failureCategories } from '../../../src-shared/domain/failure.ts';
import type { Phase } from '../../../src-shared/domain/phase.ts';
import type { GateResult } from '../../../src-shared/domain/verdict.ts';
import { waitsOf } from '../attempt/job-record.ts';
import { categoryOfGate, failedGate } from '../classify-failure.ts';
import type { TakeStore } from '../ports/store.ts';

/** The verdicts on a take. */
export type GatesOf = (takeId: string) => readonly GateResult[];

/** Reads the verdicts on a phase's takes at once: whoever counts a series asks for those of every take, many times over. */
export function readGates(store: Pick<TakeStore, 'gatesOfPhase'>, at: { shotId: string; phase: Phase }): GatesOf {
  const read = store.gatesOfPhase(at.shotId, at.phase);
  return (takeId) => read.get(takeId) ?? [];
}

/** Failures of a series by category: lost attempts, and takes that a gate rejected. */
export function countFailures(attempts: readonly Attempt[], gatesOf: GatesOf): Record<FailureCategory, number> {
  const counts = Object.fromEntries(failureCategories.map((name) => [name, 0])) as Record<FailureCategory, number>;
  for (const attempt of attempts) {
    if (attempt.state === 'failed' && attempt.failure && !wasNoTry(attempt)) counts[attempt.failure.category]++;
    const rejected = attempt.takeId === null ? null : failedGate(gatesOf(attempt.takeId));
    if (rejected) counts[categoryOfGate(rejected.gate)]++;
    counts.transient += waitsOf(attempt);
  }
  return counts;
}
