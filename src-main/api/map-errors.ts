// The one place where what a service throws becomes what a client gets. Expected failures keep their code, sentence and
// hint; bad input names the field; everything else is a bug, logged once with its stack and told without details.
import { ORPCError, ValidationError } from '@orpc/server';
import { type AppErrorCode, type AppErrorData, appErrorStatuses } from '../../src-shared/api/errors.ts';
import { AppError, isAbortError } from '../platform/app-error.ts';
import type { Logger } from '../platform/logger.ts';

export const bugMessage = 'Something went wrong. The log has the details.';

/** The error to answer with. `where` names the procedure or route in the log. */
export function toClientError(error: unknown, where: string, logger: Logger): ORPCError<string, unknown> {
  if (error instanceof AppError) {
    return contractError(error.code, error.message, { hint: error.hint, retry: error.retry });
  }
  if (error instanceof ORPCError) return fromOrpc(error, where, logger);
  if (isAbortError(error)) {
    // Whoever cancelled is not listening; anyone else hears why the work ended.
    return contractError('shutting-down', 'The work was stopped.', { hint: null, retry: true });
  }
  return bug(error, where, logger);
}

function fromOrpc(error: ORPCError<string, unknown>, where: string, logger: Logger): ORPCError<string, unknown> {
  if (error.code in appErrorStatuses) return error;
  if (error.status === 413) {
    return inputError('The request is too large.', 'Send less at once; files go to the upload address.');
  }
  if (error.status !== 400) return bug(error, where, logger);
  const issue = error.cause instanceof ValidationError ? error.cause.issues[0] : undefined;
  if (issue === undefined) return inputError('The request could not be read.', 'Send JSON as the contract describes.');
  const field = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
  const message = field === '' ? issue.message : `${shorten(field)}: ${issue.message}`;
  return inputError(shorten(message, 500), field === '' ? null : `Correct “${shorten(field)}” and send it again.`);
}

function inputError(message: string, hint: string | null): ORPCError<string, AppErrorData> {
  return contractError('input.invalid', message, { hint, retry: false });
}

function contractError(code: AppErrorCode, message: string, data: AppErrorData): ORPCError<string, AppErrorData> {
  return new ORPCError(code, { defined: true, status: appErrorStatuses[code], message, data });
}

function bug(error: unknown, where: string, logger: Logger): ORPCError<string, unknown> {
  logger.error('a request failed unexpectedly', { where, error });
  return new ORPCError('INTERNAL_SERVER_ERROR', { status: 500, message: bugMessage });
}

/** Text that a client sent comes back in messages; a megabyte of it does not. */
function shorten(text: string, limit = 120): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}…`;
}
