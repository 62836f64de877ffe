import { describe, expect, it } from 'vitest';
import type { Attempt } from '../../../src-shared/domain/attempt.ts';
import type { FakeFault } from '../../fakes/fake-provider.ts';
import { hashText } from '../../fakes/memory-files.ts';
import { makeWorld, type ProductionWorld, scriptedGate } from '../../fakes/production-world.ts';
import { reviewDesk } from '../../fakes/review-desk.ts';

const shotId = 'EP001_SH001';
const attempts = (world: ProductionWorld): Attempt[] => world.store.attemptsOf(shotId);
const row = (world: ProductionWorld) => world.store.shotPhase(shotId, 'previs');

function withFaults(faults: FakeFault[], options: Parameters<typeof makeWorld>[0] = {}): ProductionWorld {
  const world = makeWorld(options);
  world.provider.faults = faults;
  return world;
}

describe('a lost attempt', () => {
  it('that never left is made again as a new attempt with the same seed, after the back-off', async () => {
    const world = withFaults(['not-sent']);
    world.startBatch();
    await world.clock.advance(1000);
    expect(row(world)).toMatchObject({ state: 'remediating', remediationCount: 1, remediationLimit: 5 });
    const waitMs = Date.parse(row(world).retryAt ?? '') - Date.parse('2026-11-21T09:00:00.000Z');
    expect(waitMs).toBeGreaterThanOrEqual(4500);
    expect(waitMs).toBeLessThanOrEqual(5500);
    await world.rest();
    const [first, second] = attempts(world);
    expect(first).toMatchObject({ state: 'failed', actualMicroUsd: 0, number: 1 });
    expect(second).toMatchObject({ state: 'settled', number: 2 });
    expect(second?.request.seed).toBe(first?.request.seed);
  });

  it('that was told to wait waits as long as it was told and is the same attempt', async () => {
    const world = withFaults(['rate-limited']);
    world.provider.retryAfterMs = 90_000;
    world.startBatch();
    await world.clock.advance(80_000);
    expect(attempts(world)).toMatchObject([{ state: 'intent', failure: { detail: 'rate_limit' } }]);
    await world.rest();
    expect(attempts(world)).toMatchObject([{ state: 'settled', number: 1 }]);
    expect([...world.provider.posts.values()]).toEqual([2]);
    expect([...world.provider.acceptedPerAttempt().values()]).toEqual([1]);
  });

  it('that is told to wait for ever gives its money back and halts', async () => {
    const world = withFaults(Array(20).fill('rate-limited'));
    world.provider.price = 100_000;
    const batchId = world.startBatch();
    await world.rest();
    expect(row(world)).toMatchObject({ state: 'halted', outcome: 'abandoned' });
    expect(world.store.batchSpend(batchId)).toMatchObject({ reservedMicroUsd: 0, settledMicroUsd: 0 });
    expect([...world.provider.posts.values()]).toEqual([6]);
    expect(attempts(world)).toMatchObject([{ state: 'failed', failure: { detail: 'rate_limit' } }]);
  });

  it('keeps other shots from a provider that asked to be left alone', async () => {
    const world = withFaults(['rate-limited'], { shots: 3 });
    world.provider.retryAfterMs = 60_000;
    world.startBatch({ maxConcurrent: 1 });
    await world.clock.advance(59_000);
    expect(world.provider.posts.size).toBe(1);
    await world.rest();
    expect(world.store.takesOfEpisode('EP001')).toHaveLength(3);
  });

  it('of another kind keeps nobody else from the engine', async () => {
    const world = withFaults(['not-sent'], { shots: 2 });
    world.startBatch({ maxConcurrent: 1 });
    await world.clock.advance(1000);
    expect([world.state(1), world.state(2)]).toEqual(['remediating', 'awaiting_operator']);
  });

  it('keeps them from it too when its own tries are used up', async () => {
    const world = withFaults(['rate-limited'], { shots: 2 });
    world.provider.retryAfterMs = 60_000;
    world.startBatch({ maxConcurrent: 1, retryPolicies: { transient: { maxRetries: 0 } } });
    await world.clock.advance(59_000);
    expect(world.state(1)).toBe('halted');
    expect(world.provider.posts.size).toBe(1);
    await world.rest();
    expect(world.state(2)).toBe('awaiting_operator');
  });

  it('is counted with the repeats before it, and its limit too: never three of two', async () => {
    const world = withFaults(['not-sent', 'not-sent'], { gates: [scriptedGate('gate_2a_identity', ['fail'])] });
    world.startBatch({ retryPolicies: { gate_identity: { baseBackoffSeconds: 100 } } });
    await world.clock.advance(60_000);
    expect(attempts(world)).toHaveLength(3);
    expect(row(world)).toMatchObject({ state: 'remediating', remediationCount: 3, remediationLimit: 4 });
  });

  it('that the provider refuses for its content waits for a person, not for luck', async () => {
    const world = withFaults(['content-filter']);
    world.startBatch();
    await world.rest();
    expect(row(world)).toMatchObject({ state: 'awaiting_operator', remediationCount: 0 });
    expect(world.provider.posts.size).toBe(1);
  });

  it('that the provider rejects for good halts its shot and says why', async () => {
    const world = withFaults(['rejected'], { shots: 2 });
    const batchId = world.startBatch({ maxConcurrent: 1 });
    await world.rest();
    expect(row(world)).toMatchObject({ state: 'halted', outcome: 'abandoned', reason: 'The engine said: rejected.' });
    expect(world.state(2)).toBe('awaiting_operator');
    expect(world.store.batch(batchId)?.status).toBe('running');
  });

  it('halts at the cap on attempts', async () => {
    const world = withFaults(Array(20).fill('fails-later'));
    world.startBatch({ maxAttemptsPerShot: 3 });
    await world.rest();
    expect(attempts(world)).toHaveLength(3);
    expect(row(world)).toMatchObject({ state: 'halted', reason: expect.stringContaining('attempt 3 of 3') });
  });

  it('whose file cannot be read is fetched once more, then made again with a new seed', async () => {
    const world = withFaults(['bad-file']);
    world.startBatch();
    await world.rest();
    const [first, second] = attempts(world);
    expect(first).toMatchObject({ state: 'failed', failure: { detail: 'bad_output', category: 'gate_mechanical' } });
    expect(second).toMatchObject({ state: 'settled' });
    expect(second?.request.seed).not.toBe(first?.request.seed);
    expect(world.provider.polls.filter((id) => id === 'job-1')).toHaveLength(2);
    const kept = `state/aside/${first?.id}.${hashText('bad html').slice(0, 12)}.png`;
    expect(first?.failure?.message).toContain(`kept as ${kept}`);
    expect(world.disk.contents.get(`/p/${kept}`)).toBe('bad html');
    expect([...world.disk.contents.keys()].filter((path) => path.startsWith('/p/.tmp/'))).toEqual([]);
  });

  it('whose file is empty is no take', async () => {
    const world = withFaults(['empty-file']);
    world.startBatch({ retryPolicies: { gate_mechanical: { maxRetries: 0 } } });
    await world.rest();
    expect(row(world).state).toBe('halted');
    expect(world.store.takesOf(shotId)).toEqual([]);
  });
});

