/**
 * Results that come only once: bytes answered with the submit itself, files that a person hands over. They are kept in the
 * provider's folder of the project, whole or not at all, under the id of their job, until they have become a take.
 */
import { constants } from 'node:fs';
import { copyFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  makeFolder,
  renameDurably,
  syncFile,
  temporaryPathFor,
  toFileError,
  writeFileAtomic,
} from '../platform/atomic-file.ts';

export class KeptResults {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Puts answered bytes in place; durable when it returns. */
  async keep(jobId: string, extension: string, bytes: Uint8Array): Promise<void> {
    await makeFolder(this.#folder);
    await writeFileAtomic(this.#pathOf(jobId, extension), bytes);
  }

  /** Puts a copy of a file in place; durable when it returns. What was there before for this job is gone then. */
  async keepFile(jobId: string, extension: string, source: string): Promise<void> {
    await makeFolder(this.#folder);
    const before = await this.find(jobId);
    const destination = this.#pathOf(jobId, extension);
    await copyDurably(source, destination);
    if (before !== null && before !== extension) await rm(this.#pathOf(jobId, before), { force: true });
  }

  /** The extension under which a job's result is kept; null when there is none. */
  async find(jobId: string): Promise<string | null> {
    const names = await readdir(this.#folder).catch(() => [] as string[]);
    const stem = `${jobId}.result.`;
    const name = names.find((candidate) => candidate.startsWith(stem));
    return name === undefined ? null : `.${name.slice(stem.length)}`;
  }

  /** Writes a copy to `temporaryPath`, flushed; answers with its extension, or null when nothing is kept for the job. */
  async copyTo(jobId: string, temporaryPath: string): Promise<string | null> {
    const extension = await this.find(jobId);
    if (extension === null) return null;
    await copyDurably(this.#pathOf(jobId, extension), temporaryPath);
    return extension;
  }

  async remove(jobId: string): Promise<void> {
    const extension = await this.find(jobId);
    if (extension !== null) await rm(this.#pathOf(jobId, extension), { force: true });
  }

  #pathOf(jobId: string, extension: string): string {
    return join(this.#folder, `${jobId}.result${extension}`);
  }
}

/** A file name made of an attempt's id: the same for the same attempt, also after a crash. */
export function jobIdOf(prefix: string, attemptId: string): string {
  return `${prefix}_${attemptId.replace(/[^A-Za-z0-9_-]/g, '')}`;
}

async function copyDurably(source: string, destination: string): Promise<void> {
  const temporary = temporaryPathFor(destination);
  try {
    await copyFile(source, temporary, constants.COPYFILE_FICLONE);
    await syncFile(temporary);
    await renameDurably(temporary, destination);
  } catch (error) {
    await rm(temporary, { force: true });
    const isSource = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw toFileError(error, isSource ? source : destination);
  }
}
