/**
 * Watches a tree of folders: one watch per folder, and an event means "look at this folder again", never more. A folder is
 * watched before it is read, so nothing that arrives in a new one can fall between. Links are not followed.
 */
import { type Dirent, type FSWatcher, watch } from 'node:fs';
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
  return new FolderTree(options);
}

class FolderTree implements FolderWatch {
  readonly ready: Promise<void>;
  readonly #options: WatchFoldersOptions;
  readonly #folders = new Map<string, Watched>();
  #closed = false;

  constructor(options: WatchFoldersOptions) {
    this.#options = options;
    this.ready = this.#add('');
  }

  get watches(): number {
    return [...this.#folders.values()].filter((watched) => watched.watcher !== null).length;
  }

  async rescan(): Promise<void> {
    const again = async ([folder, watched]: [string, Watched]) => {
      // A look that is under way may have passed by what is asked for.
      await watched.reading;
      await this.#look(folder);
    };
    await Promise.all([...this.#folders].map(again));
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const watched of this.#folders.values()) {
      watched.timer?.cancel();
      watched.watcher?.close();
    }
    await Promise.allSettled([...this.#folders.values()].map((watched) => watched.reading));
    this.#folders.clear();
  }

  async #add(folder: string): Promise<void> {
    if (this.#closed || this.#folders.has(folder)) return;
    this.#folders.set(folder, {
      ...{ watcher: null, identity: '', reading: null, again: false, isLost: false, timer: null },
    });
    await this.#look(folder);
  }

  #changed(folder: string): void {
    const watched = this.#folders.get(folder);
    if (this.#closed || !watched) return;
    if (watched.reading || watched.timer) watched.again = true;
    else void this.#look(folder);
  }

  #look(folder: string): Promise<void> {
    const watched = this.#folders.get(folder);
    if (this.#closed || !watched) return Promise.resolve();
    watched.again = false;
    watched.reading ??= this.#read(folder, watched).finally(() => {
      watched.reading = null;
      this.#pause(folder, watched);
    });
    return watched.reading;
  }

  #pause(folder: string, watched: Watched): void {
    if (this.#closed || !this.#folders.has(folder)) return;
    watched.timer = this.#options.clock.after(watched.isLost ? lostPauseMs : pauseMs, () => {
      watched.timer = null;
      if (watched.again || watched.isLost) void this.#look(folder);
    });
  }

  async #read(folder: string, watched: Watched): Promise<void> {
    let entries: Dirent[];
    try {
      await this.#keepWatching(folder, watched);
      entries = await readdir(join(this.#options.root, folder), { withFileTypes: true });
    } catch (error) {
      this.#lose(folder, watched, error);
      return;
    }
    watched.isLost = false;
    if (this.#closed) return;
    const children = entries
      .filter((entry) => entry.isDirectory())
      .map((entry) => (folder === '' ? entry.name : `${folder}/${entry.name}`));
    this.#forgetMissing(folder, new Set(children));
    const files = entries.filter((entry) => entry.isFile() || entry.isSymbolicLink());
    this.#tellFiles(
      folder,
      files.map((entry) => ({ name: entry.name, isLink: entry.isSymbolicLink() })),
    );
    await Promise.all(children.filter((child) => this.#options.follows(child)).map((child) => this.#add(child)));
  }

  /** Before each reading: a folder that was removed and made again under its name has a dead watch. */
  async #keepWatching(folder: string, watched: Watched): Promise<void> {
    const path = join(this.#options.root, folder);
    const { ino, birthtimeMs } = await stat(path);
    const identity = `${ino}/${birthtimeMs}`;
    if (this.#closed || identity === watched.identity) return;
    watched.watcher?.close();
    watched.watcher = null;
    watched.identity = identity;
    try {
      watched.watcher = watch(path, { persistent: false }, () => this.#changed(folder));
      watched.watcher.on('error', () => this.#changed(folder));
    } catch (error) {
      if (!isGone(error)) this.#options.onTrouble(folder, error);
    }
  }

  /** What the listener stumbles over is its trouble with this folder and keeps no other from being read. */
  #tellFiles(folder: string, files: FolderEntry[]): void {
    try {
      this.#options.onFiles(folder, files);
    } catch (error) {
      this.#options.onTrouble(folder, error);
    }
  }

  /** A folder that is gone is forgotten; the root, and one that cannot be read, is tried again. */
  #lose(folder: string, watched: Watched, error: unknown): void {
    if (folder !== '' && isGone(error)) {
      this.#forget(folder);
      return;
    }
    if (!watched.isLost) this.#options.onTrouble(folder, error);
    watched.isLost = true;
  }

  #forgetMissing(folder: string, children: ReadonlySet<string>): void {
    for (const known of this.#folders.keys()) {
      const parent = known.includes('/') ? known.slice(0, known.lastIndexOf('/')) : '';
      if (known !== '' && parent === folder && !children.has(known)) this.#forget(known);
    }
  }

  #forget(folder: string): void {
    for (const [known, watched] of this.#folders) {
      if (known !== folder && !known.startsWith(`${folder}/`)) continue;
      watched.timer?.cancel();
      watched.watcher?.close();
      this.#folders.delete(known);
      this.#tellFiles(known, []);
    }
  }
}

function isGone(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