describe('a rejected take', () => {
  it('is made again with a new seed, keeps its place on record and is the parent of the next', async () => {
    const world = makeWorld({ gates: [scriptedGate('gate_1', ['fail', 'pass'])] });
    world.startBatch();
    await world.rest();
    const [first, second] = attempts(world);
    expect(second?.request.seed).not.toBe(first?.request.seed);
    expect(world.store.takesOf(shotId).map((take) => take.gateStatus)).toEqual(['fail', 'pass']);
    expect(world.store.provenance('EP001_SH001_T2').lineage).toEqual({
      ...{ parent_take: 'EP001_SH001_T1', change_reason: 'gate_1: gate_1 says fail. A new seed.', prompt_diff: '' },
    });
    expect(world.store.provenance('EP001_SH001_T1').gates).toMatchObject({ gate_1: { passed: false } });
  });

  it('counts its repeats in the ledger, so that a restart counts the same', async () => {
    const world = makeWorld({ gates: [scriptedGate('gate_1', ['fail'])] });
    const batchId = world.startBatch({ maxAttemptsPerShot: 20 });
    // One timer at a time, with a restart between all of them.
    for (let restarts = 0; restarts < 12 && row(world).state !== 'halted'; restarts++) {
      await world.clock.advance(1);
      await world.orchestrator.close();
      await world.restart();
      if (world.store.batch(batchId)?.status === 'paused') world.orchestrator.batches.resume(batchId);
    }
    await world.rest();
    expect(row(world)).toMatchObject({ state: 'halted', outcome: 'abandoned' });
    expect(attempts(world)).toHaveLength(4);
  });

  it('is left to a person when a gate sees drift', async () => {
    const world = makeWorld({ gates: [scriptedGate('gate_3', ['fail'])] });
    world.startBatch();
    await world.rest();
    expect(row(world)).toMatchObject({ state: 'awaiting_operator', reason: 'gate_3 says fail.' });
    expect(attempts(world)).toHaveLength(1);
  });

  it('is not measured further, and a gate that cannot run is no verdict', async () => {
    const second = scriptedGate('gate_3', ['pass']);
    const rejecting = makeWorld({ gates: [scriptedGate('gate_1', ['fail']), second] });
    rejecting.startBatch({ retryPolicies: { gate_mechanical: { maxRetries: 0 } } });
    await rejecting.rest();
    expect(second.measured).toEqual([]);
    expect(rejecting.store.gates('EP001_SH001_T1').map((result) => result.status)).toEqual(['fail', 'skipped']);

    const broken = makeWorld({
      gates: [{ name: 'gate_1', measure: () => Promise.reject(new Error('no such model')) }],
    });
    broken.startBatch();
    await broken.rest();
    expect(broken.store.gates('EP001_SH001_T1')).toMatchObject([{ status: 'unmeasurable' }]);
    expect(row(broken)).toMatchObject({ state: 'awaiting_operator', reason: expect.stringContaining('no such model') });
  });
});

