import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { learnFrom } from '../../../src-main/learning/learn-from.ts';
import { emptyMemory } from '../../../src-main/learning/phase-memory.ts';
import { overridesOf } from '../../../src-main/learning/read-decision.ts';
import { approve, reject } from '../../../src-main/review/decide.ts';
import type { ReviewDeps } from '../../../src-main/review/review-deps.ts';
import { undo } from '../../../src-main/review/undo.ts';
import type { ProductionState, TransitionCause } from '../../../src-shared/domain/production-state.ts';
import { sampleShotPhase, sampleTime } from '../../fakes/api-samples.ts';
import { createFakeMedia } from '../../fakes/fake-media.ts';
import type { FakeFault } from '../../fakes/fake-provider.ts';
import { MemoryLearning } from '../../fakes/memory-learning.ts';
import { gateResult, makeWorld, type ProductionWorld, scriptedGate, shotIdOf } from '../../fakes/production-world.ts';
import { studentOf, study } from '../../fakes/study.ts';

interface Plot {
  faults?: FakeFault[];
  gate?: Parameters<typeof scriptedGate>[1];
  shots?: number;
  batch?: Parameters<ProductionWorld['startBatch']>[0];
}

/** A production that ran as the plot says, up to where a person is needed. */
async function play({ faults = [], gate = ['pass'], shots = 1, batch }: Plot): Promise<ProductionWorld> {
  const world = makeWorld({ shots, gates: [scriptedGate('gate_1', gate)] });
  world.provider.faults = [...faults];
  world.provider.price = 40_000;
  world.startBatch(batch);
  await world.rest();
  return world;
}

function reviewDeps(world: ProductionWorld): ReviewDeps {
  const unused = () => Promise.reject(new Error('no file is handled here'));
  const media = { ...createFakeMedia(), copyAndHash: unused, inspectStill: unused, prepare: unused };
  return { ...world.deps, media, project: () => world.project, person: 'director', wake: () => {} };
}

describe('a verdict', () => {
  it('is one line for each take that the gates judged, with all that the sheet asks for', async () => {
    const { lines } = await study((await play({ gate: ['fail', 'pass'] })).store);
    expect(lines('verdict')).toMatchObject([
      {
        ...{ project: 'test', shot_id: 'EP001_SH001', model: 'animatic-1', phase: 'previs', shot_type: 'wide' },
        ...{ success: false, cost: 0.04, gate_name: 'gate_1', gate_passed: false, gate_deferred: false },
        ...{ gate_reason: 'gate_1 says fail.', final_state: 'previs_failed' },
        gate_details: { failure_category: 'gate_mechanical', skipped: false },
      },
      { success: true, gate_passed: true, final_state: 'previs_generated', gate_details: { failure_category: null } },
    ]);
  });

  it('is left to people where a gate cannot tell', async () => {
    const { lines } = await study((await play({ gate: ['unmeasurable'] })).store);
    expect(lines('verdict')).toMatchObject([{ success: true, gate_passed: false, gate_deferred: true }]);
  });

  it.each<FakeFault>(['not-sent', 'rate-limited', 'fails-later'])(
    'is never made of a provider that is out of order: %s',
    async (fault) => {
      const { lines } = await study((await play({ faults: [fault] })).store);
      expect(lines('verdict')).toMatchObject([{ success: true }]);
    },
  );

  it.each<[FakeFault, string]>([
    ['content-filter', 'content_filter'],
    ['rejected', 'permanent'],
    ['bad-file', 'gate_mechanical'],
  ])('is made of work that the engine refused or delivered unusable: %s', async (fault, category) => {
    const { lines } = await study((await play({ faults: [fault], batch: { maxAttemptsPerShot: 1 } })).store);
    expect(lines('verdict')).toMatchObject([
      { success: false, gate_name: null, gate_passed: null, gate_details: { failure_category: category } },
    ]);
    expect(lines('fault')).toEqual([]);
  });

  it('is one, however often its take is told again', async () => {
    const world = await play({});
    world.store.setTakeReview('EP001_SH001_T1', 'rejected');
    world.store.setTakeReview('EP001_SH001_T1', 'unreviewed');
    expect((await study(world.store)).lines('verdict')).toHaveLength(1);
  });
});

