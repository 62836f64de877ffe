/**
 * Which of the eight categories a failure belongs to. Adapters and gates say so themselves with typed failures; reading
 * words is for texts that nobody typed, and then whole words only: "1500 ms" is no error 500, "handheld" is no hand.
 */

import { assertNever } from '../../src-shared/domain/assert-never.ts';
import type { AttemptFailure } from '../../src-shared/domain/attempt.ts';
import type { FailureCategory, FailureDetail } from '../../src-shared/domain/failure.ts';
import type { GateName, GateResult } from '../../src-shared/domain/verdict.ts';
import { AppError } from '../platform/app-error.ts';

/** What a failing gate means; the gate's name decides, never words in its reason. */
export function categoryOfGate(gate: GateName): FailureCategory {
  switch (gate) {
    case 'gate_1':
      return 'gate_mechanical';
    case 'gate_2a_identity':
      return 'gate_identity';
    case 'gate_2a_wardrobe':
      return 'gate_wardrobe';
    case 'gate_3':
      return 'gate_video_drift';
    default:
      return assertNever(gate, 'gate');
  }
}

/** The first gate that failed, in the order they ran; null when none did. */
export function failedGate(results: readonly GateResult[]): GateResult | null {
  return results.find((result) => result.status === 'fail') ?? null;
}

/** Anything that was thrown, as a typed failure. */
export function classifyFailure(error: unknown): AttemptFailure {
  if (error instanceof AppError) return classifyAppError(error);
  const code = error instanceof Error ? String(Reflect.get(error, 'code') ?? '') : '';
  const message = error instanceof Error ? error.message : String(error ?? '');
  const { category, detail } = classifyText(`${code} ${message}`);
  return { category, detail, message: message || 'No reason was given.', retryAfterMs: null };
}

const rules: { words: RegExp; category: FailureCategory; detail: FailureDetail }[] = [
  { words: /\b(ENOSPC|EDQUOT|disk is full)\b/i, category: 'budget', detail: 'disk' },
  {
    words: /\b(insufficient (balance|funds|credits?)|payment required|over budget|budget exceeded)\b/i,
    category: 'budget',
    detail: 'account',
  },
  {
    words: /\b(content[ _-]?(filter|policy)(ed)?|moderation[ _-]blocked|safety (filter|system|policy))\b/i,
    category: 'content_filter',
    detail: 'rejected_request',
  },
  {
    words: /\b(rate[ _-]?limit(ed)?|too many requests|(http|status|code)[ :=]*429)\b/i,
    category: 'transient',
    detail: 'rate_limit',
  },
  {
    words: /\b(ETIMEDOUT|ESOCKETTIMEDOUT|UND_ERR_\w*TIMEOUT|timed? ?out)\b/i,
    category: 'transient',
    detail: 'timeout',
  },
  {
    words:
      /\b(ECONNRESET|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EPIPE|EHOSTUNREACH|ENETUNREACH|connection (reset|refused|closed)|socket hang up|fetch failed)\b/i,
    category: 'transient',
    detail: 'network',
  },
  {
    words: /\b((http|status|code)[ :=]*50[0234]|internal server error|bad gateway|service unavailable)\b/i,
    category: 'transient',
    detail: 'server',
  },
];

/** The last resort: whole words of a text. Unknown texts are permanent, for a person to read. */
export function classifyText(text: string): { category: FailureCategory; detail: FailureDetail } {
  const hit = rules.find((rule) => rule.words.test(text));
  return hit ? { category: hit.category, detail: hit.detail } : { category: 'permanent', detail: 'unknown' };
}

function classifyAppError(error: AppError): AttemptFailure {
  const failure = (category: FailureCategory, detail: FailureDetail): AttemptFailure => ({
    category,
    detail,
    message: error.message,
    retryAfterMs: null,
  });
  switch (error.code) {
    case 'disk.full':
      return failure('budget', 'disk');
    case 'budget.exhausted':
      return failure('budget', 'account');
    case 'ref.missing':
      return failure('permanent', 'missing_ref');
    case 'media.unreadable':
      return failure('gate_mechanical', 'bad_output');
    default:
      return error.retry ? failure('transient', 'unknown') : failure('permanent', 'unknown');
  }
}
