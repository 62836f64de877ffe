/**
 * A clip from one picture: the camera move of the shot, grain, a temp sound, timecode and frame number burnt in.
 * H.264 High and AAC in MP4, the project's frame rate, exactly the frames that were asked for.
 */
import { writeFile } from 'node:fs/promises';
import { type FrameRate, frameToSeconds } from '../../../src-shared/domain/timecode.ts';
import type { FfmpegRunner } from '../../orchestrator/ports/picture-tools.ts';
import { drawFrameStrip, stripLayout } from './burn-in.ts';
import { type CameraDirection, readCameraLine } from './read-direction.ts';

export interface ClipOrder {
  width: number;
  height: number;
  frameRate: FrameRate;
  durationSeconds: number;
  seed: number;
  /** `hold` keeps the camera still whatever the line says */
  motion: 'move' | 'hold';
  cameraLine: string;
  label: string;
  audio: boolean;
}

/** Frames of a clip: the duration rounded to whole frames, one at least. */
function clipFrameCount(durationSeconds: number, rate: FrameRate): number {
  return Math.max(1, Math.round((durationSeconds * rate.num) / rate.den));
}

/** Renders `picturePath` to `outputPath` (MP4); `stripPath` is a temporary file that the caller removes. */
export async function renderClip(
  order: ClipOrder,
  files: { picturePath: string; stripPath: string; outputPath: string },
  tools: { ffmpeg: FfmpegRunner; signal: AbortSignal },
): Promise<void> {
  const frames = clipFrameCount(order.durationSeconds, order.frameRate);
  await writeStrips(order, frames, files.stripPath);
  const args = clipArguments(order, frames, files);
  await tools.ffmpeg.run(args, { signal: tools.signal, timeoutMs: 60_000 + order.durationSeconds * 20_000 });
}

async function writeStrips(order: ClipOrder, frames: number, path: string): Promise<void> {
  const { height } = stripLayout(order.width);
  const size = order.width * height;
  const all = new Uint8Array(size * frames);
  for (let frame = 0; frame < frames; frame++) {
    all.set(drawFrameStrip(order.width, frame, order.frameRate, order.label).pixels, frame * size);
  }
  await writeFile(path, all);
}

