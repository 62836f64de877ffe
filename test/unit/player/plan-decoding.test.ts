import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DecodingSituation, planDecoding } from '../../../src-renderer/player/plan-decoding.ts';

const resting: DecodingSituation = {
  motion: 'rest',
  pace: 'resting',
  hasOriginal: true,
  hasProxy: true,
  isSharp: false,
  prefersProxy: false,
};

describe('dividing the decoding between original and proxy', () => {
  it('leaves the original alone while the playhead moves over a proxy', () => {
    expect(planDecoding({ ...resting, motion: 'scrub', pace: 'moving' }).original).toBe(0);
    expect(planDecoding({ ...resting, pace: 'moving' }).original).toBe(0);
  });

  it('decodes the one full-size frame first where the playhead rests, then what is around it', () => {
    expect(planDecoding(resting)).toMatchObject({ original: 1, proxy: 0 });
    const sharp = planDecoding({ ...resting, isSharp: true });
    expect([sharp.original > 1, sharp.proxy]).toEqual([true, Number.POSITIVE_INFINITY]);
  });

  it('decodes for a few steps only while stepping, and keeps what it passes', () => {
    const stepping = planDecoding({ ...resting, pace: 'moving', isSharp: true });
    expect(stepping.targets).toBeLessThan(stepping.original);
    expect(planDecoding({ ...resting, isSharp: true }).targets).toBe(Number.POSITIVE_INFINITY);
  });

  it('decodes one file only while playing', () => {
    const play = { ...resting, motion: 'play', pace: 'moving' } as const;
    expect(planDecoding(play).proxy).toBe(0);
    expect(planDecoding({ ...play, prefersProxy: true }).original).toBe(0);
  });

  it('always decodes the playhead’s frame from a file that exists', () => {
    const situation = fc.record({
      motion: fc.constantFrom('rest' as const, 'scrub' as const, 'play' as const),
      pace: fc.constantFrom('moving' as const, 'resting' as const),
      hasOriginal: fc.boolean(),
      hasProxy: fc.boolean(),
      isSharp: fc.boolean(),
      prefersProxy: fc.boolean(),
    });
    fc.assert(
      fc.property(situation, (drawn) => {
        fc.pre(drawn.hasOriginal || drawn.hasProxy);
        const plan = planDecoding(drawn);
        expect((drawn.hasOriginal && plan.original > 0) || (drawn.hasProxy && plan.proxy > 0)).toBe(true);
      }),
    );
  });
});
