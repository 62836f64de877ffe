import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createShotCount } from '../../../src-main/store/count-shots.ts';
import { type BatchConfigInput, batchConfigSchema } from '../../../src-shared/domain/batch.ts';
import type { Phase } from '../../../src-shared/domain/phase.ts';
import type { ProductionState } from '../../../src-shared/domain/production-state.ts';
import type { Review } from '../../../src-shared/domain/review.ts';
import { makePlan } from '../../fixtures/make-project.ts';
import { makeIntent, makeNewTake, openTestStore, type TestStore } from '../../fixtures/open-test-store.ts';

const config = (change: Partial<BatchConfigInput> = {}) => batchConfigSchema.parse({ episodeId: 'EP001', ...change });
const count = (states: Partial<Record<Phase, ProductionState>>, inScope: Phase[] = ['previs', 'keyframe', 'video']) => {
  const { previs = 'queued', keyframe = 'blocked', video = 'blocked' } = states;
  const phases = { previs: { state: previs }, keyframe: { state: keyframe }, video: { state: video } };
  const { total, ...parts } = createShotCount({ phases: inScope })([
    { id: 'EP001_SH001', standing: 'planned', phases },
  ]);
  expect(total).toBe(1);
  expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBe(total);
  return Object.entries(parts).find(([, part]) => part === 1)?.[0];
};
const done = 'stabilized' as const;

describe('what a shot of a batch waits for', () => {
  it('is told by its phases in scope', () => {
    expect(count({})).toBe('pending');
    expect(count({ previs: 'assembling' })).toBe('pending');
    expect(count({ previs: 'awaiting_operator' })).toBe('inReview');
    expect(count({ previs: done, keyframe: done, video: done })).toBe('completed');
    expect(count({ previs: 'halted' })).toBe('halted');
    expect(count({ previs: done, keyframe: 'escalated' })).toBe('halted');
    expect(count({ previs: done, keyframe: 'awaiting_operator', video: 'halted' })).toBe('halted');
  });

  it('is a person when a phase outside the scope holds it up', () => {
    expect(count({ previs: 'awaiting_operator' }, ['keyframe'])).toBe('inReview');
    expect(count({ previs: 'queued' }, ['keyframe', 'video'])).toBe('inReview');
    expect(count({ previs: done, keyframe: 'queued' }, ['keyframe', 'video'])).toBe('pending');
    expect(count({ previs: done }, ['previs'])).toBe('completed');
  });
});

describe('a count that is kept', () => {
  const states: ProductionState[] = ['queued', 'awaiting_operator', 'stabilized', 'halted', 'blocked'];
  const shot = fc.record({
    id: fc.constantFrom('EP001_SH001', 'EP001_SH002', 'EP001_SH003'),
    standing: fc.constantFrom('planned' as const, 'removed-from-plan' as const),
    phases: fc.record({
      ...{ previs: fc.record({ state: fc.constantFrom(...states) }) },
      ...{ keyframe: fc.record({ state: fc.constantFrom(...states) }) },
      ...{ video: fc.record({ state: fc.constantFrom(...states) }) },
    }),
  });

  it('is what a count from nothing finds, whatever moved, came and went', () => {
    const inScope = { phases: ['previs', 'keyframe'] as Phase[], shotFilter: ['EP001_SH001', 'EP001_SH002'] };
    fc.assert(
      fc.property(fc.array(fc.array(shot, { maxLength: 4 }), { maxLength: 5 }), fc.nat({ max: 3 }), (lists, kept) => {
        const count = createShotCount(inScope);
        let last: (typeof lists)[number] = [];
        for (const list of lists) {
          last = [...last.slice(0, kept), ...list];
          expect(count(last)).toEqual(createShotCount(inScope)(last));
        }
      }),
    );
  });
});

