import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GateResult } from '../../../src-shared/domain/verdict.ts';
import { makeIntent, makeNewTake, openTestStore, type TestStore, testHash } from '../../fixtures/open-test-store.ts';

let world: TestStore;
beforeEach(() => {
  world = openTestStore({ shots: 2 });
});
afterEach(() => world.remove());

const shotId = 'EP001_SH001';
const record = (change: Parameters<typeof makeNewTake>[2] = {}) =>
  world.store.recordTake(makeNewTake(shotId, world.store.nextTakeNumber(shotId), { source: 'external', ...change }));
const gate = (name: GateResult['gate'], status: GateResult['status'], costMicroUsd = 0): GateResult => ({
  ...{ gate: name, status, reason: '', measurements: [], findings: [], costMicroUsd, durationMs: 1 },
  policyVersion: 'v1',
});

describe('take numbers', () => {
  it('are handed out once each, also to files that are never recorded and over restarts', () => {
    expect([world.store.nextTakeNumber(shotId), world.store.nextTakeNumber(shotId)]).toEqual([1, 2]);
    world.reopen();
    expect(world.store.nextTakeNumber(shotId)).toBe(3);
    expect(world.store.nextTakeNumber('EP001_SH002')).toBe(1);
  });

  it('are held in this run, and over a restart only while an attempt of the shot is open', () => {
    const number = world.store.nextTakeNumber(shotId);
    expect(world.store.isTakeNumberHeld(shotId, number)).toBe(true);
    expect(world.store.isTakeNumberHeld(shotId, 99)).toBe(false);
    world.store.recordIntent(makeIntent('a1'));
    world.reopen();
    expect(world.store.isTakeNumberHeld(shotId, number)).toBe(true);
    world.store.failAttempt('a1', { category: 'transient', detail: 'network', message: '', retryAfterMs: null }, 0);
    expect(world.store.isTakeNumberHeld(shotId, number)).toBe(false);
    record();
    expect(world.store.isTakeNumberHeld(shotId, 2)).toBe(false);
  });
});

