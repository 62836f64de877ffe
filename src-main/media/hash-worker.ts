// Worker thread: hashes one file per message, or hashes while it copies. Two buffers take turns, so the disk fills one
// while SHA-256 works on the other.
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';

export interface HashTask {
  source: string;
  /** a new file that gets the bytes too and is flushed to disk */
  copyTo: string | null;
}

export type HashAnswer =
  | { kind: 'hashed'; hex: string; sizeBytes: number }
  | { kind: 'changed' }
  | { kind: 'failed'; during: 'reading' | 'writing'; message: string; code: string | null };

const bufferBytes = 4 * 1024 * 1024;
const pair: readonly [Buffer, Buffer] = [Buffer.allocUnsafeSlow(bufferBytes), Buffer.allocUnsafeSlow(bufferBytes)];

parentPort?.on('message', async (task: HashTask) => {
  parentPort?.postMessage(await answer(task));
});

async function answer(task: HashTask): Promise<HashAnswer> {
  let during: 'reading' | 'writing' = 'reading';
  try {
    return await withFile(task.source, 'r', async (source) => {
      if (task.copyTo === null) return hashThrough(source, null);
      during = 'writing';
      return withFile(task.copyTo, 'wx', async (copy) => {
        const result = await hashThrough(source, copy);
        await copy.sync();
        return result;
      });
    });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : null;
    return { kind: 'failed', during, message: error instanceof Error ? error.message : String(error), code };
  }
}

async function withFile<T>(path: string, flags: 'r' | 'wx', use: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, flags);
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

async function hashThrough(source: FileHandle, copy: FileHandle | null): Promise<HashAnswer> {
  const before = await source.stat();
  const hash = createHash('sha256');
  let position = 0;
  let turn: 0 | 1 = 0;
  let { bytesRead } = await source.read(pair[turn], 0, bufferBytes, 0);
  while (bytesRead > 0) {
    const filled = pair[turn].subarray(0, bytesRead);
    const writing = copy?.write(filled, 0, bytesRead, position);
    position += bytesRead;
    turn = turn === 0 ? 1 : 0;
    const reading = source.read(pair[turn], 0, bufferBytes, position);
    hash.update(filled);
    const [next, written] = await Promise.all([reading, writing]);
    if (written && written.bytesWritten !== filled.length) throw shortWrite();
    bytesRead = next.bytesRead;
  }
  const after = await source.stat();
  if (position !== before.size || after.size !== before.size || after.mtimeMs !== before.mtimeMs) {
    return { kind: 'changed' };
  }
  return { kind: 'hashed', hex: hash.digest('hex'), sizeBytes: position };
}

/** A write that takes fewer bytes than given happens on a full disk. */
function shortWrite(): Error {
  return Object.assign(new Error('the disk took only a part of the bytes'), { code: 'ENOSPC' });
}
