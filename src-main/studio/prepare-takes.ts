/**
 * Makes posters, filmstrips and proxies of recorded takes in the background, newest request first, one take at a time. A
 * take whose media cannot be prepared is noted once and not tried again until the app starts anew.
 */
import type { MediaWorkshop } from '../orchestrator/ports/media.ts';
import type { ProjectPaths } from '../orchestrator/ports/project-files.ts';
import type { JournalStore, TakeStore } from '../orchestrator/ports/store.ts';
import { isAbortError } from '../platform/app-error.ts';
import type { Logger } from '../platform/logger.ts';

export interface PrepareTakesDeps {
  store: TakeStore & JournalStore;
  media: Pick<MediaWorkshop, 'prepare'>;
  paths: Pick<ProjectPaths, 'resolve'>;
  logger: Logger;
}

export interface TakePreparer {
  /** Puts a take before the others; false when there is nothing left to make. */
  request(takeId: string): boolean;
  close(): Promise<void>;
}

/** Starts at once and follows the journal for new takes. */
export function prepareTakes(deps: PrepareTakesDeps): TakePreparer {
  const stop = new AbortController();
  const wanted: string[] = [];
  const given = new Set<string>();
  let running: Promise<void> | null = null;

  const nextTake = () => {
    for (let id = wanted.pop(); id !== undefined; id = wanted.pop()) {
      const take = deps.store.take(id);
      if (take && take.prepared === null && !given.has(take.id)) return take;
    }
    return deps.store.takesNotPrepared(50).find((take) => !given.has(take.id)) ?? null;
  };
  const work = async () => {
    for (let take = nextTake(); take !== null && !stop.signal.aborted; take = nextTake()) {
      given.add(take.id);
      try {
        const media = { path: deps.paths.resolve(take.path), sha256: take.sha256, probe: take.probe };
        const prepared = await deps.media.prepare(media, stop.signal);
        if (!stop.signal.aborted) deps.store.setPrepared(take.id, prepared);
      } catch (error) {
        if (isAbortError(error)) return;
        deps.logger.warn('the pictures of a take could not be prepared', { takeId: take.id, error });
      }
    }
  };
  const start = () => {
    if (running || stop.signal.aborted) return;
    running = work().finally(() => {
      running = null;
    });
  };
  const unsubscribe = deps.store.onCommit(start);
  start();
  return {
    request(takeId) {
      const take = deps.store.take(takeId);
      if (!take || take.prepared !== null) return false;
      given.delete(takeId);
      wanted.push(takeId);
      start();
      return true;
    },
    async close() {
      unsubscribe();
      stop.abort();
      await running;
    },
  };
}
