import type { GenerationRequest } from '../../../src-shared/domain/attempt.ts';
import type { ApiClient } from '../http/api-client.ts';
import { isUnder } from '../http/download-file.ts';
import { type JobInList, listReachMs } from '../match-listed-jobs.ts';
import { type Prediction, type PredictionPage, predictionListSchema } from './replicate-answers.ts';
import { promptOf } from './replicate-endpoints.ts';

export interface Books {
  client: ApiClient;
  /** of the first page */
  url: string;
}

const maxPages = 5;

/** The account's predictions, newest first, back to before `sinceMs` of our clock; `reachedBack` says whether it got there. */
export async function listBack({ client, url }: Books, sinceMs: number, signal: AbortSignal) {
  const predictions: Prediction[] = [];
  let place: string | null = url;
  for (let page = 0; page < maxPages && place !== null; page++) {
    const { results, next }: PredictionPage = await client.json(
      { purpose: 'list', method: 'GET', url: place },
      predictionListSchema,
      signal,
    );
    predictions.push(...results);
    const oldest = Date.parse(results.at(-1)?.created_at ?? '');
    if (oldest < sinceMs + client.clockAheadMs() - listReachMs) return { predictions, reachedBack: true };
    // the key goes nowhere but to the list itself
    place = next && isUnder(next, [url]) ? next : null;
    if (!next) return { predictions, reachedBack: true };
  }
  return { predictions, reachedBack: false };
}

/**
 * Those that have the request's model and prompt. One whose input is wiped may be ours as well: nobody can tell, so it
 * counts as one without a seed.
 */
export function likeRequest(predictions: readonly Prediction[], request: GenerationRequest): JobInList[] {
  return predictions
    .filter(({ model }) => model === undefined || model === request.endpoint)
    .filter(({ input, data_removed }) => data_removed || input?.prompt === promptOf(request))
    .map(({ id, input, created_at, status, data_removed }) => ({
      id,
      seed: !data_removed && typeof input?.seed === 'number' ? input.seed : null,
      sentAt: created_at === undefined ? null : new Date(created_at),
      note: data_removed ? `${status}, its input is wiped` : status,
    }));
}
