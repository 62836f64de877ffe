import type { Input } from 'mediabunny';
import { AudioBufferSink, Input as MediaInput, UrlSource } from 'mediabunny';
import { containerFormats } from './media-file.ts';

export interface SoundTrack {
  sink: AudioBufferSink;
  /** seconds on the file's clock at which its first shown frame starts */
  firstTimestamp: number;
}

export type SoundFinding =
  | { kind: 'none' }
  | { kind: 'playable'; track: SoundTrack }
  /** there is sound that cannot be heard here; people are told, never left to wonder */
  | { kind: 'silent'; problem: string };

/** Looks for sound in an open file. */
export async function findSound(input: Input, firstTimestamp: number): Promise<SoundFinding> {
  const track = await input.getPrimaryAudioTrack();
  if (!track) return { kind: 'none' };
  if (await track.canDecode()) {
    return { kind: 'playable', track: { sink: new AudioBufferSink(track), firstTimestamp } };
  }
  const codec = (await track.getCodec()) ?? (await track.getInternalCodecId());
  return { kind: 'silent', problem: `The sound is ${nameOf(codec)}, which cannot be played here.` };
}

/** Opens a file for its sound alone: for takes whose picture only a proxy can show. Dispose the input afterwards. */
export function openForSound(url: string): Input {
  return new MediaInput({
    formats: containerFormats,
    source: new UrlSource(url, { getRetryDelay: () => null, handleUnhandledError: () => undefined }),
  });
}

function nameOf(codec: unknown): string {
  const names: Record<string, string> = {
    ac3: 'Dolby Digital (AC-3)',
    eac3: 'Dolby Digital Plus (E-AC-3)',
    dts: 'DTS',
  };
  if (typeof codec !== 'string') return 'in a format';
  return names[codec] ?? codec.toUpperCase();
}
