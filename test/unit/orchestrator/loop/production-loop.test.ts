import { describe, expect, it } from 'vitest';
import { enqueueNextPhase } from '../../../../src-main/orchestrator/enqueue-next-phase.ts';
import { AppError } from '../../../../src-main/platform/app-error.ts';
import { undo } from '../../../../src-main/review/undo.ts';
import type { Phase } from '../../../../src-shared/domain/phase.ts';
import { settleMicrotasks } from '../../../fakes/fake-clock.ts';
import { hashText } from '../../../fakes/memory-files.ts';
import {
  makeConfig,
  makeWorld,
  type ProductionWorld,
  refPath,
  scriptedGate,
  shotIdOf,
} from '../../../fakes/production-world.ts';

/** The director's circle, as src-main/review makes it. */
function circle(world: ProductionWorld, shotNumber: number, phase: Phase): void {
  const shotId = shotIdOf(shotNumber);
  const take = world.store.takesOf(shotId, phase).at(-1);
  const row = world.store.shotPhase(shotId, phase);
  if (!take) throw new Error('no take to approve');
  world.store.inTransaction(() => {
    world.store.setTakeReview(take.id, 'approved');
    const patch = { outcome: 'approved' as const, approvedTakeId: take.id, series: row.series + 1 };
    const move = { shotId, phase, to: 'stabilized' as const, cause: 'approved' as const };
    world.store.transition({ ...move, expectedVersion: row.version, patch });
    enqueueNextPhase(world.store, shotId, phase);
  });
}

const states = (world: ProductionWorld, phase: Phase = 'previs') =>
  world.shotIds.map((shotId) => world.store.shotPhase(shotId, phase).state);
const causes = (world: ProductionWorld) =>
  world.store
    .eventsAfter(0, 1000)
    .flatMap(({ body }) => (body.type === 'station_transition' ? [`${body.shotPhase.state} (${body.cause})`] : []));

it('tells what its jobs hold while it has no room for more', async () => {
  const world = makeWorld({ shots: 3 });
  world.provider.price = 100_000;
  world.provider.pollsBeforeDone = 10;
  world.startBatch({ maxConcurrent: 2 });
  await settleMicrotasks();
  const told = world.store
    .eventsAfter(0, 1000)
    .flatMap(({ body }) => (body.type === 'batch_changed' ? [body.batch.spend.reservedMicroUsd] : []));
  expect(told.at(-1)).toBe(200_000);
});

describe('a shot on the line', () => {
  it('passes bind, assemble and audit and goes to the director with its verdicts', async () => {
    const world = makeWorld({ gates: [scriptedGate('gate_1', ['pass'])] });
    const batchId = world.startBatch();
    await world.rest();
    expect(causes(world)).toEqual([
      ...['binding (work-started)', 'assembling (request-bound)', 'auditing (take-arrived)'],
      'awaiting_operator (audit-passed)',
    ]);
    const [take] = world.store.takesOf('EP001_SH001');
    expect(take).toMatchObject({ id: 'EP001_SH001_T1', source: 'generated', gateStatus: 'pass', review: 'unreviewed' });
    expect(world.store.batch(batchId)).toMatchObject({ status: 'running', awaitingOperator: true });
    expect(world.disk.contents.has('/p/output/EP001/SH001/SH001_T1_previs.png')).toBe(true);
  });

  it('goes from previs to keyframe to a video that starts from the circled keyframe, as each is approved', async () => {
    const world = makeWorld();
    const batchId = world.startBatch({ phases: ['previs', 'keyframe', 'video'] });
    for (const phase of ['previs', 'keyframe', 'video'] as const) {
      await world.rest();
      expect(world.state(1, phase)).toBe('awaiting_operator');
      circle(world, 1, phase);
    }
    await world.rest();
    const [keyframe] = world.store.takesOf('EP001_SH001', 'keyframe');
    const [video] = world.store.attemptsOf('EP001_SH001', 'video');
    expect(video?.request.startFrame).toEqual({ role: 'start_frame', path: keyframe?.path, hash: keyframe?.sha256 });
    expect(video?.request.output).toMatchObject({ kind: 'clip', durationSeconds: 4, audio: true });
    expect(world.store.batch(batchId)).toMatchObject({ status: 'complete', awaitingOperator: false });
  });

  it('sends the hashed heroes, the plan’s prompt and exactly the parameters that the workflow declares', async () => {
    const world = makeWorld();
    world.startBatch();
    await world.rest();
    const [attempt] = world.store.attemptsOf('EP001_SH001');
    expect(attempt?.request).toMatchObject({
      ...{ prompt: 'A hill, number 1.', workflowId: 'embedded-animatic-standard', startFrame: null },
      params: { style: 'standard', shot_type: 'wide', camera: 'Slow push in.', lighting: '' },
      refs: [{ role: 'loc:hill:plate/wide', path: refPath, hash: hashText('a hill') }],
      output: { kind: 'still', width: 720, height: 1280, durationSeconds: null, audio: false },
    });
    expect(attempt?.priceVersion).toContain('2026');
  });

  it('takes the engine of a reroute', async () => {
    const world = makeWorld();
    const row = world.store.shotPhase('EP001_SH001', 'previs');
    world.store.annotate('EP001_SH001', 'previs', row.version, { workflowId: 'embedded-animatic-noir' });
    world.startBatch();
    await world.rest();
    expect(world.store.attemptsOf('EP001_SH001')[0]?.request).toMatchObject({
      ...{ workflowId: 'embedded-animatic-noir', params: { style: 'noir' } },
    });
  });
});

