import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src-main/platform/app-error.ts';
import type { AttemptFailure } from '../../../src-shared/domain/attempt.ts';
import { batchConfigSchema, committedMicroUsd } from '../../../src-shared/domain/batch.ts';
import { journalEventSchema } from '../../../src-shared/domain/journal.ts';
import { type Phase, phases } from '../../../src-shared/domain/phase.ts';
import { productionStates } from '../../../src-shared/domain/production-state.ts';
import type { ShotPhase } from '../../../src-shared/domain/shot.ts';
import type { Take } from '../../../src-shared/domain/take.ts';
import { makePlan } from '../../fixtures/make-project.ts';
import { makeIntent, makeNewTake, openTestStore, type TestStore, testHash } from '../../fixtures/open-test-store.ts';

/** One thing that somebody asks of the store; numbers are taken modulo what there is. */
type Command =
  | { kind: 'move'; shot: number; phase: Phase; to: (typeof productionStates)[number]; stale: boolean }
  | { kind: 'annotate'; shot: number; phase: Phase }
  | { kind: 'intent'; shot: number; phase: Phase; amount: number; inBatch: boolean }
  | { kind: 'advance'; attempt: number; to: 'submitting' | 'submitted' | 'downloaded' | 'in_doubt' }
  | { kind: 'fail'; attempt: number; billed: number }
  | { kind: 'settle'; attempt: number; cost: number }
  | { kind: 'external'; shot: number; bytes: number }
  | { kind: 'review'; take: number; circled: boolean }
  | { kind: 'promote'; hero: number }
  | { kind: 'plan'; shots: number }
  | { kind: 'give-up' }
  | { kind: 'reopen' };

const shot = fc.nat({ max: 3 });
const phase = fc.constantFrom(...phases);
const some = fc.nat({ max: 20 });
const amount = fc.nat({ max: 1000 });
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    kind: fc.constant('move' as const),
    shot,
    phase,
    to: fc.constantFrom(...productionStates),
    stale: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('annotate' as const), shot, phase }),
  fc.record({ kind: fc.constant('intent' as const), shot, phase, amount, inBatch: fc.boolean() }),
  fc.record({
    ...{ kind: fc.constant('advance' as const), attempt: some },
    to: fc.constantFrom('submitting' as const, 'submitted' as const, 'downloaded' as const, 'in_doubt' as const),
  }),
  fc.record({ kind: fc.constant('fail' as const), attempt: some, billed: amount }),
  fc.record({ kind: fc.constant('settle' as const), attempt: some, cost: amount }),
  fc.record({ kind: fc.constant('external' as const), shot, bytes: fc.nat({ max: 5 }) }),
  fc.record({ kind: fc.constant('review' as const), take: some, circled: fc.boolean() }),
  fc.record({ kind: fc.constant('promote' as const), hero: fc.nat({ max: 3 }) }),
  fc.record({ kind: fc.constant('plan' as const), shots: fc.integer({ min: 1, max: 5 }) }),
  fc.constant({ kind: 'give-up' as const }),
  fc.constant({ kind: 'reopen' as const }),
);

const failure: AttemptFailure = { category: 'transient', detail: 'network', message: 'lost', retryAfterMs: null };
const expected = ['state.stale', 'state.illegal-move', 'shot.not-found', 'take.protected'];

/** Does what is asked; a refusal is an answer, anything else thrown is a bug. */
function perform(world: TestStore, asked: Command, ids: { attempts: string[] }): void {
  try {
    world.store.inTransaction(() => act(world, asked, ids));
  } catch (error) {
    if (asked.kind === 'give-up' && error instanceof Error && error.message === 'given up') return;
    if (!(error instanceof AppError && expected.includes(error.code))) throw error;
  }
  if (asked.kind !== 'reopen') return;
  const kept = world.store.shots('EP001');
  world.reopen();
  // what the store keeps in memory is what the database says
  expect(world.store.shots('EP001')).toEqual(kept);
}

