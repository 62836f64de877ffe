// The only place that starts ffmpeg and ffprobe, and the only one that knows fluent-ffmpeg. Every run gets an argument
// array, `file:` urls, whitelists of protocols and formats and a time limit; a bad exit becomes media.ffmpeg-failed with
// the command and the end of what ffmpeg said.
import createCommand from 'fluent-ffmpeg';
import { AppError } from '../platform/app-error.ts';
import type { ProcessResult, ProcessRunner } from '../platform/process-runner.ts';
import { parseFilterList, parseProgress, parseVersion } from './ffmpeg-output.ts';
import { type FfmpegPaths, type LocateOptions, locateFfmpeg } from './locate-ffmpeg.ts';

export interface FfmpegRunOptions {
  signal?: AbortSignal | undefined;
  /** default 10 minutes */
  timeoutMs?: number | undefined;
  cwd?: string | undefined;
  input?: Uint8Array | undefined;
  /** gives way to whatever a person is waiting for */
  background?: boolean | undefined;
  /** seconds of media written so far; taken from `-progress`, so standard output is not returned then */
  onProgress?: ((seconds: number) => void) | undefined;
  /** takes standard output as it comes, instead of keeping it */
  onStdout?: ((chunk: Buffer) => void) | undefined;
}

export interface Ffmpeg {
  readonly paths: FfmpegPaths;
  /** as ffmpeg prints it: `5.1.9-0+deb12u1`, `7.0.2`, `N-12345-g…` */
  readonly version: string;
  hasFilter(name: string): boolean;
  /** Runs ffmpeg and rejects with `media.ffmpeg-failed` on a bad exit. */
  run(args: readonly string[], options?: FfmpegRunOptions): Promise<ProcessResult>;
  /** Runs ffmpeg and gives the result back however it ended. */
  attempt(args: readonly string[], options?: FfmpegRunOptions): Promise<ProcessResult>;
  /** Runs ffprobe, which may be absent (`paths.ffprobe`). */
  attemptProbe(args: readonly string[], options?: FfmpegRunOptions): Promise<ProcessResult>;
}

export interface FfmpegOptions extends LocateOptions {
  runner: ProcessRunner;
}

/** Containers that may be opened. Playlists, concat scripts, image sequences and devices are left out on purpose: they read other files. */
const clipDemuxers = 'mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mxf,flv,ogg,wav,mp3,aac,flac,gif,ivf';

const tenMinutesMs = 600_000;

/** Arguments that read one file safely; `options` are demuxer and decoder options from code, never from a user. */
export function inputArguments(path: string, options: readonly string[] = []): string[] {
  return ['-protocol_whitelist', 'file,pipe', '-format_whitelist', clipDemuxers, ...options, '-i', fileUrl(path)];
}

/** A name that ffmpeg takes as a plain file: `-x.mp4` is no option then, and `a:b.mp4` no protocol. */
export function fileUrl(path: string): string {
  return `file:${path}`;
}

export interface FfmpegOutput {
  /** `nothing` decodes and filters without writing (`-f null -`) */
  to: { file: string } | 'stdout' | 'nothing';
  /** one option or value per entry, none with a space */
  options: readonly string[];
}

export interface FfmpegJob {
  input: string;
  inputOptions?: readonly string[];
  filterGraph?: string;
  outputs: readonly FfmpegOutput[];
}

/** The argument array of a job with one input and several outputs, composed by fluent-ffmpeg. */
export function composeArguments(job: FfmpegJob): string[] {
  const command = createCommand();
  command.input(fileUrl(job.input));
  const reading = inputArguments(job.input, job.inputOptions).slice(0, -2);
  for (const option of reading) command.inputOptions([quoteForFluent(option)]);
  if (job.filterGraph !== undefined) command.complexFilter(job.filterGraph);
  for (const output of job.outputs) {
    command.output(targetOf(output));
    const options = output.to === 'nothing' ? [...output.options, '-f', 'null'] : output.options;
    for (const option of options) command.outputOptions([quoteForFluent(option)]);
  }
  const { _getArguments: getArguments } = command as unknown as { _getArguments: () => string[] };
  return getArguments.call(command);
}

