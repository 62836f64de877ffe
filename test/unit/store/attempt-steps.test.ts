import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { productionMigration } from '../../../src-main/store/migrations/0001-production.ts';
import { attemptStepsMigration } from '../../../src-main/store/migrations/0002-attempt-steps.ts';
import type { AttemptFailure } from '../../../src-shared/domain/attempt.ts';
import { batchConfigSchema } from '../../../src-shared/domain/batch.ts';
import { gateResult } from '../../fakes/production-world.ts';
import { makeIntent, makeNewTake, openTestStore, type TestStore } from '../../fixtures/open-test-store.ts';

let world: TestStore;
beforeEach(() => {
  world = openTestStore({ shots: 3 });
});
afterEach(() => world.remove());

const shotId = 'EP001_SH001';
const failure: AttemptFailure = {
  category: 'transient',
  detail: 'server',
  message: 'The engine was busy.',
  retryAfterMs: null,
};
const kinds = (attemptId: string) => world.store.stepsOf(attemptId).map(({ kind, by, note }) => [kind, by, note]);

function settleOne(id: string, change: Parameters<typeof makeIntent>[1] = {}) {
  const { store } = world;
  const attempt = store.recordIntent(makeIntent(id, change));
  store.advanceAttempt(id, 'intent', 'submitting');
  store.advanceAttempt(id, 'submitting', 'submitted', { providerJobId: `job-${id}` });
  store.advanceAttempt(id, 'submitted', 'downloaded');
  return store.settleAttempt(id, makeNewTake(attempt.shotId, store.nextTakeNumber(attempt.shotId)), 40);
}

describe('the steps of an attempt', () => {
  it('tell every state that it came to, in order, also after a restart', () => {
    settleOne('a1');
    world.reopen();
    expect(kinds('a1')).toEqual([
      ['intent', null, null],
      ['submitting', null, null],
      ['submitted', null, 'job-a1'],
      ['downloaded', null, null],
      ['settled', null, 'EP001_SH001_T1'],
    ]);
    expect(world.store.stepsOf('a1')[0]).toMatchObject({ shotId, phase: 'previs', number: 1, jobs: [], finding: null });
  });

  it('say why it waited, was in doubt or brought nothing', () => {
    const { store } = world;
    store.recordIntent(makeIntent('a1'));
    store.advanceAttempt('a1', 'intent', 'submitting');
    store.advanceAttempt('a1', 'submitting', 'intent', { failure });
    store.advanceAttempt('a1', 'intent', 'submitting');
    store.advanceAttempt('a1', 'submitting', 'in_doubt', { failure: { ...failure, message: 'The line was cut.' } });
    store.failAttempt('a1', { ...failure, message: 'It had never been taken.' }, 0);
    expect(kinds('a1').map(([kind, , note]) => [kind, note])).toEqual([
      ['intent', null],
      ['submitting', null],
      ['waiting', 'The engine was busy.'],
      ['submitting', null],
      ['in_doubt', 'The line was cut.'],
      ['failed', 'It had never been taken.'],
    ]);
  });

  it('keep what a provider listed and who asked, and tell it in the journal', () => {
    world.store.recordIntent(makeIntent('a1'));
    const before = world.store.lastSeq();
    const jobs = [{ id: 'j1', at: '2026-11-21T08:59:00.000Z', note: 'in progress', data: { status_url: 'u' } }];
    const step = world.store.recordStep({
      ...{ attemptId: 'a1', kind: 'asked', by: 'dana', note: null, finding: 'several', jobs },
    });
    expect(world.store.stepsOf('a1').at(-1)).toEqual(step);
    expect(step).toMatchObject({ by: 'dana', finding: 'several', jobs });
    expect(world.events(before).map(({ body }) => body)).toEqual([{ type: 'attempt_noted', step }]);
  });

  it('go with the change that they tell of when it is taken back', () => {
    const { store } = world;
    store.recordIntent(makeIntent('a1'));
    const before = store.lastSeq();
    expect(() =>
      store.inTransaction(() => {
        store.advanceAttempt('a1', 'intent', 'submitting');
        store.recordStep({ attemptId: 'a1', kind: 'waited', by: 'dana', note: null });
        throw new Error('taken back');
      }),
    ).toThrow('taken back');
    expect(kinds('a1')).toEqual([['intent', null, null]]);
    expect(store.lastSeq()).toBe(before);
  });

  it('can be neither removed nor changed', () => {
    world.store.recordIntent(makeIntent('a1'));
    world.store.close();
    const raw = new Database(world.path);
    expect(() => raw.exec('DELETE FROM attempt_steps')).toThrow('append-only');
    expect(() => raw.exec("UPDATE attempt_steps SET note = 'x'")).toThrow('append-only');
    raw.close();
    world.reopen();
  });
});

