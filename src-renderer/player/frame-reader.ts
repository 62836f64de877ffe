import type { FrameRange, Picture, PictureOrigin } from './player-types.ts';
import type { Timeline } from './timeline.ts';

export interface FrameReaderEvents {
  /** a wanted frame can be painted now */
  onPicture(frame: number): void;
  /** a wanted frame cannot be decoded; others may */
  onBroken(frame: number): void;
}

/** Delivers the frames of one file by number. What is wanted can be replaced at any time; the newest request wins. */
export interface FrameReader {
  readonly origin: PictureOrigin;
  readonly timeline: Timeline;
  readonly width: number;
  readonly height: number;
  readonly rotation: number;
  /** bytes of one decoded frame, for sizing the cache */
  readonly frameBytes: number;
  readonly cacheVersion: number;
  budgetBytes: number;
  /** Most urgent first; an empty list stops decoding and keeps what is cached. */
  want(frames: readonly number[], motion: 'rest' | 'scrub' | 'play'): void;
  /** The picture stays the reader's: draw it at once, do not keep it. */
  picture(frame: number): Picture | null;
  isBroken(frame: number): boolean;
  /** Keeps the frame on the canvas out of eviction. */
  pin(frame: number | null): void;
  cachedRanges(): FrameRange[];
  dispose(): void;
}
