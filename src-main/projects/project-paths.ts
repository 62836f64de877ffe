/**
 * The only place that builds a path inside a project. What comes out is inside the project folder by construction and, for
 * recorded paths, by realpath: a link that leads elsewhere is refused, and `proj-evil` is not inside `proj`.
 */
import { lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { episodeIdSchema, episodeOfShot, shortShotId, shotIdSchema, slugSchema } from '../../src-shared/domain/ids.ts';
import type { Phase } from '../../src-shared/domain/phase.ts';
import { type SlotKey, slotKeySchema } from '../../src-shared/domain/ref.ts';
import type { ProjectPaths } from '../orchestrator/ports/project-files.ts';
import { AppError } from '../platform/app-error.ts';
import { toFileError } from '../platform/atomic-file.ts';

const extensionPattern = /^\.[a-z0-9]{1,5}$/;
const plainName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** Where only the owner of an open project looks. */
export interface OwnerPaths extends ProjectPaths {
  readonly projectFile: string;
  readonly database: string;
  readonly lockFile: string;
  readonly cacheFolder: string;
  readonly temporaryFolder: string;
  readonly embeddedJobsFolder: string;
  /** which refs each provider has already */
  readonly uploadsFile: string;
  /** where a provider keeps what it answers only once */
  providerJobsFolder(providerId: string): string;
  readonly childrenFolder: string;
  readonly rehearsalFile: string;
  readonly outputFolder: string;
  readonly assetsFolder: string;
  readonly bibleFile: string;
}

/** Paths of the project in `root`; throws project.not-found when there is no such folder. */
export function createProjectPaths(root: string): OwnerPaths {
  const home = realFolder(root);
  const inside = (...parts: string[]) => join(home, ...parts);
  const temporaryFolder = inside('.circletake', 'work');
  const shotFolder = (shotId: string) => {
    shotIdSchema.parse(shotId);
    return `output/${episodeOfShot(shotId)}/${shortShotId(shotId)}`;
  };
  return {
    root: home,
    projectFile: inside('project.json'),
    database: inside('state', 'circletake.db'),
    lockFile: inside('state', 'project.lock'),
    cacheFolder: inside('.circletake', 'cache'),
    temporaryFolder,
    embeddedJobsFolder: inside('.circletake', 'embedded'),
    uploadsFile: inside('.circletake', 'providers', 'uploads.json'),
    providerJobsFolder: (providerId) => inside('.circletake', 'providers', slugSchema.parse(providerId)),
    childrenFolder: inside('.circletake', 'children'),
    rehearsalFile: inside('rehearsal.json'),
    outputFolder: inside('output'),
    assetsFolder: inside('assets'),
    bibleFile: inside('bible', 'bible.json'),
    resolve: (relativePath) => confine(home, relativePath),
    relativeTo: (absolutePath) => relative(home, absolutePath).split(sep).join('/'),
    shotFolder: (shotId) => inside(...shotFolder(shotId).split('/')),
    relativeTakePath: (shotId, takeNumber, phase: Phase, extension) => {
      const name = `${shortShotId(shotId)}_T${wholeNumber(takeNumber)}_${phase}${safeExtension(extension)}`;
      return `${shotFolder(shotId)}/${name}`;
    },
    relativeSidecarPath: (takePath) => takePath.replace(/\.[A-Za-z0-9]+$/, '.json'),
    temporaryPath: (name) => {
      try {
        mkdirSync(temporaryFolder, { recursive: true });
      } catch (error) {
        throw toFileError(error, temporaryFolder);
      }
      return join(temporaryFolder, safeName(name));
    },
    asidePath: (name) => join(inside('state', 'aside'), safeName(name)),
    manifestPath: (episodeId) => inside('output', 'manifests', `${episodeIdSchema.parse(episodeId)}_manifest.json`),
    manifestJsonlPath: () => inside('output', 'manifests', 'provenance_manifest.jsonl'),
    selectsFolder: (episodeId) => inside('output', 'selects', episodeIdSchema.parse(episodeId)),
    relativePoolPath: (slot, shortSha, extension) => poolPath(slotKeySchema.parse(slot), shortSha, extension),
    refsManifestPath: () => inside('assets', 'refs.manifest.json'),
    learningPath: (fileName) => inside('state', 'learning', safeName(fileName)),
    batchFilePath: (batchId) => inside('state', 'visual', 'batches', `${slugSchema.parse(batchId)}.json`),
  };
}

function poolPath(slot: SlotKey, shortSha: string, extension: string): string {
  const name = `${slot.view}.${/^[0-9a-f]{12}$/.exec(shortSha)?.[0] ?? safeName(shortSha)}${safeExtension(extension)}`;
  return `assets/${slot.subjectClass}/${slot.subjectId}/base/pool/${slot.kind}/${name}`;
}

/** Absolute path of a recorded one. The file need not exist; the nearest folder that does must be inside for real. */
function confine(home: string, relativePath: string): string {
  const looksWrong = relativePath === '' || isAbsolute(relativePath) || /[\0\\]/.test(relativePath);
  const target = resolve(home, relativePath);
  if (looksWrong || !isInside(home, target)) throw outside(relativePath);
  let there = target;
  while (!isThere(there) && there !== home) there = dirname(there);
  if (!leadsInside(home, there)) throw outside(relativePath);
  return target;
}

/** Also of a link whose target is not there: what is written through it would be elsewhere. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    throw toFileError(error, path);
  }
}

function leadsInside(home: string, path: string): boolean {
  try {
    return isInside(home, realpathSync.native(path));
  } catch {
    return false;
  }
}

function isInside(home: string, path: string): boolean {
  return path === home || path.startsWith(home.endsWith(sep) ? home : home + sep);
}

function outside(path: string): AppError {
  return new AppError({
    code: 'path.outside-project',
    message: `${JSON.stringify(path)} leads outside the project folder and is not used.`,
    hint: 'Keep everything a project uses inside its folder; links that lead out of it are not followed.',
  });
}

function wholeNumber(value: number): number {
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`a take number is a whole number from 1: ${value}`);
}

function safeExtension(extension: string): string {
  if (extensionPattern.test(extension)) return extension;
  throw new Error(`not an extension: ${JSON.stringify(extension)}`);
}

function safeName(name: string): string {
  if (plainName.test(name)) return name;
  throw new Error(`not a plain file name: ${JSON.stringify(name)}`);
}

function realFolder(root: string): string {
  try {
    return realpathSync.native(root);
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isAbsent) throw toFileError(error, root);
    throw new AppError({
      code: 'project.not-found',
      message: `There is no folder ${root}.`,
      hint: 'Check its name, and that the disk it is on is there.',
      cause: error,
    });
  }
}
