import { describe, expect, test } from 'vitest';
import { takeBadges } from '../../../../src-renderer/features/dailies/take-badges.ts';
import {
  firstTakeToShow,
  neighbourTake,
  phaseOfNextTake,
  takeToCompare,
} from '../../../../src-renderer/features/dailies/take-choice.ts';
import type { Shot } from '../../../../src-shared/domain/shot.ts';
import type { Take } from '../../../../src-shared/domain/take.ts';
import { sampleShot, sampleTake } from '../../../fakes/api-samples.ts';

const take = (number: number, change: Partial<Take> = {}): Take => ({
  ...sampleTake(`EP001_SH001_T${number}`),
  review: 'unreviewed',
  ...change,
});
const open = sampleShot();
const circled: Shot = {
  ...open,
  phases: { ...open.phases, previs: { ...open.phases.previs, state: 'stabilized', approvedTakeId: 'EP001_SH001_T1' } },
};

describe('the take that is shown first', () => {
  test('is the newest that nobody has judged while the phase awaits a decision', () => {
    expect(firstTakeToShow(open, [take(1), take(2), take(3, { review: 'rejected' })])?.number).toBe(2);
  });

  test('is the circled one when nothing awaits a decision', () => {
    expect(firstTakeToShow(circled, [take(1, { review: 'approved' }), take(2)])?.number).toBe(1);
  });

  test('is the newest when all were judged and none is circled', () => {
    expect(firstTakeToShow(open, [take(1, { review: 'rejected' }), take(2, { review: 'rejected' })])?.number).toBe(2);
    expect(firstTakeToShow(open, [])).toBeNull();
  });
});

describe('moving among takes', () => {
  const takes = [take(1), take(2, { phase: 'keyframe' }), take(3)];

  test('stops at both ends', () => {
    expect(neighbourTake(takes, 'EP001_SH001_T3', 1)?.number).toBe(3);
    expect(neighbourTake(takes, 'EP001_SH001_T1', -1)?.number).toBe(1);
    expect(neighbourTake(takes, null, 1)?.number).toBe(1);
  });

  test('compares with the take before in the same phase, else with any before, else with the one after', () => {
    expect(takeToCompare(takes, 'EP001_SH001_T3')?.number).toBe(1);
    expect(takeToCompare(takes, 'EP001_SH001_T2')?.number).toBe(1);
    expect(takeToCompare(takes, 'EP001_SH001_T1')?.number).toBe(2);
    expect(takeToCompare([take(1)], 'EP001_SH001_T1')).toBeNull();
  });
});

describe('the phase that the next take is made for', () => {
  test('is the shown take’s own while it is open', () => {
    expect(phaseOfNextTake(open, take(1)).phase).toBe('previs');
  });

  test('is the leading one when the shown take’s phase is settled', () => {
    const halted: Shot = {
      ...circled,
      phases: { ...circled.phases, keyframe: { ...circled.phases.keyframe, state: 'halted' } },
    };
    expect(phaseOfNextTake(halted, take(1)).phase).toBe('keyframe');
    expect(phaseOfNextTake(halted, null).phase).toBe('keyframe');
  });
});

describe('the badges of a take', () => {
  test('tell an own file, an old hero and a proxy that is still to be made', () => {
    const odd = take(1, {
      source: 'override',
      madeWithOldHero: true,
      probe: { ...take(1).probe, playability: 'proxy-needed' },
      prepared: { poster: true, filmstrip: null, proxy: false },
    });
    expect(takeBadges(odd).map((badge) => badge.text)).toEqual(['Own', 'Old hero', 'Proxy needed']);
    expect(takeBadges({ ...odd, prepared: { poster: true, filmstrip: null, proxy: true } }).at(-1)?.text).toBe('Proxy');
  });

  test('are none for a plain take', () => {
    expect(takeBadges(take(1, { source: 'generated', madeWithOldHero: false }))).toEqual([]);
  });
});
