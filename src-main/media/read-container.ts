// Reads MP4, MOV, WebM, MKV, TS and sound files with mediabunny, in process and in about a millisecond. It reads only
// the bytes it is handed: no name, no url and no playlist reaches it.
import type { FileHandle } from 'node:fs/promises';
import {
  ADTS,
  CustomSource,
  EncodedPacketSink,
  FLAC,
  Input,
  type InputAudioTrack,
  type InputVideoTrack,
  Logging,
  LogLevel,
  MATROSKA,
  MP3,
  MP4,
  MPEG_TS,
  OGG,
  QTFF,
  WAVE,
  WEBM,
} from 'mediabunny';
import { pixelFormatOf } from './pixel-format.ts';
import { toRationalRate } from './rational-rate.ts';
import { noFacts, type StreamFacts } from './stream-facts.ts';

const formats = [MP4, QTFF, MATROSKA, WEBM, MPEG_TS, MP3, WAVE, OGG, ADTS, FLAC];
/** Counting the frames of these means reading the whole file; past this size ffmpeg's count is waited for. */
const countLimitBytes = 256 * 1024 * 1024;

const codecNames: Record<string, string> = { avc: 'h264' };
const codecNamesById: Record<string, string> = {
  jpeg: 'mjpeg',
  mjpa: 'mjpeg',
  mp4v: 'mpeg4',
  AVdh: 'dnxhd',
  AVdn: 'dnxhd',
};

/** The facts of a container; null when mediabunny does not know the container or the picture's codec. */
export async function readContainer(file: FileHandle, sizeBytes: number): Promise<StreamFacts | null> {
  // "unsupported codec" is an answer here, not news for the console
  Logging.level = LogLevel.Silent;
  const input = new Input({ formats, source: sourceOf(file, sizeBytes) });
  try {
    if (!(await input.canRead())) return null;
    const video = await input.getPrimaryVideoTrack();
    const audio = await input.getPrimaryAudioTrack();
    const audioCodec = audio && audioNameOf(await audio.getCodec(), await audio.getInternalCodecId());
    if (!video) return audio ? await readSound(audio, audioCodec) : { ...noFacts, hopeless: true, problem: noIndex };
    const metadataEnd = await input.getDurationFromMetadata();
    const computedEnd = metadataEnd === null ? null : await input.computeDuration();
    const facts = await readVideo(video, sizeBytes);
    if (facts === null) return null;
    const problem = facts.problem ?? describeGap(metadataEnd, computedEnd);
    return { ...facts, audioCodec, problem };
  } finally {
    input.dispose();
  }
}

/** How a film's first video track says its colours; null when mediabunny cannot read it. */
export async function readColorMatrix(
  file: FileHandle,
  sizeBytes: number,
): Promise<'tagged' | 'untagged' | 'rgb' | null> {
  Logging.level = LogLevel.Silent;
  const input = new Input({ formats, source: sourceOf(file, sizeBytes) });
  try {
    const track = await input.getPrimaryVideoTrack();
    if (!track) return null;
    const { matrix } = await track.getColorSpace();
    return matrix === 'rgb' ? 'rgb' : matrix ? 'tagged' : 'untagged';
  } catch {
    return null;
  } finally {
    input.dispose();
  }
}

const cutShort = 'The file is cut short:';

/** Whether a probe's problem says that bytes are missing, although what is there may decode without an error. */
export function isCutShort(problem: string | null): boolean {
  return problem?.startsWith(cutShort) === true;
}

const noIndex = `${cutShort} its index is missing, so no frame can be found in it. Download or render it again.`;