describe('a retry that is due', () => {
  it('does not fire once the director has decided', async () => {
    const world = withFaults(['not-sent']);
    world.startBatch();
    await world.clock.advance(1000);
    const { version } = row(world);
    const move = { shotId, phase: 'previs' as const, to: 'stabilized' as const, cause: 'skipped' as const };
    world.store.transition({ ...move, expectedVersion: version, patch: { outcome: 'skipped', series: 1 } });
    await world.rest();
    expect(world.provider.posts.size).toBe(1);
    expect(row(world).state).toBe('stabilized');
  });

  it('reserves nothing when the director decides while its files are still being looked at', async () => {
    const world = withFaults(['not-sent']);
    world.provider.price = 100_000;
    world.startBatch();
    await world.clock.advance(1000);
    const hashing = Promise.withResolvers<void>();
    const { hash } = world.disk.media;
    world.disk.media.hash = (path) => hashing.promise.then(() => hash(path));
    await world.clock.advance(10_000);
    expect(row(world).state).toBe('binding');
    reviewDesk(world).override(1);
    hashing.resolve();
    await world.rest();
    expect(attempts(world)).toHaveLength(1);
    expect(world.store.projectSpend()).toMatchObject({ reservedMicroUsd: 0, settledMicroUsd: 0 });
  });

  it('does not fire while the batch is paused', async () => {
    const world = withFaults(['not-sent']);
    const batchId = world.startBatch();
    await world.clock.advance(1000);
    world.orchestrator.batches.pause(batchId);
    await world.clock.advance(600_000);
    expect(world.provider.posts.size).toBe(1);
    world.orchestrator.batches.resume(batchId);
    await world.rest();
    expect(row(world).state).toBe('awaiting_operator');
  });

  it('does not fire past the cap on further takes of a shot', async () => {
    const world = makeWorld({
      gates: [scriptedGate('gate_1', ['fail'])],
      project: { caps: { batch_micro_usd: 25e6, project_micro_usd: 50e6, retry_micro_usd_per_shot: 250_000 } },
    });
    world.provider.price = 100_000;
    world.startBatch({ maxAttemptsPerShot: 20, retryPolicies: { gate_mechanical: { maxRetries: 10 } } });
    await world.rest();
    expect(attempts(world)).toHaveLength(3);
    expect(row(world)).toMatchObject({ state: 'halted', reason: expect.stringContaining('$0.20 of $0.25') });
  });
});

