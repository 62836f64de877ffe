import { describe, expect, test } from 'vitest';
import {
  applyToTakes,
  beginLoading,
  keptShots,
  putList,
  type TakesByShot,
} from '../../../../src-renderer/stores/takes-reducer.ts';
import type { EventBody, JournalEvent } from '../../../../src-shared/domain/journal.ts';
import { samplePromotion, sampleTake, sampleTime } from '../../../fakes/api-samples.ts';

const shotId = 'EP001_SH001';
const take = (number: number) => sampleTake(`${shotId}_T${number}`);
const event = (seq: number, body: EventBody): JournalEvent => ({ seq, at: sampleTime, projectId: 'p', body });
const recorded = (seq: number, number: number) => event(seq, { type: 'take_recorded', take: take(number) });
const numbers = (state: TakesByShot) => state[shotId]?.takes.map((one) => one.number);

describe('the takes of a shot', () => {
  test('that arrive while the list is on its way are not lost and not doubled', () => {
    let state = beginLoading({}, shotId);
    state = applyToTakes(state, [recorded(5, 2), recorded(6, 3)]);
    // The list was read after event 5 and before event 6.
    state = putList(state, shotId, { seq: 5, takes: [take(1), take(2)] });
    expect(numbers(state)).toEqual([1, 2, 3]);
  });

  test('are changed by an event that is newer than the list, and by no older one', () => {
    let state = putList(beginLoading({}, shotId), shotId, { seq: 5, takes: [take(1)] });
    const approved = { ...take(1), review: 'approved' as const };
    state = applyToTakes(state, [event(4, { type: 'take_changed', take: approved })]);
    expect(state[shotId]?.takes[0]?.review).toBe(take(1).review);
    state = applyToTakes(state, [event(6, { type: 'take_changed', take: approved })]);
    expect(state[shotId]?.takes[0]?.review).toBe('approved');
  });

  test('are marked when a hero that they were made with is replaced', () => {
    let state = putList(beginLoading({}, shotId), shotId, { seq: 1, takes: [take(1), take(2)] });
    const promotion = samplePromotion({ subjectClass: 'char', subjectId: 'ines', kind: 'identity', view: 'front' });
    state = applyToTakes(state, [event(2, { type: 'ref_promoted', promotion, affectedTakes: [take(2).id] })]);
    expect(state[shotId]?.takes.map((one) => one.madeWithOldHero)).toEqual([false, true]);
  });

  test('of a shot that nobody has looked at cost nothing', () => {
    const state: TakesByShot = {};
    expect(applyToTakes(state, [recorded(1, 1)])).toBe(state);
  });

  test('stay on screen while the list is read again', () => {
    const state = beginLoading(putList(beginLoading({}, shotId), shotId, { seq: 1, takes: [take(1)] }), shotId);
    expect(numbers(state)).toEqual([1]);
  });

  test('are kept for the shots that were looked at last', () => {
    let state: TakesByShot = {};
    for (let number = 0; number < keptShots + 3; number += 1) {
      state = beginLoading(state, `EP001_SH${String(number).padStart(3, '0')}`);
      state = beginLoading(state, 'EP001_SH999');
    }
    expect(Object.keys(state)).toHaveLength(keptShots);
    expect(state.EP001_SH999).toBeDefined();
    expect(state.EP001_SH000).toBeUndefined();
  });
});
