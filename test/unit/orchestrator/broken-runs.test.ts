import { describe, expect, it } from 'vitest';
import type { MediaWorkshop } from '../../../src-main/orchestrator/ports/media.ts';
import { maxPauses } from '../../../src-main/orchestrator/retry/pause-before-asking.ts';
import { AppError } from '../../../src-main/platform/app-error.ts';
import { makePlan, makeWorld, type ProductionWorld, scriptedGate } from '../../fakes/production-world.ts';

const shotId = 'EP001_SH001';
const row = (world: ProductionWorld) => world.store.shotPhase(shotId, 'previs');
const attempts = (world: ProductionWorld) => world.store.attemptsOf(shotId);

/** A world whose probe stumbles so many times: after the submit, before the take is there. */
async function stumbling(times: number, error: Error = new TypeError('a bug')): Promise<ProductionWorld> {
  const world = makeWorld({ gates: [scriptedGate('gate_1', ['pass'])] });
  let left = times;
  const { media } = world.disk;
  const probe: MediaWorkshop['probe'] = async (path) => {
    if (left-- > 0) throw error;
    return media.probe(path);
  };
  await world.restart({ media: { ...media, probe } });
  world.provider.price = 100_000;
  return world;
}

describe('a bug after the submit', () => {
  it('does not leave the job and its money behind: it is asked about again in the same run of the app', async () => {
    const world = await stumbling(1);
    const batchId = world.startBatch();
    await world.clock.advance(1000);
    expect(row(world)).toMatchObject({
      ...{ state: 'remediating', reason: expect.stringContaining('Its job is bound and is asked about again.') },
      retryAt: '2026-11-21T09:01:00.000Z',
    });
    await world.rest();
    expect(row(world).state).toBe('awaiting_operator');
    expect(attempts(world)).toMatchObject([{ state: 'settled', number: 1 }]);
    expect([...world.provider.posts.values()]).toEqual([1]);
    expect(world.store.batchSpend(batchId)).toMatchObject({ reservedMicroUsd: 0, settledMicroUsd: 100_000 });
  });

  it('that never goes away halts the shot after its pauses, and the next start asks once more', async () => {
    const world = await stumbling(maxPauses + 1);
    world.startBatch();
    await world.rest();
    expect(row(world)).toMatchObject({ state: 'halted', reason: expect.stringContaining('at the next start') });
    expect(attempts(world)).toMatchObject([{ state: 'submitted', reservedMicroUsd: 100_000 }]);
    await world.orchestrator.close();
    await world.restart();
    await world.rest();
    expect(attempts(world)).toMatchObject([{ state: 'settled' }]);
    expect(row(world)).toMatchObject({ state: 'awaiting_operator', reason: 'The gates have nothing against it.' });
    expect([...world.provider.posts.values()]).toEqual([1]);
  });

  it('is followed although its batch is paused or stopped: the money is out', async () => {
    for (const end of ['pause', 'stop'] as const) {
      const world = await stumbling(1);
      const batchId = world.startBatch();
      await world.clock.advance(1000);
      world.orchestrator.batches[end](batchId);
      await world.rest();
      expect(attempts(world)).toMatchObject([{ state: 'settled', actualMicroUsd: 100_000 }]);
      expect(row(world).state).toBe('awaiting_operator');
      const told = world.store
        .eventsAfter(0, 1000)
        .flatMap(({ body }) => (body.type === 'batch_changed' ? [body] : []));
      expect(told.at(-1)?.batch.spend).toMatchObject({ settledMicroUsd: 100_000, reservedMicroUsd: 0 });
    }
  });
});

describe('a bug before the submit', () => {
  it('halts its shot, with nothing reserved', async () => {
    const world = makeWorld();
    await world.restart({ media: { ...world.disk.media, hash: () => Promise.reject(new TypeError('a bug')) } });
    const batchId = world.startBatch();
    await world.rest();
    expect(row(world)).toMatchObject({ state: 'halted', outcome: 'abandoned' });
    expect(world.store.batchSpend(batchId).reservedMicroUsd).toBe(0);
    expect(world.provider.posts.size).toBe(0);
  });
});

describe('a full disk', () => {
  const full = () => new AppError({ code: 'disk.full', message: 'The disk is full.' });

  it('does not leave a shot standing at assembly while its batch is paused', async () => {
    const world = await stumbling(1, full());
    const batchId = world.startBatch();
    await world.rest();
    expect(world.store.batch(batchId)).toMatchObject({ status: 'paused' });
    expect(row(world)).toMatchObject({
      state: 'remediating',
      retryAt: null,
      reason: expect.stringContaining('Make room'),
    });
    world.orchestrator.batches.resume(batchId);
    await world.rest();
    expect(row(world).state).toBe('awaiting_operator');
    expect([...world.provider.posts.values()]).toEqual([1]);
  });

  it('during binding sends the shot back to the queue', async () => {
    const world = makeWorld();
    await world.restart({ media: { ...world.disk.media, hash: () => Promise.reject(full()) } });
    const batchId = world.startBatch();
    await world.rest();
    expect(row(world)).toMatchObject({ state: 'queued', reason: expect.stringContaining('Make room') });
    await world.orchestrator.close();
    await world.restart();
    world.orchestrator.batches.resume(batchId);
    await world.rest();
    expect(row(world).state).toBe('awaiting_operator');
  });
});

