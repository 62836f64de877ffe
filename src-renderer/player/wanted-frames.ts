import type { Direction } from './player-types.ts';

export interface WantedRequest {
  playhead: number;
  frameCount: number;
  /** how many frames the cache may hold */
  capacity: number;
  motion: 'rest' | 'scrub' | 'play';
  direction: Direction;
  /** first and last frame of the play range, and whether play wraps from one to the other */
  first: number;
  last: number;
  wraps: boolean;
}

/** frames either way of a resting playhead that come before all others */
const nearest = 4;

/**
 * Frames worth decoding, most urgent first: the playhead, then what play or a step will ask for next. Never more
 * than the cache holds, so that filling it never throws out what was just decoded.
 */
export function planWantedFrames(request: WantedRequest): number[] {
  const { playhead, frameCount, motion } = request;
  const capacity = Math.min(Math.max(1, request.capacity), frameCount);
  if (frameCount === 0) return [];
  const wanted = new Set<number>([clamp(playhead, 0, frameCount - 1)]);
  const share = motion === 'play' ? 0.85 : motion === 'scrub' ? 0.5 : 0.6;
  if (motion === 'rest') addNearest(wanted, request, capacity);
  addAhead(wanted, request, Math.min(capacity, 2 + Math.round((capacity - 2) * share)));
  for (let distance = 1; wanted.size < capacity && distance < frameCount; distance += 1) {
    addInside(wanted, playhead - distance * request.direction, frameCount);
  }
  for (let distance = 1; wanted.size < capacity && distance < frameCount; distance += 1) {
    addInside(wanted, playhead + distance * request.direction, frameCount);
  }
  return [...wanted];
}

/** A step goes either way, so what is nearest comes first. */
function addNearest(wanted: Set<number>, { playhead, direction, frameCount }: WantedRequest, limit: number): void {
  for (let distance = 1; distance <= nearest; distance += 1) {
    for (const frame of [playhead + distance * direction, playhead - distance * direction]) {
      if (wanted.size < limit) addInside(wanted, frame, frameCount);
    }
  }
}

function addAhead(wanted: Set<number>, request: WantedRequest, limit: number): void {
  const { playhead, direction, first, last, frameCount, wraps, motion } = request;
  const stopsAtRange = motion === 'play' && playhead >= first && playhead <= last;
  const low = stopsAtRange ? first : 0;
  const high = stopsAtRange ? last : frameCount - 1;
  let frame = playhead + direction;
  while (wanted.size < limit && frame >= low && frame <= high) {
    addInside(wanted, frame, frameCount);
    frame += direction;
  }
  if (!wraps || !stopsAtRange) return;
  frame = direction === 1 ? first : last;
  while (wanted.size < limit && frame !== playhead && frame >= low && frame <= high) {
    addInside(wanted, frame, frameCount);
    frame += direction;
  }
}

function addInside(wanted: Set<number>, frame: number, frameCount: number): void {
  if (frame >= 0 && frame < frameCount) wanted.add(frame);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
