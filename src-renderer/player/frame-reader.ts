import type { FrameRange, Picture, PictureOrigin } from './player-types.ts';
import type { Timeline } from './timeline.ts';

export interface FrameReaderEvents {
  /** a wanted frame can be painted now */
  onPicture(frame: number): void;
  /** a wanted frame cannot be decoded; others may */
  onBroken(frame: number): void;
}

export type Motion = 'rest' | 'scrub' | 'play';

/** Delivers the frames of one file by number. What is wanted can be replaced at any time; the newest request wins. */
export interface FrameReader {
  readonly origin: PictureOrigin;
  readonly timeline: Timeline;
  /** upright, with square pixels */
  readonly width: number;
  readonly height: number;
  /** clockwise degrees to turn a picture upright */
  readonly rotation: number;
  /** bytes of one frame as it is cached */
  readonly frameBytes: number;
  readonly cacheVersion: number;
  budgetBytes: number;
  /** how large pictures are looked at, 1 being their own size: what is cached need not be larger */
  detail: number;
  /**
   * Most urgent first; an empty list stops decoding and keeps what is cached. The first `targets` are decoded for, the
   * others kept when decoding comes by them.
   */
  want(frames: readonly number[], motion: Motion, targets?: number): void;
  /** Asks for a frame in its own size, whatever the detail. */
  wantFull(frame: number): void;
  /** The picture stays the reader's: draw it at once, do not keep it. */
  picture(frame: number): Picture | null;
  /** the picture is cached in its own size */
  isFull(frame: number): boolean;
  isBroken(frame: number): boolean;
  /** Keeps the frame on the canvas out of eviction. */
  pin(frame: number | null): void;
  cachedRanges(): FrameRange[];
  dispose(): void;
}
