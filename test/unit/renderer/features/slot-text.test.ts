import { describe, expect, test } from 'vitest';
import {
  countMissing,
  groupSubjects,
  slotTitle,
  takesThatStay,
} from '../../../../src-renderer/features/refs/slot-text.ts';
import type { RefSlot, RefSubject } from '../../../../src-shared/domain/ref.ts';
import { sampleShot } from '../../../fakes/api-samples.ts';

const key = { subjectClass: 'char', subjectId: 'ines', kind: 'identity', view: 'three_quarter' } as const;
const slot: RefSlot = {
  slot: key,
  hero: null,
  width: null,
  height: null,
  history: [],
  usedByShots: ['EP001_SH001'],
  takesMadeWithOldHero: [],
};
const subject = (subjectClass: RefSubject['subjectClass'], slots: RefSlot[] = []): RefSubject => ({
  subjectClass,
  subjectId: 'x',
  name: 'X',
  description: '',
  slots,
});

describe('the slots of the Refs room', () => {
  test('have names that people can read', () => {
    expect(slotTitle(key)).toBe('Identity · three quarter');
  });

  test('lie under characters, locations and props in that order, without empty groups', () => {
    expect(groupSubjects([subject('prop'), subject('char')]).map(([name]) => name)).toEqual(['char', 'prop']);
  });

  test('are counted as empty when they have no hero', () => {
    expect(countMissing(subject('char', [slot]))).toBe(1);
  });

  test('leave the circled takes of every phase alone, in the shots that use them', () => {
    const using = sampleShot('EP001_SH001');
    const other = sampleShot('EP001_SH002');
    using.phases.previs.approvedTakeId = 'EP001_SH001_T1';
    using.phases.keyframe.approvedTakeId = 'EP001_SH001_T3';
    other.phases.previs.approvedTakeId = 'EP001_SH002_T1';
    expect(takesThatStay(slot, [using, other])).toEqual(['EP001_SH001_T1', 'EP001_SH001_T3']);
  });
});
