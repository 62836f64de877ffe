import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batchConfigSchema } from '../../../src-shared/domain/batch.ts';
import { makeIntent, makeNewTake, openTestStore, type TestStore } from '../../fixtures/open-test-store.ts';

let world: TestStore;
beforeEach(() => {
  world = openTestStore({ shots: 2, capMicroUsd: 1_000_000 });
});
afterEach(() => world.remove());

const failure = {
  category: 'transient',
  detail: 'server',
  message: 'The engine was busy.',
  retryAfterMs: null,
} as const;
const shotId = 'EP001_SH001';

function submit(id: string, change: Parameters<typeof makeIntent>[1] = {}) {
  world.store.recordIntent(makeIntent(id, change));
  world.store.advanceAttempt(id, 'intent', 'submitting');
  return world.store.advanceAttempt(id, 'submitting', 'submitted', {
    providerJobId: `job-${id}`,
    providerJob: { a: 1 },
  });
}

describe('the attempt protocol in the store', () => {
  it('reserves with the intent, settles what it cost and gives the rest back', () => {
    submit('a1', { reservedMicroUsd: 700 });
    expect(world.store.projectSpend()).toEqual({
      ...{ settledMicroUsd: 0, reservedMicroUsd: 700, inDoubtMicroUsd: 0, capMicroUsd: 1_000_000 },
    });
    world.store.advanceAttempt('a1', 'submitted', 'downloaded');
    const take = world.store.settleAttempt('a1', makeNewTake(shotId, world.store.nextTakeNumber(shotId)), 450);
    expect(world.store.projectSpend()).toMatchObject({ settledMicroUsd: 450, reservedMicroUsd: 0 });
    expect(world.store.attempt('a1')).toMatchObject({ state: 'settled', takeId: take.id, actualMicroUsd: 450 });
    expect(take.attemptId).toBe('a1');
    expect(world.store.shotPhase(shotId, 'previs').spentMicroUsd).toBe(450);
    expect(world.store.openAttempts()).toEqual([]);
  });

  it('holds the money of an attempt in doubt, apart from what is reserved, also over a restart', () => {
    world.store.recordIntent(makeIntent('a1', { reservedMicroUsd: 300 }));
    world.store.advanceAttempt('a1', 'intent', 'submitting');
    world.store.advanceAttempt('a1', 'submitting', 'in_doubt', { failure });
    world.reopen();
    expect(world.store.projectSpend()).toMatchObject({ reservedMicroUsd: 0, inDoubtMicroUsd: 300 });
    expect(world.store.openAttempts().map((attempt) => attempt.id)).toEqual(['a1']);
  });

  it('never lets an attempt in doubt be sent again', () => {
    world.store.recordIntent(makeIntent('a1'));
    world.store.advanceAttempt('a1', 'intent', 'submitting');
    world.store.advanceAttempt('a1', 'submitting', 'in_doubt', { failure });
    for (const to of ['intent', 'submitting'] as const) {
      expect(() => world.store.advanceAttempt('a1', 'in_doubt', to)).toThrow(/cannot become/);
    }
  });

  it('settles what a lost attempt was billed', () => {
    submit('a1', { reservedMicroUsd: 500 });
    const lost = world.store.failAttempt('a1', failure, 120);
    expect(lost).toMatchObject({ state: 'failed', actualMicroUsd: 120, failure });
    expect(world.store.projectSpend()).toMatchObject({ settledMicroUsd: 120, reservedMicroUsd: 0 });
    expect(() => world.store.failAttempt('a1', failure, 120)).toThrow(/cannot become failed/);
  });

  it('counts the repeats of a series as retry spend', () => {
    submit('a1', { reservedMicroUsd: 100 });
    world.store.failAttempt('a1', failure, 100);
    submit('a2', { reservedMicroUsd: 70 });
    submit('b1', { phase: 'keyframe', reservedMicroUsd: 30 });
    expect(world.store.retrySpend(shotId)).toBe(70);
    world.store.failAttempt('a2', failure, 20);
    expect(world.store.retrySpend(shotId)).toBe(20);
    expect(world.store.attempt('a2')?.number).toBe(2);
  });

  it('counts the first attempt of a series as a person’s, also after a repeat and after one that was called off', () => {
    submit('a1', { reservedMicroUsd: 100 });
    world.store.failAttempt('a1', failure, 100);
    submit('a2', { series: 1, reservedMicroUsd: 50 });
    expect(world.store.retrySpend(shotId)).toBe(0);
    world.store.failAttempt('a2', { ...failure, detail: 'cancelled' }, 0);
    submit('a3', { series: 1, reservedMicroUsd: 50 });
    expect(world.store.retrySpend(shotId)).toBe(0);
    submit('a4', { series: 1, reservedMicroUsd: 20 });
    expect(world.store.retrySpend(shotId)).toBe(20);
    world.store.failAttempt('a4', failure, 5);
    expect(world.store.retrySpend(shotId)).toBe(5);
  });

  it('keeps a batch and its money together', () => {
    const config = batchConfigSchema.parse({ episodeId: 'EP001', budgetMicroUsd: 1000 });
    world.store.insertBatch('batch_EP001_1', config);
    submit('a1', { batchId: 'batch_EP001_1', reservedMicroUsd: 400 });
    submit('a2', { reservedMicroUsd: 50 });
    expect(world.store.batchSpend('batch_EP001_1')).toMatchObject({ reservedMicroUsd: 400, capMicroUsd: 1000 });
    expect(world.store.setBudget('batch_EP001_1', 2000)).toMatchObject({
      config: { budgetMicroUsd: 2000 },
      spend: { capMicroUsd: 2000 },
    });
  });

  it('takes back take, money and journal together when the transaction is given up', () => {
    submit('a1');
    world.store.advanceAttempt('a1', 'submitted', 'downloaded');
    const before = world.store.lastSeq();
    expect(() =>
      world.store.inTransaction(() => {
        world.store.settleAttempt('a1', makeNewTake(shotId, world.store.nextTakeNumber(shotId)), 90);
        throw new Error('the phase could not move');
      }),
    ).toThrow('the phase could not move');
    expect(world.store.lastSeq()).toBe(before);
    expect(world.store.takesOf(shotId)).toEqual([]);
    expect(world.store.projectSpend()).toMatchObject({ settledMicroUsd: 0, reservedMicroUsd: 100 });
    expect(world.store.integrityCheck()).toBe('ok');
  });
});
