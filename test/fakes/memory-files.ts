import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { HashedFile, MediaWorkshop } from '../../src-main/orchestrator/ports/media.ts';
import type { DurableFiles, ProjectPaths } from '../../src-main/orchestrator/ports/project-files.ts';
import { AppError } from '../../src-main/platform/app-error.ts';
import type { Sha256 } from '../../src-shared/domain/hash.ts';
import { shortShotId } from '../../src-shared/domain/ids.ts';
import type { MediaProbe } from '../../src-shared/domain/media.ts';
import type { Phase } from '../../src-shared/domain/phase.ts';

/** A disk in memory: contents by absolute path. Files whose content begins with "bad" are unreadable media. */
export class MemoryDisk {
  readonly contents = new Map<string, string>();

  readonly files: DurableFiles = {
    write: async (path, content) => {
      this.contents.set(path, typeof content === 'string' ? content : Buffer.from(content).toString());
    },
    moveInto: async (source, destination) => {
      const content = this.contents.get(source);
      if (content === undefined) throw new Error(`nothing to move at ${source}`);
      if (this.contents.has(destination)) return false;
      this.contents.set(destination, content);
      this.contents.delete(source);
      return true;
    },
    linkOrCopy: async (source, destination) => {
      this.contents.set(destination, this.contents.get(source) ?? '');
    },
    list: async (folder) => [...this.contents.keys()].filter((path) => posix.dirname(path) === folder),
    readText: async (path) => this.contents.get(path) ?? null,
    remove: async (path) => {
      this.contents.delete(path);
    },
    exists: async (path) => this.contents.has(path),
  };

  readonly media: Pick<MediaWorkshop, 'hash' | 'probe'> = {
    hash: async (path) => this.hashOf(path),
    probe: async (path) => probeOf(this.contents.get(path) ?? ''),
  };

  hashOf(path: string): HashedFile {
    const content = this.contents.get(path);
    if (content === undefined) throw new AppError({ code: 'file.missing', message: `There is no ${path}.` });
    return { sha256: hashText(content), sizeBytes: content.length };
  }

  /** What a restart does with files for work in progress. */
  emptyTemporary(): void {
    for (const path of [...this.contents.keys()]) if (path.startsWith('/p/.tmp/')) this.contents.delete(path);
  }
}

export function hashText(content: string): Sha256 {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

/** Paths of a project at `/p`. */
export const memoryPaths: ProjectPaths = {
  root: '/p',
  resolve: (relative) => `/p/${relative}`,
  relativeTo: (absolute) => absolute.slice('/p/'.length),
  shotFolder: (shotId) => `/p/output/${shotId.slice(0, 5)}/${shortShotId(shotId)}`,
  relativeTakePath: (shotId: string, takeNumber: number, phase: Phase, extension: string) => {
    const short = shortShotId(shotId);
    return `output/${shotId.slice(0, 5)}/${short}/${short}_T${takeNumber}_${phase}${extension}`;
  },
  relativeSidecarPath: (path) => path.replace(/\.[^.]+$/, '.json'),
  temporaryPath: (name) => `/p/.tmp/${name}`,
  asidePath: (name) => `/p/state/aside/${name}`,
  manifestPath: (episodeId) => `/p/output/manifests/${episodeId}_manifest.json`,
  manifestJsonlPath: () => '/p/output/manifests/provenance_manifest.jsonl',
  selectsFolder: (episodeId) => `/p/output/selects/${episodeId}`,
  relativePoolPath: (slot, shortSha, extension) =>
    `assets/${slot.subjectClass}/${slot.subjectId}/base/pool/${slot.kind}/${slot.view}.${shortSha}${extension}`,
  refsManifestPath: () => '/p/assets/refs.manifest.json',
  learningPath: (fileName) => `/p/state/learning/${fileName}`,
  batchFilePath: (batchId) => `/p/state/visual/batches/${batchId}.json`,
};

function probeOf(content: string): MediaProbe {
  const bad = content.startsWith('bad');
  const clip = content.startsWith('clip');
  return {
    ...{ kind: clip ? 'clip' : 'still', container: clip ? 'mp4' : 'png', mimeType: clip ? 'video/mp4' : 'image/png' },
    ...{ width: 720, height: 1280, rotation: 0, durationSeconds: clip ? 4 : null },
    ...{ frameRate: clip ? { num: 24, den: 1 } : null, frameCount: clip ? 96 : null, videoCodec: null },
    ...{ pixelFormat: null, hasAudio: clip, audioCodec: null, sizeBytes: content.length },
    ...{ playability: bad ? 'unreadable' : 'native', problem: bad ? 'it is no picture' : null },
  };
}