describe('a cost', () => {
  it('is kept for every attempt that was sent, also for one that brought nothing', async () => {
    const { lines } = await study((await play({ faults: ['not-sent'], gate: ['fail', 'pass'] })).store);
    expect(lines('cost').map(({ cost_micro_usd, part }) => [part, cost_micro_usd])).toEqual([
      ['generation', 0],
      ['generation', 40_000],
      ['generation', 40_000],
    ]);
    expect(lines('fault')).toMatchObject([{ failure_category: 'transient', failure_detail: 'network' }]);
  });

  it('of a measurement that is paid for is kept apart', async () => {
    const gate = scriptedGate('gate_1', ['pass']);
    const measure = gate.measure.bind(gate);
    gate.measure = async (input, signal) => ({ ...(await measure(input, signal)), costMicroUsd: 700 });
    const world = makeWorld({ gates: [gate] });
    world.startBatch();
    await world.rest();
    const { lines } = await study(world.store);
    expect(lines('cost').map(({ id, part, cost_micro_usd }) => [id.split(':').length, part, cost_micro_usd])).toEqual([
      [2, 'generation', 0],
      [3, 'gates', 700],
    ]);
  });
});

describe('a repeat', () => {
  const outcomes = async (plot: Plot) =>
    (await study((await play(plot)).store))
      .lines('retry')
      .map(({ failure_category, retry_number, succeeded, fix_applied }) => [
        ...[failure_category, retry_number, succeeded, fix_applied],
      ]);

  it('of a request that never left comes off when the take arrives, whatever the gates then say', async () => {
    expect(await outcomes({ faults: ['not-sent'], gate: ['fail', 'pass'] })).toEqual([
      ['transient', 1, true, 'the same request'],
      ['gate_mechanical', 2, true, 'new seed'],
    ]);
  });

  it('of a request that was told to wait is told with its outcome each time', async () => {
    expect(await outcomes({ faults: ['rate-limited', 'rate-limited'] })).toEqual([
      ['transient', 1, false, 'the same request'],
      ['transient', 2, true, 'the same request'],
    ]);
  });

  it('that stops a phase for good is no less on record', async () => {
    expect(await outcomes({ faults: Array(20).fill('rate-limited') })).toEqual(
      [1, 2, 3, 4, 5].map((number) => ['transient', number, false, 'the same request']),
    );
    expect(await outcomes({ faults: ['not-sent', 'rejected'] })).toEqual([['transient', 1, false, 'the same request']]);
    expect(await outcomes({ gate: ['fail'] })).toEqual([
      ['gate_mechanical', 1, false, 'new seed'],
      ['gate_mechanical', 2, false, 'new seed'],
      ['gate_mechanical', 3, false, 'new seed'],
    ]);
  });

  it('whose remedy a provider’s fault cut off counts neither way', async () => {
    expect(await outcomes({ faults: ['ok', 'not-sent', 'ok'], gate: ['fail', 'pass'] })).toEqual([
      ['gate_mechanical', 1, null, 'new seed'],
      ['transient', 2, true, expect.any(String)],
    ]);
  });

  it('whose remedy was told to wait counts neither way, and is told again', async () => {
    expect(await outcomes({ faults: ['ok', 'rate-limited', 'ok'], gate: ['fail', 'pass'] })).toEqual([
      ['gate_mechanical', 1, null, 'new seed'],
      ['transient', 2, true, expect.any(String)],
    ]);
  });

  it('keeps its cause when an older take is told again in between', async () => {
    const world = makeWorld({ gates: [scriptedGate('gate_1', ['fail', 'fail', 'pass'])] });
    world.startBatch({ retryPolicies: { gate_mechanical: { baseBackoffSeconds: 60 } } });
    await world.clock.advance(90_000);
    expect(world.store.takesOf('EP001_SH001')).toHaveLength(2);
    world.store.setTakeReview('EP001_SH001_T1', 'rejected');
    await world.rest();
    expect((await study(world.store)).lines('retry').map((line) => [line.failure_category, line.succeeded])).toEqual([
      ['gate_mechanical', false],
      ['gate_mechanical', true],
    ]);
  });

  it('that is taken from the queue ends on record, one for one', async () => {
    const faults: FakeFault[] = [
      'not-sent',
      'ok',
      'fails-later',
      'rate-limited',
      'bad-file',
      'ok',
      'not-sent',
      'rejected',
    ];
    const world = await play({ faults, shots: 4, gate: ['fail', 'pass', 'fail', 'fail', 'pass'] });
    const dequeued = world.store
      .eventsAfter(0, 10_000)
      .filter(({ body }) => body.type === 'station_transition' && body.cause === 'retry-started');
    const { lines } = await study(world.store);
    expect(dequeued.length).toBeGreaterThan(4);
    expect(
      lines('retry')
        .map(({ id }) => id)
        .sort(),
    ).toEqual(dequeued.map(({ seq }) => `retry:${seq}`).sort());
  });
});

