import { describe, expect, it } from 'vitest';
import { makeWorld } from '../../fakes/production-world.ts';

const shotId = 'EP001_SH001';

describe('a submit in doubt that looks like an earlier one in its engine’s list', () => {
  it('does not take over a job that another attempt holds, and waits for its own to be listed', async () => {
    const world = makeWorld({ provider: { capabilities: { reconcile: 'list', reconcileGraceMs: 3_600_000 } } });
    world.provider.price = 100_000;
    world.provider.faults = ['fails-later', 'accepted-then-dropped'];
    let listed = 'job-1';
    // the same words and the same seed: an engine's list cannot tell them apart, and shows the newer one late
    world.provider.reconcile = async () => ({ kind: 'found', job: { id: listed, data: {} } });
    world.startBatch();
    await world.clock.advance(60_000);
    expect(world.store.attemptsOf(shotId)).toMatchObject([
      { state: 'failed', providerJobId: 'job-1' },
      { state: 'in_doubt', providerJobId: null },
    ]);
    listed = 'job-2';
    await world.rest();
    expect(world.store.attemptsOf(shotId)).toMatchObject([
      { state: 'failed', providerJobId: 'job-1' },
      { state: 'settled', providerJobId: 'job-2' },
    ]);
    expect(world.provider.jobs.size).toBe(2);
  });

  it('is not held up by them: of several that are alike the ones that are taken do not count', async () => {
    const world = makeWorld({ provider: { capabilities: { reconcile: 'list', reconcileGraceMs: 0 } } });
    world.provider.faults = ['fails-later', 'not-accepted-unknown'];
    world.provider.reconcile = async () => ({
      kind: 'ambiguous',
      jobs: [{ job: { id: 'job-1', data: {} }, sentAt: null, note: '' }],
    });
    world.startBatch();
    await world.rest();
    expect(world.store.attemptsOf(shotId).map(({ state }) => state)).toEqual(['failed', 'failed', 'settled']);
  });
});
