import { describe, expect, it } from 'vitest';
import { batchStateFileSchema } from '../../../src-main/orchestrator/batch/batch-export.ts';
import { enqueueNextPhase } from '../../../src-main/orchestrator/enqueue-next-phase.ts';
import { undo } from '../../../src-main/review/undo.ts';
import type { Phase } from '../../../src-shared/domain/phase.ts';
import { makePlan, makeWorld, type ProductionWorld, scriptedGate, shotIdOf } from '../../fakes/production-world.ts';

const shotId = 'EP001_SH001';
const batchOf = (world: ProductionWorld, id: string) => world.store.batch(id);

function approve(world: ProductionWorld, shotNumber: number, phase: Phase): void {
  const id = shotIdOf(shotNumber);
  const { version, series } = world.store.shotPhase(id, phase);
  const patch = { outcome: 'approved' as const, series: series + 1 };
  const move = { shotId: id, phase, to: 'stabilized' as const, cause: 'approved' as const };
  world.store.inTransaction(() => {
    world.store.transition({ ...move, expectedVersion: version, patch });
    enqueueNextPhase(world.store, id, phase);
  });
}

describe('a batch of which only reviews are left', () => {
  it('goes on awaiting the operator when the project is opened again, and an approval starts the next phase', async () => {
    const world = makeWorld();
    const batchId = world.startBatch({ phases: ['previs', 'keyframe'] });
    await world.rest();
    expect(batchOf(world, batchId)).toMatchObject({ status: 'running', awaitingOperator: true });
    await world.orchestrator.close();
    await world.restart();
    await world.rest();
    expect(batchOf(world, batchId)).toMatchObject({ status: 'running', awaitingOperator: true, statusReason: null });
    approve(world, 1, 'previs');
    await world.rest();
    expect(world.state(1, 'keyframe')).toBe('awaiting_operator');
  });

  it('is paused when an approval before the end had left something to run', async () => {
    const world = makeWorld();
    const batchId = world.startBatch({ phases: ['previs', 'keyframe'] });
    await world.rest();
    await world.orchestrator.close();
    approve(world, 1, 'previs');
    await world.restart();
    await world.rest();
    expect(batchOf(world, batchId)).toMatchObject({ status: 'paused' });
    expect(world.state(1, 'keyframe')).toBe('queued');
  });
});

