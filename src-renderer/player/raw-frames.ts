/**
 * The cached frames that are still a decoder's own pictures. Has them copied into bitmaps, a few at a time and the
 * most wanted first: bitmaps draw fifty times faster, and a hardware decoder stalls while its surfaces are kept.
 */
import type { Dimensions, FrameCache } from './frame-cache.ts';
import type { FrameCopier } from './frame-copier.ts';

const copiesAtOnce = 2;
/** frames in ordinary memory cost nothing but memory; anything else may pin one of a decoder's few surfaces */
const mostInMemory = 48;
const mostOnSurfaces = 6;

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
    let inMemory = 0;
    let onSurfaces = 0;
    for (const frame of this.#cache.frames()) {
      const picture = this.#cache.get(frame);
      if (!(picture instanceof VideoFrame)) continue;
      if (isInMemory(picture)) inMemory += 1;
      else onSurfaces += 1;
    }
    return inMemory >= mostInMemory || onSurfaces >= mostOnSurfaces;
  }

  /** Starts copies; `keep` stays as it is because its full size is wanted. */
  copy(wanted: readonly number[], keep: number | null, size: Dimensions): void {
    if (this.#isOff) return;
    for (const frames of [wanted, this.#cache.frames()]) {
      for (const frame of frames) {
        if (this.#copying.size >= copiesAtOnce) return;
        const picture = this.#cache.get(frame);
        if (frame === keep || this.#copying.has(frame) || !(picture instanceof VideoFrame)) continue;
        void this.#copyOne(frame, picture, size);
      }
    }
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

function isInMemory(picture: VideoFrame): boolean {
  return picture.format?.startsWith('I4') ?? false;
}