describe('what is not ready costs nothing', () => {
  it('waits for a missing hero without counting an attempt, and starts by itself once it is there', async () => {
    const world = makeWorld();
    world.startBatch();
    const { refs } = world.refs;
    world.refs = { refs: [], missing: refs.map((ref) => ref.slot) };
    await world.rest();
    expect(world.store.shotPhase('EP001_SH001', 'previs')).toMatchObject({
      ...{ state: 'awaiting_operator', attempts: 0, reason: expect.stringContaining('loc:hill:plate/wide') },
    });
    expect(world.store.attemptsOf('EP001_SH001')).toEqual([]);
    world.refs = { refs, missing: [] };
    world.orchestrator.wake();
    await world.rest();
    expect(world.store.takesOf('EP001_SH001')).toHaveLength(1);
  });

  it('refuses a hero whose file is not what was promoted, and does not try again by itself', async () => {
    const world = makeWorld();
    world.disk.contents.set(`/p/${refPath}`, 'another hill');
    world.startBatch();
    await world.rest();
    world.orchestrator.wake();
    await world.rest();
    expect(world.store.shotPhase('EP001_SH001', 'previs')).toMatchObject({
      ...{ state: 'awaiting_operator', attempts: 0, reason: expect.stringContaining('has changed') },
    });
    expect(causes(world).filter((cause) => cause.startsWith('binding'))).toHaveLength(1);
    expect(world.provider.jobs.size).toBe(0);
  });

  it('submits nothing at a price that nobody knows', async () => {
    const world = makeWorld();
    world.startBatch();
    world.provider.price = null;
    await world.rest();
    expect(world.state(1)).toBe('awaiting_operator');
    expect(world.provider.posts.size).toBe(0);
  });
});

