// SHA-256 of files, computed off the main thread. A file that changes while it is read has no hash: half-copied takes
// are told apart so.
import { rename, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import type { Sha256 } from '../../src-shared/domain/hash.ts';
import { AppError } from '../platform/app-error.ts';
import { syncFolder, temporaryPathFor, toFileError } from '../platform/atomic-file.ts';
import { createWorkerPool, workerUrl } from '../platform/worker-pool.ts';
import type { HashAnswer, HashTask } from './hash-worker.ts';

export interface FileHash {
  sha256: Sha256;
  sizeBytes: number;
}

export interface FileHasher {
  hashFile(path: string, signal?: AbortSignal): Promise<FileHash>;
  /** Copies and hashes in one pass; the copy appears whole and durable under its name, or not at all. */
  copyAndHash(source: string, destination: string, signal?: AbortSignal): Promise<FileHash>;
  dispose(): Promise<void>;
}

/** Opens a hasher with its own workers; they start with the first file. */
export function createFileHasher(options: { workers?: number } = {}): FileHasher {
  const pool = createWorkerPool<HashTask, HashAnswer>({
    url: workerUrl('./hash-worker', import.meta.url),
    size: options.workers ?? Math.min(4, availableParallelism()),
  });
  const ask = async (task: HashTask, signal: AbortSignal | undefined): Promise<FileHash> => {
    const answer = await pool.run(task, signal);
    switch (answer.kind) {
      case 'hashed':
        return { sha256: `sha256:${answer.hex}`, sizeBytes: answer.sizeBytes };
      case 'changed':
        throw changed(task.source);
      case 'failed':
        throw toFileError(Object.assign(new Error(answer.message), { code: answer.code }), pathOf(task, answer.during));
    }
  };
  return {
    hashFile: (source, signal) => ask({ source, copyTo: null }, signal),
    async copyAndHash(source, destination, signal) {
      const temporary = temporaryPathFor(destination);
      try {
        const hash = await ask({ source, copyTo: temporary }, signal);
        await rename(temporary, destination);
        await syncFolder(dirname(destination));
        return hash;
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => undefined);
        throw toFileError(error, destination);
      }
    },
    dispose: () => pool.dispose(),
  };
}

function pathOf(task: HashTask, during: 'reading' | 'writing'): string {
  return during === 'writing' && task.copyTo !== null ? task.copyTo : task.source;
}

function changed(path: string): AppError {
  return new AppError({
    code: 'file.changed',
    message: `“${path}” changed while it was being read.`,
    hint: 'It is probably still being copied or rendered. Try again when that is done.',
    retry: true,
  });
}