function act(world: TestStore, asked: Command, ids: { attempts: string[] }): void {
  const { store } = world;
  const shotIdOf = (n: number) => `EP001_SH${String(n + 1).padStart(3, '0')}`;
  const attemptOf = (n: number) => ids.attempts[n % Math.max(1, ids.attempts.length)];
  switch (asked.kind) {
    case 'move': {
      const { version } = store.shotPhase(shotIdOf(asked.shot), asked.phase);
      const at = { shotId: shotIdOf(asked.shot), phase: asked.phase, to: asked.to };
      store.transition({ ...at, cause: 'restarted', expectedVersion: asked.stale ? version - 1 : version });
      return;
    }
    case 'annotate': {
      const row = store.shotPhase(shotIdOf(asked.shot), asked.phase);
      store.annotate(row.shotId, row.phase, row.version, { attempts: row.attempts + 1 });
      return;
    }
    case 'intent': {
      const shotId = shotIdOf(asked.shot);
      if (!store.shot(shotId)) return;
      const id = `a${ids.attempts.length}`;
      ids.attempts.push(id);
      const batchId = asked.inBatch ? 'b1' : null;
      store.recordIntent(makeIntent(id, { shotId, phase: asked.phase, reservedMicroUsd: asked.amount, batchId }));
      return;
    }
    case 'advance': {
      const attempt = store.attempt(attemptOf(asked.attempt) ?? '');
      if (attempt) store.advanceAttempt(attempt.id, attempt.state, asked.to);
      return;
    }
    case 'fail': {
      const attempt = store.attempt(attemptOf(asked.attempt) ?? '');
      if (attempt) store.failAttempt(attempt.id, failure, asked.billed);
      return;
    }
    case 'settle': {
      const attempt = store.attempt(attemptOf(asked.attempt) ?? '');
      if (!attempt) return;
      const take = makeNewTake(attempt.shotId, store.nextTakeNumber(attempt.shotId), { phase: attempt.phase });
      store.settleAttempt(attempt.id, take, asked.cost);
      return;
    }
    case 'external': {
      const shotId = shotIdOf(asked.shot);
      if (!store.shot(shotId)) return;
      const sha256 = testHash(`bytes ${asked.bytes}`);
      store.recordTake(makeNewTake(shotId, store.nextTakeNumber(shotId), { source: 'external', sha256 }));
      return;
    }
    case 'review': {
      const takes = store.takesOfEpisode('EP001');
      const take = takes[asked.take % Math.max(1, takes.length)];
      if (take) store.setTakeReview(take.id, asked.circled ? 'approved' : 'rejected');
      return;
    }
    case 'promote':
      store.promote({
        ...{
          subject_class: 'char',
          subject_id: 'mara',
          kind: 'identity',
          view: 'front',
          path: `assets/${asked.hero}.png`,
        },
        ...{
          sha256: testHash(`hero ${asked.hero}`),
          source: 'test',
          promoted_at: '2026-01-01T00:00:00.000Z',
          supersedes: null,
        },
      });
      return;
    case 'plan':
      store.applyPlan(makePlan(asked.shots));
      return;
    case 'give-up':
      store.annotate('EP001_SH001', 'previs', store.shotPhase('EP001_SH001', 'previs').version, { reason: 'never' });
      throw new Error('given up');
    case 'reopen':
      return;
  }
}

/** What a client knows that began with nothing and followed every event. */
function follow(world: TestStore) {
  const phasesNow = new Map<string, ShotPhase>();
  const takes = new Map<string, Take>();
  let spend = 0;
  for (const { body } of world.events()) {
    if (body.type === 'plan_reloaded') {
      for (const removed of body.removed) for (const name of phases) phasesNow.delete(`${removed}/${name}`);
      for (const told of body.shots)
        for (const row of Object.values(told.phases)) phasesNow.set(`${row.shotId}/${row.phase}`, row);
    }
    if (body.type === 'station_transition')
      phasesNow.set(`${body.shotPhase.shotId}/${body.shotPhase.phase}`, body.shotPhase);
    if (body.type === 'take_recorded' || body.type === 'take_changed') takes.set(body.take.id, body.take);
    if (body.type === 'spend_changed') spend = committedMicroUsd(body.project);
  }
  return { phasesNow, takes, spend };
}

function checkInvariants(world: TestStore, ids: { attempts: string[] }): void {
  const { store } = world;
  const events = world.events();
  expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
  expect(store.integrityCheck()).toBe('ok');

  const followed = follow(world);
  const rows = store.shots('EP001').flatMap((one) => Object.values(one.phases));
  expect(Object.fromEntries(followed.phasesNow)).toEqual(
    Object.fromEntries(rows.map((row) => [`${row.shotId}/${row.phase}`, row])),
  );
  const takes = store.takesOfEpisode('EP001');
  expect([...followed.takes.values()].sort(byId)).toEqual([...takes].sort(byId));
  expect(followed.spend).toBe(committedMicroUsd(store.projectSpend()));

  const attempts = ids.attempts.flatMap((id) => store.attempt(id) ?? []);
  const sum = (of: (attempt: (typeof attempts)[number]) => number) =>
    attempts.reduce((total, one) => total + of(one), 0);
  expect(store.projectSpend()).toMatchObject({
    settledMicroUsd: sum((one) => one.actualMicroUsd ?? 0),
    reservedMicroUsd: sum((one) => (['settled', 'failed', 'in_doubt'].includes(one.state) ? 0 : one.reservedMicroUsd)),
    inDoubtMicroUsd: sum((one) => (one.state === 'in_doubt' ? one.reservedMicroUsd : 0)),
  });
  const inBatch = attempts.filter((one) => one.batchId === 'b1');
  expect(store.batchSpend('b1').settledMicroUsd).toBe(
    inBatch.reduce((total, one) => total + (one.actualMicroUsd ?? 0), 0),
  );
  expect(new Set(takes.map((take) => take.id)).size).toBe(takes.length);
  for (const row of rows) {
    expect(row.spentMicroUsd).toBe(
      attempts
        .filter((one) => one.shotId === row.shotId && one.phase === row.phase)
        .reduce((total, one) => total + (one.actualMicroUsd ?? 0), 0),
    );
  }
}

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : 1;
}

describe('whatever is asked of the store, in whatever order', () => {
  it('money adds up, numbers are unique, and snapshot and events agree', () => {
    fc.assert(
      fc.property(fc.array(command, { minLength: 5, maxLength: 40 }), (commands) => {
        const world = openTestStore({ shots: 3 });
        try {
          world.store.insertBatch('b1', batchConfigSchema.parse({ episodeId: 'EP001' }));
          const ids = { attempts: [] as string[] };
          for (const asked of commands) perform(world, asked, ids);
          checkInvariants(world, ids);
          for (const event of world.events()) journalEventSchema.parse(event);
        } finally {
          world.remove();
        }
      }),
      { numRuns: Number(process.env.CIRCLETAKE_PROPERTY_RUNS ?? 25) },
    );
  }, 120_000);
});
