/**
 * Reads frames through a `<video>` element, for what WebCodecs does not decode here. Slow, but exact: every frame is
 * checked against the time the element says it shows. Owns the element and its pictures.
 */
import { FrameCache, rangesOf } from './frame-cache.ts';
import type { FrameReader, FrameReaderEvents } from './frame-reader.ts';
import type { FrameRange, Picture } from './player-types.ts';
import type { Timeline } from './timeline.ts';

/** how far into the frame to aim: the middle, then elsewhere when the element rounds to a neighbour */
const aims = [0.5, 0.2, 0.8];
/** frames decoded ahead of need: seeking is too slow for more */
const mostAhead = 12;
const paintWaitMs = 1000;

export interface VideoElementFile {
  timeline: Timeline;
  /** seconds on the element's clock at which the first frame starts */
  firstTimestamp: number;
  dispose(): void;
}

export class VideoElementReader implements FrameReader {
  readonly origin = 'video';
  readonly rotation = 0;
  readonly timeline: Timeline;
  readonly width: number;
  readonly height: number;
  readonly frameBytes: number;
  detail = 1;
  #video: HTMLVideoElement;
  #file: VideoElementFile;
  #events: FrameReaderEvents;
  #cache = new FrameCache(Number.MAX_SAFE_INTEGER);
  #wanted: readonly number[] = [];
  #broken = new Set<number>();
  #isSeeking = false;
  #disposed = false;

  constructor(video: HTMLVideoElement, file: VideoElementFile, events: FrameReaderEvents) {
    this.#video = video;
    this.#file = file;
    this.#events = events;
    this.timeline = file.timeline;
    this.width = video.videoWidth;
    this.height = video.videoHeight;
    this.frameBytes = video.videoWidth * video.videoHeight * 4;
  }

  get cacheVersion(): number {
    return this.#cache.version;
  }

  get budgetBytes(): number {
    return this.#cache.budgetBytes;
  }

  set budgetBytes(bytes: number) {
    this.#cache.budgetBytes = bytes;
  }

  want(frames: readonly number[]): void {
    this.#wanted = frames.slice(0, mostAhead);
    this.#cache.want(frames);
    void this.#pump();
  }

  picture(frame: number): Picture | null {
    return this.#cache.get(frame);
  }

  wantFull(frame: number): void {
    this.want([frame]);
  }

  isFull(frame: number): boolean {
    return this.picture(frame) !== null;
  }

  isBroken(frame: number): boolean {
    return this.#broken.has(frame);
  }

  pin(frame: number | null): void {
    this.#cache.pinned = frame;
  }

  cachedRanges(): FrameRange[] {
    return rangesOf(this.#cache.frames());
  }

  dispose(): void {
    this.#disposed = true;
    this.#wanted = [];
    this.#cache.clear();
    closeVideo(this.#video);
    this.#file.dispose();
  }

  async #pump(): Promise<void> {
    if (this.#isSeeking) return;
    this.#isSeeking = true;
    for (;;) {
      const target = this.#wanted.find((frame) => !this.#cache.has(frame) && !this.#broken.has(frame));
      if (target === undefined || this.#disposed) break;
      const picture = await this.#read(target);
      if (this.#disposed) {
        picture?.close();
        break;
      }
      if (picture) {
        this.#cache.put(target, picture);
        this.#events.onPicture(target);
      } else {
        this.#broken.add(target);
        this.#events.onBroken(target);
      }
    }
    this.#isSeeking = false;
  }

  async #read(frame: number): Promise<ImageBitmap | null> {
    const start = this.timeline.startOf(frame);
    const length = Math.max(0.001, this.timeline.startOf(frame + 1) - start);
    for (const aim of aims) {
      const shown = await this.#seek(this.#file.firstTimestamp + start + length * aim);
      if (this.#disposed || shown === null) return null;
      // The element tells the start of the frame it shows; a millisecond absorbs its rounding.
      const shownFrame = this.timeline.frameAt(shown - this.#file.firstTimestamp + 1e-3);
      if (shownFrame === frame) return createImageBitmap(this.#video).catch(() => null);
    }
    return null;
  }

  /** The media time of the picture the element shows after a seek; null when it shows none. */
  #seek(seconds: number): Promise<number | null> {
    const video = this.#video;
    return new Promise((resolve) => {
      const timer = setTimeout(() => finish(null), paintWaitMs);
      const finish = (shown: number | null) => {
        clearTimeout(timer);
        video.cancelVideoFrameCallback(callback);
        resolve(shown);
      };
      const callback = video.requestVideoFrameCallback((_now, { mediaTime }) => finish(mediaTime));
      video.currentTime = seconds;
    });
  }
}

/** Loads a file into an element; null when the element cannot decode it either. */
export function openVideoElement(url: string, signal: AbortSignal): Promise<HTMLVideoElement | null> {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.preload = 'auto';
  return new Promise((resolve) => {
    const finish = (found: HTMLVideoElement | null) => {
      signal.removeEventListener('abort', refuse);
      if (!found) closeVideo(video);
      resolve(found);
    };
    const refuse = () => finish(null);
    video.onloadeddata = () => finish(video.videoWidth > 0 ? video : null);
    video.onerror = refuse;
    signal.addEventListener('abort', refuse, { once: true });
    video.src = url;
  });
}

function closeVideo(video: HTMLVideoElement): void {
  video.onerror = null;
  video.onloadeddata = null;
  video.removeAttribute('src');
  video.load();
}
