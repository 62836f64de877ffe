import type { AppErrorCode } from '../../src-shared/api/errors.ts';

/** What an expected failure says: to code (code), to people (message, hint), to the log (detail). */
export interface AppErrorInit {
  code: AppErrorCode;
  message: string;
  /** what to do about it */
  hint?: string;
  /** for the log only; never shown and never a secret */
  detail?: unknown;
  /** trying the same again can help */
  retry?: boolean;
  cause?: unknown;
}

/** An expected failure. Anything else that is thrown is a bug, and a DOMException named AbortError is a cancel. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: AppErrorCode;
  readonly hint: string | null;
  readonly detail: unknown;
  readonly retry: boolean;

  constructor(init: AppErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.code = init.code;
    this.hint = init.hint ?? null;
    this.detail = init.detail;
    this.retry = init.retry ?? false;
  }
}

/** Whether something was called off: no failure, and nothing to show. */
export function isAbortError(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