describe('money on the line', () => {
  it('stops at the cap before it is passed, and goes on after a raise', async () => {
    const world = makeWorld({ shots: 4 });
    world.provider.price = 100_000;
    const batchId = world.startBatch({ budgetMicroUsd: 250_000, maxConcurrent: 4 });
    await world.rest();
    expect(world.store.takesOfEpisode('EP001')).toHaveLength(2);
    expect(world.store.batch(batchId)).toMatchObject({ status: 'budget_exhausted' });
    world.orchestrator.batches.resume(batchId, 400_000);
    await world.rest();
    expect(world.store.takesOfEpisode('EP001')).toHaveLength(4);
    expect(world.store.batchSpend(batchId)).toMatchObject({ settledMicroUsd: 400_000, reservedMicroUsd: 0 });
  });

  it('settles what was billed, not what was estimated', async () => {
    const world = makeWorld();
    world.provider.price = 100_000;
    world.provider.billed = 70_000;
    const batchId = world.startBatch();
    await world.rest();
    expect(world.store.batchSpend(batchId)).toMatchObject({ settledMicroUsd: 70_000, reservedMicroUsd: 0 });
    expect(world.store.provenance('EP001_SH001_T1').cost).toEqual({ previs: 0.07, total: 0.07 });
  });

  it('says by how much the cap was passed when more was billed than quoted, and submits nothing more', async () => {
    const world = makeWorld({ shots: 4 });
    world.provider.price = 100_000;
    world.provider.billed = 130_000;
    const batchId = world.startBatch({ budgetMicroUsd: 250_000, maxConcurrent: 1 });
    await world.rest();
    expect(world.store.takesOfEpisode('EP001')).toHaveLength(2);
    expect(world.store.batch(batchId)).toMatchObject({
      status: 'budget_exhausted',
      statusReason:
        'More was billed than had been expected: the cap of $0.25 is passed by $0.01. Nothing more fits under the cap. Raise it to go on.',
    });
    expect(attempts(world)[0]).toMatchObject({ reservedMicroUsd: 100_000, actualMicroUsd: 130_000 });
  });

  it('says so too when the last shot was the one that passed it', async () => {
    const world = makeWorld();
    world.provider.price = 100_000;
    world.provider.billed = 130_000;
    const batchId = world.startBatch({ budgetMicroUsd: 100_000 });
    await world.rest();
    expect(world.store.batch(batchId)).toMatchObject({
      ...{ status: 'running', awaitingOperator: true },
      statusReason: 'More was billed than had been expected: the cap of $0.10 is passed by $0.03.',
    });
  });

  it('names the ceiling of the project where that is what keeps it from going on', async () => {
    const caps = { batch_micro_usd: 25e6, project_micro_usd: 150_000, retry_micro_usd_per_shot: 6e6 };
    const world = makeWorld({ shots: 3, project: { caps } });
    world.provider.price = 100_000;
    const batchId = world.startBatch();
    await world.rest();
    expect(world.store.batch(batchId)).toMatchObject({
      ...{ status: 'budget_exhausted', statusReason: expect.stringContaining('ceiling of $0.15') },
    });
    world.project.caps.project_micro_usd = 1_000_000;
    world.orchestrator.batches.resume(batchId);
    await world.rest();
    expect(world.store.takesOfEpisode('EP001')).toHaveLength(3);
  });
});