describe('batches', () => {
  let world: TestStore;
  beforeEach(() => {
    world = openTestStore({ shots: 3 });
  });
  afterEach(() => world.remove());
  const told = (after: number) => world.events(after).filter(({ body }) => body.type === 'batch_changed');
  let decisions = 0;
  /** A take of a batch with the decision that approved it; answers with the decision's id. */
  const approveByAutonomy = (batchId: string, change: Partial<Review> = {}): string => {
    const [id, shotId] = [`r${++decisions}`, 'EP001_SH001'];
    world.store.recordIntent(makeIntent(id, { batchId }));
    world.store.advanceAttempt(id, 'intent', 'submitting');
    world.store.advanceAttempt(id, 'submitting', 'submitted', { providerJobId: `job-${id}` });
    world.store.advanceAttempt(id, 'submitted', 'downloaded');
    const take = world.store.settleAttempt(id, makeNewTake(shotId, world.store.nextTakeNumber(shotId)), 0);
    world.store.recordReview({
      ...{ id, shotId, phase: 'previs', takeId: take.id, action: 'auto-approve', reasons: [], note: '' },
      ...{ workflowId: null, decidedBy: 'autonomy', decidedAt: world.clock.now().toISOString() },
      ...{ undoes: null, gateDisagreement: null },
      ...change,
    });
    return id;
  };

  it('are told once per change, with counts and spend as they are', () => {
    const seq = world.store.lastSeq();
    world.store.insertBatch('b1', config());
    world.store.setBatchStatus('b1', 'running', null);
    world.store.setBatchStatus('b1', 'running', null);
    world.store.tellProgress('b1');
    expect(told(seq)).toHaveLength(2);
    world.store.transition({
      shotId: 'EP001_SH001',
      phase: 'previs',
      to: 'binding',
      cause: 'work-started',
      expectedVersion: 0,
    });
    world.store.tellProgress('b1');
    expect(told(seq)).toHaveLength(2);
    world.store.transition({
      ...{
        shotId: 'EP001_SH002',
        phase: 'previs',
        to: 'awaiting_operator',
        cause: 'audit-needs-eyes',
        expectedVersion: 0,
      },
    });
    world.store.tellProgress('b1');
    expect(told(seq).at(-1)?.body).toMatchObject({ batch: { counts: { total: 3, pending: 2, inReview: 1 } } });
  });

  it('remember when they first began and when they ended', async () => {
    world.store.insertBatch('b1', config());
    const first = world.store.setBatchStatus('b1', 'running', null).startedAt;
    await world.clock.advance(5000);
    expect(world.store.setBatchStatus('b1', 'paused', 'Held by the director.')).toMatchObject({
      ...{ startedAt: first, completedAt: null, statusReason: 'Held by the director.' },
    });
    expect(world.store.setBatchStatus('b1', 'running', null).startedAt).toBe(first);
    world.store.setAwaitingOperator('b1', true);
    expect(world.store.setBatchStatus('b1', 'complete', null)).toMatchObject({
      ...{ awaitingOperator: false, completedAt: world.clock.now().toISOString() },
    });
    expect(world.store.activeBatch('EP001')).toBeNull();
  });

  it('keep their config, their filter and what autonomy did over a restart', () => {
    world.store.insertBatch('b1', config({ shotFilter: ['EP001_SH002'], phases: ['previs'], maxConcurrent: 3 }));
    approveByAutonomy('b1');
    world.store.recountAutoApprovals('b1');
    world.reopen();
    expect(world.store.activeBatch('EP001')).toMatchObject({
      ...{ id: 'b1', autoApproved: 1, counts: { total: 1, pending: 1 } },
      config: { shotFilter: ['EP001_SH002'], phases: ['previs'], maxConcurrent: 3 },
    });
    expect(world.store.batches()).toHaveLength(1);
  });

  it('count what autonomy has approved in them: not by another rule, not in another batch, not what was taken back', () => {
    for (const id of ['b1', 'b2']) world.store.insertBatch(id, config());
    const count = (id: string) => world.store.recountAutoApprovals(id).autoApproved;
    const first = approveByAutonomy('b1');
    approveByAutonomy('b1', { decidedBy: 'auto-advance' });
    approveByAutonomy('b1', { action: 'approve', decidedBy: 'dana' });
    approveByAutonomy('b1');
    approveByAutonomy('b2');
    expect([count('b1'), count('b2')]).toEqual([2, 1]);
    world.store.markUndone(first);
    expect([count('b1'), count('b2')]).toEqual([1, 1]);
  });

  it('do not count a shot that left the plan', () => {
    world.store.insertBatch('b1', config());
    world.store.transition({
      shotId: 'EP001_SH003',
      phase: 'previs',
      to: 'binding',
      cause: 'work-started',
      expectedVersion: 0,
    });
    world.store.applyPlan(makePlan(2));
    expect(world.store.batch('b1')?.counts.total).toBe(2);
  });

  it('are named when they are not there', () => {
    expect(world.store.batch('none')).toBeNull();
    expect(() => world.store.setBatchStatus('none', 'running', null)).toThrow(
      expect.objectContaining({ code: 'batch.not-found' }),
    );
  });
});