async function readVideo(track: InputVideoTrack, sizeBytes: number): Promise<StreamFacts | null> {
  const internalId = await track.getInternalCodecId();
  const codec = await track.getCodec();
  const videoCodec = codec === null ? (codecNamesById[String(internalId)] ?? null) : (codecNames[codec] ?? codec);
  if (videoCodec === null) return null;
  const shape = {
    ...noFacts,
    hasVideo: true,
    videoCodec,
    width: positive(await track.getDisplayWidth()),
    height: positive(await track.getDisplayHeight()),
    rotation: await track.getRotation(),
    pixelFormat: await readPixelFormat(track),
  };
  if (internalId === 'encv') {
    return { ...shape, hopeless: true, problem: 'The film is encrypted (DRM): it can be neither shown nor checked.' };
  }
  const sink = new EncodedPacketSink(track);
  if ((await sink.getFirstPacket({ metadataOnly: true })) === null) {
    return { ...shape, hopeless: true, problem: 'The file has a head but holds no frames.' };
  }
  return { ...shape, ...(await readTiming(track, sizeBytes)), problem: await describeCut(sink) };
}

async function readTiming(track: InputVideoTrack, sizeBytes: number) {
  const countable = sizeBytes <= countLimitBytes;
  const metrics = await track.computeFrameRateMetrics({ targetPacketCount: countable ? Infinity : 256 });
  const first = await track.getFirstTimestamp();
  // frames before zero are decoded but never shown: an edit list cuts them away
  const hidden = first < 0 ? await countHidden(track) : 0;
  const duration = (await track.computeDuration()) - Math.max(0, first);
  return {
    durationSeconds: duration >= 0 ? duration : null,
    frameCount: countable ? metrics.probedPacketCount - hidden : null,
    frameRate:
      metrics.probedPacketCount > 1 && metrics.underlyingFrameRate !== null
        ? toRationalRate(metrics.underlyingFrameRate)
        : null,
  };
}

async function countHidden(track: InputVideoTrack): Promise<number> {
  let hidden = 0;
  for await (const packet of new EncodedPacketSink(track).packets(undefined, undefined, { metadataOnly: true })) {
    if (packet.timestamp < -1e-6) hidden += 1;
  }
  return hidden;
}

/** A download that broke off keeps its index and so its promised length; only the last frame's bytes tell. */
async function describeCut(sink: EncodedPacketSink): Promise<string | null> {
  const last = await sink.getPacket(Number.POSITIVE_INFINITY).catch(() => null);
  if (last !== null && last.data.length > 0) return null;
  return `${cutShort} the end of its film is missing. Download or render it again.`;
}

/** WebM tells its length in its head and ends where its bytes end. */
function describeGap(promised: number | null, found: number | null): string | null {
  if (promised === null || found === null || promised - found <= Math.max(0.5, promised * 0.05)) return null;
  return `${cutShort} it promises ${promised.toFixed(1)} s and ends after ${found.toFixed(1)} s. Download or render it again.`;
}

async function readPixelFormat(track: InputVideoTrack): Promise<string | null> {
  const config = await track.getDecoderConfig().catch(() => null);
  const description: unknown = config?.description;
  return pixelFormatOf(config?.codec ?? null, description instanceof Uint8Array ? description : undefined);
}

async function readSound(track: InputAudioTrack, audioCodec: string | null): Promise<StreamFacts> {
  const durationSeconds = await track.computeDuration();
  return { ...noFacts, audioCodec, durationSeconds: durationSeconds >= 0 ? durationSeconds : null };
}

function audioNameOf(codec: string | null, internalId: unknown): string {
  if (codec !== null) return codec;
  return typeof internalId === 'string' && internalId !== '' ? internalId.trim() : 'unknown';
}

function positive(value: number): number | null {
  return value > 0 ? Math.round(value) : null;
}

function sourceOf(file: FileHandle, sizeBytes: number): CustomSource {
  return new CustomSource({
    getSize: () => sizeBytes,
    async read(start, end) {
      const bytes = Buffer.allocUnsafe(end - start);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
      return bytes.subarray(0, bytesRead);
    },
    prefetchProfile: 'fileSystem',
  });
}
