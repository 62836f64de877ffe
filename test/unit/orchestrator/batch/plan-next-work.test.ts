import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type PlannedPhase,
  type PlanState,
  planNextWork,
} from '../../../../src-main/orchestrator/batch/plan-next-work.ts';
import { productionStates } from '../../../../src-shared/domain/production-state.ts';

const now = Date.parse('2026-11-21T09:00:00.000Z');

function phase(part: Partial<PlannedPhase> & { shotId: string }): PlannedPhase {
  return {
    order: 0,
    phase: 'previs',
    state: 'queued',
    retryAt: null,
    provider: 'embedded',
    waitsOutside: false,
    ...part,
  };
}

function plan(phases: PlannedPhase[], part: Partial<PlanState> = {}) {
  const state: PlanState = {
    ...{ status: 'running', phases, busy: new Set(), underWay: false, room: 10, providers: new Map() },
    remainingMicroUsd: 1_000_000,
    costOf: () => 0,
    ...part,
  };
  return planNextWork(state, now);
}

const started = (phases: PlannedPhase[], part: Partial<PlanState> = {}) =>
  plan(phases, part).start.map((item) => `${item.shotId} ${item.phase}`);

describe('what a batch starts next', () => {
  it('takes due retries first, then previs, keyframe, video, each in the order of the plan', () => {
    const phases = [
      phase({ shotId: 'A', order: 0, phase: 'video' }),
      phase({ shotId: 'B', order: 1, phase: 'keyframe' }),
      phase({ shotId: 'D', order: 3 }),
      phase({ shotId: 'C', order: 2 }),
      phase({ shotId: 'E', order: 4, phase: 'video', state: 'remediating', retryAt: now }),
    ];
    expect(started(phases)).toEqual(['E video', 'C previs', 'D previs', 'B keyframe', 'A video']);
  });

  it('goes on with what stands at a station before a due retry, and takes due retries by phase and plan', () => {
    const due = { state: 'remediating' as const, retryAt: now };
    const phases = [
      phase({ shotId: 'A', order: 0, phase: 'video', ...due }),
      phase({ shotId: 'B', order: 2, ...due }),
      phase({ shotId: 'C', order: 1, ...due }),
      phase({ shotId: 'D', order: 3, phase: 'video', state: 'assembling' }),
      phase({ shotId: 'E', order: 4 }),
    ];
    expect(started(phases)).toEqual(['D video', 'C previs', 'B previs', 'A video', 'E previs']);
  });

  it('counts as people do where the plan gives no order', () => {
    expect(started([phase({ shotId: 'SH10' }), phase({ shotId: 'SH2' })])).toEqual(['SH2 previs', 'SH10 previs']);
  });

  it('passes by what is in flight or in back-off before it applies the limit', () => {
    const phases = [
      phase({ shotId: 'A', order: 0, state: 'remediating', retryAt: now + 5000 }),
      phase({ shotId: 'B', order: 1, state: 'assembling' }),
      phase({ shotId: 'C', order: 2 }),
    ];
    expect(started(phases, { room: 1, busy: new Set(['B']) })).toEqual(['C previs']);
  });

  it('looks again when the first retry falls due', () => {
    const phases = [
      phase({ shotId: 'A', state: 'remediating', retryAt: now + 9000 }),
      phase({ shotId: 'B', state: 'remediating', retryAt: now + 4000 }),
    ];
    expect(plan(phases)).toEqual({ start: [], wakeAt: now + 4000, standing: 'working' });
  });

  it('works on one phase of a shot at a time', () => {
    const phases = [phase({ shotId: 'A' }), phase({ shotId: 'A', phase: 'keyframe' })];
    expect(started(phases)).toEqual(['A previs']);
  });

  it('leaves a provider alone until it has room and its cool-down is over', () => {
    const phases = [
      phase({ shotId: 'A', order: 0, provider: 'full' }),
      phase({ shotId: 'B', order: 1, provider: 'cooling' }),
      phase({ shotId: 'C', order: 2 }),
    ];
    const providers = new Map([
      ['full', { room: 0, notBefore: null }],
      ['cooling', { room: 5, notBefore: now + 7000 }],
    ]);
    const next = plan(phases, { providers });
    expect(next.start.map((item) => item.shotId)).toEqual(['C']);
    expect(next.wakeAt).toBe(now + 7000);
  });

  it('resumes what stands at a station without a run, whatever it costs', () => {
    const next = plan([phase({ shotId: 'A', state: 'auditing' })], { remainingMicroUsd: 0, costOf: () => 5 });
    expect(next.start).toMatchObject([{ shotId: 'A', kind: 'resume', costMicroUsd: 0 }]);
  });

  it('starts a cheaper shot when a dearer one does not fit', () => {
    const costOf = (work: PlannedPhase) => (work.shotId === 'A' ? 900 : 100);
    const phases = [phase({ shotId: 'A', order: 0 }), phase({ shotId: 'B', order: 1 })];
    expect(started(phases, { costOf, remainingMicroUsd: 500 })).toEqual(['B previs']);
  });

  it('counts each start against the money that is left for the next one', () => {
    const phases = ['A', 'B', 'C'].map((shotId, order) => phase({ shotId, order }));
    expect(started(phases, { costOf: () => 40, remainingMicroUsd: 80 })).toEqual(['A previs', 'B previs']);
  });

  it('goes on with what stands at a station although its provider cools down, and starts at the end of that', () => {
    const cooling = (notBefore: number) => ({ providers: new Map([['embedded', { room: 5, notBefore }]]) });
    expect(started([phase({ shotId: 'A', state: 'assembling' })], cooling(now + 7000))).toEqual(['A previs']);
    expect(started([phase({ shotId: 'A' })], cooling(now))).toEqual(['A previs']);
  });

  it('starts nothing in a batch that is not running', () => {
    for (const status of ['created', 'paused', 'budget_exhausted', 'complete', 'failed'] as const) {
      expect(plan([phase({ shotId: 'A' })], { status })).toMatchObject({ start: [], standing: 'not-running' });
    }
  });
});

