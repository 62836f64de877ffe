/** Which request of fal's own list is the one in doubt: by what was sent, since when. */
import { isDeepStrictEqual } from 'node:util';
import type { Attempt } from '../../../src-shared/domain/attempt.ts';
import type { ListedJob, ReconcileAnswer } from '../../orchestrator/ports/provider.ts';
import { ReadFailure } from '../http/http-errors.ts';
import { inputsOf } from '../http/input-files.ts';
import { failureOf } from '../http/read-errors.ts';
import type { ListedRequest } from './fal-answers.ts';
import { falJobFor } from './fal-jobs.ts';

/**
 * Compares what fal lists with the body of the attempt. Where our record has no address of a file any more, the file's hash
 * stands in for it in the body: any address may have been there then.
 */
export function matchListedRequests(
  attempt: Attempt,
  body: Record<string, unknown>,
  listed: readonly ListedRequest[],
): ReconcileAnswer {
  const unsure = new Set<string>(inputsOf(attempt.request).map(({ hash }) => hash));
  const compared = listed.map((item) => ({ item, likeness: likenessOf(body, item.json_input, unsure) }));
  const candidates = compared.filter(({ likeness }) => likeness === 'same' || likeness === 'alike');
  const [first] = candidates;
  if (first?.likeness === 'same' && candidates.length === 1) {
    return { kind: 'found', job: listedJob(attempt, first.item).job };
  }
  if (first) {
    const jobs = candidates.map(({ item, likeness }) => {
      return { ...listedJob(attempt, item), isExact: likeness === 'same' };
    });
    return { kind: 'ambiguous', jobs };
  }
  if (!compared.some(({ likeness }) => likeness === 'unknown')) return { kind: 'absent' };
  throw new ReadFailure(failureOf('transient', 'server', 'fal lists requests and does not show yet what they were.'));
}

function listedJob({ request, reservedMicroUsd, createdAt }: Attempt, item: ListedRequest): ListedJob {
  const data = falJobFor(request, reservedMicroUsd, item.sent_at ?? createdAt);
  const state = item.status_code == null ? 'not finished' : `ended with ${item.status_code}`;
  const took = item.duration == null ? '' : ` after ${item.duration} s`;
  return { job: { id: item.request_id, data }, sentAt: item.sent_at, note: `${state}${took}` };
}

/**
 * How a listed request compares with what was to be sent. `alike`: the same but for the addresses of files, or with more
 * fields. `unknown`: what went in is not shown.
 */
export type Likeness = 'same' | 'alike' | 'unknown' | 'other';

/** Compares an input with the body that was sent; `unsure` are values of it that may have been others then. */
export function likenessOf(sent: Record<string, unknown>, listed: unknown, unsure: ReadonlySet<string>): Likeness {
  if (listed === null || listed === undefined) return 'unknown';
  if (typeof listed !== 'object' || Array.isArray(listed)) return 'other';
  if (isDeepStrictEqual(listed, sent)) return 'same';
  const input = listed as Record<string, unknown>;
  const fits = Object.entries(sent).every(([name, value]) => fitsLoosely(value, input[name], unsure));
  return fits ? 'alike' : 'other';
}

function fitsLoosely(sent: unknown, listed: unknown, unsure: ReadonlySet<string>): boolean {
  if (typeof sent === 'string' && unsure.has(sent)) return typeof listed === 'string';
  if (!Array.isArray(sent)) return isDeepStrictEqual(sent, listed);
  if (!Array.isArray(listed) || listed.length !== sent.length) return false;
  return sent.every((one, index) => fitsLoosely(one, listed[index], unsure));
}
