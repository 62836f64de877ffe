import { describe, expect, it } from 'vitest';
import { makeWorld } from '../../fakes/production-world.ts';

const shotId = 'EP001_SH001';

describe('jobs that their engine cancels', () => {
  it('count like other failures: what is billed for them is not spent again and again', async () => {
    const world = makeWorld();
    world.provider.price = 100_000;
    world.provider.poll = async () => ({
      kind: 'failed',
      failure: { category: 'transient', detail: 'cancelled', message: 'It was cancelled there.', retryAfterMs: null },
      billedMicroUsd: 100_000,
    });
    world.startBatch({ maxAttemptsPerShot: 4 });
    await world.rest();
    expect(world.store.attemptsOf(shotId)).toHaveLength(4);
    expect(world.store.shotPhase(shotId, 'previs')).toMatchObject({ state: 'halted', outcome: 'abandoned' });
    // the first was asked for; all others are the machine's repeats
    expect(world.store.retrySpend(shotId)).toBe(300_000);
    expect(world.store.projectSpend()).toMatchObject({ settledMicroUsd: 400_000, reservedMicroUsd: 0 });
  });
});