describe('a batch that cannot succeed', () => {
  it('has failed when no engine made anything of it, with what the first one said', async () => {
    const world = makeWorld({ shots: 2 });
    world.provider.faults = ['rejected', 'rejected'];
    const batchId = world.startBatch();
    await world.rest();
    expect(batchOf(world, batchId)).toMatchObject({
      ...{ status: 'failed', statusReason: 'No engine made anything of this batch. The engine said: rejected.' },
      completedAt: expect.any(String),
    });
  });

  it('is complete when a single shot was halted', async () => {
    const world = makeWorld({ shots: 2 });
    world.provider.faults = ['rejected'];
    const batchId = world.startBatch({ maxConcurrent: 1 });
    await world.rest();
    approve(world, 2, 'previs');
    await world.rest();
    expect(batchOf(world, batchId)).toMatchObject({ status: 'complete', counts: { halted: 1, completed: 1 } });
  });

  it('has failed when the plan no longer lists any of its shots', async () => {
    const world = makeWorld({ shots: 2 });
    const batchId = world.startBatch({ shotFilter: [shotIdOf(2)] });
    world.store.applyPlan(makePlan(1));
    await world.rest();
    expect(batchOf(world, batchId)).toMatchObject({
      ...{ status: 'failed', statusReason: 'The plan of EP001 no longer lists any shot of this batch.' },
    });
    expect(world.provider.posts.size).toBe(0);
  });

  it('is complete, and says why, when its shots left the plan after it had made something of them', async () => {
    const world = makeWorld({ shots: 2 });
    const batchId = world.startBatch({ shotFilter: [shotIdOf(2)] });
    await world.rest();
    expect(world.store.takesOf(shotIdOf(2))).toHaveLength(1);
    world.store.applyPlan(makePlan(1));
    await world.rest();
    expect(batchOf(world, batchId)).toMatchObject({
      ...{ status: 'complete', statusReason: 'The plan of EP001 no longer lists any shot of this batch.' },
    });
  });

  it('is not over before what is out for a shot that left the plan is back', async () => {
    const world = makeWorld({ shots: 2 });
    world.provider.pollsBeforeDone = 5;
    const batchId = world.startBatch({ shotFilter: [shotIdOf(2)] });
    await world.clock.advance(1500);
    expect(world.state(2)).toBe('assembling');
    world.store.applyPlan(makePlan(1));
    await world.clock.advance(1000);
    expect(batchOf(world, batchId)?.status).toBe('running');
    await world.rest();
    expect(world.store.takesOf(shotIdOf(2))).toHaveLength(1);
    expect(batchOf(world, batchId)?.status).toBe('complete');
  });

  it('has failed too when that comes out while it is on hold', async () => {
    const world = makeWorld({ shots: 2 });
    world.provider.faults = ['rejected', 'rejected'];
    world.provider.pollsBeforeDone = 1;
    const batchId = world.startBatch({ shotFilter: [shotIdOf(2)] });
    world.orchestrator.batches.pause(batchId);
    world.store.applyPlan(makePlan(1));
    await world.rest();
    expect(batchOf(world, batchId)?.status).toBe('failed');
  });

  it('has failed over several phases too: what is blocked behind a rejected one was never made', async () => {
    const world = makeWorld();
    world.provider.faults = ['rejected'];
    const batchId = world.startBatch({ phases: ['previs', 'keyframe', 'video'] });
    await world.rest();
    expect(batchOf(world, batchId)).toMatchObject({ status: 'failed', counts: { halted: 1 } });
  });

  it('is complete when every shot was given up after takes that a gate rejected: those are there to be looked at', async () => {
    const world = makeWorld({ gates: [scriptedGate('gate_1', ['fail'])] });
    const batchId = world.startBatch({ retryPolicies: { gate_mechanical: { maxRetries: 0 } } });
    await world.rest();
    expect(world.state(1)).toBe('halted');
    expect(batchOf(world, batchId)).toMatchObject({ status: 'complete', statusReason: null });
  });

  it('is complete when a shot was halted whose job is still open: the engine may bring it yet', async () => {
    const world = makeWorld();
    world.provider.poll = () => Promise.reject(new Error('unreachable'));
    const batchId = world.startBatch();
    await world.rest();
    expect(world.store.openAttempts()).toMatchObject([{ state: 'submitted' }]);
    expect(world.state(1)).toBe('halted');
    expect(batchOf(world, batchId)).toMatchObject({ status: 'complete', statusReason: null });
  });

  it('does not keep the next one from starting', async () => {
    const world = makeWorld({ shots: 2 });
    world.provider.faults = ['rejected'];
    world.startBatch({ shotFilter: [shotIdOf(1)] });
    await world.rest();
    world.startBatch({ shotFilter: [shotIdOf(2)] });
    await world.rest();
    expect(world.state(2)).toBe('awaiting_operator');
  });
});

describe('a batch that is stopped', () => {
  it('leaves nothing waiting with a countdown: what waited for another try is queued for the next batch', async () => {
    const world = makeWorld();
    world.provider.faults = ['not-sent'];
    const batchId = world.startBatch();
    await world.clock.advance(1000);
    expect(world.state(1)).toBe('remediating');
    world.orchestrator.batches.stop(batchId);
    await world.rest();
    expect(world.store.shotPhase(shotId, 'previs')).toMatchObject({ state: 'queued', retryAt: null });
    world.startBatch();
    await world.rest();
    expect(world.state(1)).toBe('awaiting_operator');
  });

  it('has its money in its file when the last job is back', async () => {
    const world = makeWorld();
    world.provider.price = 100_000;
    world.provider.pollsBeforeDone = 3;
    const batchId = world.startBatch();
    await world.clock.advance(500);
    world.orchestrator.batches.stop(batchId);
    await world.rest();
    const text = world.disk.contents.get(`/p/state/visual/batches/${batchId}.json`) ?? '';
    expect(batchStateFileSchema.parse(JSON.parse(text))).toMatchObject({ status: 'complete', total_cost: 0.1 });
    expect(world.store.batchSpend(batchId)).toMatchObject({ settledMicroUsd: 100_000, reservedMicroUsd: 0 });
  });
});

