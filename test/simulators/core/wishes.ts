import type { Size } from '../media/frame-size.ts';
import type { MediaWish } from './job.ts';

/** One clip of a size. */
export function clipOf(size: Size, durationSeconds: number, audio: boolean): MediaWish {
  return { kind: 'clip', ...size, durationSeconds, audio, format: 'mp4', count: 1 };
}

/** Pictures of a size. */
export function stillOf(size: Size, format: 'png' | 'jpeg' = 'png', count = 1): MediaWish {
  return { kind: 'still', ...size, durationSeconds: null, audio: false, format, count };
}
