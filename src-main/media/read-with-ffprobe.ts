// Facts of the containers and codecs that mediabunny does not read: AVI, MXF, FLV, old MPEG, odd MKV. ffprobe answers
// in JSON; where it is not installed (ffmpeg-static brings none), ffmpeg's own banner is read.
import { z } from 'zod';
import { demuxerArguments } from './demuxers.ts';
import { type Ffmpeg, inputArguments } from './ffmpeg.ts';
import { parseRate, toRationalRate } from './rational-rate.ts';
import { noFacts, type StreamFacts } from './stream-facts.ts';

const numberText = z.coerce.number().nonnegative().optional().catch(undefined);
const streamSchema = z.object({
  codec_type: z.string().optional(),
  codec_name: z.string().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  pix_fmt: z.string().optional(),
  sample_aspect_ratio: z.string().optional(),
  avg_frame_rate: z.string().optional(),
  r_frame_rate: z.string().optional(),
  duration: numberText,
  nb_frames: numberText,
  nb_read_packets: numberText,
  disposition: z.object({ attached_pic: z.number().optional() }).optional(),
  side_data_list: z.array(z.looseObject({ rotation: z.number().optional() })).optional(),
});
const documentSchema = z.object({
  streams: z.array(streamSchema).default([]),
  format: z.object({ duration: numberText }).optional(),
});
type ProbedStream = z.infer<typeof streamSchema>;

const timeoutMs = 8_000;

/** Asks ffprobe, else ffmpeg; null when neither can open the file. */
export async function readWithFfprobe(
  ffmpeg: Ffmpeg,
  source: { path: string; container: string },
  signal?: AbortSignal,
): Promise<StreamFacts | null> {
  const input = inputArguments(source.path, demuxerArguments(source.container));
  if (ffmpeg.paths.ffprobe === null) {
    const banner = await ffmpeg.attempt(input, { signal, timeoutMs });
    return parseBanner(banner.stderr);
  }
  const args = ['-v', 'error', '-of', 'json', '-show_format', '-show_streams', '-count_packets', ...input];
  const result = await ffmpeg.attemptProbe(args, { signal, timeoutMs });
  return result.exitCode === 0 ? parseProbeDocument(result.stdout.toString('utf8')) : null;
}

/** Facts from ffprobe's JSON; null when it holds neither picture nor sound. */
export function parseProbeDocument(json: string): StreamFacts | null {
  const parsed = documentSchema.safeParse(parseJson(json));
  if (!parsed.success) return null;
  const { streams, format } = parsed.data;
  const video = streams.find((stream) => stream.codec_type === 'video' && stream.disposition?.attached_pic !== 1);
  const audio = streams.find((stream) => stream.codec_type === 'audio');
  if (!video && !audio) return null;
  const audioCodec = audio ? (audio.codec_name ?? 'unknown') : null;
  const durationSeconds = (video ?? audio)?.duration ?? format?.duration ?? null;
  if (!video) return { ...noFacts, audioCodec, durationSeconds };
  const frameCount = video.nb_read_packets ?? video.nb_frames ?? null;
  return {
    ...noFacts,
    ...shapeOf(video),
    hasVideo: true,
    hopeless: video.codec_name === undefined || !video.width,
    durationSeconds,
    frameRate: frameCount === 1 ? null : (parseRate(video.avg_frame_rate) ?? parseRate(video.r_frame_rate)),
    frameCount,
    videoCodec: video.codec_name ?? null,
    pixelFormat: video.pix_fmt ?? null,
    audioCodec,
  };
}

function shapeOf(video: ProbedStream): Pick<StreamFacts, 'width' | 'height' | 'rotation'> {
  const counterClockwise = video.side_data_list?.find((data) => data.rotation !== undefined)?.rotation ?? 0;
  const rotation = quarterTurn(-counterClockwise);
  const width = Math.round((video.width ?? 0) * parseAspect(video.sample_aspect_ratio));
  const height = video.height ?? 0;
  const [shownWidth, shownHeight] = rotation % 180 === 0 ? [width, height] : [height, width];
  return { rotation, width: shownWidth || null, height: shownHeight || null };
}

/** Facts from the lines that `ffmpeg -i` prints before it complains that no output was named. */
export function parseBanner(stderr: string): StreamFacts | null {
  const video = /Stream #\d+:\d+.*?: Video: (\w+).*?, (\w+)[^,]*(?:\([^)]*\))?, (\d+)x(\d+)(.*)$/m.exec(stderr);
  const audio = /Stream #\d+:\d+.*?: Audio: (\w+)/.exec(stderr);
  if (!video && !audio) return null;
  const length = /Duration: (\d+):(\d+):([\d.]+)/.exec(stderr);
  const durationSeconds = length ? Number(length[1]) * 3600 + Number(length[2]) * 60 + Number(length[3]) : null;
  const audioCodec = audio?.[1] ?? null;
  if (!video) return { ...noFacts, audioCodec, durationSeconds };
  const rest = video[5] ?? '';
  const aspect = parseAspect(/SAR (\d+:\d+)/.exec(rest)?.[1]);
  const rate = Number(/([\d.]+) fps/.exec(rest)?.[1]);
  return {
    ...noFacts,
    hasVideo: true,
    videoCodec: video[1] ?? null,
    pixelFormat: video[2] ?? null,
    width: Math.round(Number(video[3]) * aspect),
    height: Number(video[4]),
    durationSeconds,
    frameRate: toRationalRate(snapPrintedRate(rate)),
    audioCodec,
  };
}

/** The banner rounds to two digits: 23.98 stands for 24000/1001. */
function snapPrintedRate(rate: number): number {
  const ntsc = (Math.round((rate * 1001) / 1000) * 1000) / 1001;
  return Math.abs(rate - ntsc) < 0.006 && !Number.isInteger(rate) ? ntsc : rate;
}

function parseAspect(text: string | undefined): number {
  const match = /^(\d+):(\d+)$/.exec(text ?? '');
  const [num, den] = [Number(match?.[1]), Number(match?.[2])];
  return num > 0 && den > 0 ? num / den : 1;
}

function quarterTurn(degrees: number): StreamFacts['rotation'] {
  const turned = (((Math.round(degrees / 90) * 90) % 360) + 360) % 360;
  return turned === 90 || turned === 180 || turned === 270 ? turned : 0;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
