/** fal's queue: what it says of a request, and with COMPLETED the result, which alone tells a success from a failure. */
import type { Sha256 } from '../../../src-shared/domain/hash.ts';
import type { CancelAnswer, FetchedArtefact, ProviderJob } from '../../orchestrator/ports/provider.ts';
import { downloadFile } from '../http/download-file.ts';
import { type CallPurpose, ExpiredError, ProviderHttpError, ReadFailure } from '../http/http-errors.ts';
import { failureOf } from '../http/read-errors.ts';
import { tooLateToCancel } from '../queued-jobs.ts';
import { complaintIn, type FalStatus, statusSchema, unreadableInput } from './fal-answers.ts';
import { falTitle } from './fal-endpoints.ts';
import { addressOf, falJobOf } from './fal-jobs.ts';
import type { FalBooks } from './fal-listing.ts';
import { chargedFor, type FalResult, readAnswer, readErrorAnswer, readFromList } from './fal-results.ts';

export interface FalQueue extends FalBooks {
  queueUrl: () => string;
  /** forgets where a file of ours is with fal: the next attempt sends it again */
  forgetFile: (sha256: Sha256) => void;
}

/** Asks what became of a request. */
export async function askQueue(queue: FalQueue, job: ProviderJob, signal: AbortSignal): Promise<FalResult> {
  const status = await readStatus(queue, job, 'poll', signal);
  if (status === null) return readFromList(queue, job, signal);
  if (status.status !== 'COMPLETED') return { kind: 'pending', isQueued: status.status === 'IN_QUEUE' };
  return readResult(queue, job, { isOver: Boolean(status.error || status.error_type) }, signal);
}

/** Takes a request out of the queue, where fal charges nothing for it; one that runs is left to its end. */
export async function cancelQueued(queue: FalQueue, job: ProviderJob, signal: AbortSignal): Promise<CancelAnswer> {
  const status = await readStatus(queue, job, 'cancel', signal);
  if (status?.status !== 'IN_QUEUE') return tooLateToCancel(falTitle, status?.status === 'IN_PROGRESS');
  const url = addressOf(job, 'cancel', queue.queueUrl());
  try {
    await queue.client.call({ purpose: 'cancel', method: 'PUT', url }, signal);
    return { kind: 'asked' };
  } catch (error) {
    const isOver = error instanceof ProviderHttpError && (error.status === 400 || error.status === 404);
    if (isOver) return tooLateToCancel(falTitle, false);
    throw error;
  }
}

/** Null when the queue does not know the request (any more). */
async function readStatus(
  queue: FalQueue,
  job: ProviderJob,
  purpose: CallPurpose,
  signal: AbortSignal,
): Promise<FalStatus | null> {
  const url = `${addressOf(job, 'status', queue.queueUrl())}?logs=1`;
  return queue.client.json({ purpose, method: 'GET', url }, statusSchema, signal).catch((error: unknown) => {
    if (error instanceof ProviderHttpError && error.status === 404) return null;
    throw error;
  });
}

/** Brings the file of a request that is done to a path, and says what fal charged for it. */
export async function fetchFile(
  queue: FalQueue,
  job: ProviderJob,
  temporaryPath: string,
  signal: AbortSignal,
): Promise<FetchedArtefact> {
  const download = async () => {
    const result = await readResult(queue, job, { isOver: false }, signal);
    if (result.kind === 'failed') throw new ReadFailure(result.failure);
    if (result.kind === 'file') return downloadFile(queue.client, { url: result.url, temporaryPath }, signal);
    throw new ReadFailure(failureOf('transient', 'server', 'fal takes its word back: the request is not done.'));
  };
  const extension = await download().catch((error: unknown) => {
    // the result may name another address by now
    if (error instanceof ExpiredError) return download();
    throw error;
  });
  const costMicroUsd = (await chargedFor(queue, job, signal)) ?? falJobOf(job).priceMicroUsd;
  return { extension, costMicroUsd };
}

/** Reads a result without asking the queue first. `isOver`: the queue says that the request has failed. */
async function readResult(
  queue: FalQueue,
  job: ProviderJob,
  { isOver }: { isOver: boolean },
  signal: AbortSignal,
): Promise<FalResult> {
  const url = addressOf(job, 'response', queue.queueUrl());
  try {
    return await readAnswer(
      queue,
      job,
      await queue.client.call({ purpose: 'poll', method: 'GET', url }, signal),
      signal,
    );
  } catch (error) {
    if (!(error instanceof ProviderHttpError)) throw error;
    forgetUnreadable(queue, error, falJobOf(job).inputs);
    return readErrorAnswer(queue, job, { error, isOver }, signal);
  }
}

/** An address of ours that fal could not read is worth nothing. */
export function forgetUnreadable(queue: FalQueue, error: unknown, files: readonly Sha256[]): void {
  if (!(error instanceof ProviderHttpError) || !complaintIn(error.json())?.types.includes(unreadableInput)) return;
  for (const hash of files) queue.forgetFile(hash);
}
