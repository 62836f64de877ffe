/** What went wrong, in words for people: expected errors keep their sentence and hint, anything else is a bug. */
import { ORPCError } from '@orpc/client';
import { type AppErrorCode, type AppErrorData, appErrorStatuses } from '../../src-shared/api/errors.ts';
import { errorHeadlines } from '../../src-shared/error-headlines.ts';
import { bugPhrase } from '../../src-shared/phrases.ts';

export interface Trouble {
  /** `offline`: no answer at all; `bug`: an answer without a known code */
  code: AppErrorCode | 'offline' | 'bug';
  headline: string;
  sentence: string;
  hint: string | null;
  /** trying again can help */
  again: boolean;
}

export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

function isAppErrorCode(code: string): code is AppErrorCode {
  return code in appErrorStatuses;
}

/** Turns anything thrown by a call into words. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof ORPCError && isAppErrorCode(error.code)) return fromApp(error.code, error.message, error.data);
  if (error instanceof UploadRefused) return fromApp(error.code, error.message, error.data);
  if (error instanceof ORPCError) {
    if (error.status === 401) return fromApp('session.refused', 'This window is no longer signed in.', null);
    return { code: 'bug', ...bugPhrase, hint: null, again: false };
  }
  if (error instanceof TypeError) {
    return {
      code: 'offline',
      headline: 'No connection to the Studio',
      sentence: 'The Studio does not answer.',
      hint: 'It reconnects by itself; what you did last then shows. If this stays, start Circletake again.',
      again: true,
    };
  }
  return { code: 'bug', ...bugPhrase, hint: null, again: false };
}

/** An upload that the Studio refused, with the code of the contract. */
export class UploadRefused extends Error {
  readonly code: AppErrorCode;
  readonly data: AppErrorData | null;

  constructor(code: AppErrorCode, message: string, data: AppErrorData | null) {
    super(message);
    this.name = 'UploadRefused';
    this.code = code;
    this.data = data;
  }
}

function fromApp(code: AppErrorCode, sentence: string, data: unknown): Trouble {
  const extra = data as AppErrorData | null | undefined;
  return {
    code,
    headline: errorHeadlines[code],
    sentence,
    hint: extra?.hint ?? null,
    again: extra?.retry ?? false,
  };
}
