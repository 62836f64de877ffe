import type { Attempt } from '../../../src-shared/domain/attempt.ts';
import type { ReconcileAnswer } from '../../orchestrator/ports/provider.ts';
import type { ApiClient } from '../http/api-client.ts';
import { type JobInList, listReachMs, matchListedJobs } from '../match-listed-jobs.ts';
import { type ArkTask, arkListSchema } from './ark-answers.ts';
import { arkEndpoints } from './ark-endpoints.ts';

export interface ArkBooks {
  client: ApiClient;
  tasksUrl: (query: Readonly<Record<string, string>>) => string;
}

const pageSize = 100;
const maxPages = 5;

/** Looks for an attempt in Ark's list of the tasks of its model, newest first, back to before it began. */
export async function findListed(books: ArkBooks, attempt: Attempt, signal: AbortSignal): Promise<ReconcileAnswer> {
  const endpoint = arkEndpoints[attempt.request.endpoint];
  if (!endpoint) return { kind: 'unsupported' };
  const jobs: JobInList[] = [];
  for (let page = 1; ; page++) {
    const query = { page_num: String(page), page_size: String(pageSize), 'filter.model': endpoint.model };
    const call = { purpose: 'list', method: 'GET', url: books.tasksUrl(query) } as const;
    const { items } = await books.client.json(call, arkListSchema, signal);
    jobs.push(...items.map(listedOf));
    const clockAheadMs = books.client.clockAheadMs();
    const from = Date.parse(attempt.createdAt) + clockAheadMs - listReachMs;
    const oldest = items.at(-1)?.created_at ?? 0;
    const reachedBack = items.length < pageSize || oldest * 1000 < from;
    if (reachedBack || page === maxPages) return matchListedJobs(attempt, { jobs, reachedBack, clockAheadMs });
  }
}

function listedOf({ id, seed, created_at, status }: ArkTask): JobInList {
  const sentAt = created_at === undefined ? null : new Date(created_at * 1000);
  return { id, seed: seed ?? null, sentAt, note: status };
}
