import type { Batch } from '../../src-shared/domain/batch.ts';
import { phasesInScope } from '../../src-shared/domain/batch-scope.ts';
import { isInFlight } from '../../src-shared/domain/production-state.ts';
import { tellLeaving } from '../../src-shared/jobs-out.ts';
import { phasePhrases, statePhrases } from '../../src-shared/phrases.ts';
import type { ProjectServices } from '../api/studio-services.ts';
import { AppError } from '../platform/app-error.ts';

export interface Following {
  /** Ctrl-C: the batch is put on hold */
  stop: AbortSignal;
  /** told each move of a shot */
  say: (line: string) => void;
  onChange: (batch: Batch) => void;
}

/** Waits until nothing in the batch can run without a person or more money. Commits wake it; it never polls. */
export async function followBatch(services: ProjectServices, batchId: string, following: Following): Promise<Batch> {
  const { stop, say, onChange } = following;
  let wake = Promise.withResolvers<void>();
  const ring = () => wake.resolve();
  const unsubscribe = services.journal.onCommit(ring);
  stop.addEventListener('abort', ring, { once: true });
  let told = '';
  let seq = services.journal.lastSeq();
  try {
    for (;;) {
      wake = Promise.withResolvers<void>();
      if (stop.aborted) throw await holdBatch(services, batchId);
      const batch = await findBatch(services, batchId);
      seq = tellMoves(services, seq, say);
      const summary = JSON.stringify([batch.status, batch.counts, batch.spend]);
      if (summary !== told) onChange(batch);
      told = summary;
      if (isAtRest(batch) && !(await isStillOut(services, batch))) return batch;
      await wake.promise;
    }
  } finally {
    unsubscribe();
    stop.removeEventListener('abort', ring);
  }
}

/** One line for each move since `seq`; answers where it has come to. */
function tellMoves({ journal }: ProjectServices, seq: number, say: (line: string) => void): number {
  let last = seq;
  for (let page = journal.eventsAfter(last, 200); page.length > 0; page = journal.eventsAfter(last, 200)) {
    for (const event of page) {
      last = event.seq;
      if (event.body.type !== 'station_transition') continue;
      const { shotId, phase, state, reason } = event.body.shotPhase;
      say(`${shotId} ${phasePhrases[phase]}: ${statePhrases[state]}${reason === null ? '' : ` — ${reason}`}`);
    }
  }
  return last;
}

/** Nothing runs in it any more unless someone does something. */
function isAtRest({ status, awaitingOperator }: Batch): boolean {
  return awaitingOperator || (status !== 'running' && status !== 'created');
}

/** A batch that has put itself on hold may have jobs out: what is paid for is fetched before the program ends. */
async function isStillOut(services: ProjectServices, { status, episodeId, config }: Batch): Promise<boolean> {
  if (status !== 'paused') return false;
  const { shots } = await services.snapshot(episodeId);
  return phasesInScope(config, shots).some(({ row }) => isInFlight(row.state));
}

async function findBatch(services: ProjectServices, batchId: string): Promise<Batch> {
  const batch = (await services.batches.list()).find(({ id }) => id === batchId);
  if (batch) return batch;
  throw new AppError({ code: 'batch.not-found', message: `The batch ${batchId} is no longer there.` });
}

async function holdBatch(services: ProjectServices, batchId: string): Promise<AppError> {
  await services.batches.pause(batchId);
  const leaving = tellLeaving(await services.attempts.jobsOut(batchId), new Date());
  return new AppError({
    code: 'shutting-down',
    message: [`Stopped: the batch ${batchId} is on hold.`, leaving].filter(Boolean).join(' '),
    hint: 'Run the same command again to go on.',
    retry: true,
  });
}
