/**
 * One media file over HTTP ranges: its video track's facts, the index of its frames and its packets by decode
 * position. Owns the mediabunny input; `dispose` cancels every request.
 */
import type { InputVideoTrack } from 'mediabunny';
import {
  type EncodedPacket,
  EncodedPacketSink,
  Input,
  MATROSKA,
  MP4,
  MPEG_TS,
  QTFF,
  UrlSource,
  WEBM,
} from 'mediabunny';
import type { FrameRate } from '../../src-shared/domain/timecode.ts';
import type { FrameIndex, PacketFacts } from './frame-index.ts';
import { buildFrameIndex } from './frame-index.ts';
import type { Timeline } from './timeline.ts';
import { guessFrameRate, timelineOf } from './timeline.ts';

const retries = 3;

/** Single files only: a playlist (HLS) would fetch whatever addresses it names. */
export const containerFormats = [MP4, QTFF, WEBM, MATROSKA, MPEG_TS];

export interface MediaFile {
  readonly input: Input;
  readonly index: FrameIndex;
  readonly timeline: Timeline;
  /** null when the codec is unknown or WebCodecs cannot decode it here */
  readonly decoderConfig: VideoDecoderConfig | null;
  /** seconds of the first shown frame on the file's own clock, which audio shares */
  readonly firstTimestamp: number;
  /** upright, with square pixels */
  readonly width: number;
  readonly height: number;
  /** clockwise degrees to turn a decoded picture upright */
  readonly rotation: number;
  readPacket(position: number): Promise<EncodedPacket>;
  dispose(): void;
}

/** Opens a file and numbers its frames; throws when it holds no video that can be read. */
export async function openMediaFile(url: string, frameRate: FrameRate | null): Promise<MediaFile> {
  const source = new UrlSource(url, {
    getRetryDelay: (attempts) => (attempts < retries ? 0.2 * 2 ** attempts : null),
    handleUnhandledError: () => undefined,
  });
  const input = new Input({ source, formats: containerFormats });
  try {
    const track = await input.getPrimaryVideoTrack();
    if (!track) throw new Error('The file has no video track.');
    return await readTrack(input, track, frameRate);
  } catch (error) {
    input.dispose();
    throw error;
  }
}

async function readTrack(input: Input, track: InputVideoTrack, frameRate: FrameRate | null): Promise<MediaFile> {
  const sink = new EncodedPacketSink(track);
  const [packets, decoderConfig] = await Promise.all([listPackets(track, sink), findDecoderConfig(track)]);
  const index = buildFrameIndex(packets);
  if (index.frameCount === 0) throw new Error('The video track has no frames.');
  const rate = frameRate ?? guessFrameRate(index.startSeconds, index.durationSeconds);
  return {
    input,
    index,
    timeline: timelineOf(index.startSeconds, index.durationSeconds, rate),
    decoderConfig,
    firstTimestamp: packets[index.packetOfFrame[0] ?? 0]?.timestamp ?? 0,
    width: await track.getDisplayWidth(),
    height: await track.getDisplayHeight(),
    rotation: await track.getRotation(),
    readPacket: packetReader(sink, packets),
    dispose: () => input.dispose(),
  };
}

async function listPackets(track: InputVideoTrack, sink: EncodedPacketSink): Promise<PacketFacts[]> {
  // VP8 stores alternate references as packets of their own that show nothing; only their bytes tell.
  const needsBytes = (await track.getCodec()) === 'vp8';
  const options = { metadataOnly: !needsBytes };
  const packets: PacketFacts[] = [];
  let packet = await sink.getFirstPacket(options);
  while (packet) {
    packets.push({
      timestamp: packet.timestamp,
      duration: packet.duration,
      isKey: packet.type === 'key',
      isShown: !needsBytes || ((packet.data[0] ?? 0) & 0x10) !== 0,
    });
    packet = await sink.getNextPacket(packet, options);
  }
  return packets;
}

/** Reads packets by decode position: in sequence from the one before, elsewhere by its own timestamp. */
function packetReader(sink: EncodedPacketSink, packets: readonly PacketFacts[]) {
  let last: { position: number; packet: EncodedPacket } | null = null;
  return async (position: number): Promise<EncodedPacket> => {
    const timestamp = packets[position]?.timestamp;
    const packet =
      last?.position === position - 1
        ? await sink.getNextPacket(last.packet)
        : timestamp === undefined
          ? null
          : await sink.getPacket(timestamp);
    if (!packet || packet.timestamp !== timestamp) throw new Error(`Packet ${position} cannot be read.`);
    last = { position, packet };
    return packet;
  };
}

async function findDecoderConfig(track: InputVideoTrack): Promise<VideoDecoderConfig | null> {
  if (typeof VideoDecoder === 'undefined') return null;
  const config = await track.getDecoderConfig();
  if (!config) return null;
  const complete = { ...config, colorSpace: completeColorSpace(config.colorSpace) };
  try {
    return (await VideoDecoder.isConfigSupported(complete)).supported ? complete : null;
  } catch {
    // A config that is not even well formed throws instead of answering "unsupported".
    return null;
  }
}

/** Chromium drops a partly filled colour space on its way to the decoder (remotion-dev/remotion#10841). */
function completeColorSpace(space: VideoColorSpaceInit | undefined): VideoColorSpaceInit {
  return {
    primaries: space?.primaries ?? 'bt709',
    matrix: space?.matrix ?? 'bt709',
    transfer: space?.transfer ?? 'bt709',
    fullRange: space?.fullRange ?? false,
  };
}