describe('when and why a batch was on hold', () => {
  it('stays readable in the journal, with the first start kept', async () => {
    const world = makeWorld({ shots: 3 });
    const batchId = world.startBatch({ maxConcurrent: 1 });
    world.orchestrator.batches.pause(batchId);
    await world.clock.advance(60_000);
    world.orchestrator.batches.resume(batchId);
    await world.rest();
    const told = world.store
      .eventsAfter(0, 1000)
      .flatMap(({ at, body }) => (body.type === 'batch_changed' ? [{ at, ...body.batch }] : []));
    const changes = told.filter(({ status }, index) => status !== told[index - 1]?.status);
    expect(changes.map(({ at, status, statusReason }) => [at.slice(11, 19), status, statusReason])).toEqual([
      ['09:00:00', 'created', null],
      ['09:00:00', 'running', null],
      ['09:00:00', 'paused', 'Put on hold by the director.'],
      ['09:01:00', 'running', null],
    ]);
    expect(batchOf(world, batchId)?.startedAt).toBe('2026-11-21T09:00:00.000Z');
  });
});

describe('a provider that asked to be left alone', () => {
  it('is left alone after a restart too', async () => {
    const world = makeWorld({ shots: 2 });
    world.provider.faults = ['rate-limited'];
    world.provider.retryAfterMs = 60_000;
    const batchId = world.startBatch({ maxConcurrent: 1 });
    await world.clock.advance(1000);
    await world.orchestrator.close();
    await world.restart();
    world.orchestrator.batches.resume(batchId);
    await world.clock.advance(58_000);
    expect([...world.provider.posts.values()]).toEqual([1]);
    await world.rest();
    expect(world.store.takesOfEpisode('EP001')).toHaveLength(2);
  });
});

describe('how often autonomy has approved', () => {
  it('counts the decisions on record: one that is taken back is free again, also over a restart', async () => {
    const world = makeWorld({ shots: 3, gates: [scriptedGate('gate_1', ['pass'])] });
    const autonomy = { enabled: true, max_auto_approve_per_batch: 2 };
    const batchId = world.startBatch({ autonomy, maxConcurrent: 1 });
    await world.rest();
    expect(batchOf(world, batchId)?.autoApproved).toBe(2);
    const [first] = world.store.reviewsOf(shotId);
    const review = {
      ...{ ...world.deps, person: 'dana', project: () => world.project, wake: () => world.orchestrator.wake() },
      media: world.disk.media as never,
    };
    undo(first?.id, review);
    expect(batchOf(world, batchId)?.autoApproved).toBe(1);
    expect(world.state(1)).toBe('awaiting_operator');
    await world.orchestrator.close();
    await world.restart();
    expect(batchOf(world, batchId)?.autoApproved).toBe(1);
  });
});

describe('the money of a batch', () => {
  it('is its own: a second batch over the same shots starts with nothing spent', async () => {
    const world = makeWorld();
    world.provider.price = 100_000;
    const first = world.startBatch({ budgetMicroUsd: 100_000 });
    await world.rest();
    approve(world, 1, 'previs');
    await world.rest();
    expect(batchOf(world, first)?.status).toBe('complete');
    const second = world.startBatch({ phases: ['keyframe'], budgetMicroUsd: 100_000 });
    expect(world.store.batchSpend(second).settledMicroUsd).toBe(0);
    await world.rest();
    expect(world.state(1, 'keyframe')).toBe('awaiting_operator');
    expect(world.store.projectSpend().settledMicroUsd).toBe(200_000);
  });
});

describe('what is handed out', () => {
  it('is a copy or frozen: nobody changes a batch, a shot or an attempt by holding one', async () => {
    const world = makeWorld();
    const batchId = world.startBatch();
    await world.rest();
    const batch = batchOf(world, batchId);
    if (batch) batch.config.retryPolicies.transient.maxRetries = 50;
    expect(batchOf(world, batchId)?.config.retryPolicies.transient.maxRetries).toBe(5);
    const [attempt] = world.store.attemptsOf(shotId);
    if (attempt) attempt.request.prompt = 'changed';
    expect(world.store.attemptsOf(shotId)[0]?.request.prompt).toBe('A hill, number 1.');
    const row = world.store.shotPhase(shotId, 'previs');
    expect(() => Object.assign(row, { state: 'queued' })).toThrow(TypeError);
    expect(world.state(1)).toBe('awaiting_operator');
  });
});
