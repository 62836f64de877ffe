// The sample production that comes with the program. It is copied before it is used: the program's own folder stays as
// it was shipped. The copy appears whole or not at all.
import { randomBytes } from 'node:crypto';
import { cp, mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { AppError } from '../platform/app-error.ts';
import { findAppRoot } from '../platform/app-root.ts';
import { toFileError } from '../platform/atomic-file.ts';

/** Made while working on a project, or what its references were drawn from: a copy begins without them. */
const leftOut = ['output', 'state', '.circletake', 'assets-src'];

/** The folder of the sample as it was shipped. */
export async function findSample(projectsFolder = join(findAppRoot(), 'projects')): Promise<string> {
  const entries = await readdir(projectsFolder, { withFileTypes: true }).catch(() => []);
  const sample = entries.find((entry) => entry.isDirectory());
  if (sample) return join(projectsFolder, sample.name);
  throw new AppError({
    code: 'file.missing',
    message: 'The sample production is not in the program’s folder.',
    hint: 'Install Circletake again, or start with a project folder of your own.',
  });
}

/** Copies the sample into a folder that is empty or not there yet. */
export async function copySample(destination: string, sample?: string): Promise<string> {
  const source = sample ?? (await findSample());
  const target = resolve(destination);
  await refuseOccupied(target);
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.part`);
  try {
    await mkdir(dirname(target), { recursive: true });
    const filter = (path: string) => !leftOut.includes(relative(source, path).split(sep)[0] ?? '');
    await cp(source, temporary, { recursive: true, filter, errorOnExist: true, force: false });
    await rmdir(target).catch(ignoreMissing);
    await rename(temporary, target);
    return target;
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw toFileError(error, target);
  }
}

async function refuseOccupied(target: string): Promise<void> {
  const there = await readdir(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new AppError({
      code: 'input.invalid',
      message: `${target} is not a folder that can be filled.`,
      hint: 'Name an empty folder, or one that does not exist yet.',
      cause: error,
    });
  });
  if (there.length === 0) return;
  throw new AppError({
    code: 'input.invalid',
    message: `${target} is not empty.`,
    hint: 'Name an empty folder, or one that does not exist yet. Nothing was changed.',
  });
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
