/**
 * Clips whose every frame carries its number as sixteen black or white blocks, least significant first, over a
 * moving ramp: a test reads from the canvas which frame was really painted.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface ClipRequest {
  path: string;
  width: number;
  height: number;
  frames: number;
  /** as ffmpeg takes it: 24, 24000/1001 */
  rate: string;
  /** output options of ffmpeg; H.264 with B-frames and a group of 48 unless told */
  encoding?: readonly string[];
  /** where in a frame number the codes start, to tell two clips apart */
  firstCode?: number;
  /** a tone as long as the picture */
  hasTone?: boolean;
}

export const codeBits = 16;
/** the table of contents first, as the application's own files and most providers' have it */
const fastStart = ['-movflags', '+faststart'];
const longGroups = ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '48', '-keyint_min', '48', '-bf', '3'];

/** Encodes a clip with burnt-in frame numbers. */
export async function makeClip(request: ClipRequest): Promise<void> {
  const { path, width, height, rate } = request;
  const tone = request.hasTone ? ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000'] : [];
  const input = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${width}x${height}`, '-r', rate, '-i', 'pipe:0'];
  const audio = request.hasTone ? ['-c:a', 'aac', '-shortest'] : [];
  await runFfmpeg(
    [...input, ...tone, ...(request.encoding ?? longGroups), '-pix_fmt', 'yuv420p', ...audio, ...fastStart, path],
    (n) => (n < request.frames ? drawFrame(width, height, n + (request.firstCode ?? 0)) : null),
  );
}

/** Makes the all-intra copy the player scrubs on. */
export async function makeProxy(from: string, to: string, height = 540): Promise<void> {
  const encoding = [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-g',
    '1',
    '-pix_fmt',
    'yuv420p',
    '-fps_mode',
    'passthrough',
  ];
  await runFfmpeg(['-i', from, '-an', '-vf', `scale=-2:${height}`, ...encoding, ...fastStart, to]);
}

/** Runs ffmpeg, feeding it frames until there are no more; throws with its own words when it fails. */
export async function runFfmpeg(
  args: readonly string[],
  frameAt: (n: number) => Buffer | null = () => null,
): Promise<void> {
  const child = spawn('ffmpeg', ['-v', 'error', '-y', ...args], { stdio: ['pipe', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const closed = once(child, 'close');
  child.stdin.on('error', () => undefined);
  for (let n = 0, frame = frameAt(0); frame; n += 1, frame = frameAt(n)) {
    if (!child.stdin.write(frame)) await Promise.race([once(child.stdin, 'drain'), closed]);
  }
  child.stdin.end();
  const [code] = await closed;
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}: ${said}`);
}

function drawFrame(width: number, height: number, code: number): Buffer {
  const luma = width * height;
  const frame = Buffer.alloc(luma * 1.5, 128);
  for (let row = 0; row < height; row += 1) {
    frame.fill(60 + ((row + code * 3) % 120), row * width, (row + 1) * width);
  }
  const block = blockSize(width);
  for (let bit = 0; bit < codeBits; bit += 1) {
    const value = (code >> bit) & 1 ? 235 : 16;
    for (let row = block; row < 2 * block; row += 1) {
      frame.fill(value, row * width + block * (bit + 2), row * width + block * (bit + 3));
    }
  }
  return frame;
}

/** Side of one block: a twentieth of the width, so that sixteen fit with a margin of two. */
export function blockSize(width: number): number {
  return Math.floor(width / 20);
}
