import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planWantedFrames, type WantedRequest } from '../../../src-renderer/player/wanted-frames.ts';

const base: WantedRequest = {
  playhead: 10,
  frameCount: 100,
  capacity: 10,
  motion: 'rest',
  direction: 1,
  first: 0,
  last: 99,
  wraps: false,
};

describe('planning which frames to decode', () => {
  it('asks for the playhead first', () => {
    expect(planWantedFrames(base)[0]).toBe(10);
  });

  it('asks for what a step may show next, either way, around a resting playhead', () => {
    expect(planWantedFrames(base).slice(0, 9)).toEqual([10, 11, 9, 12, 8, 13, 7, 14, 6]);
  });

  it('asks for what play shows next before what it has shown', () => {
    const wanted = planWantedFrames({ ...base, motion: 'play' });
    expect(wanted.slice(0, 9)).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18]);
    expect(wanted).toContain(9);
  });

  it('looks the other way when play goes backwards', () => {
    expect(planWantedFrames({ ...base, motion: 'play', direction: -1 }).slice(0, 3)).toEqual([10, 9, 8]);
  });

  it('looks past the out point to the in point when play loops', () => {
    const request = { ...base, motion: 'play', first: 5, last: 11, wraps: true } as const;
    expect(planWantedFrames(request).slice(0, 5)).toEqual([10, 11, 5, 6, 7]);
  });

  it('stops at the out point when play does not loop', () => {
    const wanted = planWantedFrames({ ...base, motion: 'play', first: 5, last: 11 });
    expect(wanted.slice(0, 3)).toEqual([10, 11, 9]);
  });

  it('never asks twice, for more than fits, or for a frame that is not there; fills what fits', () => {
    const arbitrary = fc.record({
      playhead: fc.nat(119),
      frameCount: fc.integer({ min: 1, max: 120 }),
      capacity: fc.integer({ min: -2, max: 200 }),
      motion: fc.constantFrom('rest', 'scrub', 'play'),
      direction: fc.constantFrom(1, -1),
      first: fc.nat(60),
      last: fc.integer({ min: 60, max: 119 }),
      wraps: fc.boolean(),
    });
    fc.assert(
      fc.property(arbitrary, (drawn) => {
        const request = { ...drawn, playhead: Math.min(drawn.playhead, drawn.frameCount - 1) } as WantedRequest;
        const wanted = planWantedFrames(request);
        expect(new Set(wanted).size).toBe(wanted.length);
        expect(wanted.length).toBe(Math.min(Math.max(1, request.capacity), request.frameCount));
        for (const frame of wanted) {
          expect(frame).toBeGreaterThanOrEqual(0);
          expect(frame).toBeLessThan(request.frameCount);
        }
      }),
    );
  });
});
