/**
 * Results that come only once: bytes answered with the submit itself, files that a person hands over. They are kept in the
 * provider's folder of the project, whole or not at all, under the id of their job, until they have become a take.
 */
import { constants } from 'node:fs';
import { copyFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, renameDurably, syncFile, temporaryPathFor, toFileError } from '../platform/atomic-file.ts';
import { durableFiles } from '../platform/durable-files.ts';

export class KeptResults {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Puts answered bytes in place; durable when it returns. */
  keep(jobId: string, extension: string, bytes: Uint8Array): Promise<void> {
    return durableFiles.write(this.#pathOf(jobId, extension), bytes);
  }

  /** Puts a copy of a file in place; durable when it returns. What was there before for this job is gone then. */
  async keepFile(jobId: string, extension: string, source: string): Promise<void> {
    await makeFolder(this.#folder);
    const before = await this.find(jobId);
    await copyDurably(source, this.#pathOf(jobId, extension));
    if (before !== null && before !== extension) await rm(this.#pathOf(jobId, before), { force: true });
  }

  /** The extension under which a job's result is kept; null when there is none. */
  async find(jobId: string): Promise<string | null> {
    const names = await readdir(this.#folder).catch(() => [] as string[]);
    const stem = `${jobId}.result.`;
    const name = names.find((candidate) => candidate.startsWith(stem));
    return name === undefined ? null : `.${name.slice(stem.length)}`;
  }

  /** Puts the result at `path` too, as the same file where the disk can; null when nothing is kept for the job. */
  async placeAt(jobId: string, path: string): Promise<string | null> {
    const extension = await this.find(jobId);
    if (extension !== null) await durableFiles.linkOrCopy(this.#pathOf(jobId, extension), path);
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

/** A name made of an attempt's id: the same for the same attempt, also after a crash. */
export function jobIdOf(prefix: string, attemptId: string): string {
  return `${prefix}_${attemptId.replace(/[^A-Za-z0-9_-]/g, '')}`;
}

/** A copy, never a link: the source is somebody else's and may be changed. */
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
