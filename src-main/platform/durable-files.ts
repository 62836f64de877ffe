import { constants } from 'node:fs';
import { access, copyFile, link, readdir, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DurableFiles } from '../orchestrator/ports/project-files.ts';
import {
  makeFolder,
  renameDurably,
  syncFile,
  syncFolder,
  temporaryPathFor,
  toFileError,
  writeFileAtomic,
} from './atomic-file.ts';

/** Durable writes on the real disk; failures name the file and say what to do. */
export const durableFiles: DurableFiles = {
  async write(path, content) {
    await makeFolder(dirname(path));
    await writeFileAtomic(path, content);
  },
  async moveInto(source, destination) {
    await move(source, destination).catch(async (error: unknown) => {
      if (codeOf(error) !== 'file.missing') throw error;
      await makeFolder(dirname(destination));
      await move(source, destination);
    });
  },
  async linkOrCopy(source, destination) {
    await makeFolder(dirname(destination));
    const temporary = temporaryPathFor(destination);
    try {
      await link(source, temporary).catch(async (error: unknown) => {
        if (!canCopyInstead(error)) throw error;
        await copyFile(source, temporary, constants.COPYFILE_FICLONE);
        await syncFile(temporary);
      });
      await renameDurably(temporary, destination);
      // renaming a link onto a link of the same file does nothing and leaves the temporary name
      await rm(temporary, { force: true });
    } catch (error) {
      // on an ill disk this may fail as well: what is said is the first trouble
      await rm(temporary, { force: true }).catch(() => undefined);
      throw toFileError(error, destination);
    }
  },
  list: (folder) =>
    readdir(folder).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return [];
      throw toFileError(error, folder);
    }),
  readText: (path) => readFile(path, 'utf8').catch(() => null),
  async remove(path) {
    await rm(path, { force: true });
    await syncFolder(dirname(path));
  },
  exists: (path) =>
    access(path).then(
      () => true,
      () => false,
    ),
};

/** A folder of the project may be a disk of its own: then the file is copied. */
async function move(source: string, destination: string): Promise<void> {
  await renameDurably(source, destination).catch(async (error: unknown) => {
    if (codeOf(error) !== 'EXDEV') throw error;
    await copyInto(source, destination);
  });
}

/** The file is whole on the other disk before it has its name there. */
async function copyInto(source: string, destination: string): Promise<void> {
  const temporary = temporaryPathFor(destination);
  try {
    await copyFile(source, temporary);
    await syncFile(temporary);
    await renameDurably(temporary, destination);
    await rm(source, { force: true });
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw toFileError(error, destination);
  }
}

/** Other disk, or a disk without hard links. */
function canCopyInstead(error: unknown): boolean {
  return ['EXDEV', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'ENOSYS', 'EACCES'].includes(codeOf(error) ?? '');
}

function codeOf(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : null;
}