describe('a decision', () => {
  it('against a gate is told as what it was, one that agrees as agreement', async () => {
    const world = await play({ shots: 4, gate: ['pass', 'pass', 'review', 'pass'], batch: { maxConcurrent: 1 } });
    const deps = reviewDeps(world);
    approve({ takeId: `${shotIdOf(1)}_T1`, note: '' }, deps);
    reject({ takeId: `${shotIdOf(2)}_T1`, reasons: ['motion'], note: 'Too fast.' }, deps);
    approve({ takeId: `${shotIdOf(3)}_T1`, note: 'Grain is fine.' }, deps);
    const { lines } = await study(world.store);
    expect(
      lines('override').map((line) => [
        line.override_type,
        line.gate_name,
        line.gate_passed,
        line.human_decision,
        line.notes,
      ]),
    ).toEqual([
      ['agreement', 'gate_1', true, 'approved', ''],
      ['false_positive', 'gate_1', true, 'rejected', 'motion — Too fast.'],
      ['no_gate', null, null, 'approved', 'Grain is fine.'],
    ]);
  });

  it('is held against each gate that had judged, and against none that had left it open', () => {
    const review = {
      ...{
        id: 'rev_1',
        shotId: shotIdOf(1),
        phase: 'previs' as const,
        takeId: `${shotIdOf(1)}_T1`,
        reasons: [],
        note: '',
      },
      ...{ action: 'approve' as const, workflowId: null, decidedBy: 'director', decidedAt: '2026-11-21T09:00:00.000Z' },
      ...{ undoes: null, gateDisagreement: null, undone: false },
    };
    const gates = [
      gateResult('gate_1', 'pass'),
      gateResult('gate_2a_identity', 'fail'),
      gateResult('gate_2a_wardrobe', 'skipped'),
      gateResult('gate_3', 'deferred'),
    ];
    const told = overridesOf('2026-11-21T09:00:00.000Z', review, { project: 'test', gates });
    expect(told.map(({ line }) => line)).toMatchObject([
      { gate_name: 'gate_1', override_type: 'agreement' },
      { gate_name: 'gate_2a_identity', override_type: 'false_negative' },
    ]);
  });

  it('for a take that a gate had rejected is a false negative', async () => {
    const world = await play({ gate: ['fail', 'pass'] });
    approve({ takeId: 'EP001_SH001_T1', note: '' }, reviewDeps(world));
    expect((await study(world.store)).lines('override')).toMatchObject([
      { override_type: 'false_negative', gate_passed: false, human_decision: 'approved' },
    ]);
  });

  it('that is taken back is told once more, as undone', async () => {
    const world = await play({});
    reject({ takeId: 'EP001_SH001_T1', reasons: [], note: '' }, reviewDeps(world));
    undo(undefined, reviewDeps(world));
    const told = (await study(world.store)).lines('override');
    expect(told.map(({ override_type, human_decision }) => [override_type, human_decision])).toEqual([
      ['false_positive', 'rejected'],
      ['false_positive', 'undone'],
    ]);
    expect(new Set(told.map(({ id }) => id)).size).toBe(2);
  });

  it('of autonomy is nobody’s and calibrates nothing', async () => {
    const world = await play({ batch: { autonomy: { enabled: true } } });
    expect(world.state(1)).toBe('stabilized');
    expect((await study(world.store)).lines('override')).toEqual([]);
  });
});

