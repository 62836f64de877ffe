import { describe, expect, it } from 'vitest';
import { settleMicrotasks } from '../../fakes/fake-clock.ts';
import { makeWorld, type ProductionWorld } from '../../fakes/production-world.ts';

/** A batch that is stopped while the engine's answer, "too many requests", is on its way. */
async function stopWhileSending(): Promise<ProductionWorld> {
  const world = makeWorld({ store: 'memory' });
  world.provider.price = 100;
  world.provider.faults = ['rate-limited'];
  const { submit } = world.provider;
  const answer = Promise.withResolvers<void>();
  world.provider.submit = async (...args) => {
    await answer.promise;
    return submit.apply(world.provider, args);
  };
  const batchId = world.startBatch();
  while (world.store.openAttempts()[0]?.state !== 'submitting') await settleMicrotasks();
  world.orchestrator.batches.stop(batchId);
  answer.resolve();
  await world.rest();
  return world;
}

describe('a batch stopped while a request is being sent that the engine refuses for now', () => {
  it('holds no money for the try that will not be', async () => {
    const world = await stopWhileSending();
    expect(world.store.openAttempts()).toEqual([]);
    expect(world.store.projectSpend()).toMatchObject({ reservedMicroUsd: 0, settledMicroUsd: 0 });
    expect(world.state(1)).toBe('queued');
  });

  it('leaves the shot to the next batch', async () => {
    const world = await stopWhileSending();
    world.startBatch();
    await world.rest();
    expect(world.state(1)).toBe('awaiting_operator');
    expect(world.provider.jobs.size).toBe(1);
  });
});

describe('a job that fails after its batch was stopped', () => {
  it('leaves its shot to the next batch and promises no try that nobody would make', async () => {
    const world = makeWorld({ store: 'memory' });
    world.provider.faults = ['fails-later'];
    world.provider.pollsBeforeDone = 3;
    const batchId = world.startBatch();
    await world.clock.advance(1000);
    world.orchestrator.batches.stop(batchId);
    await world.rest();
    expect(world.store.shotPhase('EP001_SH001', 'previs')).toMatchObject({
      ...{ state: 'queued', retryAt: null, reason: 'The engine stopped.' },
    });
    world.startBatch();
    await world.rest();
    expect(world.state(1)).toBe('awaiting_operator');
  });
});

describe('a process killed between the stop of a batch and the release of its money', () => {
  it('releases it at the next start', async () => {
    const world = makeWorld({ store: 'memory' });
    world.provider.price = 100;
    world.provider.faults = ['rate-limited'];
    const batchId = world.startBatch();
    while (world.state(1) !== 'remediating') await settleMicrotasks();
    expect(world.store.openAttempts()).toMatchObject([{ state: 'intent' }]);
    world.store.setBatchStatus(batchId, 'complete', 'Stopped by the director.');
    await world.restart();
    await world.rest();
    expect(world.store.projectSpend()).toMatchObject({ reservedMicroUsd: 0, settledMicroUsd: 0 });
  });
});
