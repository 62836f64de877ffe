/**
 * Watches a tree of folders: one watch per folder, and an event means "look at this folder again", never more. A folder is
 * watched before it is read, so nothing that arrives in a new one can fall between. Links are not followed.
 */
import { type FSWatcher, watch } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Timer } from '../orchestrator/ports/clock.ts';

export interface FolderEntry {
  name: string;
  /** a link is neither followed nor taken for the file it leads to */
  isLink: boolean;
}

export interface WatchFoldersOptions {
  /** absolute; must exist */
  root: string;
  clock: Clock;
  /** whether a folder is followed; given relative to the root with forward slashes, never the root itself */
  follows: (folder: string) => boolean;
  /** The files of a folder as they are now; called at the start and after each change. `folder` is '' for the root. */
  onFiles: (folder: string, files: FolderEntry[]) => void;
  /** A folder cannot be watched or read; told once until it can be read again. */
  onTrouble: (folder: string, error: unknown) => void;
}

export interface FolderWatch {
  /** settles when the whole tree has been read once */
  readonly ready: Promise<void>;
  /** Looks at every folder again. */
  rescan(): Promise<void>;
  /** folders watched now */
  readonly watches: number;
  close(): Promise<void>;
}

/** How soon after a look the same folder is looked at again: a storm of events becomes a few looks. */
const pauseMs = 50;
/** A root that is gone (a disk that was unplugged) tells nothing when it is back. */
const lostPauseMs = 5000;

interface Watched {
  watcher: FSWatcher | null;
  /** tells the folder that is watched from one made later under its name */
  identity: string;
  /** reading now; `again` = something happened since it began */
  reading: Promise<void> | null;
  again: boolean;
  /** it could not be read the last time */
  isLost: boolean;
  timer: Timer | null;
}

/** Starts watching; the first events come before `ready`. */
export function watchFolders(options: WatchFoldersOptions): FolderWatch {
  const { root, clock } = options;
  const folders = new Map<string, Watched>();
  let closed = false;

  const add = async (folder: string): Promise<void> => {
    if (closed || folders.has(folder)) return;
    folders.set(folder, { watcher: null, identity: '', reading: null, again: false, isLost: false, timer: null });
    await look(folder);
  };

  /** Before each reading: a folder that was removed and made again under its name has a dead watch. */
  const keepWatching = async (folder: string, watched: Watched): Promise<void> => {
    const { ino, birthtimeMs } = await stat(join(root, folder));
    const identity = `${ino}/${birthtimeMs}`;
    if (closed || identity === watched.identity) return;
    watched.watcher?.close();
    watched.watcher = null;
    watched.identity = identity;
    try {
      watched.watcher = watch(join(root, folder), { persistent: false }, () => changed(folder));
      watched.watcher.on('error', () => changed(folder));
    } catch (error) {
      if (!isGone(error)) options.onTrouble(folder, error);
    }
  };

  const changed = (folder: string): void => {
    const watched = folders.get(folder);
    if (closed || !watched) return;
    if (watched.reading || watched.timer) watched.again = true;
    else void look(folder);
  };

  const look = (folder: string): Promise<void> => {
    const watched = folders.get(folder);
    if (closed || !watched) return Promise.resolve();
    watched.again = false;
    watched.reading ??= read(folder, watched).finally(() => {
      watched.reading = null;
      if (closed || !folders.has(folder)) return;
      watched.timer = clock.after(watched.isLost ? lostPauseMs : pauseMs, () => {
        watched.timer = null;
        if (watched.again || watched.isLost) void look(folder);
      });
    });
    return watched.reading;
  };

  const read = async (folder: string, watched: Watched): Promise<void> => {
    let entries: { name: string; isDirectory(): boolean; isSymbolicLink(): boolean; isFile(): boolean }[];
    try {
      await keepWatching(folder, watched);
      entries = await readdir(join(root, folder), { withFileTypes: true });
    } catch (error) {
      if (folder !== '' && isGone(error)) forget(folder);
      else {
        if (!watched.isLost) options.onTrouble(folder, error);
        watched.isLost = true;
      }
      return;
    }
    watched.isLost = false;
    if (closed) return;
    const nameOf = (name: string) => (folder === '' ? name : `${folder}/${name}`);
    const children = entries.filter((entry) => entry.isDirectory()).map((entry) => nameOf(entry.name));
    forgetMissing(folder, new Set(children));
    const files = entries.filter((entry) => entry.isFile() || entry.isSymbolicLink());
    tellFiles(
      folder,
      files.map((entry) => ({ name: entry.name, isLink: entry.isSymbolicLink() })),
    );
    await Promise.all(children.filter((child) => options.follows(child)).map(add));
  };

  /** What the listener stumbles over is its trouble with this folder and keeps no other from being read. */
  const tellFiles = (folder: string, files: FolderEntry[]): void => {
    try {
      options.onFiles(folder, files);
    } catch (error) {
      options.onTrouble(folder, error);
    }
  };

  const forgetMissing = (folder: string, children: ReadonlySet<string>): void => {
    for (const known of folders.keys()) {
      const parent = known.includes('/') ? known.slice(0, known.lastIndexOf('/')) : '';
      if (known !== '' && parent === folder && !children.has(known)) forget(known);
    }
  };

  const forget = (folder: string): void => {
    for (const [known, watched] of folders) {
      if (known !== folder && !known.startsWith(`${folder}/`)) continue;
      watched.timer?.cancel();
      watched.watcher?.close();
      folders.delete(known);
      tellFiles(known, []);
    }
  };

  return {
    ready: add(''),
    async rescan() {
      await Promise.all(
        [...folders].map(async ([folder, watched]) => {
          // A look that is under way may have passed by what is asked for.
          await watched.reading;
          await look(folder);
        }),
      );
    },
    get watches() {
      return [...folders.values()].filter((watched) => watched.watcher !== null).length;
    },
    async close() {
      closed = true;
      for (const watched of folders.values()) {
        watched.timer?.cancel();
        watched.watcher?.close();
      }
      await Promise.allSettled([...folders.values()].map((watched) => watched.reading));
      folders.clear();
    },
  };
}

function isGone(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