describe('a project from before the steps were written', () => {
  it('gets them from its journal, and its journal rows are found by their shot', () => {
    settleOne('a1');
    const [steps, rows] = [world.store.stepsOf('a1'), world.store.eventsOfShot(shotId, 100)];
    world.store.close();
    const older = new Database(':memory:');
    older.pragma('foreign_keys = OFF');
    older.exec(productionMigration.sql);
    older.exec(`ATTACH '${world.path}' AS now; INSERT INTO shots SELECT * FROM now.shots;
      INSERT INTO attempts SELECT * FROM now.attempts; INSERT INTO journal SELECT seq, at, type, body FROM now.journal`);
    older.exec(attemptStepsMigration.sql);
    const told = older.prepare('SELECT attempt_id AS attemptId, at, kind, note FROM attempt_steps ORDER BY seq').all();
    expect(told).toEqual(steps.map(({ attemptId, at, kind, note }) => ({ attemptId, at, kind, note })));
    const found = older.prepare('SELECT seq FROM journal WHERE shot_id = ? ORDER BY seq').pluck().all(shotId);
    expect(found).toEqual(rows.map(({ seq }) => seq));
    older.close();
    world.reopen();
  });
});

describe('the journal of one shot', () => {
  it('holds what happened to it, in order, and nothing of other shots', () => {
    settleOne('a1');
    settleOne('b1', { shotId: 'EP001_SH002' });
    world.store.recordStep({ attemptId: 'b1', kind: 'waited', by: 'dana', note: null });
    const events = world.store.eventsOfShot(shotId, 100);
    expect(events.map(({ body }) => body.type)).toEqual([
      ...['attempt_changed', 'attempt_changed', 'attempt_changed', 'attempt_changed'],
      ...['take_recorded', 'station_transition', 'attempt_changed'],
    ]);
    expect(events.map(({ seq }) => seq)).toEqual(events.map(({ seq }) => seq).toSorted((a, b) => a - b));
    expect(world.store.eventsOfShot('EP001_SH002', 1)[0]?.body.type).toBe('attempt_noted');
    expect(world.store.eventsOfShot('EP001_SH003', 10)).toEqual([]);
  });

  it('is read by its index, whatever the journal holds beside', () => {
    world.store.close();
    const raw = new Database(world.path);
    const plan = raw
      .prepare('EXPLAIN QUERY PLAN SELECT seq, at, body FROM journal WHERE shot_id = ? ORDER BY seq DESC LIMIT ?')
      .all(shotId, 10) as { detail: string }[];
    raw.close();
    world.reopen();
    expect(plan.map(({ detail }) => detail)).toEqual([expect.stringContaining('USING INDEX journal_of_shot')]);
  });
});

describe('attempts as lists read them', () => {
  it('name the gate that rejected their take, by shot and by batch, page by page', () => {
    const { store } = world;
    store.insertBatch('b1', batchConfigSchema.parse({ episodeId: 'EP001' }));
    const take = settleOne('a1', { batchId: 'b1' });
    store.recordGates(take.id, [gateResult('gate_1', 'fail'), gateResult('gate_3', 'skipped')]);
    settleOne('a2', { batchId: 'b1', changeReason: 'gate_1: gate_1 says fail.' });
    settleOne('a3', { batchId: 'b1', shotId: 'EP001_SH002' });
    expect(store.factsOfShots([shotId])).toMatchObject([
      { id: 'a1', number: 1, takeId: take.id, refusal: { gate: 'gate_1', reason: 'gate_1 says fail.' } },
      { id: 'a2', number: 2, refusal: null, provider: 'embedded', model: 'still' },
    ]);
    const first = store.factsOfBatch('b1', { before: null, limit: 2 });
    expect(first.facts.map(({ id }) => id)).toEqual(['a3', 'a2']);
    const second = store.factsOfBatch('b1', { before: first.next, limit: 2 });
    expect(second).toMatchObject({ facts: [{ id: 'a1' }], next: null });
  });

  it('say how a person ended a doubt about them', () => {
    world.store.recordIntent(makeIntent('a1'));
    world.store.recordStep({ attemptId: 'a1', kind: 'waited', by: 'dana', note: null });
    expect(world.store.factsOfShots([shotId])[0]?.doubtEnd).toBeNull();
    world.store.recordStep({ attemptId: 'a1', kind: 'charged', by: 'dana', note: null });
    expect(world.store.factsOfShots([shotId])[0]?.doubtEnd).toBe('charged');
    world.store.recordStep({ attemptId: 'a1', kind: 'reopened', by: null, note: null });
    expect(world.store.factsOfShots([shotId])[0]?.doubtEnd).toBe('reopened');
  });

  it('are found by the job of their own provider', () => {
    settleOne('a1');
    expect(world.store.attemptByJob('embedded', 'job-a1')?.id).toBe('a1');
    expect(world.store.attemptByJob('fal', 'job-a1')).toBeNull();
    expect(world.store.attemptByJob('embedded', 'job-b1')).toBeNull();
  });
});
