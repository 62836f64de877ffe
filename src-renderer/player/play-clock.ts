import type { PlayAdvance, PlayPoint, PlayRange } from './play-range.ts';
import { advance } from './play-range.ts';

/**
 * The one clock of a session: a point of media time anchored to a point of real time. Reading it never
 * changes it, so errors do not add up over a long play.
 */
export class PlayClock {
  #point: PlayPoint = { seconds: 0, direction: 1 };
  #anchorSeconds = 0;
  speed = 1;

  get point(): PlayPoint {
    return this.#point;
  }

  /** From `nowSeconds` on the clock runs from this point. */
  anchor(point: PlayPoint, nowSeconds: number): void {
    this.#point = point;
    this.#anchorSeconds = nowSeconds;
  }

  read(nowSeconds: number, range: PlayRange): PlayAdvance {
    return advance(this.#point, Math.max(0, nowSeconds - this.#anchorSeconds) * this.speed, range);
  }
}

/**
 * How many due frames passed unseen between two ticks that painted. Faster than the display, one frame per tick is
 * all that is due.
 */
export function countDropped(framesBetween: number, framesPerTick: number): number {
  const step = Math.max(1, Math.ceil(framesPerTick - 1e-6));
  return Math.max(0, Math.ceil(framesBetween / step) - 1);
}
