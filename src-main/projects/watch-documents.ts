/**
 * Follows the author's documents: project.json, plans, bible, script and the manifest of heroes. They are few, so chokidar
 * watches them, which knows how editors save. Changes that come together are one reload, and reloads never overlap.
 */
import { join } from 'node:path';
import { watch } from 'chokidar';
import type { Clock, Timer } from '../orchestrator/ports/clock.ts';
import type { Logger } from '../platform/logger.ts';

export interface WatchDocumentsOptions {
  root: string;
  clock: Clock;
  logger: Logger;
  /** reads the documents again and puts what is good in force */
  reload: () => Promise<void>;
}

export interface DocumentWatch {
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

const settleMs = 150;
const watched = ['project.json', 'plans', 'bible', 'script', 'assets/refs.manifest.json'];

export function watchDocuments(options: WatchDocumentsOptions): DocumentWatch {
  const { root, clock, logger } = options;
  let timer: Timer | null = null;
  let reloading: Promise<void> = Promise.resolve();
  let closed = false;

  const watcher = watch(
    watched.map((name) => join(root, name)),
    { ignoreInitial: true, depth: 2, ignored: (path) => /(^|[\\/])\.[^\\/]*$/.test(path.slice(root.length)) },
  );
  const reload = () => {
    reloading = reloading.then(async () => {
      if (closed) return;
      await options.reload().catch((error: unknown) => logger.error('the documents could not be reloaded', { error }));
    });
  };
  watcher.on('all', () => {
    if (closed) return;
    timer?.cancel();
    timer = clock.after(settleMs, reload);
  });
  watcher.on('error', (error) => logger.warn('a document cannot be watched', { error }));

  const ready = new Promise<void>((resolve) => watcher.once('ready', () => resolve()));
  // what was saved between the project's opening and this moment made no event
  void ready.then(reload);

  return {
    ready,
    async close() {
      closed = true;
      timer?.cancel();
      await watcher.close();
      await reloading;
    },
  };
}
