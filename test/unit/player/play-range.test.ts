import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advance, type PlayRange, playRangeFrames } from '../../../src-renderer/player/play-range.ts';

const frameSeconds = 1 / 24;
const range: PlayRange = { start: 1, end: 2, frameSeconds, loop: 'loop' };
const frameOf = (seconds: number) => Math.floor((seconds + 5e-7) * 24);

describe('moving play on', () => {
  it('stops on the last frame when played once, on the first in reverse', () => {
    const forward = advance({ seconds: 1.5, direction: 1 }, 3, { ...range, loop: 'once' });
    expect([frameOf(forward.seconds), forward.stopped]).toEqual([47, true]);
    const back = advance({ seconds: 1.5, direction: -1 }, 3, { ...range, loop: 'once' });
    expect([frameOf(back.seconds), back.stopped]).toEqual([24, true]);
  });

  it('goes round in a loop, either way', () => {
    expect(advance({ seconds: 1.5, direction: 1 }, 0.75, range)).toMatchObject({ seconds: 1.25, wrapped: true });
    expect(advance({ seconds: 1.25, direction: -1 }, 0.5, range)).toMatchObject({ seconds: 1.75, wrapped: true });
  });

  it('shows the outermost frames of ping-pong as long as the others', () => {
    const shown = new Map<number, number>();
    const period = 2 * (24 - 1);
    for (let quarter = 0; quarter < period * 4; quarter += 1) {
      const elapsed = 2.001 + (quarter * frameSeconds) / 4;
      const { seconds } = advance({ seconds: 1.5, direction: 1 }, elapsed, { ...range, loop: 'ping-pong' });
      shown.set(frameOf(seconds), (shown.get(frameOf(seconds)) ?? 0) + 1);
    }
    expect([shown.get(24), shown.get(25), shown.get(46), shown.get(47)]).toEqual([4, 8, 8, 4]);
  });

  it('leaves play alone on its way into the range', () => {
    expect(advance({ seconds: 0, direction: 1 }, 0.5, range)).toMatchObject({ seconds: 0.5, wrapped: false });
    expect(advance({ seconds: 3, direction: -1 }, 0.5, range)).toMatchObject({ seconds: 2.5, wrapped: false });
  });

  it('never leaves the range once inside it', () => {
    const arbitrary = fc.record({
      start: fc.integer({ min: 0, max: 100 }),
      length: fc.integer({ min: 1, max: 100 }),
      offset: fc.double({ min: 0, max: 0.999, noNaN: true }),
      elapsed: fc.double({ min: 0, max: 1000, noNaN: true }),
      direction: fc.constantFrom(1 as const, -1 as const),
      loop: fc.constantFrom('once' as const, 'loop' as const, 'ping-pong' as const),
    });
    fc.assert(
      fc.property(arbitrary, ({ start, length, offset, elapsed, direction, loop }) => {
        const drawn = { start: start / 24, end: (start + length) / 24, frameSeconds, loop };
        const at = advance({ seconds: (start + offset * length) / 24, direction }, elapsed, drawn);
        expect(frameOf(at.seconds)).toBeGreaterThanOrEqual(start);
        expect(at.seconds).toBeLessThanOrEqual(drawn.end + 1e-9);
        if (loop !== 'once') expect(at.stopped).toBe(false);
      }),
    );
  });

  it('comes to the same point in one step of ping-pong as in two', () => {
    const seconds = fc.double({ min: 0, max: 20, noNaN: true });
    fc.assert(
      fc.property(seconds, seconds, (first, second) => {
        const pingPong = { ...range, loop: 'ping-pong' as const };
        const begin = { seconds: 1.5, direction: 1 as const };
        const once = advance(begin, first + second, pingPong);
        const twice = advance(advance(begin, first, pingPong), second, pingPong);
        expect(twice.seconds).toBeCloseTo(once.seconds, 6);
      }),
    );
  });
});

describe('the frames play moves in', () => {
  it('is the whole clip without points', () => {
    expect(playRangeFrames(null, null, 48)).toEqual({ first: 0, last: 47 });
  });

  it('stays inside the clip and at least one frame long', () => {
    expect(playRangeFrames(10, 90, 48)).toEqual({ first: 10, last: 47 });
    expect(playRangeFrames(60, 5, 48)).toEqual({ first: 47, last: 47 });
    expect(playRangeFrames(null, null, 0)).toEqual({ first: 0, last: 0 });
  });
});
