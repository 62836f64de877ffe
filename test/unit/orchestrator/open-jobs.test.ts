import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src-main/platform/app-error.ts';
import { withEngineAway } from '../../fakes/engine-away.ts';
import { makePlan, makeWorld, type ProductionWorld, shotIdOf } from '../../fakes/production-world.ts';

const price = 100_000;
const first = (world: ProductionWorld) => world.store.attemptsOf(shotIdOf(1));

describe('a job whose shot leaves the plan while its batch runs', () => {
  it('is fetched all the same', async () => {
    const { world, comeBack } = withEngineAway(price, { shots: 2 });
    const batchId = world.startBatch();
    await world.clock.advance(80_000);
    expect(world.state(1)).toBe('remediating');
    const plan = makePlan(2);
    world.store.applyPlan({ ...plan, shots: plan.shots.slice(1) });
    comeBack();
    await world.rest();
    expect(world.store.batch(batchId)).toMatchObject({ status: 'running', awaitingOperator: true });
    expect(first(world)).toMatchObject([{ state: 'settled', actualMicroUsd: price }]);
  });
});

describe('a job that fails after a restart', () => {
  it('is decided on as it would have been before: its batch’s limit of attempts holds', async () => {
    const { world, comeBack } = withEngineAway(price);
    world.provider.faults = ['fails-later'];
    const batchId = world.startBatch({ maxAttemptsPerShot: 1 });
    await world.clock.advance(80_000);
    expect(world.state(1)).toBe('remediating');
    await world.orchestrator.close();
    comeBack();
    await world.restart();
    await world.rest();
    expect(world.store.shotPhase(shotIdOf(1), 'previs')).toMatchObject({ state: 'halted', outcome: 'abandoned' });
    if (world.store.batch(batchId)?.status === 'paused') world.orchestrator.batches.resume(batchId);
    await world.rest();
    expect(world.provider.jobs.size).toBe(1);
  });
});

describe('a disk that is full when the job of a stopped batch comes back', () => {
  it('is tried again in pauses: nobody can resume what is over', async () => {
    const world = makeWorld();
    world.provider.price = price;
    world.provider.pollsBeforeDone = 3;
    const { media } = world.disk;
    let times = 2;
    const probe: typeof media.probe = async (path) => {
      if (times-- > 0) throw new AppError({ code: 'disk.full', message: 'The disk is full.' });
      return media.probe(path);
    };
    await world.restart({ media: { ...media, probe } });
    const batchId = world.startBatch();
    await world.clock.advance(1000);
    world.orchestrator.batches.stop(batchId);
    await world.clock.advance(10_000);
    expect(world.store.shotPhase(shotIdOf(1), 'previs')).toMatchObject({
      ...{ state: 'remediating', retryAt: expect.any(String), reason: 'The disk is full. Make room.' },
    });
    await world.rest();
    expect(first(world)).toMatchObject([{ state: 'settled', actualMicroUsd: price }]);
    expect(world.provider.jobs.size).toBe(1);
  });
});
