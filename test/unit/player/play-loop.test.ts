import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlaySound } from '../../../src-renderer/player/play-loop.ts';
import { PlayLoop } from '../../../src-renderer/player/play-loop.ts';
import type { LoopMode } from '../../../src-renderer/player/player-types.ts';
import { constantTimeline } from '../../../src-renderer/player/timeline.ts';

const frameCount = 48;
const tickMs = 1000 / 60;
const silence: PlaySound = { isReady: true, prepare: () => {}, start: () => null, stop: () => {}, time: () => null };

/** A loop on a display whose ticks the test makes. `canPaint` stands for what the panes have decoded. */
function makeLoop(options: { loop?: LoopMode; canPaint?: (frame: number) => boolean; sound?: PlaySound } = {}) {
  let nowMs = 1000;
  let pending: ((animationMs: number) => void) | null = null;
  const painted: number[] = [];
  const calls = { behind: 0, ended: 0, requested: [] as number[] };
  const timeline = constantTimeline({ num: 24, den: 1 }, frameCount);
  const loop: PlayLoop = new PlayLoop(
    {
      timeline: () => timeline,
      rangeFrames: () => ({ first: 0, last: frameCount - 1 }),
      loopMode: () => options.loop ?? 'once',
      canPaint: options.canPaint ?? (() => true),
      paint: (frame) => painted.push(frame),
      request: () => calls.requested.push(loop.frame),
      onBehind: () => {
        calls.behind += 1;
      },
      onTick: () => {},
      onEnd: () => {
        calls.ended += 1;
        loop.stop();
      },
    },
    options.sound ?? silence,
    {
      nextFrame: (callback) => {
        pending = callback;
        return 1;
      },
      cancel: () => {
        pending = null;
      },
      nowMs: () => nowMs,
    },
  );
  const tick = (count = 1, lengthMs = tickMs) => {
    for (let n = 0; n < count; n += 1) {
      nowMs += lengthMs;
      const callback = pending;
      pending = null;
      callback?.(nowMs);
    }
  };
  return { loop, painted, calls, tick, isRunning: () => pending !== null };
}

describe('the play loop', () => {
  it('paints every frame once, in order, and stops at the end', () => {
    const { loop, painted, calls, tick, isRunning } = makeLoop();
    loop.start(1);
    tick(200);
    expect(painted).toEqual(Array.from({ length: frameCount }, (_, n) => n));
    expect([calls.ended, loop.playing, isRunning(), loop.frame]).toEqual([1, false, false, frameCount - 1]);
    expect(loop.counters).toEqual({ dropped: 0, late: 0, painted: frameCount });
  });

  it('plays backwards to the first frame', () => {
    const { loop, painted, tick } = makeLoop();
    loop.frame = frameCount - 1;
    loop.start(-1);
    tick(200);
    expect(painted).toEqual(Array.from({ length: frameCount }, (_, n) => frameCount - 1 - n));
  });

  it('turns at the ends in ping-pong and shows each frame once a way', () => {
    const { loop, painted, tick } = makeLoop({ loop: 'ping-pong' });
    loop.start(1);
    tick(60 * 4);
    const turns = painted.flatMap((frame, n) =>
      n > 0 && frame === frameCount - 1 ? [painted.slice(n - 1, n + 2)] : [],
    );
    expect(turns[0]).toEqual([46, 47, 46]);
    expect(painted.every((frame, n) => n === 0 || Math.abs(frame - (painted[n - 1] ?? 0)) <= 1)).toBe(true);
  });

  it('does not start before the first frames are ready', () => {
    let isReady = false;
    const { loop, painted, tick } = makeLoop({ canPaint: () => isReady });
    loop.start(1);
    tick(20);
    expect([painted, loop.buffering, loop.counters.late]).toEqual([[], true, 0]);
    isReady = true;
    tick(2);
    expect([painted, loop.buffering]).toEqual([[0], false]);
  });

  it('counts a frame that comes late, and the frames that passed meanwhile as dropped', () => {
    let missing = -1;
    const { loop, painted, tick } = makeLoop({ canPaint: (frame) => frame !== missing });
    loop.start(1);
    tick(10);
    const last = painted.at(-1) ?? 0;
    missing = last + 1;
    tick(6);
    expect(painted.at(-1)).toBeGreaterThan(last + 1);
    expect(loop.counters.late).toBe(1);
    expect(loop.counters.dropped).toBe(1);
  });

  it('holds the clock for panes that stay behind, and loses no frame while it waits', () => {
    let limit = 10;
    const { loop, painted, calls, tick } = makeLoop({ canPaint: (frame) => frame <= limit });
    loop.start(1);
    tick(120);
    expect(painted.at(-1)).toBe(10);
    expect([calls.behind, loop.buffering]).toEqual([1, true]);
    const heldAt = loop.frame;
    tick(60);
    expect(loop.frame).toBe(heldAt);
    limit = frameCount;
    tick(3);
    expect(painted.at(-1)).toBe(heldAt);
  });

  it('does not count a frame twice when play resumes on it', () => {
    const { loop, tick } = makeLoop();
    loop.start(1);
    tick(20);
    loop.restart();
    tick(200);
    expect(loop.counters).toEqual({ dropped: 0, late: 0, painted: frameCount });
  });

  it('stops on the frame that people see', () => {
    let limit = frameCount;
    const { loop, painted, tick } = makeLoop({ canPaint: (frame) => frame <= limit });
    loop.start(1);
    tick(20);
    limit = painted.at(-1) ?? 0;
    tick(5);
    loop.stop();
    expect(loop.frame).toBe(limit);
  });

  it('follows the clock of the sound while it plays, not the display’s', () => {
    let heard: number | null = 50;
    const sound: PlaySound = { ...silence, start: () => 50, time: () => heard };
    const { loop, painted, tick } = makeLoop({ sound });
    loop.start(1);
    tick(30);
    expect(painted).toEqual([0]);
    heard = 51;
    tick();
    expect(painted.at(-1)).toBe(24);
    heard = null;
    tick(5);
    expect(painted.at(-1)).toBeGreaterThan(24);
    expect(painted.at(-1)).toBeLessThan(28);
  });

  it('plays no sound but forward at normal speed', () => {
    const started: number[] = [];
    const sound: PlaySound = { ...silence, start: (seconds) => started.push(seconds) && null };
    const { loop, tick } = makeLoop({ sound });
    loop.speed = 2;
    loop.start(1);
    tick(3);
    loop.speed = 1;
    loop.start(-1);
    tick(3);
    expect(started).toEqual([]);
    loop.frame = 24;
    loop.start(1);
    tick(2);
    expect(started).toEqual([1]);
  });

  it('accounts for every frame whatever the rhythm of the display and the panes', () => {
    const ticks = fc.array(fc.record({ lengthMs: fc.integer({ min: 4, max: 90 }), isReady: fc.boolean() }), {
      minLength: 40,
      maxLength: 300,
    });
    fc.assert(
      fc.property(ticks, (rhythm) => {
        let isReady = true;
        const { loop, painted, tick } = makeLoop({ canPaint: () => isReady });
        loop.start(1);
        for (const step of rhythm) {
          isReady = step.isReady;
          tick(1, step.lengthMs);
        }
        const distinct = [...new Set(painted)];
        expect(painted).toEqual(distinct);
        expect([...painted].sort((a, b) => a - b)).toEqual(painted);
        expect(loop.counters.painted).toBe(painted.length);
        const last = painted.at(-1);
        if (last !== undefined) expect(painted.length + loop.counters.dropped).toBe(last + 1);
      }),
    );
  });
});
