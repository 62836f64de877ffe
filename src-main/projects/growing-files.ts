/**
 * Files that may still be written: each is looked at again and again until size and time are the same over two looks. All
 * of them share one timer, so ten thousand cost no more timers than one.
 */
import { stat } from 'node:fs/promises';
import type { Clock, Timer } from '../orchestrator/ports/clock.ts';

/** What a file is told from its earlier self by. */
export interface Look {
  size: number;
  mtimeMs: number;
}

export interface GrowingFiles {
  /** Begins to look at a file; one that is looked at already goes on as it is. */
  add(path: string): void;
  has(path: string): boolean;
  readonly size: number;
  /** Stops looking and waits for the look that is under way. */
  close(): Promise<void>;
}

export interface GrowingFilesOptions {
  clock: Clock;
  /** absolute path of a recorded one */
  resolve: (path: string) => string;
  /** A file has stopped growing; it is not looked at any more. */
  onSettled: (path: string, look: Look) => void;
  /** Called after each round, also when files vanished. */
  onRound: () => void;
}

/** Between two looks at a file. */
const lookEveryMs = 300;

export function watchGrowingFiles(options: GrowingFilesOptions): GrowingFiles {
  const files = new Map<string, Look | null>();
  let timer: Timer | null = null;
  let round: Promise<void> | null = null;
  let closed = false;

  const schedule = () => {
    if (closed || timer || round || files.size === 0) return;
    timer = options.clock.after(lookEveryMs, () => {
      timer = null;
      round = lookAround().finally(() => {
        round = null;
        options.onRound();
        schedule();
      });
    });
  };
  const lookAround = async (): Promise<void> => {
    for (const [path, before] of [...files]) {
      const now = await lookAt(options.resolve(path));
      if (closed) return;
      if (now && before && isSameLook(before, now)) {
        files.delete(path);
        options.onSettled(path, now);
      } else if (now) files.set(path, now);
      else files.delete(path);
    }
  };
  return {
    add(path) {
      if (!files.has(path)) files.set(path, null);
      schedule();
    },
    has: (path) => files.has(path),
    get size() {
      return files.size;
    },
    async close() {
      closed = true;
      timer?.cancel();
      await round;
      files.clear();
    },
  };
}

/** Null when the file is gone. */
export async function lookAt(path: string): Promise<Look | null> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { size, mtimeMs };
  } catch {
    // Gone again before it was looked at.
    return null;
  }
}

export function isSameLook(a: Look, b: Look): boolean {
  return a.size === b.size && a.mtimeMs === b.mtimeMs;
}
