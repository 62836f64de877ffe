import { bugMessage } from '../api/map-errors.ts';
import { AppError } from '../platform/app-error.ts';
import type { Logger } from '../platform/logger.ts';

/** An error as a person reads it in a terminal or a dialog; a bug goes to the log with its stack. */
export function explainError(error: unknown, logger: Logger): string {
  if (error instanceof AppError) return error.hint === null ? error.message : `${error.message}\n${error.hint}`;
  if (isUsageError(error)) return error.message;
  logger.error('the program failed unexpectedly', { error });
  return bugMessage;
}

/** Thrown by node:util's parseArgs for arguments that it does not know. */
export function isUsageError(error: unknown): error is Error {
  const code = error instanceof Error ? Reflect.get(error, 'code') : null;
  return typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS_');
}
