import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batchConfigSchema } from '../../../src-shared/domain/batch.ts';
import { makeIntent, makeNewTake, openTestStore, type TestStore } from '../../fixtures/open-test-store.ts';

let world: TestStore;
beforeEach(() => {
  world = openTestStore({ shots: 2, capMicroUsd: 1000 });
});
afterEach(() => world.remove());

const shotId = 'EP001_SH001';
const failure = { category: 'transient', detail: 'in_doubt', message: 'No answer came.', retryAfterMs: null } as const;

/** An attempt at 300 whose doubt ends, billed or not. */
function endDoubt(id: string, billedMicroUsd = 0, change: Parameters<typeof makeIntent>[1] = {}) {
  world.store.recordIntent(makeIntent(id, { reservedMicroUsd: 300, ...change }));
  world.store.advanceAttempt(id, 'intent', 'submitting');
  world.store.advanceAttempt(id, 'submitting', 'in_doubt', { failure });
  return world.store.failAttempt(id, failure, billedMicroUsd);
}
const reopen = (id: string) => world.store.advanceAttempt(id, 'failed', 'in_doubt', { failure });

describe('a doubt that had ended without a job', () => {
  it('is opened again with its money held, over a restart, and settles like any other', () => {
    endDoubt('a1');
    expect(reopen('a1')).toMatchObject({ state: 'in_doubt', actualMicroUsd: null });
    world.reopen();
    expect(world.store.projectSpend()).toMatchObject({ settledMicroUsd: 0, reservedMicroUsd: 0, inDoubtMicroUsd: 300 });
    world.store.advanceAttempt('a1', 'in_doubt', 'submitted', { providerJobId: 'j1', providerJob: {}, failure: null });
    world.store.advanceAttempt('a1', 'submitted', 'downloaded');
    world.store.settleAttempt('a1', makeNewTake(shotId, world.store.nextTakeNumber(shotId)), 250);
    expect(world.store.projectSpend()).toMatchObject({ settledMicroUsd: 250, reservedMicroUsd: 0, inDoubtMicroUsd: 0 });
    expect(world.store.stepsOf('a1').map(({ kind }) => kind)).toEqual([
      ...['intent', 'submitting', 'in_doubt', 'failed', 'in_doubt', 'submitted', 'downloaded', 'settled'],
    ]);
    expect(world.store.integrityCheck()).toBe('ok');
  });

  it('is held above the caps: money that is out is not hidden by them', () => {
    world.store.insertBatch('b1', batchConfigSchema.parse({ episodeId: 'EP001', budgetMicroUsd: 200 }));
    endDoubt('a1', 0, { batchId: 'b1' });
    reopen('a1');
    expect(world.store.batchSpend('b1')).toMatchObject({ inDoubtMicroUsd: 300, capMicroUsd: 200 });
    expect(world.store.projectSpend().inDoubtMicroUsd).toBe(300);
  });

  it('counts against the cap on repeats as it did', () => {
    endDoubt('a1');
    endDoubt('a2');
    expect(world.store.retrySpend(shotId)).toBe(0);
    reopen('a1');
    expect(world.store.retrySpend(shotId)).toBe(0);
    reopen('a2');
    expect(world.store.retrySpend(shotId)).toBe(300);
  });

  it('is opened once, and never where it was billed, had a job or was never in doubt', () => {
    endDoubt('open');
    reopen('open');
    expect(() => reopen('open')).toThrow(/cannot become/);
    endDoubt('billed', 300);
    world.store.recordIntent(makeIntent('dropped'));
    world.store.failAttempt('dropped', failure, 0);
    world.store.recordIntent(makeIntent('found'));
    world.store.advanceAttempt('found', 'intent', 'submitting');
    world.store.advanceAttempt('found', 'submitting', 'in_doubt', { failure });
    world.store.advanceAttempt('found', 'in_doubt', 'submitted', { providerJobId: 'j1', providerJob: {} });
    world.store.failAttempt('found', failure, 0);
    for (const id of ['billed', 'dropped', 'found']) expect(() => reopen(id), id).toThrow(/cannot become/);
    expect(() => world.store.advanceAttempt('billed', 'failed', 'submitted')).toThrow(/cannot become/);
    expect(world.store.projectSpend()).toMatchObject({
      settledMicroUsd: 300,
      reservedMicroUsd: 0,
      inDoubtMicroUsd: 300,
    });
  });
});

describe('doubts that ended without a job', () => {
  it('are listed newest first since a time, written off ones too, and nothing else is', async () => {
    endDoubt('old');
    await world.clock.advance(1000);
    const since = world.clock.now().toISOString();
    endDoubt('never charged');
    endDoubt('written off', 300);
    world.store.recordIntent(makeIntent('dropped'));
    world.store.failAttempt('dropped', failure, 0);
    const listed = (from: string) => world.store.endedDoubts(from).map(({ id }) => id);
    expect(listed(since)).toEqual(['written off', 'never charged']);
    expect(listed('')).toEqual(['written off', 'never charged', 'old']);
    reopen('old');
    expect(listed('')).toEqual(['written off', 'never charged']);
  });
});