function targetOf(output: FfmpegOutput): string {
  if (output.to === 'nothing') return '-';
  return output.to === 'stdout' ? 'pipe:1' : fileUrl(output.to.file);
}

/** fluent-ffmpeg splits an option at its first space and cannot be told not to. */
function quoteForFluent(option: string): string {
  if (option.includes(' ')) throw new Error(`an ffmpeg option may hold no space: ${option}`);
  return option;
}

/** Finds ffmpeg, asks it once for its version and filters, and gives the face that everything else uses. */
export async function openFfmpeg(options: FfmpegOptions): Promise<Ffmpeg> {
  const { runner } = options;
  const paths = await locateFfmpeg(options);
  const attempt = (args: readonly string[], run: FfmpegRunOptions = {}) =>
    start(runner, paths.ffmpeg, [...quietFfmpeg, ...progressArguments(run), ...args], run);
  const version = parseVersion((await attempt(['-version'])).stdout.toString('utf8'));
  if (version === null) throw missing(paths.ffmpeg, 'it does not answer as ffmpeg does');
  const filters = parseFilterList((await attempt(['-filters'])).stdout.toString('utf8'));
  return {
    paths,
    version,
    hasFilter: (name) => filters.has(name),
    attempt,
    async run(args, run = {}) {
      const result = await attempt(args, run);
      if (result.exitCode !== 0) throw failed(paths.ffmpeg, args, result);
      return result;
    },
    attemptProbe(args, run = {}) {
      if (paths.ffprobe === null) throw missing('ffprobe', 'it is not installed');
      return start(runner, paths.ffprobe, ['-hide_banner', ...args], run);
    },
  };
}

const quietFfmpeg = ['-hide_banner', '-nostdin', '-y'];

function progressArguments(options: FfmpegRunOptions): string[] {
  return options.onProgress ? ['-nostats', '-stats_period', '0.25', '-progress', 'pipe:1'] : [];
}

async function start(
  runner: ProcessRunner,
  command: string,
  args: readonly string[],
  options: FfmpegRunOptions,
): Promise<ProcessResult> {
  const { onProgress } = options;
  // -nostdin would refuse what is fed on purpose
  const finalArgs = options.input === undefined ? args : args.filter((arg) => arg !== '-nostdin');
  try {
    return await runner.run({
      command,
      args: finalArgs,
      timeoutMs: options.timeoutMs ?? tenMinutesMs,
      signal: options.signal,
      cwd: options.cwd,
      input: options.input,
      background: options.background,
      onStdout: options.onStdout ?? (onProgress && ((chunk) => reportProgress(chunk, onProgress))),
    });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT' || code === 'EACCES') throw missing(command, `it cannot be started (${code})`, error);
    throw error;
  }
}

function reportProgress(chunk: Buffer, onProgress: (seconds: number) => void): void {
  const seconds = parseProgress(chunk.toString('utf8'));
  if (seconds !== null) onProgress(seconds);
}

function missing(command: string, why: string, cause?: unknown): AppError {
  return new AppError({
    code: 'media.ffmpeg-missing',
    message: `Video cannot be prepared: ${command} is needed and ${why}.`,
    hint: 'Install ffmpeg (for example `apt install ffmpeg` or `brew install ffmpeg`), or name the program in CIRCLETAKE_FFMPEG.',
    detail: { command },
    cause,
  });
}

/** Turns a bad exit into a sentence; command and last words go into the detail for the log. */
export function failed(command: string, args: readonly string[], result: ProcessResult): AppError {
  const tail = result.stderr.trim().split('\n').slice(-12).join('\n');
  const full = /No space left on device/i.test(result.stderr);
  return new AppError({
    code: full ? 'disk.full' : 'media.ffmpeg-failed',
    message: full
      ? 'The disk is full: ffmpeg could not write its output.'
      : result.timedOut
        ? 'ffmpeg took too long with this file and was stopped.'
        : 'ffmpeg could not process this file.',
    hint: full ? 'Free some space on that disk, then try again.' : 'The log has the command and what ffmpeg answered.',
    detail: { command, args, exitCode: result.exitCode, timedOut: result.timedOut, stderr: tail },
    retry: full,
  });
}
