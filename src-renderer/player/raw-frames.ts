/**
 * The cached frames that are still a decoder's own pictures. Has them copied into bitmaps, a few at a time and the
 * most wanted first: bitmaps draw fifty times faster, and a hardware decoder stalls while its surfaces are kept.
 */
import type { Dimensions, FrameCache } from './frame-cache.ts';
import type { FrameCopier } from './frame-copier.ts';
import type { Motion } from './frame-reader.ts';
import type { Picture } from './player-types.ts';

const copiesAtOnce = 2;
/** what a hardware decoder may be missing before it stalls */
const mostSurfaces = 6;
/** frames ahead of play that are copied; those behind it are about to go */
const playedAhead = 30;

export interface CopyWish {
  wanted: readonly number[];
  motion: Motion;
  /** stays as it is because its full size is wanted */
  keep: number | null;
  size: Dimensions;
}

export class RawFrames {
  #cache: FrameCache;
  #copier: FrameCopier;
  #onCopied: () => void;
  #copying = new Set<number>();
  /** copies are refused here, so frames stay as they are */
  #isOff = false;

  constructor(cache: FrameCache, copier: FrameCopier, onCopied: () => void) {
    this.#cache = cache;
    this.#copier = copier;
    this.#onCopied = onCopied;
  }

  /** Decoding ahead must wait until some have been copied. */
  get isFull(): boolean {
    if (this.#isOff) return false;
    let surfaces = 0;
    for (const frame of this.#cache.frames()) if (isSurface(this.#cache.get(frame))) surfaces += 1;
    return surfaces >= mostSurfaces;
  }

  /** Starts as many copies as may run at once. */
  copy(wish: CopyWish): void {
    if (this.#isOff) return;
    for (const frame of this.#candidates(wish)) {
      if (this.#copying.size >= copiesAtOnce) return;
      const picture = this.#cache.get(frame);
      if (frame === wish.keep || this.#copying.has(frame) || !(picture instanceof VideoFrame)) continue;
      void this.#copyOne(frame, picture, wish.size);
    }
  }

  *#candidates({ wanted, motion }: CopyWish): Iterable<number> {
    yield* motion === 'play' ? wanted.slice(0, playedAhead) : wanted;
    for (const frame of this.#cache.frames()) if (isSurface(this.#cache.get(frame))) yield frame;
  }

  async #copyOne(frame: number, picture: VideoFrame, size: Dimensions): Promise<void> {
    this.#copying.add(frame);
    const bitmap = await this.#copier.copy(picture, size.width, size.height);
    this.#copying.delete(frame);
    if (!bitmap) this.#isOff = true;
    else if (this.#cache.get(frame) === picture) this.#cache.put(frame, bitmap);
    else bitmap.close();
    this.#onCopied();
  }
}

/** Software decoders give planes in ordinary memory (I420 and its kin); anything else may be a decoder's surface. */
function isSurface(picture: Picture | null): boolean {
  return picture instanceof VideoFrame && !picture.format?.startsWith('I4');
}
