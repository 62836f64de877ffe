/**
 * What became of a request to fal: running, a file, or a failure and what it costs. The result is kept for an hour and its
 * file for a week, so a result that is gone is looked for in fal's list of requests before it is given up.
 *
 * Billing of failures: fal does not bill 5xx and may bill 422. A failure counts as billed in the amount that was reserved
 * unless fal says otherwise: its billing list names the request, or the result says that no unit was billable.
 */
import type { AttemptFailure } from '../../../src-shared/domain/attempt.ts';
import type { MicroUsd } from '../../../src-shared/domain/money.ts';
import type { ProviderJob } from '../../orchestrator/ports/provider.ts';
import { isAbortError } from '../../platform/app-error.ts';
import type { ApiAnswer } from '../http/api-client.ts';
import type { ProviderHttpError } from '../http/http-errors.ts';
import { failureOf } from '../http/read-errors.ts';
import { complaintIn, failureOfResult, fileIn, type ListedRequest } from './fal-answers.ts';
import { falJobOf } from './fal-jobs.ts';
import { billedFor, type FalBooks, findRequest } from './fal-listing.ts';

export type FalResult =
  | { kind: 'pending'; isQueued?: boolean }
  | { kind: 'file'; url: string }
  | { kind: 'failed'; failure: AttemptFailure; billedMicroUsd: MicroUsd };

/**
 * How long fal's list may not know of a request that fal took. It is sorted by the end of requests and its filters know ended
 * ones only, so one that still runs may not be in it: longer than a clip waits and renders.
 */
export const listingLagMs = 30 * 60_000;

const unitsHeader = 'x-fal-billable-units';

/** Reads a result that came. */
export async function readAnswer(
  books: FalBooks,
  job: ProviderJob,
  answer: ApiAnswer,
  signal: AbortSignal,
): Promise<FalResult> {
  const file = fileIn(answer.text);
  if (file) return { kind: 'file', url: file.url };
  const failure = failureOf('gate_mechanical', 'bad_output', 'fal finished the request and its result holds no file.');
  return failed(books, job, { failure, units: answer.headers[unitsHeader], status: 200 }, signal);
}

/**
 * Reads a result that is an error. `isOver`: the queue says that the request has failed, so that the error is its result
 * and not trouble in asking. Throws the error again when it is trouble.
 */
export async function readErrorAnswer(
  books: FalBooks,
  job: ProviderJob,
  { error, isOver }: { error: ProviderHttpError; isOver: boolean },
  signal: AbortSignal,
): Promise<FalResult> {
  const { status } = error;
  if (status === 404) return readFromList(books, job, signal);
  if (status === 400 && /in progress/i.test(error.excerpt)) return { kind: 'pending' };
  if (status === 429 || (status < 500 && refusesUs(status) && !isOver)) throw error;
  const complaint = complaintIn(error.json());
  // a 5xx of the platform looks like one of the model; the queue and the list know which it is
  if (status >= 500 && !isOver && !(await hasEnded(books, job, signal))) throw error;
  const failure = failureOfResult(status, complaint);
  return failed(books, job, { failure, units: error.header(unitsHeader) ?? undefined, status }, signal);
}

/** Reads a request from fal's list, for when the queue does not know it (any more). */
export async function readFromList(books: FalBooks, job: ProviderJob, signal: AbortSignal): Promise<FalResult> {
  const { endpoint, sentAt } = falJobOf(job);
  const listed = await findRequest(books, { endpoint, id: job.id }, signal);
  if (!listed) {
    const ageMs = books.client.now().getTime() - Date.parse(sentAt);
    if (ageMs < listingLagMs) return { kind: 'pending' };
    const message = 'fal does not know this request any more. It may have been billed.';
    return failed(books, job, { failure: failureOf('permanent', 'server', message), status: 404 }, signal);
  }
  return readListed(books, job, listed, signal);
}

async function readListed(
  books: FalBooks,
  job: ProviderJob,
  listed: ListedRequest,
  signal: AbortSignal,
): Promise<FalResult> {
  const { status_code: status } = listed;
  if (status == null) return { kind: 'pending' };
  const file = status < 300 ? fileIn(JSON.stringify(listed.json_output ?? null)) : null;
  if (file) return { kind: 'file', url: file.url };
  if (status >= 300) {
    return failed(books, job, { failure: failureOfResult(status, complaintIn(listed.json_output)), status }, signal);
  }
  const message = 'fal made the result and keeps it no longer. It was billed and cannot be fetched any more.';
  return failed(books, job, { failure: failureOf('permanent', 'bad_output', message), status }, signal);
}

/** What fal charged, in its own figure; null when it cannot be known now. A question of money never stops a take. */
export async function chargedFor(books: FalBooks, job: ProviderJob, signal: AbortSignal): Promise<MicroUsd | null> {
  const { endpoint, sentAt } = falJobOf(job);
  return billedFor(books, { endpoint, id: job.id, sentAt }, signal).catch((error: unknown) => {
    if (signal.aborted || isAbortError(error)) throw error;
    return null;
  });
}

async function failed(
  books: FalBooks,
  job: ProviderJob,
  { failure, units, status }: { failure: AttemptFailure; units?: string | undefined; status: number },
  signal: AbortSignal,
): Promise<FalResult> {
  const billedMicroUsd = await billedForFailure(books, job, { failure, units, status }, signal);
  return { kind: 'failed', failure, billedMicroUsd };
}

async function billedForFailure(
  books: FalBooks,
  job: ProviderJob,
  { failure, units, status }: { failure: AttemptFailure; units?: string | undefined; status: number },
  signal: AbortSignal,
): Promise<MicroUsd> {
  const saysNothingIsBillable = units !== undefined && Number(units) === 0;
  if (saysNothingIsBillable) return 0;
  const charged = await chargedFor(books, job, signal);
  if (charged !== null) return charged;
  const saysSomethingIs = units !== undefined && Number(units) > 0;
  const isFree = status >= 500 || failure.detail === 'cancelled';
  return isFree && !saysSomethingIs ? 0 : falJobOf(job).priceMicroUsd;
}

async function hasEnded(books: FalBooks, job: ProviderJob, signal: AbortSignal): Promise<boolean> {
  const listed = await findRequest(books, { endpoint: falJobOf(job).endpoint, id: job.id }, signal);
  return (listed?.status_code ?? 0) >= 300;
}

function refusesUs(status: number): boolean {
  return status === 401 || status === 402 || status === 403;
}
