/** The arguments with which ffmpeg draws a result; pure. */
import type { MediaDefect, MediaWish } from '../core/job.ts';

export const frameRate = 24;

/** One picture or clip to draw; equal drawings are made once. */
export interface Drawing {
  kind: 'still' | 'clip';
  width: number;
  height: number;
  durationSeconds: number | null;
  audio: boolean;
  format: MediaWish['format'];
  defect: MediaDefect | null;
  /** which of the cards: results of different submits look different */
  variant: number;
  /** absolute path of a picture to show in place of the card */
  picture: string | null;
}

export const variants = 8;

/** What a job's result is drawn as, with its defect. */
export function drawingOf(wish: MediaWish, defect: MediaDefect | null, variant: number): Omit<Drawing, 'picture'> {
  const { kind, width, height, durationSeconds, audio, format } = wish;
  const square = Math.min(width, height);
  return {
    ...{ kind, audio, format, defect, variant },
    // A square for what was asked wide or tall, and wide for what was asked square.
    width:
      defect === 'wrong-aspect' && width !== height ? square : defect === 'wrong-aspect' ? even(width * 1.5) : width,
    height: defect === 'wrong-aspect' && width !== height ? square : height,
    durationSeconds: defect === 'wrong-duration' ? (durationSeconds ?? 0) / 2 : durationSeconds,
  };
}

/** Everything after the program's name. */
export function ffmpegArguments(drawing: Drawing, output: string): string[] {
  const quiet = ['-hide_banner', '-nostdin', '-loglevel', 'error', '-y'];
  const { input, filter } = pictureOf(drawing);
  if (drawing.kind === 'still') {
    return [...quiet, ...input, '-vf', filter, '-frames:v', '1', ...stillCodec(drawing), output];
  }
  return [
    ...[...quiet, ...input, ...soundInput(drawing), '-vf', filter],
    ...['-t', String(drawing.durationSeconds ?? 1), '-r', String(frameRate)],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '28', '-pix_fmt', 'yuv420p', '-g', String(frameRate)],
    ...(drawing.audio ? ['-c:a', 'aac', '-b:a', '96k', '-shortest'] : ['-an']),
    ...['-movflags', '+faststart', output],
  ];
}

function pictureOf(drawing: Drawing): { input: string[]; filter: string } {
  const { width, height, kind, defect, picture } = drawing;
  const size = `${width}x${height}`;
  if (defect === 'black') return { input: lavfi(`color=c=black:s=${size}:r=${frameRate}`), filter: 'null' };
  if (picture) {
    const repeated = kind === 'still' ? [] : ['-loop', '1', '-framerate', String(frameRate)];
    return { input: [...repeated, '-i', picture], filter: pictureMove(drawing) };
  }
  const look = lookOf(drawing);
  // One frame, over and over.
  const filter = kind === 'clip' && defect === 'frozen' ? `${look},trim=end_frame=1,loop=loop=-1:size=1:start=0` : look;
  return { input: lavfi(`testsrc2=s=${size}:r=${frameRate}`), filter };
}

/** The given picture fills the frame; in a clip it slides a little. */
function pictureMove({ width, height, kind, defect, durationSeconds }: Drawing): string {
  const still = kind === 'still' || defect === 'frozen';
  const grow = still ? 1 : 1.12;
  const [wide, tall] = [even(width * grow), even(height * grow)];
  const along = still ? '0' : `'(in_w-out_w)*t/${durationSeconds ?? 1}'`;
  const fill = `scale=${wide}:${tall}:force_original_aspect_ratio=increase`;
  return `${fill},crop=${width}:${height}:${along}:(in_h-out_h)/2,setsar=1`;
}

/** A card has no face: another one is another look altogether, mirrored and negative. */
function lookOf({ variant, defect }: Drawing): string {
  const hue = `hue=h=${variant * (360 / variants)}:s=0.7`;
  return defect === 'another-face' ? `${hue},negate,hflip` : hue;
}

function soundInput({ audio, defect, variant }: Drawing): string[] {
  if (!audio) return [];
  if (defect === 'silent') return lavfi('anullsrc=r=48000:cl=stereo');
  return lavfi(`sine=frequency=${220 + variant * 40}:sample_rate=48000,tremolo=f=3:d=0.4`);
}

function stillCodec({ format }: Drawing): string[] {
  return format === 'jpeg'
    ? ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-q:v', '3']
    : ['-c:v', 'png', '-pix_fmt', 'rgb24'];
}

function lavfi(graph: string): string[] {
  return ['-f', 'lavfi', '-i', graph];
}

/** The nearest even number: yuv420p has no odd sizes. */
export function even(length: number): number {
  return Math.max(2, Math.round(length / 2) * 2);
}