function clipArguments(
  order: ClipOrder,
  frames: number,
  files: { picturePath: string; stripPath: string; outputPath: string },
): string[] {
  const { width, height, frameRate } = order;
  const rate = `${frameRate.num}/${frameRate.den}`;
  const strip = stripLayout(width).height;
  const keep = height - strip;
  const direction: CameraDirection =
    order.motion === 'hold' ? { move: 'static', lensMm: null, pace: 0.5 } : readCameraLine(order.cameraLine);
  const picture = [
    `crop=w=trunc(iw*${keep}/${height}/2)*2:h=trunc(ih*${keep}/${height}/2)*2:x=(iw-ow)/2:y=0`,
    `scale=${width}:${height}:flags=lanczos`,
    cameraFilter(direction, frames, order.seed),
    `noise=all_seed=${order.seed % 100_000}:alls=5:allf=t`,
    'format=yuv420p',
  ].join(',');
  const seconds = frameToSeconds(frames, frameRate).toFixed(6);
  const inputs = [
    ...['-loop', '1', '-framerate', rate, '-i', `file:${files.picturePath}`],
    ...['-f', 'rawvideo', '-pixel_format', 'gray', '-video_size', `${width}x${strip}`, '-framerate', rate],
    ...['-i', `file:${files.stripPath}`],
  ];
  const sound = order.audio
    ? ['-f', 'lavfi', '-t', seconds, '-i', temporarySound(order.seed, order.durationSeconds)]
    : [];
  return [
    ...inputs,
    ...sound,
    '-filter_complex',
    `[0:v]${picture}[p];[1:v]format=yuv420p[s];[p][s]overlay=0:H-h:shortest=1,setsar=1[v]`,
    ...['-map', '[v]', ...(order.audio ? ['-map', '2:a', '-c:a', 'aac', '-b:a', '96k', '-ac', '2'] : [])],
    ...['-frames:v', String(frames), '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '21', '-profile:v', 'high'],
    ...['-g', '48', '-bf', '2', '-threads', '2', '-pix_fmt', 'yuv420p'],
    ...['-color_primaries', 'bt709', '-color_trc', 'bt709', '-colorspace', 'bt709', '-color_range', 'tv'],
    ...['-map_metadata', '-1', '-fflags', '+bitexact', '-flags:v', '+bitexact', '-flags:a', '+bitexact'],
    ...['-movflags', '+faststart', '-f', 'mp4', '-y', `file:${files.outputPath}`],
  ];
}

/**
 * The move as ffmpeg's `perspective` filter, which samples between pixels, so that slow moves do not jitter as `crop`
 * and `zoompan` do. `p` runs 0 → 1 with an ease at both ends; the window never leaves the picture.
 */
function cameraFilter(direction: CameraDirection, frames: number, seed: number): string {
  const t = `(on/${Math.max(1, frames - 1)})`;
  const p = `(${t}*${t}*(3-2*${t}))`;
  const reach = direction.pace;
  const still = { zoom: `(1.02+0.008*sin(on/23+${seed % 7}))`, x: '0', y: '0', lean: '0' };
  const moves: Record<CameraDirection['move'], typeof still> = {
    static: still,
    push: { ...still, zoom: `(1.02+${0.26 * reach}*${p})` },
    pull: { ...still, zoom: `(${1.04 + 0.26 * reach}-${0.26 * reach}*${p})` },
    'pan-left': { ...still, zoom: '1.22', x: `(${0.075 * Math.min(1.1, 0.6 + reach / 2)}*(1-2*${p}))` },
    'pan-right': { ...still, zoom: '1.22', x: `(${0.075 * Math.min(1.1, 0.6 + reach / 2)}*(2*${p}-1))` },
    'tilt-up': { ...still, zoom: '1.22', y: `(${0.08}*(1-2*${p}))` },
    'tilt-down': { ...still, zoom: '1.22', y: `(${0.08}*(2*${p}-1))` },
    orbit: { zoom: '1.24', x: `(0.045*(2*${p}-1))`, y: '0', lean: `(0.06*(2*${p}-1))` },
    handheld: {
      zoom: '1.12',
      x: `(0.016*sin(on/5.3+${seed % 11})+0.009*sin(on/2.1))`,
      y: `(0.012*sin(on/4.1+${seed % 5})+0.007*cos(on/1.9))`,
      lean: '(0.006*sin(on/7))',
    },
  };
  const { zoom, x, y, lean } = moves[direction.move];
  const left = `W*(0.5+${x}-0.5/${zoom})`;
  const right = `W*(0.5+${x}+0.5/${zoom})`;
  const top = (side: 1 | -1) => `H*(0.5+${y}-(0.5/${zoom})*(1${side === 1 ? '-' : '+'}${lean}))`;
  const bottom = (side: 1 | -1) => `H*(0.5+${y}+(0.5/${zoom})*(1${side === 1 ? '-' : '+'}${lean}))`;
  const corners = { x0: left, y0: top(1), x1: right, y1: top(-1), x2: left, y2: bottom(1), x3: right, y3: bottom(-1) };
  const options = Object.entries(corners).map(([name, expression]) => `${name}='${expression}'`);
  return `perspective=${options.join(':')}:interpolation=linear:sense=source:eval=frame`;
}

/** Room tone and a low chord, so that a cut has something to breathe with and the sound gate something to measure. */
function temporarySound(seed: number, durationSeconds: number): string {
  const root = [98, 110, 123.47, 130.81][seed % 4];
  const fade = Math.max(0, durationSeconds - 0.4).toFixed(3);
  return (
    `anoisesrc=color=brown:amplitude=0.08:seed=${seed % 100_000}:sample_rate=48000,` +
    `volume=0.7[n];aevalsrc='0.07*sin(2*PI*${root}*t)+0.05*sin(2*PI*${root}*1.5*t)+0.03*sin(2*PI*${root}*2.02*t)':s=48000[c];` +
    `[n][c]amix=inputs=2,afade=t=in:d=0.2,afade=t=out:st=${fade}:d=0.4`
  );
}
