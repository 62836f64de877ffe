// Puts what is derived from one take into a folder of its own: made under a temporary name, flushed, renamed. The marker
// is part of the folder, so a folder under its final name is always whole.
import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { type MediaProbe, type PreparedMedia, preparedMediaSchema } from '../../src-shared/domain/media.ts';
import { type MediaMetrics, mediaMetricsSchema } from '../../src-shared/domain/media-metrics.ts';
import { AppError } from '../platform/app-error.ts';
import {
  makeFolder,
  readJsonFile,
  renameDurably,
  syncFile,
  syncFolder,
  temporaryPathFor,
  toFileError,
  writeFileAtomic,
} from '../platform/atomic-file.ts';
import type { Ffmpeg } from './ffmpeg.ts';
import { preparedNames, scratchNames } from './preparation-plan.ts';
import { prepareClip } from './prepare-clip.ts';
import { prepareStill } from './prepare-still.ts';

const preparedRecordSchema = z.strictObject({
  version: z.literal(1),
  prepared: preparedMediaSchema,
  metrics: mediaMetricsSchema.nullable(),
});
export type PreparedRecord = z.infer<typeof preparedRecordSchema>;

export interface PrepareRequest {
  path: string;
  probe: MediaProbe;
  /** the take's own folder in the cache; replaced as a whole */
  outDir: string;
  signal?: AbortSignal | undefined;
  /** 0–1 */
  onProgress?: ((share: number) => void) | undefined;
}

/** What is already prepared in a folder; null when there is nothing, or a record of another version. */
export async function readPrepared(outDir: string): Promise<PreparedRecord | null> {
  const record = await readJsonFile(join(outDir, preparedNames.marker)).catch(() => null);
  const parsed = preparedRecordSchema.safeParse(record);
  return parsed.success ? parsed.data : null;
}

/** Makes poster, filmstrip, proxy and figures of a take. Damaged media is an answer; only disk and tools are errors. */
export async function prepareMedia(ffmpeg: Ffmpeg | null, request: PrepareRequest): Promise<PreparedRecord> {
  const { outDir } = request;
  const work = temporaryPathFor(outDir);
  await makeFolder(work);
  try {
    const record: PreparedRecord = { version: 1, ...(await makeAll(ffmpeg, request, work)) };
    for (const name of Object.values(scratchNames)) await rm(join(work, name), { force: true });
    for (const name of await readdir(work)) await syncFile(join(work, name));
    await writeFileAtomic(join(work, preparedNames.marker), JSON.stringify(record));
    await syncFolder(work);
    await rm(outDir, { recursive: true, force: true });
    await renameDurably(work, outDir);
    return record;
  } catch (error) {
    await rm(work, { recursive: true, force: true }).catch(() => undefined);
    throw toFileError(error, join(dirname(outDir), preparedNames.marker));
  }
}

interface Made {
  prepared: PreparedMedia;
  metrics: MediaMetrics | null;
}

async function makeAll(ffmpeg: Ffmpeg | null, request: PrepareRequest, folder: string): Promise<Made> {
  const { path, probe, signal, onProgress } = request;
  switch (probe.kind) {
    case 'still':
      return prepareStill(path, probe, folder);
    case 'audio':
      return { prepared: { poster: false, filmstrip: null, proxy: false }, metrics: null };
    case 'clip':
      if (ffmpeg === null) throw noFfmpeg();
      return prepareClip(ffmpeg, { path, probe, folder, signal, onProgress });
  }
}

function noFfmpeg(): AppError {
  return new AppError({
    code: 'media.ffmpeg-missing',
    message: 'Clips cannot be prepared: ffmpeg is not installed.',
    hint: 'Install ffmpeg, or name the program in CIRCLETAKE_FFMPEG, then start Circletake again.',
  });
}
