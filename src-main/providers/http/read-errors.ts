/** The table of the attempt protocol: what an answer to a submit means, and what a failed poll or download does. */
import type { AttemptFailure } from '../../../src-shared/domain/attempt.ts';
import type { FailureCategory, FailureDetail } from '../../../src-shared/domain/failure.ts';
import type { SubmitOutcome } from '../../orchestrator/ports/provider.ts';
import { AppError } from '../../platform/app-error.ts';
import {
  BadDownloadError,
  EmptyAnswerError,
  ExpiredError,
  NotSentError,
  ProviderHttpError,
  ReadFailure,
  TransportError,
} from './http-errors.ts';
import { readForbidden } from './read-forbidden.ts';
import { tellFailure } from './tell-failure.ts';

/** What an adapter knows better than the status code; null = nothing. */
export type Refine = (error: ProviderHttpError) => AttemptFailure | null;

/** A typed failure. */
export function failureOf(
  category: FailureCategory,
  detail: FailureDetail,
  message: string,
  retryAfterMs: number | null = null,
): AttemptFailure {
  return { category, detail, message, retryAfterMs };
}

/** What is said when there is no key. */
export function noKeyMessage(title: string): string {
  return `No key for ${title}: add one in Settings.`;
}

/** Who threw, and what its adapter knows better than the status code. */
export interface Reading {
  title: string;
  refine?: Refine;
}

/**
 * How a submit that threw is to be read. `refine` may name the failure of a 4xx better; it cannot turn an unknown outcome
 * into a known one.
 */
export function readSubmitError(error: unknown, { title, refine }: Reading): SubmitOutcome {
  if (error instanceof NotSentError) return { kind: 'not-sent', failure: error.failure };
  if (error instanceof EmptyAnswerError) {
    const { failure, billedMicroUsd } = error;
    return { kind: 'rejected', failure: tellFailure(failure, title), billedMicroUsd };
  }
  if (error instanceof TransportError) {
    return { kind: error.sent ? 'unknown' : 'not-sent', failure: transportFailure(error) };
  }
  // a bug of ours may have thrown after the request went out
  if (!(error instanceof ProviderHttpError)) return { kind: 'unknown', failure: ourFailure(error, title) };
  if (!isRejection(error.status)) {
    const failure = failureOf('transient', 'server', error.message, error.retryAfterMs);
    return { kind: 'unknown', failure: tellFailure(failure, title) };
  }
  const failure = refine?.(error) ?? answeredFailure(error);
  return { kind: 'rejected', failure: tellFailure(failure, title), billedMicroUsd: 0 };
}

/**
 * Failure of an upload, poll or download that threw. A key that stopped working while a job runs loses nothing: the job is
 * asked about again later. Only what is gone for good is permanent.
 */
export function readFetchError(error: unknown, { title, refine }: Reading): AttemptFailure {
  if (error instanceof NotSentError) return error.failure;
  if (error instanceof TransportError) return transportFailure(error);
  if (error instanceof ReadFailure) return tellFailure(error.failure, title);
  if (error instanceof ExpiredError) return tellFailure(failureOf('permanent', 'bad_output', error.message), title);
  if (error instanceof BadDownloadError) return tellFailure(failureOf('transient', 'bad_output', error.message), title);
  if (!(error instanceof ProviderHttpError)) return ourFailure(error, title);
  const failure = tellFailure(refine?.(error) ?? answeredFailure(error), title);
  return error.purpose !== 'upload' && refusesUs(error, failure)
    ? { ...failure, category: 'transient', detail: 'account' }
    : failure;
}

/** Whoever may not ask about a job does not make it undone. */
function refusesUs({ status }: ProviderHttpError, { category, detail }: AttemptFailure): boolean {
  return detail === 'account' || (category === 'permanent' && (status === 401 || status === 403));
}

/** What a status code says by itself. */
function answeredFailure(error: ProviderHttpError): AttemptFailure {
  const { status, retryAfterMs, message, excerpt, purpose, withoutKey } = error;
  // a signed address has run out: it knows nothing of the key
  if ((status === 401 || status === 403) && withoutKey) return failureOf('transient', 'server', message);
  if (status === 403 && purpose === 'submit')
    return { ...failureOf('permanent', 'account', message), ...readForbidden(excerpt) };
  if (status === 401 || status === 403) return failureOf('permanent', 'account', message);
  if (status === 402) return failureOf('budget', 'account', message);
  if (status === 408) return failureOf('transient', 'timeout', message, retryAfterMs);
  if (status === 429) return failureOf('transient', 'rate_limit', message, retryAfterMs);
  if (status >= 500 || status < 400) return failureOf('transient', 'server', message, retryAfterMs);
  return failureOf('permanent', 'rejected_request', message);
}

/** 408: it came too slowly, or it came and was too slow; only 4xx that say "no" are a no. */
function isRejection(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408;
}

function transportFailure({ kind, message }: TransportError): AttemptFailure {
  if (kind === 'timeout') return failureOf('transient', 'timeout', message);
  return failureOf('transient', kind === 'unreadable' || kind === 'redirected' ? 'server' : 'network', message);
}

/** An expected failure of this machine says itself what it is; a bug says it in the log only. */
function ourFailure(error: unknown, title: string): AttemptFailure {
  const bug = `Something went wrong here while ${title} was asked. The log has the details.`;
  return failureOf('transient', 'unknown', error instanceof AppError ? error.message : bug);
}
