/**
 * Follows an open project's folder: documents are reloaded when they change, files that arrive in output are taken in, and
 * pictures that nobody promoted are pointed out. What arrived while the project was closed is found at the start.
 */
import type { Clock } from '../orchestrator/ports/clock.ts';
import type { TakeGate } from '../orchestrator/ports/gate.ts';
import type { MediaWorkshop } from '../orchestrator/ports/media.ts';
import type { ProjectStore } from '../orchestrator/ports/project-store.ts';
import { makeFolder } from '../platform/atomic-file.ts';
import type { Logger } from '../platform/logger.ts';
import { createIngest } from './ingest-external.ts';
import { judgeTake } from './judge-take.ts';
import { importHeroes, type OpenedProject } from './open-project.ts';
import { isSubjectFolder, tellStrayAssets } from './stray-assets.ts';
import { watchDocuments } from './watch-documents.ts';
import { type FolderWatch, watchFolders } from './watch-folders.ts';

export interface FollowDeps {
  clock: Clock;
  logger: Logger;
  media: Pick<MediaWorkshop, 'hash' | 'probe'>;
  /** measure files from outside as they measure generated takes */
  gates: readonly TakeGate[];
  /** documents were reloaded and are in force: work may have become possible */
  onDocuments: () => void;
}

export interface FollowedProject {
  /** settles when every folder has been read once and the documents are watched */
  readonly ready: Promise<void>;
  /** Looks at every folder again and takes in what is there; settles when it is done. */
  rescan(): Promise<void>;
  /** Stops, waiting for what is being recorded; before the store is closed. */
  close(): Promise<void>;
}

const folderProblem = 'folder:';

/** Starts following; never throws for what is in a file. */
export async function followProject(opened: OpenedProject, deps: FollowDeps): Promise<FollowedProject> {
  const { store, paths, documents } = opened;
  const { clock, logger, media } = deps;
  await makeFolder(paths.outputFolder);
  await makeFolder(paths.assetsFolder);
  clearTroubles(store);
  const ingest = createIngest({
    ...{ store, paths, media, clock, logger },
    project: () => documents.inForce.project.slug,
    judge: (take, signal) => judgeTake(take, { opened, gates: deps.gates }, signal),
  });
  const takes = watchFolders({
    ...{ root: paths.outputFolder, clock },
    follows: (folder) => isTakeFolder(folder),
    onFiles(folder, files) {
      if (folder === '') store.clearProblem(`${folderProblem}output`);
      ingest.consider(folder, files);
    },
    onTrouble: tellTrouble(store, logger, 'output'),
  });
  const assets = watchFolders({
    ...{ root: paths.assetsFolder, clock },
    follows: isSubjectFolder,
    onFiles: (folder, files) => tellStrayAssets(store, folder, files),
    onTrouble: tellTrouble(store, logger, 'assets'),
  });
  const watched = watchDocuments({
    ...{ root: paths.root, clock, logger },
    async reload() {
      await documents.reload();
      await importHeroes(paths, store, media.hash);
      deps.onDocuments();
    },
  });
  const folders: FolderWatch[] = [takes, assets];
  return {
    ready: Promise.all([...folders.map((folder) => folder.ready), watched.ready]).then(() => undefined),
    async rescan() {
      await Promise.all(folders.map((folder) => folder.rescan()));
      await ingest.idle();
    },
    async close() {
      await watched.close();
      await Promise.all(folders.map((folder) => folder.close()));
      await ingest.close();
    },
  };
}

/** Exports and hidden folders hold no takes. */
function isTakeFolder(folder: string): boolean {
  const [top = ''] = folder.split('/');
  return top !== 'manifests' && top !== 'selects' && !folder.split('/').some((name) => name.startsWith('.'));
}

function tellTrouble(store: ProjectStore, logger: Logger, root: string) {
  return (folder: string, error: unknown) => {
    const file = folder === '' ? root : `${root}/${folder}`;
    logger.warn('a folder cannot be followed', { folder: file, error });
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    try {
      store.raiseProblem({
        ...{ key: `${folderProblem}${file}`, severity: 'warning', file, where: null },
        message: `${file} cannot be watched or read (${code}): files that arrive there may go unseen.`,
        hint:
          code === 'ENOSPC'
            ? 'The system’s limit of watched folders is reached (fs.inotify.max_user_watches). Raise it, then open the project again.'
            : 'Check that the folder is there and may be read, then open the project again.',
      });
    } catch (unwritten) {
      logger.error('a problem could not be recorded', { error: unwritten });
    }
  };
}

/** What an earlier run could not watch is tried again now. */
function clearTroubles(store: ProjectStore): void {
  for (const { key } of store.problems()) if (key.startsWith(folderProblem)) store.clearProblem(key);
}
