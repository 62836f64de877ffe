import { describe, expect, it } from 'vitest';
import { makeWorld, type ProductionWorld } from '../../../fakes/production-world.ts';
import { reviewDesk } from '../../../fakes/review-desk.ts';

const shotId = 'EP001_SH001';
const cancel = (world: ProductionWorld) => world.orchestrator.cancelRetry({ shotId, phase: 'previs', person: 'dana' });

async function waiting(fault: 'not-sent' | 'rate-limited'): Promise<ProductionWorld> {
  const world = makeWorld();
  world.provider.price = 100_000;
  world.provider.faults = [fault];
  world.startBatch();
  await world.clock.advance(1000);
  expect(world.state(1)).toBe('remediating');
  return world;
}

describe('a wait for another try that a person ends', () => {
  it('leaves the shot to the operator with the reason, and nothing is sent any more', async () => {
    const world = await waiting('not-sent');
    const before = world.provider.posts.size;
    expect(cancel(world)).toMatchObject({
      state: 'awaiting_operator',
      retryAt: null,
      reason: expect.stringMatching(/^dana ended the wait for another try\. .*not-sent/),
    });
    await world.clock.advance(3_600_000);
    expect(world.provider.posts.size).toBe(before);
    expect(world.store.batches()).toMatchObject([{ awaitingOperator: true }]);
  });

  it('gives back the money of a request that was asked to wait', async () => {
    const world = await waiting('rate-limited');
    expect(world.store.projectSpend().reservedMicroUsd).toBe(100_000);
    cancel(world);
    expect(world.store.projectSpend()).toMatchObject({ reservedMicroUsd: 0, settledMicroUsd: 0 });
    expect(world.store.openAttempts()).toEqual([]);
  });

  it('is not refused for a job of what was asked for before: that one is followed on its own', async () => {
    const world = makeWorld();
    world.provider.faults = ['accepted-then-dropped', 'not-sent'];
    world.startBatch();
    await world.clock.advance(1000);
    expect(world.store.openAttempts()).toMatchObject([{ state: 'in_doubt', series: 0 }]);
    reviewDesk(world).reroute(1, 'embedded-animatic-noir');
    await world.clock.advance(1000);
    expect(world.state(1)).toBe('remediating');
    expect(cancel(world)).toMatchObject({ state: 'awaiting_operator' });
    expect(world.store.openAttempts()).toMatchObject([{ state: 'in_doubt', series: 0 }]);
  });

  it('is refused the second time', async () => {
    const world = await waiting('not-sent');
    cancel(world);
    expect(() => cancel(world)).toThrow(expect.objectContaining({ code: 'state.stale' }));
  });

  it('is refused while the engine may have the job', async () => {
    const world = makeWorld({ provider: { capabilities: { reconcile: 'byId' } } });
    world.provider.faults = ['accepted-then-dropped'];
    world.startBatch();
    await world.clock.advance(1000);
    expect(world.state(1)).toBe('remediating');
    expect(() => cancel(world)).toThrow(expect.objectContaining({ code: 'state.illegal-move' }));
    await world.rest();
    expect(world.store.takesOf(shotId)).toHaveLength(1);
  });
});
