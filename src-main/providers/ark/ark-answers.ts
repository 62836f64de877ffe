import { z } from 'zod';
import type { AttemptFailure } from '../../../src-shared/domain/attempt.ts';
import type { ProviderHttpError } from '../http/http-errors.ts';
import { failureOf } from '../http/read-errors.ts';

export const arkSubmitSchema = z.object({ id: z.string().min(1) });

const errorSchema = z.object({ code: z.string().default(''), message: z.string().default('') });

export const arkTaskSchema = z.object({
  id: z.string().min(1),
  model: z.string().optional(),
  status: z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled', 'expired']),
  content: z.object({ video_url: z.url().nullish() }).nullish(),
  error: errorSchema.nullish(),
  /** seconds since 1970 */
  created_at: z.number().optional(),
  seed: z.number().nullish(),
});
export type ArkTask = z.infer<typeof arkTaskSchema>;

export const arkListSchema = z.object({ items: z.array(arkTaskSchema).default([]), total: z.number().optional() });

/** What a code of Ark's means, at a submit and in a task that failed; null = nothing beyond its status. */
function meaningOf(code: string): Pick<AttemptFailure, 'category' | 'detail'> | null {
  if (/SensitiveContent|RiskDetection|PolicyViolation|ContentFilter|Copyright/i.test(code)) {
    return { category: 'content_filter', detail: 'rejected_request' };
  }
  // the last is a limit that the account's owner has set: waiting does not lift it
  if (/AccountOverdue|ServiceOverdue|InsufficientBalance|Arrears|SetLimitExceeded/i.test(code)) {
    return { category: 'budget', detail: 'account' };
  }
  if (/RateLimit|QuotaExceeded|LimitExceeded|ServerOverloaded|TooManyRequests/i.test(code)) {
    return { category: 'transient', detail: 'rate_limit' };
  }
  if (/^(InvalidParameter|MissingParameter|InvalidEndpoint|InvalidImage|ModelNotOpen|OperationDenied\.)/i.test(code)) {
    return { category: 'permanent', detail: 'rejected_request' };
  }
  if (/Authentication|AccessDenied|Forbidden|OperationDenied|InvalidApiKey/i.test(code)) {
    return { category: 'permanent', detail: 'account' };
  }
  return null;
}

/** A refused submit, by Ark's own code where the status says too little: 400 also stands for a filter, 403 for debts. */
export function refineArk(error: ProviderHttpError): AttemptFailure | null {
  const meaning = meaningOf(error.code ?? '');
  return meaning && failureOf(meaning.category, meaning.detail, error.message, error.retryAfterMs);
}

/** Why a task ended without a clip; only clips that were made are billed. */
export function taskFailure(task: ArkTask): AttemptFailure {
  if (task.status === 'cancelled') return failureOf('transient', 'cancelled', 'The task was cancelled at Ark.');
  if (task.status === 'expired') {
    return failureOf('transient', 'timeout', 'Ark did not come to the task in its time and dropped it.');
  }
  const { code = '', message = '' } = task.error ?? {};
  const meaning = meaningOf(code) ?? { category: 'transient' as const, detail: 'server' as const };
  const said = [code, message].filter(Boolean).join(': ') || 'no reason was given';
  return failureOf(meaning.category, meaning.detail, `Ark did not make the clip: ${said}`);
}
