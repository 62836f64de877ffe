// The only way a file that a reader could see half-done is written: temp in the same folder, fsync, rename,
// fsync of the folder. A write that fails removes its temp and leaves the old file as it was.
import { randomBytes } from 'node:crypto';
import { constants, type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from './app-error.ts';

/** Files this module is writing end so; one left by a crash is rubbish and may be removed. */
export const temporarySuffix = '.part';

/** A name for a half-written file beside its destination: hidden, and distinct for every writer. */
export function temporaryPathFor(path: string): string {
  return join(dirname(path), `.${basename(path).slice(0, 160)}.${randomBytes(6).toString('hex')}${temporarySuffix}`);
}

/** Replaces a file as a whole or not at all; the folder must exist. `mode`: who may read it, from its first byte on. */
export async function writeFileAtomic(path: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
  const write = (file: FileHandle) => file.writeFile(content);
  await writeAtomic(path, write, mode);
}

/** Lets `write` fill a temp file, then puts it in the place of `path` durably. */
export async function writeAtomic<T>(path: string, write: (file: FileHandle) => Promise<T>, mode = 0o644): Promise<T> {
  const temporary = temporaryPathFor(path);
  try {
    const file = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, mode);
    let result: T;
    try {
      result = await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
    return result;
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw toFileError(error, path);
  }
}

/** Moves a finished file or folder into place and makes the new name durable; after a loss of power the old one may be back. */
export async function renameDurably(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
    await syncFolder(dirname(to));
  } catch (error) {
    throw toFileError(error, to);
  }
}

/** Flushes what was written to a file by someone else (a child process) to the disk. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the names in a folder durable. Windows cannot open a folder: its journal does this there. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Makes a folder with its parents; a full disk is said so. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw toFileError(error, path);
  }
}

/** Reads and parses a JSON file; the error names the file. What the value must look like is the caller's schema. */
export async function readJsonFile(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw toFileError(error, path);
  });
  return JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
}

/** Says in people's words what the file system refused; anything unknown passes through unchanged. */
export function toFileError(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppError({
      code: 'disk.full',
      message: `The disk is full: “${basename(path)}” could not be written to ${dirname(path)}.`,
      hint: 'Free some space on that disk (emptying the trash or moving old takes away helps), then try again. Nothing that was there before is lost.',
      cause: error,
      retry: true,
    });
  }
  if (code === 'ENOENT') {
    return new AppError({
      code: 'file.missing',
      message: `“${basename(path)}” is not in ${dirname(path)} (any more).`,
      hint: 'Put the file back, or relink it, then try again.',
      cause: error,
    });
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'EISDIR' || code === 'EIO') {
    return new AppError({
      code: 'file.unreadable',
      message: `“${basename(path)}” in ${dirname(path)} cannot be read or written (${code}).`,
      hint: 'Check that the disk is there and that you may read and write in this folder, then try again.',
      cause: error,
      retry: true,
    });
  }
  return error;
}