describe('several shots', () => {
  it('run side by side up to the batch’s limit and the provider’s', async () => {
    for (const [maxConcurrent, concurrency, expected] of [
      [3, 16, 3],
      [8, 2, 2],
    ] as const) {
      const world = makeWorld({ shots: 7, provider: { capabilities: { concurrency } } });
      world.provider.pollsBeforeDone = 2;
      world.startBatch({ maxConcurrent });
      await world.rest();
      expect(world.provider.mostRunning).toBe(expected);
      expect(states(world)).toEqual(Array(7).fill('awaiting_operator'));
    }
  });

  it('are not touched by a bug in one of them, which is logged once', async () => {
    const world = makeWorld({ shots: 3 });
    const compose = world.deps.resolveRefs;
    await world.restart({
      resolveRefs: (shot, surface) => {
        if (shot.shot_id === 'EP001_SH002') throw new TypeError('a bug');
        return compose(shot, surface);
      },
    });
    // The estimate meets the same bug, so the batch is put in as an earlier version of the program left it.
    const batch = world.store.insertBatch('batch_EP001_0000000a', makeConfig());
    world.store.setBatchStatus(batch.id, 'running', null);
    world.orchestrator.wake();
    await world.rest();
    expect(states(world)).toEqual(['awaiting_operator', 'halted', 'awaiting_operator']);
    expect(world.store.shotPhase('EP001_SH002', 'previs').reason).toContain('The log has the details');
    expect(world.log.filter((entry) => entry.level === 'error')).toHaveLength(1);
  });

  it('pause together when the disk is full, and go on where they were', async () => {
    const world = makeWorld({ shots: 1 });
    const { files } = world.disk;
    let isFull = true;
    const full = new AppError({ code: 'disk.full', message: 'The disk is full.' });
    await world.restart({
      files: {
        ...files,
        moveInto: (from, to) => (isFull ? Promise.reject(full) : files.moveInto(from, to)),
      },
    });
    const batchId = world.startBatch();
    await world.rest();
    expect(world.store.batch(batchId)).toMatchObject({
      status: 'paused',
      statusReason: expect.stringContaining('disk'),
    });
    isFull = false;
    world.orchestrator.batches.resume(batchId);
    await world.rest();
    expect(world.state(1)).toBe('awaiting_operator');
    expect([...world.provider.posts.values()]).toEqual([1]);
  });
});

describe('people and the line', () => {
  it('pausing lets what is out come back and submits nothing more', async () => {
    const world = makeWorld({ shots: 4 });
    world.provider.pollsBeforeDone = 3;
    const batchId = world.startBatch({ maxConcurrent: 1 });
    await world.clock.advance(1500);
    expect(world.provider.posts.size).toBe(1);
    world.orchestrator.batches.pause(batchId);
    await world.rest();
    expect(states(world)).toEqual(['awaiting_operator', 'queued', 'queued', 'queued']);
    expect(world.provider.posts.size).toBe(1);
    world.orchestrator.batches.resume(batchId);
    await world.rest();
    expect(states(world)).toEqual(Array(4).fill('awaiting_operator'));
  });

  it('pausing while a shot is being bound sends it back to the queue, with nothing reserved', async () => {
    const world = makeWorld();
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { media } = world.disk;
    await world.restart({ media: { ...media, hash: (path) => held.then(() => media.hash(path)) } });
    const batchId = world.startBatch();
    await settleMicrotasks();
    expect(world.state(1)).toBe('binding');
    world.orchestrator.batches.pause(batchId);
    release();
    await world.rest();
    expect(world.state(1)).toBe('queued');
    expect(world.store.attemptsOf('EP001_SH001')).toEqual([]);
  });

  it('stopping fetches what is paid for and ends the batch', async () => {
    const world = makeWorld({ shots: 2 });
    world.provider.pollsBeforeDone = 3;
    const batchId = world.startBatch({ maxConcurrent: 1 });
    await world.clock.advance(500);
    world.orchestrator.batches.stop(batchId);
    await world.rest();
    expect(states(world)).toEqual(['awaiting_operator', 'queued']);
    expect(world.store.batch(batchId)).toMatchObject({ status: 'complete', statusReason: 'Stopped by the director.' });
    expect(world.store.batch(batchId)?.completedAt).not.toBeNull();
  });

  it('a decision during the run wins, and the take that was paid for is still recorded', async () => {
    const world = makeWorld({ gates: [scriptedGate('gate_1', ['fail'])] });
    world.provider.pollsBeforeDone = 3;
    world.startBatch();
    await world.clock.advance(500);
    const row = world.store.shotPhase('EP001_SH001', 'previs');
    expect(row.state).toBe('assembling');
    const skip = { shotId: row.shotId, phase: row.phase, to: 'stabilized' as const, cause: 'skipped' as const };
    world.store.transition({ ...skip, expectedVersion: row.version, patch: { outcome: 'skipped', series: 1 } });
    await world.rest();
    expect(world.state(1)).toBe('stabilized');
    expect(world.store.takesOf('EP001_SH001')).toMatchObject([{ gateStatus: 'fail' }]);
  });

  it('an approval by the project’s rule advances previs without review', async () => {
    const world = makeWorld({ project: { auto_advance_phases: ['previs'] } });
    world.startBatch({ phases: ['previs', 'keyframe'] });
    await world.rest();
    expect([world.state(1, 'previs'), world.state(1, 'keyframe')]).toEqual(['stabilized', 'awaiting_operator']);
  });

  it('an approval by the project’s rule says by which, and can be undone', async () => {
    const world = makeWorld({ project: { auto_advance_phases: ['previs'] } });
    world.startBatch({ phases: ['previs'] });
    await world.rest();
    const [review] = world.store.reviewsOf('EP001_SH001');
    expect(review).toMatchObject({
      ...{ action: 'auto-approve', decidedBy: 'auto-advance', takeId: 'EP001_SH001_T1' },
      note: 'The project lets previs advance without review.',
    });
    const deps = { ...world.deps, person: 'dana', project: () => world.project, wake: () => {} };
    undo(review?.id, { ...deps, media: world.disk.media as never });
    expect([world.state(1, 'previs'), world.state(1, 'keyframe')]).toEqual(['awaiting_operator', 'blocked']);
  });

  it('autonomy approves up to its cap and leaves the rest to people', async () => {
    const world = makeWorld({ shots: 3, gates: [scriptedGate('gate_1', ['pass'])] });
    const autonomy = { enabled: true, max_auto_approve_per_batch: 2 };
    const batchId = world.startBatch({ autonomy, maxConcurrent: 1 });
    await world.rest();
    expect(states(world)).toEqual(['stabilized', 'stabilized', 'awaiting_operator']);
    expect(world.store.batch(batchId)?.autoApproved).toBe(2);
    expect(world.store.shotPhase('EP001_SH003', 'previs').reason).toContain('2 in this batch');
  });
});

