import { ClipReader } from './clip-reader.ts';
import type { FrameReader, FrameReaderEvents } from './frame-reader.ts';
import type { MediaFile } from './media-file.ts';
import { openMediaFile } from './media-file.ts';
import type { PaneSource } from './player-types.ts';
import { openStill } from './still-reader.ts';

/** Opens the file itself; null when only a proxy can show it. Throws when it cannot be read at all. */
export async function openOriginal(
  source: PaneSource,
  events: FrameReaderEvents,
  signal: AbortSignal,
): Promise<{ reader: FrameReader; file: MediaFile | null } | null> {
  if (source.kind === 'still') return { reader: await openStill(source.url, events, signal), file: null };
  if (source.playability !== 'native') return null;
  const file = await openMediaFile(source.url, source.frameRate);
  if (signal.aborted) {
    file.dispose();
    throw signal.reason;
  }
  if (file.decoderConfig) return { reader: new ClipReader(file, file.decoderConfig, 'original', events), file };
  file.dispose();
  return null;
}

/** Opens the proxy; null when there is none or it cannot be used, which costs speed and nothing else. */
export async function openProxy(
  source: PaneSource,
  events: FrameReaderEvents,
  signal: AbortSignal,
): Promise<FrameReader | null> {
  if (source.kind !== 'clip' || source.proxyUrl === null) return null;
  let file: MediaFile;
  try {
    file = await openMediaFile(source.proxyUrl, source.frameRate);
  } catch {
    return null;
  }
  if (signal.aborted || !file.decoderConfig) {
    file.dispose();
    return null;
  }
  return new ClipReader(file, file.decoderConfig, 'proxy', events);
}
