/** Step 5 of the protocol: polls and downloads, which may be repeated as often as it takes. */
import type { Attempt, AttemptFailure } from '../../../src-shared/domain/attempt.ts';
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
import { type NextTurn, Patience } from './patience.ts';

/** Answers with the attempt in `downloaded` and what was made, in its place, or with the outcome. */
export async function pollAndFetch(
  deps: DispatchDeps,
  order: DispatchOrder,
  attempt: Attempt,
): Promise<{ attempt: Attempt; made: Made } | DispatchOutcome> {
  const job = jobOf(attempt);
  if (!job) throw new Error(`Attempt ${attempt.id} is submitted and has no job id`);
  const { adapter, signal } = order;
  for (const patience = new Patience(); ; ) {
    await callOffUnwanted(deps.store, { ...order, attempt }, job);
    const answer = await askProvider(order, () => adapter.poll(job, signal));
    if (answer.kind === 'failed') return failAttempt(deps, order, attempt, answer.failure, answer.billedMicroUsd);
    if (answer.kind === 'with-person') return withPerson(deps, order, attempt, answer.message);
    if (answer.kind === 'pending') {
      patience.wasAnswered();
      notePlace(deps, attempt.id, answer);
      await wait(deps.clock, answer.pollAgainMs, signal);
      continue;
    }
    const got = answer.kind === 'done' ? await download(deps, order, attempt, job) : answer;
    if (got.kind === 'good') return placeArtefact(deps, { attempt, job, good: got });
    noteTrouble(deps.store, attempt.id, got.failure);
    const turn = patience.after(got);
    if (turn.kind !== 'ask-again') return giveUp(deps, order, attempt, { turn, failure: got.failure });
    await wait(deps.clock, turn.afterMs, signal);
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

/** Ends the run. Where the job goes on at its provider the attempt stays as it is and is asked about again later. */
function giveUp(
  deps: DispatchDeps,
  order: DispatchOrder,
  attempt: Attempt,
  { turn, failure }: { turn: Exclude<NextTurn, { kind: 'ask-again' }>; failure: AttemptFailure },
): DispatchOutcome {
  switch (turn.kind) {
    case 'lost': {
      // it was still made: the reservation counts as billed, so that the ledger never says too little
      const lost = tellLostResult(order.adapter, attempt, { failure, now: deps.clock.now() });
      return failAttempt(deps, order, attempt, lost, attempt.reservedMicroUsd);
    }
    case 'unusable':
      return failAttempt(deps, order, attempt, failure, turn.costMicroUsd);
    case 'locked-out':
    case 'unreachable':
      return deps.store.inTransaction(() => concluded(order, { kind: turn.kind, attempt, failure }));
  }
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