describe('how a batch stands', () => {
  const tooDear = { costOf: () => 10, remainingMicroUsd: 5 };

  it('is asked in one order: on hold, then over, then out of money, then waiting for people', () => {
    const over = [phase({ shotId: 'A', state: 'stabilized' })];
    const waiting = [phase({ shotId: 'A', state: 'awaiting_operator' })];
    const dear = [phase({ shotId: 'A' }), ...waiting.map((work) => ({ ...work, shotId: 'B' }))];
    expect(plan(over, { status: 'paused', ...tooDear }).standing).toBe('not-running');
    expect(plan(over, tooDear).standing).toBe('complete');
    expect(plan(dear, tooDear).standing).toBe('budget-exhausted');
    expect(plan(waiting, tooDear).standing).toBe('awaiting-operator');
    expect(plan(dear).standing).toBe('working');
  });

  it('is complete when nothing is left to run and nothing awaits review', () => {
    const phases = [phase({ shotId: 'A', state: 'stabilized' }), phase({ shotId: 'B', state: 'halted' })];
    expect(plan(phases).standing).toBe('complete');
  });

  it('is complete although the last shot used up the cap', () => {
    const usedUp = { ...tooDear, remainingMicroUsd: 0 };
    expect(plan([phase({ shotId: 'A', state: 'stabilized' })], usedUp).standing).toBe('complete');
  });

  it('is complete when what is left is blocked behind a halted shot', () => {
    const phases = [
      phase({ shotId: 'A', state: 'halted' }),
      phase({ shotId: 'A', phase: 'keyframe', state: 'blocked' }),
    ];
    expect(plan(phases).standing).toBe('complete');
  });

  it('awaits the operator while only reviews are left', () => {
    const phases = [phase({ shotId: 'A', state: 'awaiting_operator' }), phase({ shotId: 'B', state: 'stabilized' })];
    expect(plan(phases).standing).toBe('awaiting-operator');
    expect(plan([phase({ shotId: 'A', state: 'blocked', waitsOutside: true })]).standing).toBe('awaiting-operator');
  });

  it('is not complete while a retry waits', () => {
    expect(plan([phase({ shotId: 'A', state: 'remediating', retryAt: now + 1 })]).standing).toBe('working');
  });

  it('is exhausted only when nothing can reserve and nothing in flight may give money back', () => {
    const phases = [phase({ shotId: 'A' }), phase({ shotId: 'B', state: 'assembling' })];
    expect(plan(phases, { ...tooDear, busy: new Set(['B']) }).standing).toBe('working');
    expect(plan([phase({ shotId: 'A' })], tooDear).standing).toBe('budget-exhausted');
    const withRetry = [phase({ shotId: 'A' }), phase({ shotId: 'B', state: 'remediating', retryAt: now + 1 })];
    expect(plan(withRetry, tooDear).standing).toBe('working');
  });

  it('is not exhausted while anything is started, or waits for its provider and not for money', () => {
    const [cheap, dear] = [phase({ shotId: 'A', provider: 'one' }), phase({ shotId: 'B', order: 1 })];
    const money = { costOf: (work: PlannedPhase) => (work === dear ? 10 : 1), remainingMicroUsd: 5 };
    const withProvider = (room: number, notBefore: number | null) =>
      plan([cheap, dear], { ...money, providers: new Map([['one', { room, notBefore }]]) });
    expect(withProvider(1, null)).toMatchObject({ start: [{ shotId: 'A' }], standing: 'working' });
    expect(withProvider(1, now + 7000)).toMatchObject({ start: [], standing: 'working' });
    // its room is taken by another batch, whose end wakes this one
    expect(withProvider(0, null)).toMatchObject({ start: [], standing: 'working' });
  });

  it('is not over while a run of it is under way, also of a shot that was decided or has left the plan', () => {
    const decided = [phase({ shotId: 'A', state: 'stabilized' })];
    expect(plan(decided, { busy: new Set(['A']) }).standing).toBe('working');
    expect(plan([], { underWay: true }).standing).toBe('working');
    expect(plan([]).standing).toBe('complete');
  });
});

