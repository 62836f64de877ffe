/**
 * Replicate: predictions of hosted models. It lists what was sent with its input, so a submit in doubt is looked for by
 * prompt and seed, within the hour for which inputs are kept. A prediction that is cancelled while it runs is charged.
 */
import { urlOf } from '../http/api-client.ts';
import { type CallPurpose, ExpiredError } from '../http/http-errors.ts';
import { createInputUploader, type SendFile } from '../http/input-files.ts';
import { createKeyedClient, type KeyedApi } from '../http/keyed-client.ts';
import { matchListedJobs } from '../match-listed-jobs.ts';
import { priceOfJob } from '../priced-job.ts';
import type { ProviderTools } from '../provider-definition.ts';
import { fetchNamedFile, sendForId, tooLateToCancel } from '../queued-jobs.ts';
import { createRemoteProvider, type RemoteProvider } from '../remote-provider.ts';
import { outputOf, predictionFailure, predictionSchema, refineReplicate, uploadedSchema } from './replicate-answers.ts';
import { inputOf, promptOf, replicateEndpoints } from './replicate-endpoints.ts';
import { likeRequest, listBack } from './replicate-listing.ts';

export const replicateApi: KeyedApi = { title: 'Replicate' };
const pollAgainMs = 3000;

/** Makes the adapter of Replicate. */
export function createReplicateProvider(tools: ProviderTools): RemoteProvider {
  const name = 'replicate';
  const client = createKeyedClient(replicateApi, tools);
  const url = (path: string) => urlOf(tools.baseUrl('api'), `v1/${path}`);
  const predictionUrl = (id: string) => url(`predictions/${encodeURIComponent(id)}`);
  const read = (id: string, purpose: CallPurpose, signal: AbortSignal) =>
    client.json({ purpose, method: 'GET', url: predictionUrl(id) }, predictionSchema, signal);
  const sendFile: SendFile = async ({ bytes, contentType, fileName }, signal) => {
    const form = new FormData();
    form.set('content', new Blob([new Uint8Array(bytes)], { type: contentType }), fileName);
    const call = { purpose: 'upload', method: 'POST', url: url('files'), body: { form } } as const;
    const { urls, expires_at } = await client.json(call, uploadedSchema, signal);
    return { url: urls.get, expiresAt: expires_at ? new Date(expires_at).toISOString() : null };
  };
  return createRemoteProvider(tools, {
    ...{ name, title: replicateApi.title, endpoints: replicateEndpoints, refine: refineReplicate, promptOf },
    capabilities: {
      ...{ reconcile: 'list', freeCancel: 'queued' },
      ...{ resultTtlMs: 3_600_000, concurrency: 4 },
    },
    upload: createInputUploader({ provider: name, ledger: tools.uploads, send: sendFile, ...tools }),
    payload: (request, endpoint, inputs) => ({
      url: url(`models/${request.endpoint}/predictions`),
      body: { input: inputOf(endpoint, request, inputs) },
    }),
    send: sendForId(client, predictionSchema),
    async poll(job, signal) {
      const prediction = await read(job.id, 'poll', signal);
      switch (prediction.status) {
        case 'starting':
        case 'processing':
          return { kind: 'pending', progress: null, pollAgainMs, isQueued: prediction.status === 'starting' };
        case 'succeeded':
          return { kind: 'done' };
        case 'canceled':
          // one that never began used nothing, whichever word stands for its end
          return {
            ...{ kind: 'failed', failure: predictionFailure(prediction) },
            billedMicroUsd: prediction.started_at === null ? 0 : priceOfJob(job),
          };
        case 'failed':
        case 'aborted':
          return { kind: 'failed', failure: predictionFailure(prediction), billedMicroUsd: 0 };
      }
    },
    fetchResult: fetchNamedFile(client, async (job, signal) => {
      const prediction = await read(job.id, 'fetch', signal);
      const file = outputOf(prediction);
      if (!file && prediction.data_removed) {
        throw new ExpiredError('Replicate kept the file for an hour and has it no longer: it was made and is lost.');
      }
      return file ? { url: file, ownUrls: [tools.baseUrl('api')] } : null;
    }),
    async cancel(job, signal) {
      const { status } = await read(job.id, 'cancel', signal);
      if (status !== 'starting') return tooLateToCancel(replicateApi.title, status === 'processing');
      await client.call({ purpose: 'cancel', method: 'POST', url: `${predictionUrl(job.id)}/cancel` }, signal);
      return { kind: 'asked' };
    },
    async reconcile(attempt, signal) {
      const books = { client, url: url('predictions') };
      const { predictions, reachedBack } = await listBack(books, Date.parse(attempt.createdAt), signal);
      const jobs = likeRequest(predictions, attempt.request);
      return matchListedJobs(attempt, { jobs, reachedBack, clockAheadMs: client.clockAheadMs() });
    },
  });
}