describe('a recorded take', () => {
  it('is found by id, path, hash and shot', () => {
    const take = record();
    expect(world.store.take(take.id)).toEqual(take);
    expect(world.store.takeByPath(take.path)).toEqual(take);
    expect(world.store.takeByHash(shotId, take.sha256)).toEqual(take);
    expect(world.store.takesOf(shotId, 'previs')).toEqual([take]);
    expect(world.store.takesOf(shotId, 'video')).toEqual([]);
    expect(world.store.takesOfEpisode('EP001')).toEqual([take]);
  });

  it('is not recorded again under another name, and the number is not lost', () => {
    const take = record();
    expect(() => record({ sha256: take.sha256, path: 'output/EP001/SH001/again.png' })).toThrow(
      expect.objectContaining({ code: 'take.protected', message: expect.stringContaining(take.id) }),
    );
    expect(record().number).toBe(3);
  });

  it('cannot be changed or removed in the database either', () => {
    const take = record();
    world.store.close();
    const database = new Database(world.path);
    for (const change of ["path = 'x'", "sha256 = 'x'", 'number = 9', "shot_id = 'x'", "phase = 'video'"]) {
      expect(() => database.prepare(`UPDATE takes SET ${change} WHERE id = ?`).run(take.id)).toThrow('never changed');
    }
    expect(() => database.prepare('DELETE FROM takes').run()).toThrow('never removed');
    for (const table of ['ledger', 'journal', 'ref_history']) {
      database.prepare(`SELECT count(*) FROM ${table}`).get();
    }
    expect(() => database.prepare('DELETE FROM journal').run()).toThrow('append-only');
    expect(() => database.prepare("UPDATE journal SET body = '{}'").run()).toThrow('append-only');
    database.close();
    world.reopen();
  });

  it('tells each change once and is silent when nothing changed', () => {
    const take = record();
    const seq = world.store.lastSeq();
    world.store.setTakeReview(take.id, 'approved');
    world.store.setTakeReview(take.id, 'approved');
    const prepared = { poster: true, filmstrip: null, proxy: false };
    world.store.setPrepared(take.id, prepared);
    world.store.setPrepared(take.id, prepared);
    expect(world.events(seq).map(({ body }) => body.type)).toEqual(['take_changed', 'take_changed']);
    expect(world.store.take(take.id)).toMatchObject({ review: 'approved', prepared });
    expect(world.store.takesNotPrepared(10)).toEqual([]);
  });

  it('carries the status that weighs most over its gates', () => {
    const take = record();
    const statusWith = (...statuses: GateResult['status'][]) =>
      world.store.recordGates(
        take.id,
        statuses.map((status, index) => gate(gates[index] ?? 'gate_1', status)),
      ).gateStatus;
    expect(statusWith('pass', 'fail', 'review')).toBe('fail');
    expect(statusWith('pass', 'unmeasurable')).toBe('unmeasurable');
    expect(statusWith('skipped', 'pass')).toBe('pass');
    expect(statusWith()).toBeNull();
    expect(world.store.gates(take.id)).toEqual([]);
  });

  it('is found with its verdicts among those of its phase', () => {
    const take = record();
    expect(world.store.gatesOfPhase(take.shotId, take.phase)).toEqual(new Map());
    world.store.recordGates(take.id, [gate('gate_1', 'pass'), gate('gate_3', 'fail')]);
    const found = new Map([[take.id, world.store.gates(take.id)]]);
    expect(world.store.gatesOfPhase(take.shotId, take.phase)).toEqual(found);
    expect(world.store.gatesOfPhase(take.shotId, 'video').size).toBe(take.phase === 'video' ? 1 : 0);
  });

  it('pays for gates that cost money', () => {
    world.store.recordIntent(makeIntent('a1'));
    world.store.advanceAttempt('a1', 'intent', 'submitting');
    world.store.advanceAttempt('a1', 'submitting', 'submitted');
    world.store.advanceAttempt('a1', 'submitted', 'downloaded');
    const take = world.store.settleAttempt('a1', makeNewTake(shotId, world.store.nextTakeNumber(shotId)), 100);
    world.store.recordGates(take.id, [gate('gate_1', 'pass'), gate('gate_3', 'pass', 25)]);
    expect(world.store.projectSpend().settledMicroUsd).toBe(125);
    expect(world.store.shotPhase(shotId, 'previs').spentMicroUsd).toBe(125);
    expect(phaseFromEvents()).toMatchObject({ spentMicroUsd: 125 });
    expect(world.store.integrityCheck()).toBe('ok');
  });

  it('charges gates to the repeats of a shot only where the take was one', () => {
    const measured = (id: string, series: number) => {
      world.store.recordIntent(makeIntent(id, { series }));
      world.store.advanceAttempt(id, 'intent', 'submitting');
      world.store.advanceAttempt(id, 'submitting', 'submitted');
      world.store.advanceAttempt(id, 'submitted', 'downloaded');
      const take = world.store.settleAttempt(id, makeNewTake(shotId, world.store.nextTakeNumber(shotId)), 100);
      world.store.recordGates(take.id, [gate('gate_3', 'pass', 25)]);
      return world.store.retrySpend(shotId);
    };
    // the second attempt of the shot is the first of what the director asked for next
    expect([measured('a1', 0), measured('a2', 1), measured('a3', 1)]).toEqual([0, 0, 125]);
  });

  it('may have its record completed and not rewritten', () => {
    const take = record();
    const before = world.store.provenance(take.id);
    const review: NonNullable<typeof before.human_review> = {
      ...{ decision: 'approved', reasons: [], note: '', decided_at: before.timestamp, decided_by: 'd' },
    };
    world.store.updateProvenance(take.id, { ...before, human_review: review });
    expect(world.store.provenance(take.id).human_review).toEqual(review);
    const generation = { ...before.generation, prompt: 'Another story.' };
    expect(() => world.store.updateProvenance(take.id, { ...before, generation })).toThrow(
      expect.objectContaining({ code: 'take.protected' }),
    );
  });
});

describe('summaries of shots', () => {
  it('count takes, name the one that stands for the shot, and add up what it cost', () => {
    const first = record();
    const second = record({ phase: 'keyframe', sha256: testHash('second') });
    expect(world.store.shotSummaries('EP001')).toEqual({
      EP001_SH001: { takeCount: 2, posterTakeId: second.id, spentMicroUsd: 0 },
      EP001_SH002: { takeCount: 0, posterTakeId: null, spentMicroUsd: 0 },
    });
    const approve = { shotId, to: 'stabilized', cause: 'approved', expectedVersion: 0 } as const;
    world.store.transition({ ...approve, phase: 'previs', patch: { outcome: 'approved', approvedTakeId: first.id } });
    expect(world.store.shotSummaries('EP001')[shotId]?.posterTakeId).toBe(first.id);
    world.store.transition({
      ...approve,
      phase: 'keyframe',
      patch: { outcome: 'approved', approvedTakeId: second.id },
    });
    expect(world.store.shotSummaries('EP001')[shotId]?.posterTakeId).toBe(second.id);
  });
});

const gates = ['gate_1', 'gate_2a_identity', 'gate_2a_wardrobe', 'gate_3'] as const;

function phaseFromEvents() {
  return world
    .events()
    .flatMap(({ body }) => (body.type === 'station_transition' ? [body.shotPhase] : []))
    .at(-1);
}
