import { describe, expect, test } from 'vitest';
import { nextStepOf, overCapMicroUsd, tookText } from '../../../../src-renderer/features/batches/batch-facts.ts';
import { batchMark } from '../../../../src-renderer/features/batches/batch-mark.ts';
import { moveChoice } from '../../../../src-renderer/features/batches/move-choice.ts';
import { retriesOf, waitOf, waitsOf } from '../../../../src-renderer/features/batches/phase-waits.ts';
import { cellKey, countStations, shotsAt } from '../../../../src-renderer/features/batches/station-counts.ts';
import { sayTimeLeft, timeLeftOf } from '../../../../src-renderer/features/batches/time-left.ts';
import type { AttemptFact, Doubt } from '../../../../src-shared/domain/attempt-step.ts';
import type { Phase } from '../../../../src-shared/domain/phase.ts';
import { type ProductionState, productionStates } from '../../../../src-shared/domain/production-state.ts';
import type { Shot } from '../../../../src-shared/domain/shot.ts';
import { sampleBatch, sampleShot } from '../../../fakes/api-samples.ts';

function shotIn(number: number, state: ProductionState, phase: Phase = 'previs'): Shot {
  const shot = sampleShot(`EP001_SH${String(number).padStart(3, '0')}`, number);
  return { ...shot, phases: { ...shot.phases, [phase]: { ...shot.phases[phase], state } } };
}

const only = { phases: ['previs'] as Phase[], maxConcurrent: 2 };
const batch = sampleBatch('b', { config: { ...sampleBatch().config, ...only } });

/** An attempt that took so many seconds from its record to its end. */
function took(seconds: number, change: Partial<AttemptFact> = {}): AttemptFact {
  const start = Date.parse('2026-01-01T10:00:00.000Z');
  return {
    ...{
      id: `a${seconds}`,
      batchId: 'b',
      shotId: 'EP001_SH001',
      phase: 'previs',
      series: 0,
      number: 1,
      state: 'settled',
    },
    ...{ reservedMicroUsd: 0, actualMicroUsd: 0, providerJobId: null, changeReason: null, takeId: null, failure: null },
    ...{ createdAt: new Date(start).toISOString(), updatedAt: new Date(start + seconds * 1000).toISOString() },
    ...{ provider: 'embedded', model: 'still', refusal: null, doubtEnd: null },
    ...change,
  };
}

describe('the time that a batch still needs', () => {
  const waiting = [1, 2, 3, 4].map((number) => shotIn(number, 'queued'));

  test('is not told before three takes of each phase that is left are settled, and says so', () => {
    expect(sayTimeLeft(timeLeftOf(batch, waiting, [took(60), took(60)]))).toBe('known after 3 previs takes (2 so far)');
  });

  test('is the middle time of a take for each that is left, side by side', () => {
    const left = timeLeftOf(batch, waiting, [took(50), took(60), took(900)]);
    expect(left).toEqual({ kind: 'about', ms: 120_000, takes: 3 });
    expect(sayTimeLeft(left)).toBe('about 2 min, by 3 settled takes');
  });

  test('counts the attempts that brought nothing', () => {
    const attempts = [took(60), took(60), took(60), ...[1, 2, 3].map(() => took(5, { state: 'failed' }))];
    expect(timeLeftOf(batch, waiting, attempts)).toMatchObject({ ms: 240_000 });
  });

  test('never runs more side by side than there is to run', () => {
    expect(timeLeftOf(batch, waiting.slice(0, 1), [took(60), took(60), took(60)])).toMatchObject({ ms: 60_000 });
  });

  test('leaves out what waits for a person, and a batch that does not run', () => {
    const reviewed = [shotIn(1, 'awaiting_operator'), shotIn(2, 'halted'), shotIn(3, 'stabilized')];
    expect(timeLeftOf(batch, reviewed, [])).toEqual({ kind: 'nothing-to-run' });
    expect(timeLeftOf({ ...batch, status: 'paused' }, waiting, [])).toEqual({ kind: 'not-running' });
  });
});

describe('the shots by station', () => {
  test('stand in exactly one column each, whatever their state', () => {
    const shots = productionStates.map((state, index) => shotIn(index + 1, state));
    const counts = countStations(shots, ['previs']);
    expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(shots.length);
    expect(counts.get(cellKey('previs', 'halted'))).toBe(2);
  });

  test('can be filtered by a cell and are whole without one', () => {
    const shots = [shotIn(1, 'queued'), shotIn(2, 'halted'), shotIn(3, 'escalated')];
    expect(shotsAt(shots, { phase: 'previs', column: 'halted' }).map(({ id }) => id)).toEqual([
      'EP001_SH002',
      'EP001_SH003',
    ]);
    expect(shotsAt(shots, null)).toBe(shots);
  });
});

