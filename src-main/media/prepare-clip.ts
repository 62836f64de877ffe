// Makes poster, filmstrip, proxy and gate figures of a clip in one ffmpeg run. The run is strict first: a file that
// decodes without a single error is done after it. Only a damaged one is run again, leniently, so that people can see it.
import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { MediaProbe, PreparedMedia } from '../../src-shared/domain/media.ts';
import type { ClipMetrics } from '../../src-shared/domain/media-metrics.ts';
import type { ProcessResult } from '../platform/process-runner.ts';
import { parseAudioLevels } from './audio-levels.ts';
import type { ColorMatrix } from './color-tags.ts';
import { demuxerArguments } from './demuxers.ts';
import { composeArguments, type Ffmpeg, failed } from './ffmpeg.ts';
import type { Size } from './fit-sizes.ts';
import { createFrameMeter, type FrameMeter, laplacianVariance } from './frame-meter.ts';
import {
  type PreparationMode,
  type PreparationPlan,
  planPreparation,
  preparedNames,
  scratchNames,
} from './preparation-plan.ts';
import { isCutShort, readColorMatrix } from './read-container.ts';

export interface ClipJob {
  path: string;
  probe: MediaProbe;
  /** works in this folder and leaves its files there */
  folder: string;
  signal?: AbortSignal | undefined;
  /** 0–1 */
  onProgress?: ((share: number) => void) | undefined;
}

export interface Preparation<Metrics> {
  prepared: PreparedMedia;
  metrics: Metrics;
}

const modes: readonly PreparationMode[] = ['strict', 'lenient', 'silent'];

/** Prepares a clip. A clip that will not decode at all comes back with nothing made and the reason in its metrics. */
export async function prepareClip(ffmpeg: Ffmpeg, job: ClipJob): Promise<Preparation<ClipMetrics>> {
  const { width, height } = job.probe;
  if (width === null || height === null || job.probe.playability === 'unreadable') {
    return nothingMade(job.probe.problem ?? 'The film has no picture size.');
  }
  const matrix = await readMatrix(job.path);
  let firstError: string | null = null;
  for (const mode of modes) {
    if (mode === 'silent' && !job.probe.hasAudio) break;
    const run = await runOnce(ffmpeg, job, { mode, matrix, shown: { width, height } });
    if (run.result.exitCode === 0 && run.meter.frameCount > 0) {
      // WebM ends cleanly wherever it is cut, and the probe's sentence is clearer than any decoder's
      return collect(job.folder, run, isCutShort(job.probe.problem) ? job.probe.problem : firstError);
    }
    const error = failed(ffmpeg.paths.ffmpeg, run.args, run.result);
    if (error.code === 'disk.full') throw error;
    firstError ??= describeDecodeError(run.result);
  }
  return nothingMade(firstError ?? 'No frame could be decoded.');
}

interface Run {
  plan: PreparationPlan;
  args: string[];
  meter: FrameMeter;
  result: ProcessResult;
}

async function runOnce(
  ffmpeg: Ffmpeg,
  job: ClipJob,
  how: { mode: PreparationMode; matrix: ColorMatrix; shown: Size },
): Promise<Run> {
  const { probe, folder, signal, onProgress } = job;
  const plan = planPreparation({ probe, ...how, ffmpegVersion: ffmpeg.version });
  const meter = createFrameMeter(plan.meterSize.width * plan.meterSize.height);
  const args = composeArguments({
    input: job.path,
    inputOptions: [...demuxerArguments(probe.container), ...plan.inputOptions],
    filterGraph: plan.filterGraph,
    outputs: plan.outputs,
  });
  const onStdout = (chunk: Buffer) => {
    meter.push(chunk);
    if (probe.frameCount) onProgress?.(Math.min(1, meter.frameCount / probe.frameCount));
  };
  const timeoutMs = 30_000 + (probe.durationSeconds ?? 0) * 10_000;
  const result = await ffmpeg.attempt(args, { signal, timeoutMs, cwd: folder, onStdout, background: true });
  return { plan, args, meter, result };
}

async function collect(folder: string, run: Run, decodeError: string | null): Promise<Preparation<ClipMetrics>> {
  const { plan, meter } = run;
  const [poster, filmstrip, proxy] = await Promise.all(
    [preparedNames.poster, preparedNames.filmstrip, preparedNames.proxy].map((name) => hasBytes(join(folder, name))),
  );
  const levels = await readFile(join(folder, scratchNames.levels), 'utf8').catch(() => '');
  return {
    prepared: { poster: poster === true, filmstrip: filmstrip ? plan.filmstrip : null, proxy: proxy === true },
    metrics: {
      kind: 'clip',
      decode: { ok: decodeError === null, message: decodeError },
      frameCount: meter.frameCount,
      ...meter.figures(),
      sharpness: {
        framesPerSecond: plan.sharpnessFramesPerSecond,
        variances: await readSharpness(join(folder, scratchNames.sharpness), plan.sharpnessSize),
      },
      audio: parseAudioLevels(levels),
    },
  };
}

async function readSharpness(path: string, size: Size): Promise<number[]> {
  const variances: number[] = [];
  const frame = Buffer.alloc(size.width * size.height);
  const file = await open(path, 'r').catch(() => null);
  if (file === null) return variances;
  try {
    while ((await file.read(frame, 0, frame.length)).bytesRead === frame.length) {
      variances.push(Math.round(laplacianVariance(frame, size.width, size.height) * 10) / 10);
    }
  } finally {
    await file.close();
  }
  return variances;
}

async function readMatrix(path: string): Promise<ColorMatrix> {
  const file = await open(path, 'r');
  try {
    return (await readColorMatrix(file, (await file.stat()).size)) ?? 'tagged';
  } finally {
    await file.close();
  }
}

async function hasBytes(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.size > 0,
    () => false,
  );
}

/** The first complaint, which names the cause; later ones are its consequences. */
export function describeDecodeError(result: Pick<ProcessResult, 'stderr' | 'timedOut'>): string {
  if (result.timedOut) return 'ffmpeg took too long and was stopped';
  const lines = result.stderr.split('\n').map((line) => line.trim());
  const first = lines.find((line) => line !== '') ?? 'ffmpeg gave no reason';
  return first
    .replace(/^\[(\S+) @ 0x[0-9a-f]+\] /, (_, part) => (part === 'NULL' ? '' : `${part}: `))
    .slice(0, 200)
    .replace(/[.\s]+$/, '');
}

function nothingMade(reason: string): Preparation<ClipMetrics> {
  return {
    prepared: { poster: false, filmstrip: null, proxy: false },
    metrics: {
      kind: 'clip',
      decode: { ok: false, message: reason },
      frameCount: 0,
      luma: [],
      change: [],
      black: [],
      sharpness: { framesPerSecond: 1, variances: [] },
      audio: null,
    },
  };
}