describe('every plan', () => {
  const anyPhase = fc.record({
    shotId: fc.integer({ min: 1, max: 12 }).map((number) => `SH${number}`),
    order: fc.integer({ min: 0, max: 11 }),
    phase: fc.constantFrom('previs' as const, 'keyframe' as const, 'video' as const),
    state: fc.constantFrom(...productionStates),
    retryAt: fc.option(fc.integer({ min: now - 5000, max: now + 5000 })),
    provider: fc.constantFrom('one', 'two'),
    waitsOutside: fc.constant(false),
  });
  const anyWorld = fc.record({
    phases: fc.array(anyPhase, { maxLength: 30 }),
    busy: fc.uniqueArray(
      fc.integer({ min: 1, max: 12 }).map((number) => `SH${number}`),
      { maxLength: 4 },
    ),
    room: fc.integer({ min: 0, max: 6 }),
    remaining: fc.integer({ min: 0, max: 400 }),
    price: fc.integer({ min: 0, max: 100 }),
    rooms: fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 })),
  });
  const planOf = (world: typeof anyWorld extends fc.Arbitrary<infer T> ? T : never) =>
    plan(world.phases, {
      ...{ busy: new Set(world.busy), room: world.room, remainingMicroUsd: world.remaining, costOf: () => world.price },
      providers: new Map([
        ['one', { room: world.rooms[0], notBefore: null }],
        ['two', { room: world.rooms[1], notBefore: null }],
      ]),
    });

  it('keeps within room, money and providers, and never touches a busy shot or one twice', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const { start } = planOf(world);
        expect(start.length).toBeLessThanOrEqual(world.room);
        expect(start.reduce((sum, item) => sum + item.costMicroUsd, 0)).toBeLessThanOrEqual(world.remaining);
        expect(new Set(start.map((item) => item.shotId)).size).toBe(start.length);
        for (const item of start) expect(world.busy).not.toContain(item.shotId);
        for (const [index, name] of ['one', 'two'].entries()) {
          expect(start.filter((item) => item.provider === name).length).toBeLessThanOrEqual(world.rooms[index] ?? 0);
        }
      }),
    );
  });

  it('never stands still with work that could start, and never says complete with work left', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const { start, standing, wakeAt } = planOf(world);
        const left = world.phases.some(({ state }) =>
          ['queued', 'remediating', 'binding', 'assembling', 'auditing'].includes(state),
        );
        if (standing === 'complete') expect(left).toBe(false);
        const free = world.phases.filter((work) => !world.busy.includes(work.shotId));
        const ready = free.some(
          (work) =>
            (work.state === 'queued' || (work.state === 'remediating' && (work.retryAt ?? 0) <= now)) &&
            (world.rooms[work.provider === 'one' ? 0 : 1] ?? 0) > 0,
        );
        if (ready && world.room > 0 && world.price <= world.remaining) expect(start.length).toBeGreaterThan(0);
        const waiting = world.phases.some(({ state, retryAt }) => state === 'remediating' && (retryAt ?? 0) > now);
        if (waiting) expect(wakeAt).not.toBeNull();
      }),
    );
  });

  it('gives every shot its turn: none is passed by for ever', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 5 }), (count, room) => {
        const phases = Array.from({ length: count }, (_, index) => phase({ shotId: `SH${index + 1}`, order: index }));
        // Every first attempt is lost and retried at once; each second one succeeds.
        const tries = new Map<string, number>();
        for (let round = 0; round < count * 2 + 2; round++) {
          for (const { shotId } of plan(phases, { room }).start) {
            const work = phases.find((one) => one.shotId === shotId);
            if (!work) continue;
            tries.set(shotId, (tries.get(shotId) ?? 0) + 1);
            if (tries.get(shotId) === 1) Object.assign(work, { state: 'remediating', retryAt: now });
            else work.state = 'stabilized';
          }
        }
        expect(phases.every((work) => work.state === 'stabilized')).toBe(true);
      }),
    );
  });
});
