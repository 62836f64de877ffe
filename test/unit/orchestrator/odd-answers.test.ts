import { describe, expect, it } from 'vitest';
import { makeWorld, shotIdOf } from '../../fakes/production-world.ts';

const price = 100_000;
const noAmounts = [Number.NaN, -5, 0.5, 1e300, Number.POSITIVE_INFINITY];

describe('an engine that names no amount of money as its price', () => {
  it.each(noAmounts)('%s: its take is kept, and billed as it was reserved', async (told) => {
    const world = makeWorld();
    world.provider.price = price;
    world.provider.billed = told;
    world.startBatch();
    await world.rest();
    expect(world.store.attemptsOf(shotIdOf(1))).toMatchObject([{ state: 'settled', actualMicroUsd: price }]);
    expect(world.store.projectSpend()).toMatchObject({ settledMicroUsd: price, reservedMicroUsd: 0 });
  });

  it.each(noAmounts)('%s: a failure that it bills is billed as it was reserved', async (told) => {
    const world = makeWorld();
    world.provider.price = price;
    const failure = { category: 'permanent', detail: 'server', message: 'It broke.', retryAfterMs: null } as const;
    world.provider.poll = async () => ({ kind: 'failed', failure, billedMicroUsd: told });
    world.startBatch();
    await world.rest();
    expect(world.store.attemptsOf(shotIdOf(1))).toMatchObject([{ state: 'failed', actualMicroUsd: price }]);
    expect(world.store.projectSpend()).toMatchObject({ settledMicroUsd: price, reservedMicroUsd: 0 });
  });
});

describe('an engine that answers a submit with a job that another attempt has', () => {
  it('is not believed: the money is held for a person to look, and the job is settled once', async () => {
    const world = makeWorld({ shots: 2 });
    world.provider.price = price;
    const submit = world.provider.submit.bind(world.provider);
    world.provider.submit = async (...order) => ({ ...(await submit(...order)), id: 'job-1' });
    world.startBatch();
    await world.rest();
    expect(world.store.projectSpend()).toMatchObject({ settledMicroUsd: price, inDoubtMicroUsd: price });
    const [doubt] = world.orchestrator.doubts.list();
    expect(doubt?.attempt.failure?.message).toBe(
      'The engine answered with job job-1, which attempt 1 of SH001 (previs) has already.',
    );
    expect(world.store.takesOf(shotIdOf(2))).toEqual([]);
  });
});
