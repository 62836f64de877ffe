/** What all providers can say, in the words of none. */
import type { Reply } from './reply.ts';

export type Refusal =
  | { kind: 'server'; status: number }
  | { kind: 'rate-limit'; retryAfterSeconds: number | null }
  | { kind: 'policy' }
  /** refused with HTTP 200 by the providers that do that */
  | { kind: 'soft'; code: string | null }
  | { kind: 'funds' }
  | { kind: 'unauthorized' }
  | { kind: 'not-found' }
  | { kind: 'conflict'; message: string }
  | { kind: 'invalid'; issues: InputIssue[] };

export interface InputIssue {
  loc: (string | number)[];
  message: string;
  type: string;
}

/** How a provider words a refusal. */
export type Refuse = (refusal: Refusal) => Reply;

export function retryAfter(seconds: number | null): Record<string, string> {
  return seconds === null ? {} : { 'retry-after': String(seconds) };
}
