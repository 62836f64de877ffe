/**
 * Clears away what a killed process was in the middle of writing. Only names that this program gives its own half-written
 * files are touched, and only while the lock is held and nothing is being written yet.
 */
import { readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { temporarySuffix } from '../platform/atomic-file.ts';
import type { OwnerPaths } from './project-paths.ts';

const halfWritten = new RegExp(`^\\..+\\.[0-9a-f]{12}\\${temporarySuffix}$`);
const halfTakenLock = /^project\.lock\.(stale-)?[0-9a-f]+$/;
/** Another process may be asking for the lock at this moment; what is older is nobody's any more. */
const lockAgeMs = 60_000;

/** Removes half-written files of earlier runs; returns how many there were. A folder that cannot be read is left alone. */
export async function sweepLeftovers(paths: OwnerPaths): Promise<number> {
  const stateFolder = dirname(paths.lockFile);
  const flat = [paths.root, paths.embeddedJobsFolder];
  const deep = [stateFolder, paths.outputFolder, paths.assetsFolder, dirname(paths.uploadsFile)];
  const found = await Promise.all([
    ...flat.map((folder) => filesIn(folder, false)),
    ...deep.map((folder) => filesIn(folder, true)),
  ]);
  const rubbish = [...found.flat(), ...(await abandonedLocks(stateFolder))];
  await Promise.all(rubbish.map((path) => rm(path, { force: true })));
  return rubbish.length;
}

async function filesIn(folder: string, recursive: boolean): Promise<string[]> {
  const entries = await readdir(folder, { recursive, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && halfWritten.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

async function abandonedLocks(folder: string): Promise<string[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => halfTakenLock.test(name));
  const aged = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const changedAt = await stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => null,
      );
      return changedAt !== null && Date.now() - changedAt > lockAgeMs ? path : null;
    }),
  );
  return aged.filter((path) => path !== null);
}
