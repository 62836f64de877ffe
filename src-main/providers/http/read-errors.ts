/** The table of the attempt protocol: what an answer to a submit means, and what a failed poll or download does. */
import type { AttemptFailure } from '../../../src-shared/domain/attempt.ts';
import type { FailureCategory, FailureDetail } from '../../../src-shared/domain/failure.ts';
import type { SubmitOutcome } from '../../orchestrator/ports/provider.ts';
import {
  BadDownloadError,
  EmptyAnswerError,
  ExpiredError,
  NotSentError,
  ProviderHttpError,
  ReadFailure,
  TransportError,
} from './http-errors.ts';

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

/**
 * How a submit that threw is to be read. `refine` may name the failure of a 4xx better; it cannot turn an unknown outcome
 * into a known one.
 */
export function readSubmitError(error: unknown, refine: Refine = () => null): SubmitOutcome {
  if (error instanceof NotSentError) return { kind: 'not-sent', failure: error.failure };
  if (error instanceof EmptyAnswerError) {
    return { kind: 'rejected', failure: error.failure, billedMicroUsd: error.billedMicroUsd };
  }
  if (error instanceof TransportError) {
    return { kind: error.sent ? 'unknown' : 'not-sent', failure: transportFailure(error) };
  }
  if (error instanceof ProviderHttpError) {
    const failure = refine(error) ?? answeredFailure(error);
    return isRejection(error.status)
      ? { kind: 'rejected', failure, billedMicroUsd: 0 }
      : { kind: 'unknown', failure: failureOf('transient', 'server', error.message, error.retryAfterMs) };
  }
  // a bug of ours may have thrown after the request went out
  return { kind: 'unknown', failure: failureOf('transient', 'unknown', messageOf(error)) };
}

/**
 * Failure of an upload, poll or download that threw. A key that stopped working while a job runs loses nothing: the job is
 * asked about again later. Only what is gone for good is permanent.
 */
export function readFetchError(error: unknown, refine: Refine = () => null): AttemptFailure {
  if (error instanceof ReadFailure || error instanceof NotSentError) return error.failure;
  if (error instanceof TransportError) return transportFailure(error);
  if (error instanceof ExpiredError) return failureOf('permanent', 'bad_output', error.message);
  if (error instanceof BadDownloadError) return failureOf('transient', 'bad_output', error.message);
  if (!(error instanceof ProviderHttpError)) return failureOf('transient', 'unknown', messageOf(error));
  const failure = refine(error) ?? answeredFailure(error);
  const mustGoOn = error.purpose !== 'upload' && failure.detail === 'account';
  return mustGoOn ? { ...failure, category: 'transient' } : failure;
}

/** What a status code says by itself. */
export function answeredFailure(error: ProviderHttpError): AttemptFailure {
  const { provider, status, retryAfterMs, message } = error;
  if (status === 401 || status === 403) {
    return failureOf(
      'permanent',
      'account',
      `${message}. The key was refused: look at the key for ${provider} in Settings.`,
    );
  }
  if (status === 402)
    return failureOf('budget', 'account', `${message}. The account with ${provider} has no money left.`);
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
