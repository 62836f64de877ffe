/**
 * What Kling says. Every answer is an envelope with a code; 0 is the only good one, whatever the HTTP status. A code has a
 * documented status, so that an envelope with HTTP 200 and a code is read as the error that it is.
 */
import { z } from 'zod';
import type { AttemptFailure } from '../../../src-shared/domain/attempt.ts';
import { type CallPurpose, ProviderHttpError } from '../http/http-errors.ts';
import { failureOf } from '../http/read-errors.ts';

const envelope = z.object({ code: z.number().int(), message: z.string().default('') });

const taskSchema = z.object({
  task_id: z.string().min(1),
  task_status: z.enum(['submitted', 'processing', 'succeed', 'failed']),
  task_status_msg: z.string().nullish(),
  task_result: z.object({ videos: z.array(z.object({ url: z.url() })).optional() }).nullish(),
});
export type KlingTask = z.infer<typeof taskSchema>;

/** An answer about one task; an envelope with a code and no task passes here and is refused by `taskIn`. */
export const klingAnswerSchema = envelope.extend({ data: taskSchema.nullish() });
/** An answer of which only the code counts. */
export const klingEnvelopeSchema = envelope;

/** The task of an answer. Throws what a code other than 0 means, as the HTTP error it ought to have been. */
export function taskIn(answer: z.infer<typeof klingAnswerSchema>, purpose: CallPurpose): KlingTask {
  throwCode(answer, purpose);
  if (answer.data) return answer.data;
  throw klingError({ code: 5000, message: 'The answer holds no task.' }, purpose);
}

/** Throws when an envelope holds an error. */
export function throwCode(answer: z.infer<typeof envelope>, purpose: CallPurpose): void {
  if (answer.code !== 0) throw klingError(answer, purpose);
}

function klingError({ code, message }: z.infer<typeof envelope>, purpose: CallPurpose) {
  return new ProviderHttpError({
    ...{ provider: 'Kling', purpose, status: statusOf(code), code: String(code) },
    ...{ body: JSON.stringify({ code, message }), headers: {}, retryAfterMs: null },
  });
}

/** A code that is not in the table says nothing about the money: as a 500, the outcome is unknown. */
function statusOf(code: number): number {
  if (code >= 1000 && code <= 1004) return 401;
  if (code >= 1100 && code <= 1102) return 429;
  if (code === 1103) return 403;
  if (code >= 1200 && code <= 1201) return 400;
  if (code >= 1202 && code <= 1203) return 404;
  if (code >= 1300 && code <= 1301) return 400;
  if (code >= 1302 && code <= 1304) return 429;
  return 500;
}

const meanings: readonly (Pick<AttemptFailure, 'category' | 'detail'> & { codes: RegExp })[] = [
  { codes: /^(100[0-4]|1100|1304)$/, category: 'permanent', detail: 'account' },
  { codes: /^110[12]$/, category: 'budget', detail: 'account' },
  // 1103: this one model or interface is not open to the account
  { codes: /^(1103|120[0-3])$/, category: 'permanent', detail: 'rejected_request' },
  { codes: /^130[01]$/, category: 'content_filter', detail: 'rejected_request' },
  { codes: /^130[23]$/, category: 'transient', detail: 'rate_limit' },
];

/** What a code means where the HTTP status alone would mislead: Kling answers 429 also when the money is gone. */
export function refineKling({ code, message, retryAfterMs }: ProviderHttpError): AttemptFailure | null {
  const meaning = meanings.find(({ codes }) => codes.test(code ?? ''));
  return meaning ? failureOf(meaning.category, meaning.detail, message, retryAfterMs) : null;
}

/** Whether a submit was refused because its external id is taken: then the task is there already. */
export function isDuplicateId(error: unknown): boolean {
  return (
    error instanceof ProviderHttpError &&
    /^12\d\d$/.test(error.code ?? '') &&
    /external_task_id/i.test(error.message) &&
    /exist|duplicat|unique|repeat|already|taken/i.test(error.message)
  );
}

/** Whether Kling itself says that there is no such task; another 404 may come from anybody on the way. */
export function isUnknownTask(error: unknown): boolean {
  return error instanceof ProviderHttpError && error.code === '1203';
}

/** Why a task failed; Kling bills only what it delivers. */
export function taskFailure(task: KlingTask): AttemptFailure {
  const reason = task.task_status_msg ?? 'no reason was given';
  const message = `Kling did not make the clip: ${reason}.`;
  const filtered = /\b(risk control|content policy|sensitive|safety|policy|violat\w+|moderation|filtered)\b/i.test(
    reason,
  );
  return filtered
    ? failureOf('content_filter', 'rejected_request', message)
    : failureOf('transient', 'server', message);
}
