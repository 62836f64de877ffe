import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clampSpeed, pressShuttle, type ShuttleState } from '../../../src-renderer/player/shuttle.ts';

const still: ShuttleState = { playing: false, direction: 1, speed: 1 };
const press = (...keys: (-1 | 0 | 1)[]) => keys.reduce(pressShuttle, still);

describe('the shuttle', () => {
  it('starts forward at normal speed with L and doubles up to eight', () => {
    expect([press(1).speed, press(1, 1).speed, press(1, 1, 1).speed, press(1, 1, 1, 1).speed]).toEqual([1, 2, 4, 8]);
    expect(press(1, 1, 1, 1, 1).speed).toBe(8);
  });

  it('turns round at normal speed', () => {
    expect(press(1, 1, 1, -1)).toEqual({ playing: true, direction: -1, speed: 1 });
  });

  it('stops with K and starts at normal speed again', () => {
    expect(press(1, 1, 0)).toEqual({ playing: false, direction: 1, speed: 1 });
    expect(press(1, 1, 0, 1).speed).toBe(1);
  });

  it('comes back to normal from slow motion before it doubles', () => {
    expect(pressShuttle({ playing: true, direction: 1, speed: 0.25 }, 1).speed).toBe(1);
  });

  it('only ever plays at 1, 2, 4 or 8 times, in the direction last pressed', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(-1 as const, 0 as const, 1 as const)), (keys) => {
        const state = press(...keys);
        expect([1, 2, 4, 8]).toContain(state.speed);
        const last = keys.at(-1);
        expect(state.playing).toBe(last !== undefined && last !== 0);
        if (last) expect(state.direction).toBe(last);
      }),
    );
  });
});

describe('speeds', () => {
  it('stay between a tenth and eight, and are normal when they make no sense', () => {
    expect([clampSpeed(0), clampSpeed(99), clampSpeed(-2), clampSpeed(Number.NaN)]).toEqual([0.1, 8, 2, 1]);
  });
});
