import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StationTime } from '../../../src-main/orchestrator/ports/learning-store.ts';
import type { LearningEvent } from '../../../src-shared/domain/learning.ts';
import type { TakeReviewState } from '../../../src-shared/domain/take.ts';
import type { GateStatus } from '../../../src-shared/domain/verdict.ts';
import { gateResult } from '../../fakes/production-world.ts';
import { makeProbe } from '../../fixtures/make-take.ts';
import { makeNewTake, openTestStore, type TestStore } from '../../fixtures/open-test-store.ts';

let world: TestStore;
beforeEach(() => {
  world = openTestStore({ shots: 2 });
});
afterEach(() => world.remove());

function retry(id: string): LearningEvent {
  const head = { id, timestamp: '2026-11-21T09:00:00.000Z', project: 'test', shot_id: 'EP001_SH001' };
  return {
    kind: 'retry',
    line: { ...head, failure_category: 'transient', retry_number: 1, succeeded: true, fix_applied: 'new seed' },
  };
}
const learn = (events: LearningEvent[], seq: number, times: StationTime[] = []) =>
  world.store.appendLearning({ events, times, memories: [], seq });

describe('what was learned', () => {
  it('survives a restart with the mark and the memory that belong to it', () => {
    const memory = { fault: 'a' };
    world.store.appendLearning({
      ...{ events: [retry('retry:1')], times: [], seq: 7 },
      memories: [{ shotId: 'EP001_SH001', phase: 'previs', memory }],
    });
    world.reopen();
    expect(world.store.learnedSeq()).toBe(7);
    expect(world.store.learningMemory('EP001_SH001', 'previs')).toEqual(memory);
    expect(world.store.learningMemory('EP001_SH001', 'video')).toBeNull();
    expect(world.store.learningEventsAfter(0, 10)).toEqual([{ seq: 1, event: retry('retry:1') }]);
  });

  it('is not added twice', () => {
    const time = { seq: 3, state: 'binding' as const, phase: 'previs' as const, elapsedMs: 5 };
    learn([retry('retry:1')], 1, [time]);
    learn([retry('retry:1'), retry('retry:2')], 2, [time]);
    expect(world.store.learningEventsAfter(0, 10).map(({ event }) => event.line.id)).toEqual(['retry:1', 'retry:2']);
    expect(world.store.hasLearningEvent('retry:2')).toBe(true);
    expect(world.store.hasLearningEvent('retry:3')).toBe(false);
    expect(world.store.stationTimes()).toMatchObject([{ n: 1 }]);
  });

  it('is read by kind, in order, a page at a time', () => {
    learn([retry('retry:1'), retry('retry:2'), retry('retry:3')], 3);
    const [first] = world.store.learningEventsAfter(0, 1, 'retry');
    expect(world.store.learningEventsAfter(first?.seq ?? 0, 1, 'retry')[0]?.event.line.id).toBe('retry:2');
    expect(world.store.learningEventsAfter(0, 10, 'verdict')).toEqual([]);
  });

  it('is happening whole or not at all', () => {
    expect(() =>
      world.store.inTransaction(() => {
        learn([retry('retry:1')], 5);
        throw new Error('no');
      }),
    ).toThrow('no');
    expect([world.store.learnedSeq(), world.store.hasLearningEvent('retry:1')]).toEqual([0, false]);
  });

  it('can be changed or removed by nobody', () => {
    learn([retry('retry:1')], 1);
    const database = new Database(world.path);
    expect(() => database.exec('DELETE FROM learning_events')).toThrow('append-only');
    expect(() => database.exec("UPDATE learning_events SET line = '{}'")).toThrow('append-only');
    database.close();
  });
});

