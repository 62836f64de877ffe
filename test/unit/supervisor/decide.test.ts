import { describe, expect, it } from 'vitest';
import { type DecideInput, decide } from '../../../src-main/supervisor/decide.ts';
import { defaultRetryPolicies, type FailureCategory, failureCategories } from '../../../src-shared/domain/failure.ts';
import { gateResult } from '../../fakes/production-world.ts';

const noFailures = Object.fromEntries(failureCategories.map((name) => [name, 0])) as Record<FailureCategory, number>;

function input(evidence: DecideInput['evidence'], part: Partial<DecideInput> = {}): DecideInput {
  const base = { failures: noFailures, attempts: 1, maxAttempts: 5, policies: defaultRetryPolicies };
  return { evidence, ...base, next: () => 'A new seed.', jitter: 0, ...part };
}

function lost(
  category: FailureCategory,
  times: number,
  part: Partial<DecideInput> = {},
  retryAfterMs: number | null = null,
) {
  const failure = { category, detail: 'unknown', message: 'It was lost.', retryAfterMs } as const;
  const failures = { ...noFailures, [category]: times };
  return decide(input({ kind: 'failure', failure }, { failures, attempts: times, ...part }));
}

describe('the supervisor on a lost attempt', () => {
  it.each([
    ['transient', 'RETRY_STAGE'],
    ['gate_mechanical', 'RETRY_STAGE'],
    ['gate_identity', 'RETRY_STAGE'],
    ['gate_wardrobe', 'RETRY_STAGE'],
    ['gate_video_drift', 'ESCALATE_USER'],
    ['content_filter', 'ESCALATE_USER'],
    ['budget', 'PAUSE_BATCH'],
    ['permanent', 'ABANDON'],
  ] as const)('%s leads to %s', (category, action) => {
    expect(lost(category, 1).action).toBe(action);
  });

  it('waits 5, 10, 20, 40, 80 seconds for a transient fault, then gives up', () => {
    const delays = [1, 2, 3, 4, 5].map((times) => {
      const decision = lost('transient', times, { maxAttempts: 50 });
      return decision.action === 'RETRY_STAGE' ? decision.plan.delayMs : null;
    });
    expect(delays).toEqual([5000, 10_000, 20_000, 40_000, 80_000]);
    expect(lost('transient', 6, { maxAttempts: 50 })).toMatchObject({ action: 'ABANDON', afterRetries: true });
  });

  it('spreads retries by a tenth at most and waits at least as long as the provider asks', () => {
    const early = lost('transient', 1, { jitter: -1 });
    const late = lost('transient', 1, { jitter: 1 });
    expect(early).toMatchObject({ plan: { delayMs: 4500 } });
    expect(late).toMatchObject({ plan: { delayMs: 5500 } });
    expect(lost('transient', 1, {}, 33_000)).toMatchObject({ plan: { delayMs: 33_000 } });
    expect(lost('transient', 3, {}, 1000)).toMatchObject({ plan: { delayMs: 20_000 } });
  });

  it('says what the next attempt changes, and asks for that only where there may be one', () => {
    expect(lost('gate_mechanical', 1)).toMatchObject({ plan: { change: 'A new seed.' } });
    const next = () => {
      throw new Error('nothing is to be composed');
    };
    for (const category of ['gate_video_drift', 'content_filter', 'budget', 'permanent'] as const) {
      expect(() => lost(category, 1, { next })).not.toThrow();
    }
    expect(() => lost('transient', 6, { next, maxAttempts: 50 })).not.toThrow();
  });

  it('tells the director what can be done about a refusal for content', () => {
    expect(lost('content_filter', 1)).toMatchObject({
      reason: expect.stringMatching(/^It was lost\. Change the words in the plan.*nothing is sent again by itself\.$/),
    });
  });

  it.each(['permanent', 'budget', 'transient'] as const)(
    'puts the batch on hold for an account that is refused (%s), whatever is left to try',
    (category) => {
      const failure = { category, detail: 'account', message: 'No credit.', retryAfterMs: null } as const;
      const next = () => {
        throw new Error('nothing is to be composed');
      };
      for (const attempts of [1, 5]) {
        const decision = decide(input({ kind: 'failure', failure }, { attempts, next }));
        expect(decision).toEqual({ action: 'PAUSE_BATCH', reason: 'No credit.' });
      }
    },
  );

  it('gives up at the cap on attempts, and says at which', () => {
    expect(lost('transient', 2, { attempts: 4, maxAttempts: 5 }).action).toBe('RETRY_STAGE');
    expect(lost('transient', 2, { attempts: 5, maxAttempts: 5 })).toEqual({
      ...{ action: 'ABANDON', afterRetries: true, reason: 'It was lost. That was attempt 5 of 5.' },
    });
  });

  it.each([
    [0, 1, 'It happened once; no repeat is allowed.'],
    [1, 2, 'It happened 2 times; 1 repeat is allowed.'],
    [2, 3, 'It happened 3 times; 2 repeats are allowed.'],
  ])('says of %i allowed repeats in words that they are used up', (maxRetries, times, why) => {
    const policies = { ...defaultRetryPolicies, transient: { ...defaultRetryPolicies.transient, maxRetries } };
    expect(lost('transient', times, { policies })).toMatchObject({ reason: `It was lost. ${why}` });
  });

  it('says the same of the same', () => {
    expect(lost('gate_identity', 2)).toEqual(lost('gate_identity', 2));
  });
});

describe('the supervisor on a take', () => {
  const onGates = (...results: ReturnType<typeof gateResult>[]) => {
    const failures = { ...noFailures, gate_mechanical: 1, gate_video_drift: 1 };
    return decide(input({ kind: 'gates', results }, { failures }));
  };

  it('accepts what every gate passed, and what none has measured goes on to a person through the same door', () => {
    expect(onGates(gateResult('gate_1', 'pass')).action).toBe('ACCEPT');
    expect(onGates().action).toBe('ACCEPT');
    expect(onGates(gateResult('gate_1', 'pass'), gateResult('gate_3', 'skipped')).action).toBe('ACCEPT');
  });

  it.each(['review', 'unmeasurable', 'deferred'] as const)('asks a person about %s', (status) => {
    expect(onGates(gateResult('gate_1', status))).toEqual({
      action: 'ESCALATE_USER',
      reason: `gate_1 says ${status}.`,
    });
  });

  it('repairs a mechanical rejection and asks about drift, which is never rejected by itself', () => {
    expect(onGates(gateResult('gate_1', 'fail')).action).toBe('RETRY_STAGE');
    expect(onGates(gateResult('gate_3', 'fail')).action).toBe('ESCALATE_USER');
  });
});
