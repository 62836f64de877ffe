import { ClipReader } from './clip-reader.ts';
import type { FrameCopier } from './frame-copier.ts';
import type { FrameReader, FrameReaderEvents } from './frame-reader.ts';
import type { MediaFile } from './media-file.ts';
import { openMediaFile } from './media-file.ts';
import type { PaneSource } from './player-types.ts';
import { openStill } from './still-reader.ts';
import { openVideoElement, VideoElementReader } from './video-element-reader.ts';

export interface OpeningContext {
  events: FrameReaderEvents;
  copier: FrameCopier;
  signal: AbortSignal;
}

export interface OpenedOriginal {
  reader: FrameReader;
  /** the open file, which the reader owns; null for stills */
  file: MediaFile | null;
}

/**
 * Opens the file itself: with an own decoder, or through a video element where WebCodecs cannot. Null when only a
 * proxy can show it; throws when it cannot be read at all.
 */
export async function openOriginal(
  source: PaneSource,
  { events, copier, signal }: OpeningContext,
): Promise<OpenedOriginal | null> {
  if (source.kind === 'still') return { reader: await openStill(source.url, signal), file: null };
  if (source.playability !== 'native') return null;
  const file = await openMediaFile(source.url, source.frameRate);
  if (!signal.aborted) {
    const { decoderConfig } = file;
    if (decoderConfig)
      return { reader: new ClipReader(file, decoderConfig, { origin: 'original', events, copier }), file };
    const video = await openVideoElement(source.url, signal);
    if (video) return { reader: new VideoElementReader(video, file, events), file };
  }
  file.dispose();
  return null;
}

/** Opens the proxy; null when there is none or it cannot be used, which costs speed and nothing else. */
export async function openProxy(
  source: PaneSource,
  { events, copier, signal }: OpeningContext,
): Promise<FrameReader | null> {
  if (source.kind !== 'clip' || source.proxyUrl === null) return null;
  let file: MediaFile;
  try {
    file = await openMediaFile(source.proxyUrl, source.frameRate);
  } catch {
    return null;
  }
  const { decoderConfig } = file;
  if (!signal.aborted && decoderConfig) return new ClipReader(file, decoderConfig, { origin: 'proxy', events, copier });
  file.dispose();
  return null;
}