describe('the times of a station', () => {
  const timesOf = (values: number[]): StationTime[] =>
    values.map((elapsedMs, index) => ({ seq: index + 1, state: 'assembling', phase: 'video', elapsedMs }));

  it.each([
    { values: [7], medianMs: 7, p95Ms: 7 },
    { values: [10, 20], medianMs: 15, p95Ms: 20 },
    { values: [30, 10, 20], medianMs: 20, p95Ms: 30 },
    // 1…20: the middle is between 10 and 11, nineteen of twenty are 19 or less
    { values: Array.from({ length: 20 }, (_, index) => index + 1), medianMs: 10.5, p95Ms: 19 },
    { values: Array.from({ length: 21 }, (_, index) => 21 - index), medianMs: 11, p95Ms: 20 },
  ])('are $values.length: median $medianMs, 95 of 100 under $p95Ms', ({ values, medianMs, p95Ms }) => {
    learn([], 1, timesOf(values));
    expect(world.store.stationTimes()).toEqual([
      { state: 'assembling', phase: 'video', n: values.length, medianMs, p95Ms },
    ]);
  });

  it('are told by phase, in the order of the line', () => {
    learn([], 1, [
      { seq: 1, state: 'awaiting_operator', phase: 'previs', elapsedMs: 1 },
      { seq: 2, state: 'binding', phase: 'video', elapsedMs: 2 },
      { seq: 3, state: 'binding', phase: 'previs', elapsedMs: 3 },
    ]);
    expect(world.store.stationTimes().map(({ state, phase }) => `${state} ${phase}`)).toEqual([
      ...['binding previs', 'binding video', 'awaiting_operator previs'],
    ]);
  });
});

describe('what was approved', () => {
  function take(
    number: number,
    state: TakeReviewState,
    gate: GateStatus = 'pass',
    seconds: number | null = null,
  ): string {
    const probe = makeProbe(
      seconds === null ? { kind: 'still', durationSeconds: null } : { kind: 'clip', durationSeconds: seconds },
    );
    const { id } = world.store.recordTake(
      makeNewTake('EP001_SH001', number, { probe, model: seconds === null ? 'still' : 'motion' }),
    );
    world.store.recordGates(id, [gateResult('gate_1', gate)]);
    world.store.setTakeReview(id, state);
    return id;
  }
  const decide = async (takeId: string, action: 'approve' | 'auto-approve' | 'override', note = '') => {
    await world.clock.advance(1000);
    const decidedAt = world.clock.now().toISOString();
    const review = {
      id: `rev_${takeId}`,
      shotId: 'EP001_SH001',
      phase: 'previs' as const,
      takeId,
      action,
      reasons: [],
      note,
    };
    world.store.recordReview({
      ...{ ...review, workflowId: null, decidedBy: 'director', decidedAt, undoes: null, gateDisagreement: null },
    });
  };

  it('is summed by engine and phase, in takes and seconds', () => {
    take(1, 'approved', 'pass', 4);
    take(2, 'approved', 'pass', 2.5);
    take(3, 'rejected', 'pass', 9);
    take(4, 'approved');
    expect(world.store.approvedOutput()).toEqual([
      { phase: 'previs', model: 'motion', output: 'clip', takes: 2, seconds: 6.5 },
      { phase: 'previs', model: 'still', output: 'still', takes: 1, seconds: 0 },
    ]);
  });

  it('by a person is listed with what spoke against it', async () => {
    const [older, newer] = [take(1, 'approved', 'fail'), take(2, 'unreviewed', 'pass')];
    await decide(older, 'approve', 'The light.');
    expect(world.store.chosenTakes()).toMatchObject([
      { takeId: older, gateStatus: 'fail', hadNewerPass: true, note: 'The light.', source: 'generated' },
    ]);
    expect(newer).toBe('EP001_SH001_T2');
  });

  it('by autonomy was nobody’s choice, and neither was what was taken back', async () => {
    const [first, second] = [take(1, 'approved'), take(2, 'approved')];
    await decide(first, 'auto-approve');
    await decide(second, 'approve');
    world.store.markUndone(`rev_${second}`);
    expect(world.store.chosenTakes()).toEqual([]);
  });
});
