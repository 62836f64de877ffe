import { describe, expect, test } from 'vitest';
import { nextDecision, standingCounts } from '../../../../src-renderer/stores/shot-standing.ts';
import { leadPhaseOf } from '../../../../src-shared/domain/lead-phase.ts';
import type { Phase } from '../../../../src-shared/domain/phase.ts';
import type { ProductionState } from '../../../../src-shared/domain/production-state.ts';
import type { Shot } from '../../../../src-shared/domain/shot.ts';
import { sampleShot } from '../../../fakes/api-samples.ts';

function shot(number: number, states: [ProductionState, ProductionState, ProductionState]): Shot {
  const made = sampleShot(`EP001_SH00${number}`, number);
  const { previs, keyframe, video } = made.phases;
  return {
    ...made,
    phases: {
      previs: { ...previs, state: states[0] },
      keyframe: { ...keyframe, state: states[1] },
      video: { ...video, state: states[2] },
    },
  };
}

const waitsForKeyframe = (number: number) => shot(number, ['stabilized', 'awaiting_operator', 'blocked']);
const waitsForVideo = (number: number) => shot(number, ['stabilized', 'stabilized', 'awaiting_operator']);
const done = (number: number) => shot(number, ['stabilized', 'stabilized', 'stabilized']);
const from = (number: number, phase: Phase) => ({ shotId: `EP001_SH00${number}`, phase });

describe('the next shot that needs a decision', () => {
  test('is one whose same phase awaits, before nearer shots of another phase', () => {
    const shots = [done(1), waitsForVideo(2), waitsForKeyframe(3)];
    expect(nextDecision(shots, from(1, 'keyframe'))).toEqual(from(3, 'keyframe'));
  });

  test('is found behind the start when nothing lies after the shot', () => {
    expect(nextDecision([waitsForVideo(1), done(2), done(3)], from(2, 'video'))).toEqual(from(1, 'video'));
  });

  test('is another phase when no shot awaits in the same', () => {
    expect(nextDecision([done(1), waitsForVideo(2)], from(1, 'keyframe'))).toEqual(from(2, 'video'));
  });

  test('is the shot itself again when its own phase is the only one that waits', () => {
    expect(nextDecision([waitsForKeyframe(1), done(2)], from(1, 'keyframe'))).toEqual(from(1, 'keyframe'));
  });

  test('is a halted shot only when nothing awaits the operator', () => {
    const halted = shot(1, ['stabilized', 'halted', 'blocked']);
    expect(nextDecision([halted, waitsForVideo(2)], null)).toEqual(from(2, 'video'));
    expect(nextDecision([halted, done(2)], from(2, 'video'))).toEqual(from(1, 'keyframe'));
  });

  test('is none when everything is settled or under way', () => {
    expect(nextDecision([done(1), shot(2, ['assembling', 'blocked', 'blocked'])], null)).toBeNull();
    expect(nextDecision([], null)).toBeNull();
  });

  test('goes by story order, not by the order of the list', () => {
    expect(nextDecision([waitsForVideo(3), waitsForVideo(2), done(1)], from(1, 'video'))).toEqual(from(2, 'video'));
  });
});

describe('the phase that speaks for a shot', () => {
  test.each<[string, [ProductionState, ProductionState, ProductionState], Phase]>([
    ['what awaits the operator', ['awaiting_operator', 'assembling', 'halted'], 'previs'],
    ['a halt, before what is moving', ['assembling', 'halted', 'blocked'], 'keyframe'],
    ['what is moving, before what is queued', ['queued', 'remediating', 'blocked'], 'keyframe'],
    ['what is queued, before what is settled', ['stabilized', 'queued', 'blocked'], 'keyframe'],
    ['the last that is settled', ['stabilized', 'stabilized', 'blocked'], 'keyframe'],
    ['the first, when all are blocked', ['blocked', 'blocked', 'blocked'], 'previs'],
  ])('is %s', (_, states, phase) => {
    expect(leadPhaseOf(shot(1, states)).phase).toBe(phase);
  });
});

test('shots that await the operator in two phases are counted once', () => {
  const shots = [shot(1, ['awaiting_operator', 'awaiting_operator', 'blocked']), done(2)];
  expect(standingCounts(shots)).toEqual({ awaiting: 1, done: 1 });
});