describe('a time', () => {
  it('is told for each station that is left, not for one that was broken off', async () => {
    const { notes } = await study((await play({ faults: ['not-sent'] })).store);
    expect(notes.times.map(({ state }) => state)).toEqual([
      'binding',
      'assembling',
      'remediating',
      'binding',
      'assembling',
      'auditing',
    ]);
    expect(notes.times.find(({ state }) => state === 'remediating')?.elapsedMs).toBeGreaterThan(4000);
  });
});

describe('a time that was broken off', () => {
  const subject = { ...sampleShotPhase('previs'), state: 'queued' as const };
  const left = (cause: TransitionCause, from: ProductionState = 'assembling') =>
    learnFrom(
      {
        ...{ seq: 3, at: sampleTime, projectId: 'test' },
        body: { type: 'station_transition', from, cause, elapsedMs: 900, station: null, shotPhase: subject },
      },
      emptyMemory,
      { project: 'test', attempt: () => null, gates: () => [], shotType: () => null, isKnown: () => false },
    ).time;

  it.each<TransitionCause>(['interrupted', 'restarted', 'annotated'])('by %s says nothing of a station', (cause) => {
    expect(left(cause)).toBeNull();
  });

  it('is told otherwise, of stations and of the wait for a person, never of the queue', () => {
    expect(left('take-arrived')).toEqual({ seq: 3, state: 'assembling', phase: 'previs', elapsedMs: 900 });
    expect(left('approved', 'awaiting_operator')).toMatchObject({ state: 'awaiting_operator' });
    expect(left('work-started', 'queued')).toBeNull();
  });
});

describe('a long journal', () => {
  it('is marked as read every few stretches, also where it teaches nothing', async () => {
    const { store } = makeWorld();
    const problem = {
      severity: 'warning' as const,
      where: null,
      file: 'project.json',
      message: 'It is odd.',
      hint: '',
    };
    for (let number = 0; number < 12; number++) store.raiseProblem({ ...problem, key: `odd:${number}` });
    const notes = new MemoryLearning();
    await studentOf(store, notes, 1).study();
    expect(store.lastSeq()).toBeGreaterThan(10);
    expect(notes.learnedSeq()).toBeGreaterThanOrEqual(10);
  });
});

describe('a crash', () => {
  it('at any write loses nothing and counts nothing twice', async () => {
    const faults: FakeFault[] = ['not-sent', 'ok', 'fails-later', 'rate-limited', 'ok', 'bad-file', 'content-filter'];
    const world = await play({ faults, shots: 5, gate: ['fail', 'pass', 'review', 'pass'] });
    const deps = reviewDeps(world);
    for (const take of world.store.takesOfEpisode('EP001').slice(0, 3))
      reject({ takeId: take.id, reasons: [], note: '' }, deps);
    undo(undefined, deps);
    const whole = await study(world.store);
    const key = (notes: MemoryLearning) => JSON.stringify([notes.events, notes.times]);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('before' as const, 'after' as const, 'none' as const), { maxLength: 60 }),
        fc.integer({ min: 1, max: 40 }),
        async (crashes, stretch) => {
          const notes = new MemoryLearning();
          notes.crashes = [...crashes];
          const start = () => studentOf(world.store, notes, stretch).study();
          for (let ended = false; !ended; ) {
            ended = await start().then(
              () => true,
              () => false,
            );
          }
          expect(key(notes)).toBe(key(whole.notes));
        },
      ),
      { numRuns: 40 },
    );
  });
});
