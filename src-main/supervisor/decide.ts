/**
 * The only place that reasons about a result: accept, repair, ask or give up. A rule table without memory: the same input
 * always gives the same decision. Adapters, gates and the loop never repeat anything by themselves.
 */
import type { AttemptFailure } from '../../src-shared/domain/attempt.ts';
import {
  backoffMs,
  type Disposition,
  dispositionOf,
  dispositionOfFailure,
  type FailureCategory,
  type RetryPolicies,
} from '../../src-shared/domain/failure.ts';
import type { GateResult } from '../../src-shared/domain/verdict.ts';
import { categoryOfGate, failedGate } from '../orchestrator/classify-failure.ts';

/** What happened: the gates have judged a take, or there is no take. */
export type Evidence = { kind: 'gates'; results: readonly GateResult[] } | { kind: 'failure'; failure: AttemptFailure };

export interface DecideInput {
  evidence: Evidence;
  /** failures of this series by category, this one included */
  failures: Record<FailureCategory, number>;
  /** attempts of this series, this one included */
  attempts: number;
  maxAttempts: number;
  policies: RetryPolicies;
  /** what another attempt would change, as the request that it would send shows: a sentence; asked only where there may be one */
  next: () => string;
  /** −1…1, spreads retries in time */
  jitter: number;
}

/** What the next attempt does differently, or why it does not. */
export interface RetryPlan {
  category: FailureCategory;
  /** a sentence for people */
  change: string;
  delayMs: number;
  /** of the repeats of its category in this series, from 1 */
  number: number;
  limit: number;
}

export type Decision =
  | { action: 'ACCEPT' }
  | { action: 'RETRY_STAGE'; plan: RetryPlan; reason: string }
  | { action: 'ESCALATE_USER'; reason: string }
  | { action: 'PAUSE_BATCH'; reason: string }
  | { action: 'ABANDON'; reason: string; afterRetries: boolean };

/** What to do about one take or one lost attempt. */
export function decide(input: DecideInput): Decision {
  if (input.evidence.kind === 'gates') return decideOnGates(input, input.evidence.results);
  const { failure } = input.evidence;
  return decideAs(dispositionOfFailure(failure), input, failure);
}

function decideOnGates(input: DecideInput, results: readonly GateResult[]): Decision {
  const failed = failedGate(results);
  if (failed) {
    const category = categoryOfGate(failed.gate);
    return decideAs(dispositionOf(category), input, { category, message: failed.reason, retryAfterMs: null });
  }
  const unsure = results.find((result) => result.status !== 'pass' && result.status !== 'skipped');
  if (unsure) return { action: 'ESCALATE_USER', reason: unsure.reason };
  return { action: 'ACCEPT' };
}

type Trouble = Pick<AttemptFailure, 'category' | 'message' | 'retryAfterMs'>;

function decideAs(disposition: Disposition, input: DecideInput, trouble: Trouble): Decision {
  const { category, message } = trouble;
  switch (disposition) {
    case 'review':
      return {
        action: 'ESCALATE_USER',
        reason: category === 'content_filter' ? `${message} ${afterRefusal}` : message,
      };
    case 'pauseBatch':
      return { action: 'PAUSE_BATCH', reason: message };
    case 'abandon':
      return { action: 'ABANDON', reason: message, afterRetries: false };
    case 'retry':
      return decideOnRetry(input, trouble);
  }
}

function decideOnRetry(input: DecideInput, { category, message, retryAfterMs }: Trouble): Decision {
  const policy = input.policies[category];
  const number = input.failures[category];
  const abandon = (why: string): Decision => ({
    action: 'ABANDON',
    reason: `${message} ${why}`,
    afterRetries: true,
  });
  if (number > policy.maxRetries)
    return abandon(`It happened ${timesText(number)}; ${repeatsText(policy.maxRetries)} allowed.`);
  if (input.attempts >= input.maxAttempts)
    return abandon(`That was attempt ${input.attempts} of ${input.maxAttempts}.`);
  const waitMs = Math.max(backoffMs(policy, number - 1, input.jitter), retryAfterMs ?? 0);
  const plan = {
    category,
    change: input.next(),
    delayMs: waitMs,
    number,
    limit: policy.maxRetries,
  };
  return { action: 'RETRY_STAGE', plan, reason: message };
}

/** What a director can do about a refusal for content; the app never rewrites their words. */
const afterRefusal =
  'Change the words in the plan, replace a reference, or reroute to another engine; nothing is sent again by itself.';

function timesText(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

function repeatsText(count: number): string {
  if (count === 0) return 'no repeat is';
  return count === 1 ? '1 repeat is' : `${count} repeats are`;
}
