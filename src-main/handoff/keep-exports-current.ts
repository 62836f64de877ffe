/**
 * Writes exports again after what changes them, at most once every few seconds however many takes arrive, and once more
 * when the project closes. How far the exports have come is kept, so that what a killed process had not written is written
 * at the next start. A write that does not succeed is raised as a problem and tried again with the next change.
 */
import { episodeOfShot } from '../../src-shared/domain/ids.ts';
import type { EventBody } from '../../src-shared/domain/journal.ts';
import type { Clock, Timer } from '../orchestrator/ports/clock.ts';
import type { JournalStore, ProblemStore } from '../orchestrator/ports/store.ts';

/** The journal number up to which exports are on disk. */
export interface ExportMark {
  exportedSeq(): number;
  markExported(seq: number): void;
}

export interface KeepExportsDeps {
  store: JournalStore & ProblemStore & ExportMark;
  clock: Clock;
  /** writes the exports of one episode, of whose takes those of these shots changed */
  write: (episodeId: string, changedShots: ReadonlySet<string>) => Promise<void>;
  onProblem: (error: unknown) => void;
}

const quietMs = 300;
const busyMs = 3000;
/** Exports of a large project may take a tenth of the time at most. */
const restShare = 10;

export interface ExportKeeper {
  /** Writes what is outstanding now. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** The shot whose exports an event makes stale; null when it makes none stale. */
export function staleShot(body: EventBody): string | null {
  switch (body.type) {
    case 'take_recorded':
      return body.take.shotId;
    case 'review_recorded':
      return body.review.shotId;
    case 'take_changed':
      return body.take.gateStatus === null ? null : body.take.shotId;
    default:
      return null;
  }
}

/** Follows the journal from where the exports stand. */
export function keepExportsCurrent(deps: KeepExportsDeps): ExportKeeper {
  const stale = new Set<string>();
  let seen = deps.store.exportedSeq();
  let timer: Timer | null = null;
  let running: Promise<void> = Promise.resolve();
  let lastRunAt = Number.NEGATIVE_INFINITY;
  let lastRunMs = 0;

  const collect = () => {
    for (;;) {
      const events = deps.store.eventsAfter(seen, 500);
      for (const event of events) {
        seen = event.seq;
        const shot = staleShot(event.body);
        if (shot) stale.add(shot);
      }
      if (events.length < 500) return;
    }
  };
  const writeAll = async () => {
    const startedAt = deps.clock.monotonicMs();
    collect();
    const byEpisode = Map.groupBy(stale, episodeOfShot);
    stale.clear();
    for (const [episode, shots] of byEpisode) {
      try {
        await deps.write(episode, new Set(shots));
        deps.store.clearProblem(`export:${episode}`);
      } catch (error) {
        for (const shot of shots) stale.add(shot);
        deps.onProblem(error);
        deps.store.raiseProblem(exportProblem(episode, error));
      }
    }
    if (stale.size === 0) deps.store.markExported(seen);
    lastRunAt = deps.clock.monotonicMs();
    lastRunMs = lastRunAt - startedAt;
  };
  const flush = () => {
    timer?.cancel();
    timer = null;
    // on a full disk even the problem cannot be recorded: the next change tries again
    running = running.then(writeAll).catch(deps.onProblem);
    return running;
  };
  const schedule = () => {
    if (timer) return;
    const rest = Math.max(busyMs, lastRunMs * restShare);
    const wait = Math.max(quietMs, rest - (deps.clock.monotonicMs() - lastRunAt));
    timer = deps.clock.after(wait, () => void flush());
  };
  const stop = deps.store.onCommit(schedule);
  if (deps.store.lastSeq() > seen) schedule();
  return {
    flush,
    async close() {
      stop();
      await flush();
    },
  };
}

function exportProblem(episode: string, error: unknown) {
  const why = error instanceof Error ? error.message : String(error);
  return {
    key: `export:${episode}`,
    severity: 'error' as const,
    file: `output/manifests/${episode}_manifest.json`,
    where: null,
    message: `The manifests of ${episode} could not be written: ${why}`,
    hint: 'Nothing is lost: they are written again from the database once the disk takes them.',
  };
}
