import { z } from 'zod';
import type { AttemptFailure } from '../../../src-shared/domain/attempt.ts';
import type { ProviderHttpError } from '../http/http-errors.ts';
import { failureOf } from '../http/read-errors.ts';

export const runwaySubmitSchema = z.object({ id: z.string().min(1) });

export const runwayTaskSchema = z.object({
  id: z.string().min(1),
  status: z.enum(['PENDING', 'THROTTLED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED']),
  progress: z.number().nullish(),
  output: z.array(z.url()).nullish(),
  failure: z.string().nullish(),
  failureCode: z.string().nullish(),
});
export type RunwayTask = z.infer<typeof runwayTaskSchema>;

/** Runway answers 400 for a filter and for an empty account too; its text tells them apart. */
export function refineRunway(error: ProviderHttpError): AttemptFailure | null {
  const { status, message } = error;
  if (status !== 400) return null;
  if (/\b(content moderation|moderation|safety)\b/i.test(message)) {
    return failureOf('content_filter', 'rejected_request', message);
  }
  if (/\b(enough|insufficient|no|out of)( \w+)? credits?\b|\bcredits? (balance|limit)\b/i.test(message)) {
    return failureOf('budget', 'account', message);
  }
  return null;
}

/** Why a task failed. A code of safety is final: Runway itself says that the same request fails again. */
export function taskFailure({ status, failure, failureCode }: RunwayTask): AttemptFailure {
  if (status === 'CANCELLED') return failureOf('transient', 'cancelled', 'The task was cancelled at Runway.');
  const code = failureCode ?? '';
  const said = [failure, code && `(${code})`].filter(Boolean).join(' ') || 'no reason was given';
  const message = `Runway did not make the clip: ${said}`;
  if (/(^|\.)SAFETY(\.|$)/.test(code)) return failureOf('content_filter', 'rejected_request', message);
  if (/^(ASSET|INPUT_PREPROCESSING\.(?!INTERNAL))/.test(code)) {
    return failureOf('permanent', 'rejected_request', message);
  }
  return failureOf('transient', 'server', message);
}
