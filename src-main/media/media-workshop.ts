// Everything the rest of the app does with media files, behind one port: hashing, probing, derived media, gate figures.
import { dirname } from 'node:path';
import type { Sha256 } from '../../src-shared/domain/hash.ts';
import type { MediaProbe } from '../../src-shared/domain/media.ts';
import type { MediaMetrics } from '../../src-shared/domain/media-metrics.ts';
import type { MediaWorkshop } from '../orchestrator/ports/media.ts';
import { makeFolder } from '../platform/atomic-file.ts';
import type { Ffmpeg } from './ffmpeg.ts';
import type { FileHasher } from './hash-file.ts';
import { inspectStill } from './inspect-still.ts';
import type { MediaCache } from './media-cache.ts';
import { probeMedia } from './probe.ts';

export interface MeasuringWorkshop extends MediaWorkshop {
  /**
   * Raw figures for the gates, from the same run that makes poster, filmstrip and proxy: whoever asks first, gate or
   * viewer, the take is decoded once. Null for sound.
   */
  measure(path: string, probe: MediaProbe, signal?: AbortSignal): Promise<MediaMetrics | null>;
}

export interface WorkshopParts {
  /** null where ffmpeg is not installed: stills work, clips say what is missing */
  ffmpeg: Ffmpeg | null;
  hasher: FileHasher;
  cache: MediaCache;
}

/** Puts the media parts together for one project (the cache is a project's own). */
export function createMediaWorkshop(parts: WorkshopParts): MeasuringWorkshop {
  const { ffmpeg, hasher, cache } = parts;
  return {
    hash: (path, signal) => hasher.hashFile(path, signal),
    async copyAndHash(source, destination, signal) {
      await makeFolder(dirname(destination));
      return hasher.copyAndHash(source, destination, signal);
    },
    probe: (path, signal) => probeMedia(path, { ffmpeg, signal }),
    inspectStill,
    async prepare(take: { path: string; sha256: Sha256; probe: MediaProbe }, signal) {
      return (await cache.ensurePrepared(take, { signal })).record.prepared;
    },
    async measure(path, probe, signal) {
      const { sha256 } = await hasher.hashFile(path, signal);
      return (await cache.ensurePrepared({ path, sha256, probe }, { signal })).record.metrics;
    },
  };
}
