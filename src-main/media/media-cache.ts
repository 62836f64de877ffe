// Derived media by content hash. Equal bytes are prepared once however often and from however many places they are
// asked for; everything in here can be deleted at any time and is made again.
import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hexOf, type Sha256 } from '../../src-shared/domain/hash.ts';
import type { MediaProbe } from '../../src-shared/domain/media.ts';
import { makeFolder, temporarySuffix } from '../platform/atomic-file.ts';
import { createSemaphore } from '../platform/semaphore.ts';
import type { Ffmpeg } from './ffmpeg.ts';
import { preparedNames } from './preparation-plan.ts';
import { type PreparedRecord, prepareMedia, readPrepared } from './prepare-media.ts';

export interface CachedMedia {
  record: PreparedRecord;
  /** null where the take has none */
  posterPath: string | null;
  filmstripPath: string | null;
  proxyPath: string | null;
}

export interface EnsureOptions {
  signal?: AbortSignal | undefined;
  onProgress?: ((share: number) => void) | undefined;
}

export interface MediaCache {
  /** What is prepared of a hash already, without making anything. */
  lookUp(sha256: Sha256): Promise<CachedMedia | null>;
  ensurePrepared(
    take: { path: string; sha256: Sha256; probe: MediaProbe },
    options?: EnsureOptions,
  ): Promise<CachedMedia>;
  /** Removes what an interrupted run left half-made; call once at start. */
  sweep(): Promise<void>;
}

export interface MediaCacheOptions {
  /** `<project>/.circletake/cache`; entries go to `<aa>/<sha256>/` in it */
  folder: string;
  ffmpeg: Ffmpeg | null;
}

interface Job {
  done: Promise<CachedMedia>;
  controller: AbortController;
  waiting: number;
  listeners: Set<(share: number) => void>;
}

export function createMediaCache(options: MediaCacheOptions): MediaCache {
  const jobs = new Map<Sha256, Job>();
  // pictures are decoded in sharp's own threads; more than two at once would only hold more of them in memory
  const semaphore = createSemaphore(2);
  const folderOf = (sha256: Sha256) => join(options.folder, hexOf(sha256).slice(0, 2), hexOf(sha256));

  const lookUp = async (sha256: Sha256): Promise<CachedMedia | null> => {
    const record = await readPrepared(folderOf(sha256));
    return record && withPaths(folderOf(sha256), record);
  };

  const start = (take: { path: string; sha256: Sha256; probe: MediaProbe }): Job => {
    const controller = new AbortController();
    const listeners = new Set<(share: number) => void>();
    const outDir = folderOf(take.sha256);
    const done = semaphore.run(async () => {
      const known = await lookUp(take.sha256);
      if (known) return known;
      await makeFolder(dirname(outDir));
      const onProgress = (share: number) => listeners.forEach((listen) => void listen(share));
      const request = { path: take.path, probe: take.probe, outDir, signal: controller.signal, onProgress };
      return withPaths(outDir, await prepareMedia(options.ffmpeg, request));
    }, controller.signal);
    const forget = () => {
      if (jobs.get(take.sha256) === job) jobs.delete(take.sha256);
    };
    // an abandoned job is forgotten at once: who asks next gets a new one, not its abort
    controller.signal.addEventListener('abort', forget, { once: true });
    const job = { done, controller, waiting: 0, listeners };
    jobs.set(take.sha256, job);
    void done.finally(forget).catch(() => undefined);
    return job;
  };

  return {
    lookUp,
    async ensurePrepared(take, { signal, onProgress } = {}) {
      signal?.throwIfAborted();
      return waitFor(jobs.get(take.sha256) ?? start(take), signal, onProgress);
    },
    async sweep() {
      for (const folder of await readdir(options.folder, { withFileTypes: true }).catch(() => [])) {
        if (!folder.isDirectory()) continue;
        for (const name of await readdir(join(options.folder, folder.name))) {
          if (!name.endsWith(temporarySuffix)) continue;
          await rm(join(options.folder, folder.name, name), { recursive: true, force: true });
        }
      }
    },
  };
}

/** Several may wait for one job; the job is stopped only when the last of them has given up. */
async function waitFor(
  job: Job,
  signal: AbortSignal | undefined,
  onProgress: ((share: number) => void) | undefined,
): Promise<CachedMedia> {
  job.waiting += 1;
  if (onProgress) job.listeners.add(onProgress);
  const aborted = Promise.withResolvers<never>();
  const giveUp = () => aborted.reject(signal?.reason);
  signal?.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([job.done, aborted.promise]);
  } finally {
    signal?.removeEventListener('abort', giveUp);
    if (onProgress) job.listeners.delete(onProgress);
    job.waiting -= 1;
    if (job.waiting === 0) job.controller.abort();
  }
}

function withPaths(folder: string, record: PreparedRecord): CachedMedia {
  const { poster, filmstrip, proxy } = record.prepared;
  return {
    record,
    posterPath: poster ? join(folder, preparedNames.poster) : null,
    filmstripPath: filmstrip ? join(folder, preparedNames.filmstrip) : null,
    proxyPath: proxy ? join(folder, preparedNames.proxy) : null,
  };
}
