import type { FrameReader } from './frame-reader.ts';
import type { FrameRange } from './player-types.ts';

/** Keeps the cached ranges of a reader as one object until its cache changes, so that snapshots can share it. */
export class RangesMemo {
  #reader: FrameReader | null = null;
  #version = -1;
  #ranges: readonly FrameRange[] = [];

  read(reader: FrameReader | null): readonly FrameRange[] {
    if (reader === this.#reader && (reader?.cacheVersion ?? -1) === this.#version) return this.#ranges;
    this.#reader = reader;
    this.#version = reader?.cacheVersion ?? -1;
    this.#ranges = reader?.cachedRanges() ?? [];
    return this.#ranges;
  }
}
