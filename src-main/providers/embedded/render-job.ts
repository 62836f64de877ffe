import { rm, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { shortShotId } from '../../../src-shared/domain/ids.ts';
import { nominalRate } from '../../../src-shared/domain/timecode.ts';
import type { FfmpegRunner } from '../../orchestrator/ports/picture-tools.ts';
import { composeFrame } from './compose-frame.ts';
import { type EmbeddedJob, embeddedParamsSchema } from './embedded-job.ts';
import type { FrameOrder } from './frame-order.ts';
import { readCameraLine } from './read-direction.ts';
import { renderClip } from './render-clip.ts';

export interface RenderPlace {
  outputPath: string;
  /** temporary files of the render begin with this and are removed at its end */
  scratchPrefix: string;
  resolvePath: (relativePath: string) => string;
  ffmpeg: FfmpegRunner;
  signal: AbortSignal;
}

/** Makes the artefact of an accepted job at `outputPath`; equal jobs give equal bytes. */
export async function renderJob(job: EmbeddedJob, place: RenderPlace): Promise<void> {
  const { request } = job;
  place.signal.throwIfAborted();
  if (request.output.kind === 'still') {
    const picture = await composeFrame(frameOrderOf(job, place));
    await writeFile(place.outputPath, job.fault === 'black' ? await blackPicture(job) : picture);
    return;
  }
  const scratch = { picture: `${place.scratchPrefix}.png`, strip: `${place.scratchPrefix}.gray` };
  try {
    const picturePath = await startPicture(job, place, scratch.picture);
    const params = embeddedParamsSchema.parse(request.params);
    const { width, height, frameRate, durationSeconds, audio } = request.output;
    await renderClip(
      {
        ...{ width, height, frameRate, audio, seed: request.seed ?? 0, motion: params.motion },
        durationSeconds: durationSeconds ?? 1,
        cameraLine: params.camera || request.prompt,
        label: `${shortShotId(request.shotId)} ${request.seed}`,
      },
      { picturePath, stripPath: scratch.strip, outputPath: place.outputPath },
      place,
    );
  } finally {
    await Promise.all(Object.values(scratch).map((path) => rm(path, { force: true })));
  }
}

/** The approved keyframe; without one (text to video) a frame painted for the purpose. */
async function startPicture(job: EmbeddedJob, place: RenderPlace, scratchPath: string): Promise<string> {
  if (job.fault === 'black') {
    await writeFile(scratchPath, await blackPicture(job));
    return scratchPath;
  }
  if (job.request.startFrame) return place.resolvePath(job.request.startFrame.path);
  await writeFile(scratchPath, await composeFrame({ ...frameOrderOf(job, place), treatment: 'painted' }));
  return scratchPath;
}

function blackPicture(job: EmbeddedJob): Promise<Buffer> {
  const { width, height } = job.request.output;
  return sharp({ create: { width, height, channels: 3, background: '#000' } })
    .png()
    .toBuffer();
}

/** Roles are `<class>:<subject>:<kind>/<view>`; a close-up takes the expression where the plan gives one. */
function frameOrderOf(job: EmbeddedJob, place: RenderPlace): FrameOrder {
  const { request } = job;
  const params = embeddedParamsSchema.parse(request.params);
  const closeUp = params.shot_type === 'close_up' || params.shot_type === 'extreme_close_up';
  const refsOf = (subjectClass: string) => {
    const bySubject = new Map<string, { path: string; slot: string }>();
    for (const ref of request.refs) {
      const [refClass, subject, slot = ''] = ref.role.split(':');
      if (refClass !== subjectClass || subject === undefined) continue;
      const better = closeUp && slot.startsWith('expression/');
      if (!bySubject.has(subject) || better) bySubject.set(subject, { path: place.resolvePath(ref.path), slot });
    }
    return [...bySubject.values()];
  };
  const camera = readCameraLine(params.camera || request.prompt);
  const { width, height, frameRate } = request.output;
  const slate = [
    request.shotId.replace('_', ' '),
    request.phase,
    `${nominalRate(frameRate)}fps`,
    camera.lensMm ? `${camera.lensMm}mm` : '',
    camera.move.replace('-', ' '),
    String(request.seed),
  ];
  return {
    ...{ width, height, seed: request.seed ?? 0, style: params.style, shotType: params.shot_type },
    treatment: request.phase === 'previs' ? 'pencil' : 'painted',
    cameraLine: params.camera || request.prompt,
    lightingLine: params.lighting || request.prompt,
    locationPath: refsOf('loc')[0]?.path ?? null,
    characters: refsOf('char').map(({ path, slot }) => ({ path, fromBehind: /\/back\b/.test(slot) })),
    propPaths: refsOf('prop').map(({ path }) => path),
    slate: slate.filter(Boolean).join(' '),
  };
}
