/**
 * Decoded frames of one file, bounded by bytes. Owns its pictures: whatever leaves the cache is closed here, because
 * a VideoFrame that is only forgotten keeps its memory (or a decoder's surface) until the collector happens by.
 */
import type { FrameRange, Picture } from './player-types.ts';

export interface EvictionRequest {
  /** bytes of each cached frame */
  sizes: ReadonlyMap<number, number>;
  /** how soon a frame is wanted: 0 is now; absent means nobody asked for it */
  urgency: ReadonlyMap<number, number>;
  playhead: number;
  budgetBytes: number;
  /** never evicted: the frame on the canvas, which a resize must be able to paint again */
  pinned: number | null;
}

/** Which frames to drop to come back under budget: unasked-for ones first, the farthest from the playhead first. */
export function chooseEvictions(request: EvictionRequest): number[] {
  let total = 0;
  for (const size of request.sizes.values()) total += size;
  if (total <= request.budgetBytes) return [];
  const candidates = [...request.sizes.keys()].filter((frame) => frame !== request.pinned);
  const distance = (frame: number) => Math.abs(frame - request.playhead);
  const urgency = (frame: number) => request.urgency.get(frame) ?? Number.POSITIVE_INFINITY;
  candidates.sort((a, b) => compare(urgency(b), urgency(a)) || distance(b) - distance(a));
  const evicted: number[] = [];
  for (const frame of candidates) {
    if (total <= request.budgetBytes) break;
    total -= request.sizes.get(frame) ?? 0;
    evicted.push(frame);
  }
  return evicted;
}

export interface Dimensions {
  width: number;
  height: number;
}

/** Runs of consecutive frames, ascending. */
export function rangesOf(frames: Iterable<number>): FrameRange[] {
  const ranges: FrameRange[] = [];
  for (const frame of [...frames].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && frame === last.last + 1) last.last = frame;
    else ranges.push({ first: frame, last: frame });
  }
  return ranges;
}

/** Bytes a picture occupies. */
function pictureBytes(picture: Picture): number {
  if (picture instanceof ImageBitmap) return picture.width * picture.height * 4;
  if (picture.format === null) return picture.codedWidth * picture.codedHeight * 4;
  return picture.allocationSize();
}

export class FrameCache {
  #pictures = new Map<number, Picture>();
  #sizes = new Map<number, number>();
  #urgency: ReadonlyMap<number, number> = new Map();
  #playhead = 0;
  #budgetBytes: number;
  pinned: number | null = null;
  /** counts changes, so that readers of `ranges` know when to ask again */
  version = 0;

  constructor(budgetBytes: number) {
    this.#budgetBytes = budgetBytes;
  }

  get(frame: number): Picture | null {
    return this.#pictures.get(frame) ?? null;
  }

  has(frame: number): boolean {
    return this.#pictures.has(frame);
  }

  /** pixels of a cached picture; null when it is not cached */
  dimensionsOf(frame: number): Dimensions | null {
    const picture = this.#pictures.get(frame);
    if (!picture) return null;
    if (picture instanceof ImageBitmap) return { width: picture.width, height: picture.height };
    // A decoder's own picture cannot be had any larger, whatever its pixel aspect makes of its width.
    return { width: Number.POSITIVE_INFINITY, height: Number.POSITIVE_INFINITY };
  }

  get budgetBytes(): number {
    return this.#budgetBytes;
  }

  set budgetBytes(bytes: number) {
    this.#budgetBytes = bytes;
    this.#trim();
  }

  /** Takes a picture over; the cache closes it from now on. */
  put(frame: number, picture: Picture): void {
    this.#pictures.get(frame)?.close();
    this.#pictures.set(frame, picture);
    this.#sizes.set(frame, pictureBytes(picture));
    this.version += 1;
    this.#trim();
  }

  /** States what is wanted, most urgent first; the first one is the playhead. */
  want(frames: readonly number[]): void {
    this.#urgency = new Map(frames.map((frame, rank) => [frame, rank]));
    this.#playhead = frames[0] ?? this.#playhead;
  }

  isWanted(frame: number): boolean {
    return this.#urgency.has(frame);
  }

  frames(): Iterable<number> {
    return this.#pictures.keys();
  }

  clear(): void {
    for (const picture of this.#pictures.values()) picture.close();
    this.#pictures.clear();
    this.#sizes.clear();
    this.version += 1;
  }

  #trim(): void {
    const evicted = chooseEvictions({
      sizes: this.#sizes,
      urgency: this.#urgency,
      playhead: this.#playhead,
      budgetBytes: this.#budgetBytes,
      pinned: this.pinned,
    });
    for (const frame of evicted) {
      this.#pictures.get(frame)?.close();
      this.#pictures.delete(frame);
      this.#sizes.delete(frame);
    }
    if (evicted.length > 0) this.version += 1;
  }
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
