// Uploaded files until a decision uses them: one folder per process, one file per upload, named by its id and never by
// what the client called it. Bytes are hashed while they are written. A file goes when it is discarded, when the Studio
// closes, or after a day; folders that a crash left are swept when they are a day old.
import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ShelvedUpload, UploadShelf } from '../api/upload-shelf.ts';
import type { Clock } from '../orchestrator/ports/clock.ts';
import type { IdSource } from '../orchestrator/ports/ids.ts';
import { AppError } from '../platform/app-error.ts';
import { toFileError } from '../platform/atomic-file.ts';
import { systemClock } from '../platform/clock.ts';
import { randomIds } from '../platform/random-ids.ts';

export interface UploadShelfOptions {
  /** folder that holds the shelves of every process; made when the first upload comes */
  folder: string;
  maxBytes: number;
  clock?: Clock;
  ids?: IdSource;
}

const dayMs = 86_400_000;
const shelfName = /^shelf_[0-9a-f]{16}$/;

/** An empty shelf. Nothing is written until the first upload. */
export function createUploadShelf(options: UploadShelfOptions): UploadShelf {
  const { maxBytes, clock = systemClock, ids = randomIds } = options;
  const ownFolder = join(options.folder, ids.newId('shelf'));
  const shelved = new Map<string, ShelvedUpload & { receivedMs: number }>();
  let ready: Promise<void> | null = null;

  const discard = async (uploadId: string) => {
    const upload = shelved.get(uploadId);
    shelved.delete(uploadId);
    if (upload) await rm(upload.path, { force: true });
  };
  const discardOld = async () => {
    const oldest = clock.monotonicMs() - dayMs;
    const old = [...shelved.values()].filter((upload) => upload.receivedMs < oldest);
    await Promise.all(old.map((upload) => discard(upload.uploadId)));
  };
  const prepare = async () => {
    await sweepLeftovers(options.folder, clock.now().getTime() - dayMs);
    await mkdir(ownFolder, { recursive: true, mode: 0o700 });
  };

  return {
    maxBytes,
    async receive(file, bytes, signal) {
      if (file.declaredBytes !== null && file.declaredBytes > maxBytes) throw tooLarge(maxBytes);
      await discardOld();
      const uploadId = ids.newId('upload');
      const path = join(ownFolder, uploadId);
      try {
        ready ??= prepare();
        await ready.catch((error: unknown) => {
          // the next upload tries again: a disk may have room by then
          ready = null;
          throw error;
        });
        const { sizeBytes, hex } = await writeAndHash(path, bytes, { maxBytes, declared: file.declaredBytes, signal });
        const receipt = { uploadId, fileName: labelOf(file.fileName), sizeBytes, sha256: `sha256:${hex}` };
        shelved.set(uploadId, { ...receipt, path, receivedMs: clock.monotonicMs() });
        return receipt;
      } catch (error) {
        await rm(path, { force: true });
        throw toFileError(error, path);
      }
    },
    find(uploadId) {
      const upload = shelved.get(uploadId);
      if (upload) return upload;
      throw new AppError({
        code: 'upload.not-found',
        message: 'The uploaded file is no longer here.',
        hint: 'Drop or choose the file once more.',
      });
    },
    discard,
    async close() {
      shelved.clear();
      await rm(ownFolder, { recursive: true, force: true });
    },
  };
}

interface Limits {
  maxBytes: number;
  declared: number | null;
  signal: AbortSignal | undefined;
}

async function writeAndHash(path: string, bytes: AsyncIterable<Uint8Array>, limits: Limits) {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const file: FileHandle = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of bytes) {
      limits.signal?.throwIfAborted();
      sizeBytes += chunk.length;
      if (sizeBytes > limits.maxBytes) throw tooLarge(limits.maxBytes);
      hash.update(chunk);
      await file.writeFile(chunk);
    }
  } finally {
    await file.close();
  }
  limits.signal?.throwIfAborted();
  if (limits.declared !== null && limits.declared !== sizeBytes) throw cutShort();
  return { sizeBytes, hex: hash.digest('hex') };
}

function tooLarge(maxBytes: number): AppError {
  const gigabytes = Number((maxBytes / 1e9).toPrecision(2));
  return new AppError({
    code: 'upload.too-large',
    message: `The file is larger than ${gigabytes} GB, the most that can be uploaded.`,
    hint: 'Choose a smaller file, or put a take straight into the output folder of its shot.',
  });
}

function cutShort(): AppError {
  return new AppError({
    code: 'input.invalid',
    message: 'The file did not arrive whole.',
    hint: 'Drop or choose the file once more.',
    retry: true,
  });
}

/** A name for people: one line, no folders, not endless. It never becomes a path. */
function labelOf(fileName: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
  const plain = fileName.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '');
  const name = plain.split(/[\\/]/).at(-1)?.trim() ?? '';
  return name === '' ? 'file' : name.slice(0, 200);
}

async function sweepLeftovers(folder: string, olderThanMs: number): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((each) => shelfName.test(each))) {
    const path = join(folder, name);
    const stats = await stat(path).catch(() => null);
    if (stats && stats.mtimeMs < olderThanMs) await rm(path, { recursive: true, force: true });
  }
}