describe('closing', () => {
  it('ends polls at once and leaves the job where the next start finds it', async () => {
    const world = makeWorld();
    world.provider.pollsBeforeDone = 1000;
    const batchId = world.startBatch();
    await world.clock.advance(2500);
    await world.orchestrator.close();
    expect(world.store.openAttempts()).toMatchObject([{ state: 'submitted', providerJobId: 'job-1' }]);
    world.provider.pollsBeforeDone = 0;
    await world.restart();
    await world.rest();
    expect(world.store.batch(batchId)).toMatchObject({
      ...{ status: 'paused', statusReason: 'The app closed while this batch was running. Resume to go on.' },
    });
    expect(world.state(1)).toBe('awaiting_operator');
    expect(world.provider.jobs.size).toBe(1);
  });

  it('gives a submit under way the time to be written down', async () => {
    const world = makeWorld();
    let accept: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      accept = resolve;
    });
    const { provider } = world;
    const submit = provider.submit.bind(provider);
    provider.submit = async (request, token) => {
      await gate;
      return submit(request, token);
    };
    world.startBatch();
    await settleMicrotasks();
    const closed = world.orchestrator.close();
    accept();
    await closed;
    expect(world.store.openAttempts()).toMatchObject([{ state: 'submitted' }]);
  });
});

describe('a loop that cannot write', () => {
  it('tries a shot again in pauses, not without end in one moment', async () => {
    const world = makeWorld();
    const broken = new Set(['transition', 'inTransaction']);
    let tries = 0;
    const store = new Proxy(world.store, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          if (!broken.has(String(name))) return value.apply(target, args);
          tries++;
          throw new Error('the database is read-only');
        };
      },
    });
    const batch = world.store.insertBatch('batch_EP001_0000000a', makeConfig());
    await world.restart({ store });
    world.store.setBatchStatus(batch.id, 'running', null);
    world.orchestrator.wake();
    await world.clock.advance(90_000);
    expect(tries).toBeLessThan(20);
    expect(world.provider.posts.size).toBe(0);
    broken.clear();
    await world.rest();
    expect(world.state(1)).toBe('awaiting_operator');
  });
});
