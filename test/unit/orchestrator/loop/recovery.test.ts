import { describe, expect, it } from 'vitest';
import { artefactOf } from '../../../../src-main/orchestrator/attempt/job-record.ts';
import { reconcileGraceMs } from '../../../../src-main/orchestrator/attempt/submit-attempt.ts';
import { createOrchestrator } from '../../../../src-main/orchestrator/orchestrator.ts';
import { Life } from '../../../fakes/mortal.ts';
import { makeConfig, makeWorld, type ProductionWorld } from '../../../fakes/production-world.ts';

const shotId = 'EP001_SH001';
const row = (world: ProductionWorld) => world.store.shotPhase(shotId, 'previs');

describe('an attempt in doubt', () => {
  async function inDoubt(options: Parameters<typeof makeWorld>[0] = {}, taken = true): Promise<ProductionWorld> {
    const world = makeWorld(options);
    world.provider.price = 100_000;
    world.provider.faults = [taken ? 'accepted-then-dropped' : 'not-accepted-unknown'];
    world.startBatch();
    await world.clock.advance(1000);
    return world;
  }
  const asks = { provider: { capabilities: { reconcile: 'byId' as const } } };

  it('holds its money, is never sent again and waits for a person where nobody can be asked', async () => {
    const world = await inDoubt();
    await world.clock.advance(3_600_000);
    expect(row(world).state).toBe('awaiting_operator');
    expect(world.store.projectSpend()).toMatchObject({ inDoubtMicroUsd: 100_000, settledMicroUsd: 0 });
    await world.restart();
    await world.rest();
    expect([...world.provider.posts.values()]).toEqual([1]);
  });

  it('is never sent again by the next start either, when the app ended while sending', async () => {
    const world = makeWorld();
    await endWhileSending(world);
    await world.restart();
    const [batch] = world.store.batches();
    world.orchestrator.batches.resume(batch?.id ?? '');
    await world.rest();
    expect(world.store.attemptsOf(shotId)).toMatchObject([{ state: 'in_doubt' }]);
    expect([...world.provider.posts.values()]).toEqual([1]);
  });

  it('is adopted when the engine has it', async () => {
    const world = await inDoubt(asks);
    expect(row(world)).toMatchObject({
      state: 'remediating',
      reason: expect.stringContaining('nothing is sent again'),
    });
    await world.rest();
    expect(world.store.attemptsOf(shotId)).toMatchObject([{ state: 'settled', number: 1 }]);
    expect(world.provider.jobs.size).toBe(1);
  });

  it('is believed lost only after the grace period, and then made again', async () => {
    const world = await inDoubt(asks, false);
    await world.clock.advance(reconcileGraceMs - 5000);
    expect(world.store.attemptsOf(shotId)).toMatchObject([{ state: 'in_doubt' }]);
    await world.rest();
    expect(world.store.attemptsOf(shotId)).toMatchObject([
      { state: 'failed', actualMicroUsd: 0 },
      { state: 'settled', number: 2 },
    ]);
  });

  it('is left to a person when the machine’s clock was put back meanwhile: the job may be listed before it began', async () => {
    const world = await inDoubt(asks, false);
    world.clock.jump(-60_000);
    await world.rest();
    expect(world.store.attemptsOf(shotId)).toMatchObject([{ state: 'in_doubt' }]);
    expect(row(world)).toMatchObject({ state: 'awaiting_operator', reason: expect.stringContaining('put back') });
  });

  it('is believed lost although the machine’s clock went on while it slept', async () => {
    const world = await inDoubt(asks, false);
    world.clock.jump(3_600_000);
    await world.rest();
    expect(world.store.attemptsOf(shotId)).toMatchObject([{ state: 'failed' }, { state: 'settled' }]);
  });

  describe('with an engine whose listing has no lag', () => {
    const tells = { provider: { capabilities: { reconcile: 'byId' as const, reconcileGraceMs: 0 } } };

    it('is believed lost as soon as the engine says so', async () => {
      const world = await inDoubt(tells, false);
      await world.clock.advance(20_000);
      expect(world.store.attemptsOf(shotId)[0]).toMatchObject({ state: 'failed', actualMicroUsd: 0 });
    });

    it('is settled at the next start without a wait, when the app ended while sending', async () => {
      const world = makeWorld({ ...tells });
      await endWhileSending(world);
      await world.restart();
      await world.clock.advance(1);
      expect(world.store.attemptsOf(shotId)).toMatchObject([{ state: 'settled', number: 1 }]);
      expect([...world.provider.posts.values()]).toEqual([1]);
    });
  });
});

/** A process that has sent its request and ends before it hears of it. */
async function endWhileSending(world: ProductionWorld): Promise<void> {
  const life = new Life(Number.POSITIVE_INFINITY);
  const { provider } = world;
  const mortal = life.inhabit(world.deps);
  const submit = provider.submit.bind(provider);
  provider.submit = async (...sent) => {
    const job = await submit(...sent);
    life.dead = true;
    return job;
  };
  createOrchestrator(mortal).batches.start(makeConfig());
  await world.clock.advance(1);
  expect(world.store.attemptsOf(shotId)).toMatchObject([{ state: 'submitting' }]);
}

