import type { FrameReader, Motion } from './frame-reader.ts';
import type { Direction } from './player-types.ts';
import { planWantedFrames } from './wanted-frames.ts';

/** What the clock asks of a pane, in the pane's own frames. */
export interface PaneWish {
  frame: number;
  motion: Motion;
  direction: Direction;
  first: number;
  last: number;
  wraps: boolean;
  /** the clock is past the last frame, which is held */
  ended: boolean;
}

/** Wants as many frames around the playhead as a plan and the memory allow; none stops decoding. */
export function wantWindow(reader: FrameReader, wish: PaneWish, most: number, targets: number): void {
  const { frameCount } = reader.timeline;
  const affordable = Math.floor(reader.budgetBytes / Math.max(1, reader.frameBytes)) - 1;
  const capacity = Math.min(most, Math.max(1, affordable));
  const wanted = most === 0 ? [] : planWantedFrames({ ...wish, playhead: wish.frame, frameCount, capacity });
  reader.want(wanted, wish.motion, targets);
}
