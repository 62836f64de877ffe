import { describe, expect, it } from 'vitest';
import { countDropped, PlayClock } from '../../../src-renderer/player/play-clock.ts';

const range = { start: 0, end: 10, frameSeconds: 1 / 24, loop: 'loop' as const };

describe('the play clock', () => {
  it('moves by elapsed time times speed from its anchor', () => {
    const clock = new PlayClock();
    clock.speed = 2;
    clock.anchor({ seconds: 1, direction: 1 }, 100);
    expect(clock.read(101.5, range).seconds).toBeCloseTo(4);
    expect(clock.read(101.5, range).seconds).toBeCloseTo(4);
  });

  it('runs backwards', () => {
    const clock = new PlayClock();
    clock.anchor({ seconds: 3, direction: -1 }, 0);
    expect(clock.read(1, range).seconds).toBeCloseTo(2);
  });

  it('stands still until its anchor, which may lie ahead while sound starts', () => {
    const clock = new PlayClock();
    clock.anchor({ seconds: 3, direction: 1 }, 5);
    expect(clock.read(4.9, range).seconds).toBe(3);
  });
});

describe('counting dropped frames', () => {
  it('counts every frame passed over when each could be shown', () => {
    expect([countDropped(1, 0.4), countDropped(2, 0.4), countDropped(5, 0.4)]).toEqual([0, 1, 4]);
  });

  it('counts ticks, not frames, when play is faster than the display', () => {
    expect([countDropped(3, 3.2), countDropped(4, 3.2), countDropped(8, 3.2)]).toEqual([0, 0, 1]);
  });
});