describe('the keys of the list', () => {
  const at = (current: number) => ({ current, count: 10, pageRows: 5 });
  test.each([
    ['ArrowDown', 3, 4],
    ['ArrowDown', 9, 9],
    ['ArrowDown', -1, 0],
    ['ArrowUp', 3, 2],
    ['ArrowUp', 0, 0],
    ['PageDown', 3, 7],
    ['PageUp', 3, 0],
    ['Home', 7, 0],
    ['End', 2, 9],
    ['a', 2, null],
  ])('%s moves from %i to %s', (key, current, next) => {
    expect(moveChoice(key, at(current))).toBe(next);
  });

  test('do nothing in a list without rows', () => {
    expect(moveChoice('ArrowDown', { current: -1, count: 0, pageRows: 5 })).toBeNull();
  });
});

test('a running batch that only waits for reviews looks as what waits for a person', () => {
  expect(batchMark(sampleBatch('b', { awaitingOperator: true }))).toMatchObject({ shape: 'eye', moving: false });
  expect(batchMark(sampleBatch('b'))).toMatchObject({ moving: true });
  expect(batchMark(sampleBatch('b', { status: 'complete' }))).toMatchObject({ shape: 'bar', tone: 'quiet' });
});

describe('what a phase waits for', () => {
  const waiting = (number: number) => shotIn(number, 'remediating').phases.previs;
  const running = { status: 'running' } as const;
  const place = { shotId: 'EP001_SH001', phase: 'previs' } as const;
  const doubts = [{ attempt: place }] as unknown as Doubt[];

  test('is its turn while the batch runs, and nothing that comes by itself while it is on hold', () => {
    expect(waitOf(waiting(1), waitsOf(running, null, []))).toBe('turn');
    expect(waitOf(waiting(1), waitsOf({ status: 'paused' }, [], []))).toBe('hold');
    expect(waitOf(waiting(1), waitsOf({ status: 'budget_exhausted' }, [], []))).toBe('hold');
    expect(waitOf(shotIn(1, 'queued').phases.previs, waitsOf(running, [], []))).toBeNull();
  });

  test('is a job that its engine has, which is asked about on hold too', () => {
    const open = [took(60, { ...place, state: 'submitted' })];
    expect(waitOf(waiting(1), waitsOf({ status: 'paused' }, [], open))).toBe('job');
    expect(waitOf(waiting(2), waitsOf({ status: 'paused' }, [], open))).toBe('hold');
    const over = [took(60, { ...place, state: 'failed' })];
    expect(waitOf(waiting(1), waitsOf({ status: 'paused' }, [], over))).toBe('hold');
  });

  test('is the end of a doubt wherever the phase stands', () => {
    expect(waitOf(waiting(1), waitsOf(running, doubts, []))).toBe('doubt');
    expect(waitOf(shotIn(1, 'awaiting_operator').phases.previs, waitsOf(running, doubts, []))).toBe('doubt');
    expect(waitOf(waiting(2), waitsOf(running, doubts, []))).toBe('turn');
  });

  test('is listed with the soonest first', () => {
    const at = (number: number, retryAt: string) => {
      const shot = shotIn(number, 'remediating');
      return { ...shot, phases: { ...shot.phases, previs: { ...shot.phases.previs, retryAt } } };
    };
    const shots = [at(1, '2026-01-01T10:00:09.000Z'), shotIn(2, 'queued'), at(3, '2026-01-01T10:00:02.000Z')];
    expect(retriesOf(shots, ['previs']).map(({ shotId }) => shotId)).toEqual(['EP001_SH003', 'EP001_SH001']);
  });
});

describe('the head of a batch', () => {
  const counts = { total: 4, pending: 2, inReview: 0, completed: 1, halted: 1 };

  test('says what a person does about one that ended before its work', () => {
    expect(nextStepOf({ status: 'failed', counts })).toMatch(/^Another batch goes on/);
    expect(nextStepOf({ status: 'complete', counts })).toMatch(/^Another batch goes on/);
    expect(nextStepOf({ status: 'complete', counts: { ...counts, pending: 0 } })).toBe('');
    expect(nextStepOf({ status: 'paused', counts })).toBe('');
  });

  test('says how long it took once it is over', () => {
    const [createdAt, startedAt] = ['2026-01-01T09:00:00.000Z', '2026-01-01T10:00:00.000Z'];
    expect(tookText({ createdAt, startedAt, completedAt: null })).toBe('');
    expect(tookText({ createdAt, startedAt, completedAt: '2026-01-01T11:40:00.000Z' })).toBe(', took 1 h 40 min');
  });

  test('says by how much its cap is passed', () => {
    const spend = {
      settledMicroUsd: 25_300_000,
      reservedMicroUsd: 400_000,
      inDoubtMicroUsd: 0,
      capMicroUsd: 25_000_000,
    };
    expect(overCapMicroUsd(spend)).toBe(700_000);
    expect(overCapMicroUsd({ ...spend, settledMicroUsd: 24_600_000 })).toBe(0);
  });
});
