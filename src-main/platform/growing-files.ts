// Files that only grow, on the real disk: what was appended is flushed before the call returns.
import { open, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { GrowingFiles } from '../orchestrator/ports/learning-store.ts';
import { makeFolder, syncFolder, toFileError } from './atomic-file.ts';
import { systemClock } from './clock.ts';

export const growingFiles: GrowingFiles = {
  size: (path) =>
    stat(path).then(
      (found) => found.size,
      (error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
        throw toFileError(error, path);
      },
    ),
  async readAt(path, offset, length) {
    const file = await open(path, 'r').catch((error: unknown) => {
      throw toFileError(error, path);
    });
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  },
  async append(path, bytes) {
    try {
      await makeFolder(dirname(path));
      const file = await open(path, 'a');
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await syncFolder(dirname(path));
    } catch (error) {
      throw toFileError(error, path);
    }
  },
  async setAside(path) {
    await rename(path, `${path}.damaged-${systemClock.now().getTime()}`);
    await syncFolder(dirname(path));
  },
};
