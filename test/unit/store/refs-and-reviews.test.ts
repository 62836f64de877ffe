import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RefPromotion } from '../../../src-shared/domain/ref.ts';
import type { Review } from '../../../src-shared/domain/review.ts';
import { makeNewTake, openTestStore, type TestStore, testHash } from '../../fixtures/open-test-store.ts';

let world: TestStore;
beforeEach(() => {
  world = openTestStore({ shots: 2 });
});
afterEach(() => world.remove());

const shotId = 'EP001_SH001';
const mara = { subjectClass: 'char', subjectId: 'mara', kind: 'identity', view: 'front' } as const;
const promotion = (name: string, change: Partial<RefPromotion> = {}): RefPromotion => ({
  ...{ subject_class: 'char', subject_id: 'mara', kind: 'identity', view: 'front', path: `assets/${name}.png` },
  ...{ sha256: testHash(name), source: 'test', promoted_at: '2026-01-01T00:00:00.000Z', supersedes: null },
  ...change,
});
function takeWith(...names: [role: string, hero: string][]) {
  const number = world.store.nextTakeNumber(shotId);
  const take = makeNewTake(shotId, number);
  const refs = names.map(([role, hero]) => ({ role, path: `assets/${hero}.png`, hash: testHash(hero) }));
  const generation = { ...take.provenance.generation, refs_used: refs };
  return world.store.recordTake({ ...take, provenance: { ...take.provenance, generation } });
}
const isOld = (takeId: string) => world.store.take(takeId)?.madeWithOldHero;
const front = 'char:mara:identity/front';
const plate = 'loc:pier:plate/wide';

describe('heroes', () => {
  it('point at the latest and keep all before', () => {
    world.store.promote(promotion('one'));
    world.store.promote(promotion('two', { supersedes: testHash('one') }));
    world.reopen();
    expect(world.store.activeRef(mara)?.sha256).toBe(testHash('two'));
    expect(world.store.refHistory(mara).map((ref) => ref.path)).toEqual(['assets/one.png', 'assets/two.png']);
    expect(world.store.refByHash(testHash('one'))?.path).toBe('assets/one.png');
    expect(world.store.activeRefs()).toHaveLength(1);
    expect(world.store.activeRef({ ...mara, view: 'back' })).toBeNull();
  });

  it('are those in force after a promotion that was taken back, and nobody can change them in passing', () => {
    world.store.promote(promotion('one'));
    const taken = world.store.activeRef(mara);
    if (taken) taken.path = 'assets/elsewhere.png';
    const promoteAndFail = () =>
      world.store.inTransaction(() => {
        world.store.promote(promotion('two'));
        expect(world.store.activeRef(mara)?.path).toBe('assets/two.png');
        throw new Error('taken back');
      });
    expect(promoteAndFail).toThrow('taken back');
    expect(world.store.activeRef(mara)?.path).toBe('assets/one.png');
  });

  it('mark takes made with the one before, and only those, until it is back', () => {
    world.store.promote(promotion('one'));
    const take = takeWith([front, 'one'], [plate, 'pier']);
    const other = takeWith([plate, 'pier']);
    const { affectedTakes } = world.store.promote(promotion('two'));
    expect(affectedTakes).toEqual([take.id]);
    expect([isOld(take.id), isOld(other.id)]).toEqual([true, false]);
    expect(world.store.takesUsingRef(testHash('pier')).map(({ id }) => id)).toEqual([take.id, other.id]);
    expect(world.store.promote(promotion('one')).affectedTakes).toEqual([]);
    expect(isOld(take.id)).toBe(false);
  });

  it('leave a take marked while another of its heroes is old', () => {
    world.store.promote(promotion('one'));
    world.store.promote(promotion('pier', { subject_class: 'loc', subject_id: 'pier', kind: 'plate', view: 'wide' }));
    const take = takeWith([front, 'one'], [plate, 'pier']);
    world.store.promote(promotion('two'));
    world.store.promote(promotion('pier2', { subject_class: 'loc', subject_id: 'pier', kind: 'plate', view: 'wide' }));
    world.store.promote(promotion('one'));
    expect(isOld(take.id)).toBe(true);
  });
});

describe('decisions', () => {
  const review = (id: string, change: Partial<Review> = {}): Omit<Review, 'undone'> => ({
    ...{ id, shotId, phase: 'previs', takeId: null, action: 'reject', reasons: ['motion'], note: 'slower' },
    ...{
      workflowId: null,
      decidedBy: 'd',
      decidedAt: '2026-01-01T00:00:00.000Z',
      undoes: null,
      gateDisagreement: null,
    },
    ...change,
  });

  it('are found newest first for undo, never an undo, autonomy or one taken back', () => {
    world.store.recordReview(review('r1'));
    world.store.recordReview(review('r2'));
    world.store.recordReview(review('r3', { action: 'auto-approve' }));
    expect(world.store.lastUndoable()?.id).toBe('r2');
    world.store.markUndone('r2');
    world.store.recordReview(review('r4', { action: 'undo', undoes: 'r2' }));
    world.reopen();
    expect(world.store.lastUndoable()?.id).toBe('r1');
    expect(world.store.reviewsOf(shotId).map(({ id, undone }) => `${id} ${undone}`)).toEqual([
      'r1 false',
      'r2 true',
      'r3 false',
      'r4 false',
    ]);
  });

  it('keep what undo puts back', () => {
    world.store.recordReview(review('r1'));
    const before = [world.store.shotPhase(shotId, 'previs')];
    world.store.saveUndoState('r1', before, [{ takeId: 'EP001_SH001_T1', review: 'unreviewed' }]);
    world.reopen();
    expect(world.store.undoState('r1')).toEqual({
      ...{ before, takes: [{ takeId: 'EP001_SH001_T1', review: 'unreviewed' }] },
    });
    expect(world.store.undoState('none')).toBeNull();
  });
});
