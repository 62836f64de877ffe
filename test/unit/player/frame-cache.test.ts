import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseEvictions, rangesOf } from '../../../src-renderer/player/frame-cache.ts';

const megabyte = 1_000_000;
const sizesOf = (frames: number[]) => new Map(frames.map((frame) => [frame, megabyte]));

describe('choosing what to drop from the frame cache', () => {
  it('drops nothing under budget', () => {
    const request = {
      sizes: sizesOf([1, 2]),
      urgency: new Map(),
      playhead: 0,
      budgetBytes: 2 * megabyte,
      pinned: null,
    };
    expect(chooseEvictions(request)).toEqual([]);
  });

  it('drops what nobody asked for before what is wanted, the farthest first', () => {
    const request = {
      sizes: sizesOf([0, 5, 50, 90]),
      urgency: new Map([
        [5, 0],
        [0, 1],
      ]),
      playhead: 5,
      budgetBytes: 3 * megabyte,
      pinned: null,
    };
    expect(chooseEvictions(request)).toEqual([90]);
    expect(chooseEvictions({ ...request, budgetBytes: megabyte })).toEqual([90, 50, 0]);
  });

  it('keeps the frame on the canvas whatever happens', () => {
    const request = { sizes: sizesOf([7]), urgency: new Map(), playhead: 99, budgetBytes: 0, pinned: 7 };
    expect(chooseEvictions(request)).toEqual([]);
  });

  it('comes under budget, drops no more than needed and never drops the more urgent of two', () => {
    const arbitrary = fc.record({
      frames: fc.uniqueArray(fc.nat(200), { maxLength: 40 }),
      wanted: fc.uniqueArray(fc.nat(200), { maxLength: 40 }),
      budget: fc.nat(40),
      playhead: fc.nat(200),
    });
    fc.assert(
      fc.property(arbitrary, ({ frames, wanted, budget, playhead }) => {
        const urgency = new Map(wanted.map((frame, rank) => [frame, rank]));
        const budgetBytes = budget * megabyte;
        const evicted = chooseEvictions({ sizes: sizesOf(frames), urgency, playhead, budgetBytes, pinned: null });
        expect(evicted.length).toBe(Math.max(0, frames.length - budget));
        const kept = frames.filter((frame) => !evicted.includes(frame));
        const rank = (frame: number) => urgency.get(frame) ?? 1000;
        for (const gone of evicted) for (const stays of kept) expect(rank(gone)).toBeGreaterThanOrEqual(rank(stays));
      }),
    );
  });
});

describe('cached ranges', () => {
  it('joins neighbours and sorts', () => {
    expect(rangesOf([3, 1, 2, 7])).toEqual([
      { first: 1, last: 3 },
      { first: 7, last: 7 },
    ]);
    expect(rangesOf([])).toEqual([]);
  });
});
