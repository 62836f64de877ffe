import { describe, expect, test } from 'vitest';
import { staleShot } from '../../../src-main/handoff/keep-exports-current.ts';
import { planSelects, staleSelects } from '../../../src-main/handoff/plan-selects.ts';
import { makeTake } from '../../fixtures/make-take.ts';

describe('selects', () => {
  const circledVideo = makeTake({
    id: 'EP001_SH001_T3',
    phase: 'video',
    review: 'approved',
    path: 'output/EP001/SH001/SH001_T3_video.mp4',
  });
  const circledKeyframe = makeTake({
    id: 'EP001_SH001_T2',
    phase: 'keyframe',
    review: 'approved',
    path: 'output/EP001/SH001/SH001_T2_keyframe.png',
  });
  const rejectedVideo = makeTake({
    id: 'EP001_SH002_T3',
    phase: 'video',
    review: 'rejected',
    path: 'output/EP001/SH002/SH002_T3_video.mp4',
  });

  test('only circled video takes are selects, named by take id', () => {
    expect(planSelects([circledKeyframe, circledVideo, rejectedVideo])).toEqual([
      { name: 'EP001_SH001_T3.mp4', takeId: 'EP001_SH001_T3', source: circledVideo.path },
    ]);
  });

  test("only our own outdated links are removed, never a person's file", () => {
    const wanted = planSelects([circledVideo]);
    const present = ['EP001_SH001_T3.mp4', 'EP001_SH001_T1.mp4', 'notes.txt', 'temp music.wav'];
    expect(staleSelects(present, wanted)).toEqual(['EP001_SH001_T1.mp4']);
  });
});

test('a new take makes the exports of its shot stale, a batch does not', () => {
  const take = makeTake({ id: 'EP001_SH004_T1' });
  expect(staleShot({ type: 'take_recorded', take })).toBe('EP001_SH004');
  expect(staleShot({ type: 'problem_cleared', key: 'x' })).toBeNull();
});
