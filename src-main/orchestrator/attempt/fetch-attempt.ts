/** Step 5 of the protocol: polls and downloads, which may be repeated as often as it takes. */
import type { Attempt, AttemptFailure } from '../../../src-shared/domain/attempt.ts';
import { dispositionOf } from '../../../src-shared/domain/failure.ts';
import { wait } from '../loop/wait.ts';
import type { ProviderJob } from '../ports/provider.ts';
import { type Downloaded, inspectDownload, type Made, placeArtefact } from './artefact.ts';
import { askProvider, type Trouble } from './ask-provider.ts';
import {
  concluded,
  type DispatchDeps,
  type DispatchOrder,
  type DispatchOutcome,
  failAttempt,
} from './attempt-outcome.ts';
import { callOffUnwanted } from './call-off.ts';
import { jobOf } from './job-record.ts';
import { tellLostResult } from './lost-result.ts';
import { noteTrouble } from './note-trouble.ts';

const maxBadDownloads = 2;
/**
 * An url may have expired between two answers, and the books that an engine answers from may not know a new job for some
 * seconds: what was paid for is asked for again, a quarter of a minute in all, before it counts as lost.
 */
const maxRefusals = 5;
/** answers in a row that refuse the account before the batch is put on hold for it: one may be a slip of the provider's */
const maxLockedOut = 3;
/** troubles in a row, with pauses of 1, 2, 4… seconds, before the run makes room for others */
const maxTroubles = 6;
/** what an engine may ask to be left alone for while the run keeps its place */
const maxAskedPauseMs = 60_000;

/** Answers with the attempt in `downloaded` and what was made, in its place, or with the outcome. */
export async function pollAndFetch(
  deps: DispatchDeps,
  order: DispatchOrder,
  attempt: Attempt,
): Promise<{ attempt: Attempt; made: Made } | DispatchOutcome> {
  const job = jobOf(attempt);
  if (!job) throw new Error(`Attempt ${attempt.id} is submitted and has no job id`);
  const { adapter, signal } = order;
  for (let troubles = 0, badDownloads = 0, refusals = 0, lockedOut = 0; ; ) {
    await callOffUnwanted(deps.store, { ...order, attempt }, job);
    const answer = await askProvider(order, () => adapter.poll(job, signal));
    if (answer.kind === 'failed') return failAttempt(deps, order, attempt, answer.failure, answer.billedMicroUsd);
    if (answer.kind === 'with-person') return withPerson(deps, order, attempt, answer.message);
    if (answer.kind === 'pending') {
      troubles = 0;
      refusals = 0;
      lockedOut = 0;
      notePlace(deps, attempt.id, answer);
      await wait(deps.clock, answer.pollAgainMs, signal);
      continue;
    }
    const got = answer.kind === 'done' ? await download(deps, order, attempt, job) : answer;
    if (got.kind === 'good') return placeArtefact(deps, { attempt, job, good: got });
    noteTrouble(deps.store, attempt.id, got.failure);
    if (got.kind === 'bad') badDownloads++;
    else troubles++;
    // A result that is lost was still made: the reservation counts as billed, so that the ledger never says too little.
    const refused = got.kind === 'trouble' && dispositionOf(got.failure.category) !== 'retry';
    if (refused && ++refusals >= maxRefusals) {
      const lost = tellLostResult(adapter, attempt, { failure: got.failure, now: deps.clock.now() });
      return failAttempt(deps, order, attempt, lost, attempt.reservedMicroUsd);
    }
    if (got.kind === 'bad' && badDownloads >= maxBadDownloads) {
      return failAttempt(deps, order, attempt, got.failure, got.costMicroUsd);
    }
    lockedOut = got.failure.detail === 'account' ? lockedOut + 1 : 0;
    if (lockedOut >= maxLockedOut) return stillOut(deps, order, attempt, { kind: 'locked-out', failure: got.failure });
    if (got.kind === 'trouble' && troubles >= maxTroubles) {
      return stillOut(deps, order, attempt, { kind: 'unreachable', failure: got.failure });
    }
    const pauseMs = 1000 * 2 ** Math.max(0, troubles - 1);
    const askedMs = Math.min(got.failure.retryAfterMs ?? 0, maxAskedPauseMs);
    await wait(deps.clock, Math.max(pauseMs, askedMs), signal);
  }
}

/** For those who ask what a stop would do about the job. */
function notePlace(deps: DispatchDeps, attemptId: string, { isQueued }: { isQueued?: boolean }): void {
  const place = isQueued === undefined ? null : isQueued ? 'queued' : 'running';
  deps.places.set(attemptId, { place, atMs: deps.clock.now().getTime() });
}

/** The attempt stays as it is and needs no run: a delivery, or the next start, goes on with it. */
function withPerson(deps: DispatchDeps, order: DispatchOrder, attempt: Attempt, message: string): DispatchOutcome {
  return deps.store.inTransaction(() => concluded(order, { kind: 'with-person', attempt, message }));
}

/** The job is the provider's and goes on there: the attempt stays as it is and is asked about again later. */
function stillOut(
  deps: DispatchDeps,
  order: DispatchOrder,
  attempt: Attempt,
  why: { kind: 'unreachable' | 'locked-out'; failure: AttemptFailure },
): DispatchOutcome {
  return deps.store.inTransaction(() => concluded(order, { ...why, attempt }));
}

async function download(
  deps: DispatchDeps,
  order: DispatchOrder,
  attempt: Attempt,
  job: ProviderJob,
): Promise<Downloaded | Trouble> {
  const temporaryPath = deps.paths.temporaryPath(attempt.id);
  const fetched = await askProvider(order, () => order.adapter.fetchResult(job, temporaryPath, order.signal));
  return 'kind' in fetched ? fetched : inspectDownload(deps, { attempt, temporaryPath, fetched }, order.signal);
}
