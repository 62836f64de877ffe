import { describe, expect, it } from 'vitest';
import { countFailures } from '../../../src-main/orchestrator/retry/count-failures.ts';
import { decide } from '../../../src-main/supervisor/decide.ts';
import { batchConfigSchema } from '../../../src-shared/domain/batch.ts';
import {
  defaultRetryPolicies,
  dispositionOf,
  type FailureCategory,
  failureCategories,
  type RetryPolicies,
} from '../../../src-shared/domain/failure.ts';
import { makeWorld, type ProductionWorld, scriptedGate } from '../../fakes/production-world.ts';
import { reviewDesk } from '../../fakes/review-desk.ts';

const none = Object.fromEntries(failureCategories.map((name) => [name, 0])) as Record<FailureCategory, number>;

function policiesWith(given: object): RetryPolicies {
  return batchConfigSchema.parse({ episodeId: 'EP001', retryPolicies: given }).retryPolicies;
}

function decideAfter(category: FailureCategory, failures: number, policies: RetryPolicies) {
  return decide({
    evidence: { kind: 'failure', failure: { category, detail: 'unknown', message: 'It failed.', retryAfterMs: null } },
    failures: { ...none, [category]: failures },
    ...{ attempts: failures, maxAttempts: 50, policies, jitter: 0 },
    next: () => 'A new seed.',
  });
}

const policies: [string, RetryPolicies][] = [
  ['the default policies', defaultRetryPolicies],
  ['no repeats', policiesWith(Object.fromEntries(failureCategories.map((name) => [name, { maxRetries: 0 }])))],
  ['seven repeats', policiesWith(Object.fromEntries(failureCategories.map((name) => [name, { maxRetries: 7 }])))],
];
const repeated = failureCategories.filter((category) => dispositionOf(category) === 'retry');
const others = failureCategories.filter((category) => dispositionOf(category) !== 'retry');

describe('how often a failure is repeated', () => {
  it.each(policies.flatMap(([name, table]) => repeated.map((category) => [category, name, table] as const)))(
    '%s under %s: up to its limit and not once more',
    (category, _, table) => {
      const { maxRetries } = table[category];
      for (let failures = 1; failures <= maxRetries; failures++) {
        expect(decideAfter(category, failures, table).action).toBe('RETRY_STAGE');
      }
      expect(decideAfter(category, maxRetries + 1, table)).toMatchObject({ action: 'ABANDON', afterRetries: true });
    },
  );

  it.each(policies.flatMap(([name, table]) => others.map((category) => [category, name, table] as const)))(
    '%s under %s: never, whatever the policy says',
    (category, _, table) => {
      expect(decideAfter(category, 1, table).action).not.toBe('RETRY_STAGE');
    },
  );

  it.each([
    ['transient', [5, 10, 20, 40, 80]],
    ['gate_mechanical', [0, 0, 0]],
    ['gate_identity', [0, 0]],
    ['gate_wardrobe', [0, 0]],
  ] as const)('%s waits as its row of the table says', (category, seconds) => {
    const waits = seconds.map((_, index) => {
      const decision = decideAfter(category, index + 1, defaultRetryPolicies);
      return decision.action === 'RETRY_STAGE' ? decision.plan.delayMs / 1000 : null;
    });
    expect(waits).toEqual(seconds);
  });

  it('waits no longer than the cap of its policy', () => {
    const table = policiesWith({ transient: { maxRetries: 20, maxBackoffSeconds: 30 } });
    expect(decideAfter('transient', 10, table)).toMatchObject({ plan: { delayMs: 30_000 } });
  });

  it('keeps every other field and category of the table when a policy is given in part', () => {
    const table = policiesWith({ transient: { maxRetries: 1 } });
    expect(table).toEqual({ ...defaultRetryPolicies, transient: { ...defaultRetryPolicies.transient, maxRetries: 1 } });
  });
});

describe('what is counted', () => {
  it('is the failures of one series, not those of a decision before it', async () => {
    const world = makeWorld({ gates: [scriptedGate('gate_1', ['fail'])] });
    world.startBatch({ retryPolicies: { gate_mechanical: { maxRetries: 1 } } });
    await world.rest();
    expect(world.store.attemptsOf(shotId)).toHaveLength(2);
    expect(row(world)).toMatchObject({ state: 'halted', outcome: 'abandoned' });
    reviewDesk(world).reroute(1, 'embedded-animatic-noir');
    world.startBatch({ retryPolicies: { gate_mechanical: { maxRetries: 1 } } });
    await world.rest();
    expect(world.store.attemptsOf(shotId).map(({ series }) => series)).toEqual([0, 0, 1, 1]);
    expect(row(world).state).toBe('halted');
  });

  it('begins anew with another take that the director asks for', async () => {
    const world = makeWorld({ gates: [scriptedGate('gate_1', ['fail', 'pass', 'fail', 'pass'])] });
    world.startBatch({ retryPolicies: { gate_mechanical: { maxRetries: 1 } } });
    await world.rest();
    reviewDesk(world).reject('EP001_SH001_T2');
    await world.rest();
    expect(row(world)).toMatchObject({ state: 'awaiting_operator' });
    expect(world.store.attemptsOf(shotId).map(({ series }) => series)).toEqual([0, 0, 1, 1]);
  });

  it('is kept apart by phase and by category', async () => {
    const world = makeWorld({ gates: [scriptedGate('gate_1', ['fail', 'pass'])] });
    world.provider.faults = ['not-sent'];
    world.startBatch();
    await world.rest();
    const attempts = world.store.attemptsOf(shotId, 'previs');
    const counts = countFailures(attempts, (takeId) => world.store.gates(takeId));
    expect(counts).toEqual({ ...none, transient: 1, gate_mechanical: 1 });
    expect(world.store.attemptsOf(shotId, 'keyframe')).toEqual([]);
  });

  it('is every time that the engine asked to wait, also of a request that it took in the end', async () => {
    const world = makeWorld();
    world.provider.faults = ['rate-limited', 'rate-limited', 'fails-later', 'rate-limited', 'ok'];
    world.startBatch();
    await world.rest();
    const attempts = world.store.attemptsOf(shotId, 'previs');
    expect(attempts.map(({ state }) => state)).toEqual(['failed', 'settled']);
    expect(countFailures(attempts, () => [])).toEqual({ ...none, transient: 4 });
  });

  it('leaves out what was called off before it was sent', async () => {
    const world = makeWorld();
    world.provider.faults = ['rate-limited'];
    const batchId = world.startBatch();
    await world.clock.advance(1000);
    world.orchestrator.batches.stop(batchId);
    await world.rest();
    const attempts = world.store.attemptsOf(shotId);
    expect(attempts).toMatchObject([{ state: 'failed', failure: { detail: 'cancelled' } }]);
    expect(countFailures(attempts, () => []).permanent).toBe(0);
  });

  it('and so does the cap on attempts', async () => {
    const world = makeWorld();
    world.provider.faults = ['rate-limited', 'fails-later', 'fails-later'];
    world.startBatch({ maxAttemptsPerShot: 2 });
    await world.clock.advance(1000);
    // the one that was told to wait is dropped for its price
    world.provider.price = 100_000;
    await world.rest();
    expect(world.store.attemptsOf(shotId).map(({ failure }) => failure?.detail)).toEqual([
      ...['cancelled', 'server', 'server'],
    ]);
    expect(row(world)).toMatchObject({ state: 'halted', reason: expect.stringContaining('attempt 2 of 2') });
  });
});

const shotId = 'EP001_SH001';
const row = (world: ProductionWorld) => world.store.shotPhase(shotId, 'previs');
