import type { Direction, LoopMode } from './player-types.ts';

/** The seconds play moves in: `start` of the first frame to `end` of the last, one frame long at least. */
export interface PlayRange {
  start: number;
  end: number;
  /** seconds a frame lasts, for the turn of ping-pong */
  frameSeconds: number;
  loop: LoopMode;
}

export interface PlayPoint {
  seconds: number;
  direction: Direction;
}

export interface PlayAdvance extends PlayPoint {
  /** play went from one end of the range to the other, or turned */
  wrapped: boolean;
  /** play reached the end of the range and must stop there */
  stopped: boolean;
}

const justBefore = 1e-6;

/** Where play stands after moving on by some seconds of media time; depends on the anchor alone, so errors never add up. */
export function advance(from: PlayPoint, seconds: number, range: PlayRange): PlayAdvance {
  const target = from.seconds + from.direction * seconds;
  const inside = { ...from, seconds: target, wrapped: false, stopped: false };
  if (target >= range.start && target < range.end) return inside;
  // Play begun outside the range, moving towards it, is left alone until it gets there.
  if (from.direction === 1 && target < range.start) return inside;
  if (from.direction === -1 && target >= range.end) return inside;
  switch (range.loop) {
    case 'once':
      return {
        seconds: from.direction === 1 ? range.end - justBefore : range.start,
        direction: from.direction,
        wrapped: false,
        stopped: true,
      };
    case 'loop':
      return {
        seconds: range.start + modulo(target - range.start, range.end - range.start),
        direction: from.direction,
        wrapped: true,
        stopped: false,
      };
    case 'ping-pong':
      return bounce(target, from.direction, range);
  }
}

/** First and last frame of the play range; an out point before the in point does not shorten it below one frame. */
export function playRangeFrames(
  inPoint: number | null,
  outPoint: number | null,
  frameCount: number,
): { first: number; last: number } {
  const lastFrame = Math.max(0, frameCount - 1);
  const first = Math.min(Math.max(0, inPoint ?? 0), lastFrame);
  return { first, last: Math.max(first, Math.min(outPoint ?? lastFrame, lastFrame)) };
}

/** Turns half a frame inside each end, so that the outermost frames are shown once, as long as the others. */
function bounce(target: number, direction: Direction, range: PlayRange): PlayAdvance {
  const low = range.start + range.frameSeconds / 2;
  const span = range.end - range.frameSeconds / 2 - low;
  if (span <= 0) return { seconds: range.start, direction, wrapped: true, stopped: false };
  const phase = modulo(target - low, 2 * span);
  const rising = phase < span;
  const travelled = Math.floor((target - low) / span);
  const turned = modulo(travelled, 2) === 1;
  return {
    seconds: low + (rising ? phase : 2 * span - phase),
    direction: turned ? flip(direction) : direction,
    wrapped: true,
    stopped: false,
  };
}

function flip(direction: Direction): Direction {
  return direction === 1 ? -1 : 1;
}

function modulo(value: number, span: number): number {
  return ((value % span) + span) % span;
}
