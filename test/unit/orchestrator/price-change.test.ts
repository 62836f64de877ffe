import { describe, expect, it } from 'vitest';
import { makeWorld } from '../../fakes/production-world.ts';

const shotId = 'EP001_SH001';

/** One request that was told to wait, with $0.10 held for it, when the table of prices becomes another. */
async function waitingWhilePriceChanges(price: number | null, budgetMicroUsd = 1_000_000) {
  const world = makeWorld();
  world.provider.price = 100_000;
  world.provider.faults = ['rate-limited'];
  world.startBatch({ budgetMicroUsd });
  await world.clock.advance(1000);
  expect(world.store.attemptsOf(shotId)).toMatchObject([{ state: 'intent', reservedMicroUsd: 100_000 }]);
  await world.orchestrator.close();
  world.provider.price = price;
  await world.restart();
  world.orchestrator.batches.resume(world.store.batches()[0]?.id ?? '');
  await world.rest();
  return world;
}

describe('a price that changed while a request waited', () => {
  it('is reserved before the request is sent', async () => {
    const world = await waitingWhilePriceChanges(300_000);
    expect(world.store.attemptsOf(shotId)).toMatchObject([
      { state: 'failed', actualMicroUsd: 0, failure: { detail: 'cancelled' } },
      // and it is no repeat: what was never sent has nothing to be repaired
      { state: 'settled', reservedMicroUsd: 300_000, actualMicroUsd: 300_000, changeReason: null },
    ]);
  });

  it('sends nothing when the cap has no room for the new one', async () => {
    const world = await waitingWhilePriceChanges(300_000, 200_000);
    expect(world.provider.jobs.size).toBe(0);
    expect(world.store.batches()).toMatchObject([{ status: 'budget_exhausted' }]);
    expect(world.store.projectSpend()).toMatchObject({ settledMicroUsd: 0, reservedMicroUsd: 0 });
  });

  it('sends nothing when it is not known any more', async () => {
    const world = await waitingWhilePriceChanges(null);
    expect(world.provider.jobs.size).toBe(0);
    expect(world.store.shotPhase(shotId, 'previs')).toMatchObject({ state: 'awaiting_operator' });
  });
});
