/**
 * fal.ai: many engines behind one queue. A submit is one POST, which fal itself is told not to repeat either; there is no
 * key that would make it recognise a second one, so a submit without an answer is looked for in its list of requests, by
 * what was sent and when.
 */
import type { GenerationRequest } from '../../../src-shared/domain/attempt.ts';
import { issueRefusal } from '../check-request.ts';
import { urlOf } from '../http/api-client.ts';
import { NotSentError } from '../http/http-errors.ts';
import { createInputUploader, inputsOf } from '../http/input-files.ts';
import { createKeyedClient, type KeyedApi } from '../http/keyed-client.ts';
import { failureOf } from '../http/read-errors.ts';
import type { ProviderTools } from '../provider-definition.ts';
import { createRemoteProvider, type RemoteProvider } from '../remote-provider.ts';
import { composeInput, falRefusal, promptOf } from './compose-input.ts';
import { refineFal, submittedSchema } from './fal-answers.ts';
import { falEndpoints, falTitle } from './fal-endpoints.ts';
import { falJobFor, falJobOf } from './fal-jobs.ts';
import { listSince } from './fal-listing.ts';
import { askQueue, cancelQueued, type FalQueue, fetchFile, forgetUnreadable } from './fal-queue.ts';
import { matchListedRequests } from './fal-reconcile.ts';
import { listingLagMs } from './fal-results.ts';
import { lifecycleHeader, uploadToFal } from './fal-upload.ts';

const name = 'fal';
export const falApi: KeyedApi = { title: falTitle, headers: (key) => ({ authorization: `Key ${key}` }) };
const pollAgainMs = { video: 3000, images: 1000 };
/** Clocks are compared to the second. */
const clockMarginMs = 2000;

/** Makes the adapter of fal. */
export function createFalProvider(tools: ProviderTools): RemoteProvider {
  const { uploads, resolvePath, baseUrl, now } = tools;
  const client = createKeyedClient(falApi, tools);
  const queue: FalQueue = {
    ...{ client, apiUrl: () => baseUrl('api'), queueUrl: () => baseUrl('queue') },
    forgetFile: (sha256) => uploads.forget(name, sha256),
  };
  return createRemoteProvider(tools, {
    ...{ name, title: falTitle, endpoints: falEndpoints, refine: refineFal, promptOf, refusal: falRefusal },
    capabilities: {
      ...{ reconcile: 'list', reconcileGraceMs: listingLagMs },
      // a new account runs two at once; results are kept for an hour, their files longer
      ...{ freeCancel: 'queued', resultTtlMs: 3_600_000, concurrency: 2 },
    },
    upload: createInputUploader({
      ...{ provider: name, ledger: uploads, resolvePath },
      send: (file, signal) => uploadToFal({ client, restUrl: baseUrl('rest') }, file, signal),
    }),
    payload: (request, endpoint, inputs) => ({
      url: urlOf(baseUrl('queue'), request.endpoint),
      body: composeInput(endpoint, request, inputs),
    }),
    async send(call, { request, reservation }, signal) {
      requireFit(request, call.body.json);
      const order = { ...call, headers: { 'x-fal-no-retry': '1', ...lifecycleHeader } };
      const answer = await client.json(order, submittedSchema, signal).catch((error: unknown) => {
        forgetUnreadable(queue, error, hashesOf(request));
        throw error;
      });
      const { request_id: id, ...urls } = answer;
      return { id, data: { ...urls, ...falJobFor(request, reservation.amountMicroUsd, now()) } };
    },
    async poll(job, signal) {
      const result = await askQueue(queue, job, signal);
      if (result.kind === 'failed') return result;
      if (result.kind === 'file') return { kind: 'done' };
      const makes = falEndpoints[falJobOf(job).endpoint]?.makes ?? 'video';
      return { kind: 'pending', progress: null, pollAgainMs: pollAgainMs[makes], isQueued: result.isQueued };
    },
    fetchResult: (job, temporaryPath, signal) => fetchFile(queue, job, temporaryPath, signal),
    cancel: (job, signal) => cancelQueued(queue, job, signal),
    async reconcile(attempt, signal) {
      const { request, createdAt } = attempt;
      const endpoint = falEndpoints[request.endpoint];
      if (!endpoint) return { kind: 'unsupported' };
      const since = new Date(Date.parse(createdAt) - clockMarginMs);
      const listed = await listSince(queue, { endpoint: request.endpoint, since }, signal);
      const known = hashesOf(request).flatMap((hash) => {
        const url = uploads.find(name, hash);
        return url === null ? [] : [[hash, url] as const];
      });
      return matchListedRequests(attempt, composeInput(endpoint, request, new Map(known)), listed);
    },
    /** The id is from fal's own pages: what else polling needs is what was asked for. */
    adopt({ request, reservedMicroUsd, createdAt }, id) {
      return { id, data: falJobFor(request, reservedMicroUsd, createdAt) };
    },
  });
}

function hashesOf(request: GenerationRequest) {
  return inputsOf(request).map(({ hash }) => hash);
}

/** Refuses, before anything is sent, what the endpoint's own schema would. */
function requireFit({ endpoint }: GenerationRequest, body: Record<string, unknown>): void {
  const error = falEndpoints[endpoint]?.input.safeParse(body).error;
  if (error) throw new NotSentError(failureOf('permanent', 'rejected_request', issueRefusal(error, falTitle)));
}