describe('a store that fails for a moment while the loop plans', () => {
  it('is asked again by itself: the batch does not stay running for ever', async () => {
    const world = makeWorld({ project: { auto_advance_phases: ['previs'] } });
    const { setBatchStatus } = world.store;
    let failures = 1;
    world.store.setBatchStatus = (...move) => {
      if (move[1] === 'complete' && failures-- > 0) throw new Error('disk I/O error');
      return setBatchStatus(...move);
    };
    const batchId = world.startBatch({ phases: ['previs'] });
    await world.rest();
    expect(world.store.batch(batchId)?.status).toBe('complete');
  });
});

describe('while files are being uploaded', () => {
  async function uploading(): Promise<{ world: ProductionWorld; batchId: string; finish: () => void }> {
    const world = makeWorld();
    world.provider.price = 100_000;
    let finish: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const upload = world.provider.upload.bind(world.provider);
    world.provider.upload = () => held.then(upload);
    const batchId = world.startBatch();
    await world.clock.advance(10);
    expect(row(world).state).toBe('assembling');
    return { world, batchId, finish };
  }

  it('a pause keeps the request from being sent, and the same attempt is sent when the batch goes on', async () => {
    const { world, batchId, finish } = await uploading();
    world.orchestrator.batches.pause(batchId);
    finish();
    await world.rest();
    expect(world.provider.posts.size).toBe(0);
    expect(row(world).state).toBe('queued');
    world.orchestrator.batches.resume(batchId);
    await world.rest();
    expect(attempts(world)).toMatchObject([{ state: 'settled', number: 1 }]);
  });

  it('a stop gives the money back and leaves the shot in the queue, without a word of a bug', async () => {
    const { world, batchId, finish } = await uploading();
    world.orchestrator.batches.stop(batchId);
    finish();
    await world.rest();
    expect(world.provider.posts.size).toBe(0);
    expect(row(world).state).toBe('queued');
    expect(world.store.batchSpend(batchId)).toMatchObject({ reservedMicroUsd: 0, settledMicroUsd: 0 });
    expect(world.log.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('a decision keeps the request from being sent, and its money is free again', async () => {
    const { world, batchId, finish } = await uploading();
    const { version } = row(world);
    const skip = { shotId, phase: 'previs' as const, to: 'stabilized' as const, cause: 'skipped' as const };
    world.store.transition({ ...skip, expectedVersion: version, patch: { outcome: 'skipped', series: 1 } });
    finish();
    await world.rest();
    expect(world.provider.posts.size).toBe(0);
    expect(row(world).state).toBe('stabilized');
    expect(world.store.batchSpend(batchId).reservedMicroUsd).toBe(0);
  });
});

describe('a job that could not be reached', () => {
  it('is fetched at a start and its phase goes on with it, instead of paying for another', async () => {
    const world = makeWorld({ gates: [scriptedGate('gate_1', ['pass'])] });
    const poll = world.provider.poll.bind(world.provider);
    world.provider.poll = () => Promise.reject(new Error('no route'));
    const batchId = world.startBatch();
    await world.clock.advance(60_000);
    expect(row(world).state).toBe('remediating');
    await world.orchestrator.close();
    world.provider.poll = poll;
    await world.restart();
    await world.rest();
    expect(row(world)).toMatchObject({ state: 'awaiting_operator', reason: 'The gates have nothing against it.' });
    world.orchestrator.batches.resume(batchId);
    await world.rest();
    expect([...world.provider.posts.values()]).toEqual([1]);
  });
});

describe('a request that was recorded and not sent', () => {
  async function held(): Promise<{ world: ProductionWorld; batchId: string }> {
    const world = makeWorld();
    world.provider.price = 100_000;
    world.provider.faults = ['rate-limited'];
    world.provider.retryAfterMs = 60_000;
    const batchId = world.startBatch();
    await world.clock.advance(1000);
    world.orchestrator.batches.pause(batchId);
    expect(attempts(world)).toMatchObject([{ state: 'intent' }]);
    return { world, batchId };
  }

  it('is made anew when the director has chosen another engine meanwhile', async () => {
    const { world, batchId } = await held();
    world.store.annotate(shotId, 'previs', row(world).version, { workflowId: 'embedded-animatic-noir' });
    world.orchestrator.batches.resume(batchId);
    await world.rest();
    expect(attempts(world)).toMatchObject([
      { state: 'failed', failure: { detail: 'cancelled' }, actualMicroUsd: 0 },
      { state: 'settled', request: { workflowId: 'embedded-animatic-noir' } },
    ]);
  });

  it('is made anew when its words were changed in the plan', async () => {
    const { world, batchId } = await held();
    const plan = makePlan(1);
    for (const { prompt_data } of plan.shots) prompt_data.prompt_skeleton.compiled_prompt = 'A valley.';
    world.store.applyPlan(plan);
    world.orchestrator.batches.resume(batchId);
    await world.rest();
    expect(attempts(world)).toMatchObject([
      { state: 'failed' },
      { state: 'settled', request: { prompt: 'A valley.' } },
    ]);
    expect(world.store.batchSpend(batchId)).toMatchObject({ settledMicroUsd: 100_000, reservedMicroUsd: 0 });
  });

  it('is sent as it stands when nothing has changed', async () => {
    const { world, batchId } = await held();
    world.orchestrator.batches.resume(batchId);
    await world.rest();
    expect(attempts(world)).toMatchObject([{ state: 'settled', number: 1 }]);
  });
});
