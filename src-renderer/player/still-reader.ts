/** One still picture as a clip of one frame. Owns its bitmap. */
import type { FrameReader } from './frame-reader.ts';
import type { FrameRange, Picture } from './player-types.ts';
import { constantTimeline } from './timeline.ts';

class StillReader implements FrameReader {
  readonly origin = 'still';
  readonly timeline = constantTimeline({ num: 24, den: 1 }, 1);
  readonly rotation = 0;
  readonly cacheVersion = 1;
  readonly width: number;
  readonly height: number;
  readonly frameBytes: number;
  budgetBytes = 0;
  detail = 1;
  #bitmap: ImageBitmap | null;

  constructor(bitmap: ImageBitmap) {
    this.#bitmap = bitmap;
    this.width = bitmap.width;
    this.height = bitmap.height;
    this.frameBytes = bitmap.width * bitmap.height * 4;
  }

  want(): void {
    // It is decoded from the start: whoever asks for it can paint it.
  }

  picture(frame: number): Picture | null {
    return frame === 0 ? this.#bitmap : null;
  }

  wantFull(): void {
    this.want();
  }

  isFull(frame: number): boolean {
    return this.picture(frame) !== null;
  }

  isBroken(): boolean {
    return false;
  }

  pin(): void {
    // The one frame is never evicted.
  }

  cachedRanges(): FrameRange[] {
    return [{ first: 0, last: 0 }];
  }

  dispose(): void {
    this.#bitmap?.close();
    this.#bitmap = null;
  }
}

/** Fetches and decodes a still, turned upright by its own orientation tag. */
export async function openStill(url: string, signal: AbortSignal): Promise<StillReader> {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`The picture could not be read (HTTP ${response.status}).`);
  const bitmap = await createImageBitmap(await response.blob(), { imageOrientation: 'from-image' });
  return new StillReader(bitmap);
}
