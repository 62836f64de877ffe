/**
 * Takes in files that arrive in output folders from outside. A file is touched only when it has stopped growing (size and
 * time unchanged over two looks), and recorded only if it is still the same after it was hashed and probed: never half-read,
 * never twice. What cannot be a take becomes a problem that names the file and the fix, and goes when the file does.
 */
import { shortShotId } from '../../src-shared/domain/ids.ts';
import type { Take } from '../../src-shared/domain/take.ts';
import type { Clock } from '../orchestrator/ports/clock.ts';
import type { MediaWorkshop } from '../orchestrator/ports/media.ts';
import type { ProjectPaths } from '../orchestrator/ports/project-files.ts';
import type { ProjectStore } from '../orchestrator/ports/project-store.ts';
import { isAbortError } from '../platform/app-error.ts';
import type { Logger } from '../platform/logger.ts';
import { isSameLook, type Look, lookAt, watchGrowingFiles } from './growing-files.ts';
import { type Refusal, recordExternal } from './record-external.ts';
import { isNoTakeName, shotOfFolder, takeNumberOfName } from './take-file-name.ts';
import type { FolderEntry } from './watch-folders.ts';

export interface IngestDeps {
  store: ProjectStore;
  paths: Pick<ProjectPaths, 'resolve' | 'relativeSidecarPath'>;
  media: Pick<MediaWorkshop, 'hash' | 'probe'>;
  clock: Clock;
  logger: Logger;
  /** the project's slug, for records */
  project: () => string;
  /** measures and judges what was taken in, as any other take is; absent = nothing is measured */
  judge?: (take: Take, signal: AbortSignal) => Promise<void>;
}

export interface Ingest {
  /** The files that a folder below `output` holds now. */
  consider(folder: string, files: readonly FolderEntry[]): void;
  /** Settles when nothing is being looked at or taken in. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

const atOnce = 2;
const problemPrefix = 'take-file:';

export function createIngest(deps: IngestDeps): Ingest {
  const { store, paths, logger } = deps;
  /** files that were judged as they are: not taken up again until they change */
  const judged = new Map<string, Look>();
  /** files that have stopped growing, as they were then, in the order in which they are taken in */
  const ready = new Map<string, Look>();
  const working = new Set<Promise<void>>();
  /** recorded and waiting for the gates, one at a time, so that measuring holds no file up */
  const toJudge: Take[] = [];
  let judging: Promise<void> | null = null;
  const stop = new AbortController();
  let waiters: (() => void)[] = [];

  const growing = watchGrowingFiles({
    ...{ clock: deps.clock, resolve: paths.resolve },
    onSettled(path, look) {
      const before = judged.get(path);
      if (!before || !isSameLook(before, look)) ready.set(path, look);
    },
    onRound: () => goOn(),
  });
  const isIdle = () => growing.size === 0 && ready.size === 0 && working.size === 0 && judging === null;
  const goOn = () => {
    for (const [path, look] of ready) {
      if (working.size >= atOnce || stop.signal.aborted) break;
      ready.delete(path);
      const work: Promise<void> = takeIn(path, look)
        .catch((error: unknown) => {
          if (!isAbortError(error)) logger.error('a file from outside could not be taken in', { path, error });
        })
        .finally(() => {
          working.delete(work);
          goOn();
        });
      working.add(work);
    }
    if (!isIdle()) return;
    for (const resolve of waiters) resolve();
    waiters = [];
  };
  const takeIn = async (path: string, look: Look): Promise<void> => {
    const stillSame = async () => {
      const now = await lookAt(paths.resolve(path));
      return now !== null && isSameLook(now, look);
    };
    const answer = await recordExternal({ path, sizeBytes: look.size, stillSame, signal: stop.signal }, deps);
    if (answer.kind === 'changing') return growing.add(path);
    judged.set(path, look);
    if (answer.kind === 'refused') raise(store, path, answer.refusal);
    else store.clearProblem(problemPrefix + path);
    if (answer.kind !== 'recorded') return;
    toJudge.push(answer.take);
    judging ??= judgeAll();
  };
  const judgeAll = async (): Promise<void> => {
    for (let take = toJudge.shift(); take && !stop.signal.aborted; take = toJudge.shift()) {
      try {
        await deps.judge?.(take, stop.signal);
      } catch (error) {
        if (!isAbortError(error)) logger.error('a take from outside could not be judged', { takeId: take.id, error });
      }
    }
    judging = null;
    goOn();
  };

  return {
    consider(folder, files) {
      if (stop.signal.aborted) return;
      clearGone(store, folder, files);
      for (const entry of files) {
        const path = ['output', folder, entry.name].filter(Boolean).join('/');
        if (growing.has(path) || ready.has(path) || !mayBeNew(store, folder, entry, path)) continue;
        const refusal = refusalOfEntry(path, entry);
        if (refusal) raise(store, path, refusal);
        else growing.add(path);
      }
    },
    idle: () => (isIdle() ? Promise.resolve() : new Promise((resolve) => waiters.push(resolve))),
    async close() {
      stop.abort();
      await growing.close();
      ready.clear();
      await Promise.allSettled([...working]);
      await judging;
      goOn();
    },
  };
}

/** Neither a name that no take has, nor on record, nor held by somebody of ours who may yet record it. */
function mayBeNew(store: ProjectStore, folder: string, entry: FolderEntry, path: string): boolean {
  if (isNoTakeName(entry.name)) return false;
  const shotId = shotOfFolder(folder);
  const number = shotId === null ? null : takeNumberOfName(entry.name, shortShotId(shotId));
  if (shotId !== null && number !== null && store.isTakeNumberHeld(shotId, number)) return false;
  return store.takeByPath(path) === null;
}

function raise(store: ProjectStore, path: string, refusal: Refusal): void {
  store.raiseProblem({ key: problemPrefix + path, severity: 'warning', file: path, where: null, ...refusal });
}

/** What can be said without reading: links, and names that a recorded path cannot hold, legal as they are on some systems. */
function refusalOfEntry(path: string, entry: FolderEntry): Refusal | null {
  if (path.includes('\\')) {
    return { message: `${path} has a backslash in its name and is not taken in.`, hint: 'Rename the file without it.' };
  }
  if (!entry.isLink) return null;
  return {
    message: `${path} is a link; a take is a file of the project itself.`,
    hint: 'Put the file itself in this folder.',
  };
}

/** Problems of files that are no longer in the folder are over. */
function clearGone(store: ProjectStore, folder: string, files: readonly FolderEntry[]): void {
  const names = new Set(files.map((file) => file.name));
  const inFolder = `${problemPrefix}${['output', folder].filter(Boolean).join('/')}/`;
  for (const { key } of store.problems()) {
    const name = key.startsWith(inFolder) ? key.slice(inFolder.length) : null;
    if (name !== null && !name.includes('/') && !names.has(name)) store.clearProblem(key);
  }
}
