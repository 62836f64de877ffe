import { describe, expect, it } from 'vitest';
import { learnFrom } from '../../../src-main/learning/learn-from.ts';
import type { LearningWorld } from '../../../src-main/learning/learning-world.ts';
import { emptyMemory } from '../../../src-main/learning/phase-memory.ts';
import { verdictOnFailure } from '../../../src-main/learning/read-verdict.ts';
import type { Attempt } from '../../../src-shared/domain/attempt.ts';
import type { FailureCategory, FailureDetail } from '../../../src-shared/domain/failure.ts';
import { sampleAttempt, sampleTime } from '../../fakes/api-samples.ts';

const world: LearningWorld = {
  ...{ project: 'test', attempt: () => null, gates: () => [] },
  ...{ shotType: () => 'wide', isKnown: () => false },
};

function lost(category: FailureCategory, detail: FailureDetail, billed: number | null = 0): Attempt {
  const failure = { category, detail, message: 'It did not work.', retryAfterMs: null };
  return { ...sampleAttempt(), state: 'failed', failure, actualMicroUsd: billed };
}

describe('a lost attempt', () => {
  it.each<[FailureCategory, FailureDetail]>([
    ['gate_mechanical', 'bad_output'],
    ['content_filter', 'rejected_request'],
    ['permanent', 'rejected_request'],
    ['permanent', 'bad_output'],
    ['permanent', 'unknown'],
  ])('counts against its engine when that refused or spoilt the work: %s, %s', (category, detail) => {
    expect(verdictOnFailure(sampleTime, lost(category, detail), world)).toMatchObject({
      ...{ kind: 'verdict', line: { success: false, gate_details: { failure_category: category } } },
    });
  });

  it.each<[FailureCategory, FailureDetail]>([
    ['transient', 'bad_output'],
    ['transient', 'unknown'],
    ['transient', 'network'],
    ['transient', 'rate_limit'],
    ['transient', 'timeout'],
    ['transient', 'server'],
    ['transient', 'in_doubt'],
    ['budget', 'account'],
    ['budget', 'unknown'],
    ['permanent', 'disk'],
    ['permanent', 'account'],
    ['permanent', 'missing_ref'],
  ])('is kept apart as a fault when the work never was judged: %s, %s', (category, detail) => {
    expect(verdictOnFailure(sampleTime, lost(category, detail), world)).toMatchObject({
      ...{ kind: 'fault', line: { id: 'fault:att_1', failure_category: category, failure_detail: detail } },
    });
  });

  it('says nothing when it was cancelled, and costs nothing unless it was billed', () => {
    expect(verdictOnFailure(sampleTime, lost('permanent', 'cancelled'), world)).toBeNull();
    const learn = (attempt: Attempt) =>
      learnFrom(
        { seq: 1, at: sampleTime, projectId: 'test', body: { type: 'attempt_changed', attempt } },
        emptyMemory,
        world,
      ).events;
    expect(learn(lost('permanent', 'cancelled'))).toEqual([]);
    expect(learn(lost('permanent', 'cancelled', null))).toEqual([]);
    expect(learn(lost('permanent', 'cancelled', 40_000))).toMatchObject([
      { kind: 'cost', line: { id: 'cost:att_1', cost_micro_usd: 40_000 } },
    ]);
  });
});
