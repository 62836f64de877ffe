import { constants } from 'node:fs';
import { access, copyFile, link, open, readdir, readFile, rename, rm, unlink } from 'node:fs/promises';
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
    try {
      const isFree = await move(source, destination).catch(async (error: unknown) => {
        if (codeOf(error) !== 'ENOENT') throw error;
        await makeFolder(dirname(destination));
        return move(source, destination);
      });
      if (isFree) await syncFolder(dirname(destination));
      return isFree;
    } catch (error) {
      throw toFileError(error, destination);
    }
  },
  async linkOrCopy(source, destination) {
    await makeFolder(dirname(destination));
    const temporary = temporaryPathFor(destination);
    try {
      await link(source, temporary).catch(async (error: unknown) => {
        if (codeOf(error) !== 'EXDEV' && !hasNoLinks(error)) throw error;
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
    try {
      await rm(path, { force: true });
      await syncFolder(dirname(path));
    } catch (error) {
      throw toFileError(error, path);
    }
  },
  exists: (path) =>
    access(path).then(
      () => true,
      () => false,
    ),
};

/** A folder of the project may be a disk of its own: then the file is copied, and whole there before it has its name. */
async function move(source: string, destination: string): Promise<boolean> {
  try {
    return await takeName(source, destination);
  } catch (error) {
    if (codeOf(error) !== 'EXDEV') throw error;
  }
  const temporary = temporaryPathFor(destination);
  try {
    await copyFile(source, temporary);
    await syncFile(temporary);
    const isFree = await takeName(temporary, destination);
    if (isFree) await rm(source, { force: true });
    return isFree;
  } finally {
    // on an ill disk this may fail as well: what is said is the first trouble
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

/**
 * Gives a file another name on its disk, and that only if nothing has it: false then. A link takes a name and never writes
 * over one; without links an empty file keeps the name for the moment between the look and the rename.
 */
async function takeName(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    await unlink(from);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    if (!hasNoLinks(error)) throw error;
  }
  try {
    await (await open(to, 'wx')).close();
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    await rm(to, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** A disk without hard links, or one that gives no more of them. */
function hasNoLinks(error: unknown): boolean {
  return ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'ENOSYS', 'EACCES'].includes(codeOf(error) ?? '');
}

function codeOf(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : null;
}
