/**
 * What can go wrong between us and a provider, told apart by the one thing that counts for money: whether the request can
 * have reached it. No error here holds a key: texts are scrubbed before they come in.
 */
import type { AttemptFailure } from '../../../src-shared/domain/attempt.ts';
import type { MicroUsd } from '../../../src-shared/domain/money.ts';
import { parseJson } from '../../platform/parse-json.ts';
import { type Asked, type TransportCause, transportWords } from './transport-words.ts';
import { wordsOfAnswer } from './words-of-answer.ts';

/** What a call was for; the same answer means different things for a submit and for a poll. */
export type CallPurpose = 'submit' | 'upload' | 'poll' | 'fetch' | 'cancel' | 'list' | 'test-key';

/** No usable answer came. Its message is for people; what the machine said is its cause, for the log. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  /** false: for sure no byte of the request left this machine */
  readonly sent: boolean;
  readonly kind: TransportCause;

  constructor(init: { asked: Asked; sent: boolean; kind: TransportCause; message?: string; cause?: unknown }) {
    const { asked, sent, kind, message = transportWords(asked, kind), cause } = init;
    super(message, cause === undefined ? undefined : { cause });
    this.sent = sent;
    this.kind = kind;
  }
}

/** An address that nothing can be sent to; it stands in Settings. */
export function badAddress(asked: Asked): TransportError {
  const message = `The address of ${asked.title} is no web address. Look at it in Settings.`;
  return new TransportError({ asked, sent: false, kind: 'unreachable', message });
}

export interface ProviderHttpErrorInit {
  /** the provider's name as people read it */
  provider: string;
  purpose: CallPurpose;
  status: number;
  /** the provider's own word, when its body has one in a usual place */
  code: string | null;
  /** the answer's body, scrubbed */
  body: string;
  headers: Readonly<Record<string, string>>;
  retryAfterMs: number | null;
  /** it was asked without the key, at an address that is signed or somebody else's */
  withoutKey?: boolean;
}

/** The provider answered with something other than 2xx. */
export class ProviderHttpError extends Error {
  override readonly name = 'ProviderHttpError';
  readonly provider: string;
  readonly purpose: CallPurpose;
  readonly status: number;
  readonly code: string | null;
  /** what its body says, for people */
  readonly excerpt: string;
  readonly retryAfterMs: number | null;
  readonly withoutKey: boolean;
  // private, so that a log of this error stays short
  readonly #body: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(init: ProviderHttpErrorInit) {
    const excerpt = wordsOfAnswer(init.body);
    super(`${init.provider} answered ${init.status}${excerpt ? `: ${excerpt}` : ' without a reason'}`);
    this.provider = init.provider;
    this.purpose = init.purpose;
    this.status = init.status;
    this.code = init.code;
    this.excerpt = excerpt;
    this.retryAfterMs = init.retryAfterMs;
    this.withoutKey = init.withoutKey ?? false;
    this.#body = init.body;
    this.#headers = init.headers;
  }

  /** The body as JSON, scrubbed; null when it is none. */
  json(): unknown {
    return parseJson(this.#body) ?? null;
  }

  header(name: string): string | null {
    return this.#headers[name.toLowerCase()] ?? null;
  }
}

/** A failure that an adapter has read already: the table hands it on. */
export class ReadFailure extends Error {
  override readonly name: string = 'ReadFailure';
  readonly failure: AttemptFailure;

  constructor(failure: AttemptFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** A reason that was found before anything was sent: a missing key, a file that has changed. */
export class NotSentError extends ReadFailure {
  override readonly name = 'NotSentError';
}

/** A submit was answered whole and without what was ordered; what that cost is known. */
export class EmptyAnswerError extends ReadFailure {
  override readonly name = 'EmptyAnswerError';
  readonly billedMicroUsd: MicroUsd;

  constructor(failure: AttemptFailure, billedMicroUsd: MicroUsd) {
    super(failure);
    this.billedMicroUsd = billedMicroUsd;
  }
}

/** A finished file that cannot be had any more. */
export class ExpiredError extends Error {
  override readonly name = 'ExpiredError';
}

/** What came is not the file: empty, cut short, a page instead of a picture. Asking again may help. */
export class BadDownloadError extends Error {
  override readonly name = 'BadDownloadError';
}
