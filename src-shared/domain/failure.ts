import { z } from 'zod';
import { assertNever } from './assert-never.ts';

/** Failure categories as they are written on disk (facts/orchestrator.md §1). */
export const failureCategories = [
  'transient',
  'gate_mechanical',
  'gate_identity',
  'gate_wardrobe',
  'gate_video_drift',
  'content_filter',
  'permanent',
  'budget',
] as const;
export const failureCategorySchema = z.enum(failureCategories);
export type FailureCategory = z.infer<typeof failureCategorySchema>;

/** The finer cause under a category. */
export const failureDetailSchema = z.enum([
  'rate_limit',
  'timeout',
  'server',
  'network',
  'in_doubt',
  'bad_output',
  'account',
  'missing_ref',
  'rejected_request',
  'cancelled',
  'disk',
  'unknown',
]);
export type FailureDetail = z.infer<typeof failureDetailSchema>;

/** What a category leads to (decisions.md 1). */
export type Disposition = 'retry' | 'review' | 'pauseBatch' | 'abandon';

/** What a category leads to; one failure may lead elsewhere: `dispositionOfFailure`. */
export function dispositionOf(category: FailureCategory): Disposition {
  switch (category) {
    case 'transient':
    case 'gate_mechanical':
    case 'gate_identity':
    case 'gate_wardrobe':
      return 'retry';
    case 'gate_video_drift':
    case 'content_filter':
      return 'review';
    case 'budget':
      return 'pauseBatch';
    case 'permanent':
      return 'abandon';
    default:
      return assertNever(category, 'failure category');
  }
}

/**
 * What one failure leads to: what its category does, unless the account was refused. That is no fault of the shot's, and
 * every other shot would be answered the same (docs/decisions/0010).
 */
export function dispositionOfFailure(failure: { category: FailureCategory; detail: FailureDetail }): Disposition {
  return failure.detail === 'account' ? 'pauseBatch' : dispositionOf(failure.category);
}

/** Limits and back-off of one category; times in seconds. */
export const retryPolicySchema = z.strictObject({
  maxRetries: z.number().int().min(0).max(50),
  baseBackoffSeconds: z.number().min(0).max(3600),
  maxBackoffSeconds: z.number().min(0).max(86_400),
  backoffMultiplier: z.number().min(1).max(10),
});
export type RetryPolicy = z.infer<typeof retryPolicySchema>;
export type RetryPolicies = Record<FailureCategory, RetryPolicy>;

const policy = (maxRetries: number, baseBackoffSeconds: number): RetryPolicy => ({
  maxRetries,
  baseBackoffSeconds,
  maxBackoffSeconds: 120,
  backoffMultiplier: 2,
});

/** facts/orchestrator.md §2. */
export const defaultRetryPolicies: RetryPolicies = {
  transient: policy(5, 5),
  gate_mechanical: policy(3, 0),
  gate_identity: policy(2, 0),
  gate_wardrobe: policy(2, 0),
  gate_video_drift: policy(0, 2),
  content_filter: policy(0, 2),
  permanent: policy(0, 2),
  budget: policy(0, 2),
};

/**
 * Milliseconds to wait before retry number `priorRetries` + 1: min(base × multiplier^prior, cap), ± `jitter` (−1…1) of a tenth.
 * Nothing waits longer than the cap; what would is spread below it.
 */
export function backoffMs(retryPolicy: RetryPolicy, priorRetries: number, jitter = 0): number {
  const { baseBackoffSeconds, backoffMultiplier, maxBackoffSeconds: cap } = retryPolicy;
  const seconds = Math.min(baseBackoffSeconds * backoffMultiplier ** priorRetries, cap);
  const spread = seconds * (1 + 0.1 * jitter);
  return Math.round((spread > cap ? 2 * cap - spread : spread) * 1000);
}