describe('a start after a crash', () => {
  it('pauses what was running, says why, and submits nothing until a person resumes', async () => {
    const world = makeWorld({ shots: 3 });
    world.provider.faults = ['not-sent'];
    const batchId = world.startBatch({ maxConcurrent: 1 });
    await world.clock.advance(1);
    await world.orchestrator.close();
    const before = world.provider.posts.size;
    await world.restart();
    await world.clock.advance(600_000);
    expect(world.provider.posts.size).toBe(before);
    expect(world.store.batch(batchId)).toMatchObject({
      ...{ status: 'paused', statusReason: 'The app closed while this batch was running. Resume to go on.' },
    });
    world.orchestrator.batches.resume(batchId);
    await world.rest();
    expect(world.store.takesOfEpisode('EP001')).toHaveLength(3);
  });

  it('ends a batch on hold once everything in it is decided, so that the next one may start', async () => {
    const world = makeWorld({ shots: 2 });
    const batchId = world.startBatch();
    await world.rest();
    world.orchestrator.batches.pause(batchId);
    await world.orchestrator.close();
    await world.restart();
    for (const id of world.shotIds) {
      await world.rest();
      expect(world.store.batch(batchId)?.status).toBe('paused');
      const { version } = world.store.shotPhase(id, 'previs');
      const move = { shotId: id, phase: 'previs', to: 'stabilized', cause: 'approved' } as const;
      world.store.transition({ ...move, expectedVersion: version });
    }
    await world.rest();
    expect(world.store.batch(batchId)).toMatchObject({ status: 'complete', statusReason: null });
    for (const id of world.shotIds) {
      const { version } = world.store.shotPhase(id, 'keyframe');
      const move = { shotId: id, phase: 'keyframe', to: 'queued', cause: 'upstream-approved' } as const;
      world.store.transition({ ...move, expectedVersion: version });
    }
    expect(world.startBatch({ phases: ['keyframe'] })).not.toBe(batchId);
  });

  it('leaves a batch alone that a person had paused, with its reason', async () => {
    const world = makeWorld();
    const batchId = world.startBatch();
    world.orchestrator.batches.pause(batchId);
    await world.orchestrator.close();
    await world.restart();
    expect(world.store.batch(batchId)?.statusReason).toBe('Put on hold by the director.');
  });

  it('does not write over a file that stands where its take should go', async () => {
    const world = makeWorld();
    world.disk.contents.set('/p/output/EP001/SH001/SH001_T1_previs.png', 'somebody else’s');
    world.startBatch();
    await world.rest();
    expect(world.store.takesOf(shotId)).toMatchObject([{ number: 2 }]);
    expect(world.disk.contents.get('/p/output/EP001/SH001/SH001_T1_previs.png')).toBe('somebody else’s');
  });

  it('does not write over a file that comes to that place while its take is on the way there', async () => {
    const world = makeWorld();
    const { files, contents } = world.disk;
    const path = '/p/output/EP001/SH001/SH001_T1_previs.png';
    await world.restart({
      files: {
        ...files,
        moveInto: (source, destination) => {
          if (destination === path) contents.set(path, 'somebody else’s');
          return files.moveInto(source, destination);
        },
      },
    });
    world.startBatch();
    await world.rest();
    expect(world.store.takesOf(shotId)).toMatchObject([{ number: 2 }]);
    expect(contents.get(path)).toBe('somebody else’s');
  });

  it('fetches again what had been downloaded and is not in its place', async () => {
    const world = makeWorld();
    const { files } = world.disk;
    await world.restart({ files: { ...files, moveInto: () => Promise.reject(new Error('cut off')) } });
    world.startBatch();
    await world.clock.advance(1000);
    const [attempt] = world.store.openAttempts();
    expect(attempt?.state).toBe('downloaded');
    expect(attempt && artefactOf(attempt)?.path).toBe('output/EP001/SH001/SH001_T1_previs.png');
    await world.orchestrator.close();
    await world.restart();
    await world.rest();
    expect(world.store.attemptsOf(shotId)).toMatchObject([{ state: 'settled' }]);
    expect(world.provider.jobs.size).toBe(1);
    expect(world.store.openAttempts()).toEqual([]);
  });

  it('finishes an audit that was cut off', async () => {
    const world = makeWorld({ gates: [{ name: 'gate_1', measure: () => new Promise(() => {}) }] });
    world.startBatch();
    await world.clock.advance(10);
    expect(row(world).state).toBe('auditing');
    await world.restart({ gates: [] });
    await world.rest();
    expect(row(world).state).toBe('awaiting_operator');
    expect(world.store.takesOf(shotId)).toHaveLength(1);
  });
});
