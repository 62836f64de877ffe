import type { Playability } from '../../src-shared/domain/media.ts';

const nativeContainers = new Set(['mp4', 'mov', 'webm', 'mkv']);
const nativeVideoCodecs = new Set(['h264', 'av1', 'vp8', 'vp9']);
const nativeAudioCodecs = new Set(['aac', 'mp3', 'opus', 'vorbis', 'flac']);

/** Whether Chromium decodes a film's pictures from the file itself; measured per codec (shared with no GPU at all). */
export function videoPlayability(container: string, videoCodec: string | null): Playability {
  if (videoCodec === null) return 'unreadable';
  return nativeContainers.has(container) && nativeVideoCodecs.has(videoCodec) ? 'native' : 'proxy-needed';
}

/** Whether Chromium decodes a sound codec; the others play silently, with no error. */
export function isAudioNative(audioCodec: string): boolean {
  return nativeAudioCodecs.has(audioCodec) || audioCodec.startsWith('pcm');
}

/** A sentence for sound that would be missing without a word. */
export function soundProblem(audioCodec: string | null, video: Playability): string | null {
  if (audioCodec === null || video !== 'native' || isAudioNative(audioCodec)) return null;
  return `The sound (${audioCodec.toUpperCase()}) cannot be played from the original; it is heard from the proxy.`;
}
