/**
 * Seedance at its maker's. A submit cannot be known again, but Ark lists its tasks with their seeds; so a doubt is settled
 * by the list where the model takes a seed. Its DELETE stops a task that waits and wipes the record of any other, so it is
 * sent for one that waits only.
 */
import type { GenerationRequest } from '../../../src-shared/domain/attempt.ts';
import type { InputUrls } from '../../orchestrator/ports/provider.ts';
import { aspectNameOf } from '../aspect-ratio.ts';
import { urlOf } from '../http/api-client.ts';
import type { CallPurpose } from '../http/http-errors.ts';
import { createKeyedClient, type KeyedApi } from '../http/keyed-client.ts';
import { inlineUpTo, inputUrlOf } from '../inline-inputs.ts';
import { promptText } from '../prompt-text.ts';
import type { ProviderTools } from '../provider-definition.ts';
import { fetchNamedFile, sendForId, tooLateToCancel } from '../queued-jobs.ts';
import { createRemoteProvider, type RemoteProvider } from '../remote-provider.ts';
import { arkSubmitSchema, arkTaskSchema, refineArk, taskFailure } from './ark-answers.ts';
import { type ArkEndpoint, arkEndpoints, arkRatios } from './ark-endpoints.ts';
import { findListed } from './ark-listing.ts';

export const arkApi: KeyedApi = { title: 'Ark' };
export const arkTasksPath = 'api/v3/contents/generations/tasks';
const pollAgainMs = 5000;
const maxPictureBytes = 30 * 1024 * 1024;

/** Makes the adapter of Ark. */
export function createArkProvider(tools: ProviderTools): RemoteProvider {
  const client = createKeyedClient(arkApi, tools);
  const tasksUrl = (query: Readonly<Record<string, string>> = {}) => urlOf(tools.baseUrl('api'), arkTasksPath, query);
  const taskUrl = (id: string) => urlOf(tasksUrl(), encodeURIComponent(id));
  const readTask = (id: string, purpose: CallPurpose, signal: AbortSignal) =>
    client.json({ purpose, method: 'GET', url: taskUrl(id) }, arkTaskSchema, signal);
  return createRemoteProvider(tools, {
    ...{ name: 'ark', title: arkApi.title, endpoints: arkEndpoints, refine: refineArk, promptOf },
    capabilities: {
      ...{ reconcile: 'list', freeCancel: 'queued' },
      // the url of a clip works for a day
      ...{ resultTtlMs: 24 * 3_600_000, concurrency: 3 },
    },
    upload: inlineUpTo(maxPictureBytes, { ...arkApi, ...tools }),
    payload: (request, endpoint, inputs) => ({ url: tasksUrl(), body: bodyOf(request, endpoint, inputs) }),
    send: sendForId(client, arkSubmitSchema),
    async poll(job, signal) {
      const task = await readTask(job.id, 'poll', signal);
      switch (task.status) {
        case 'queued':
        case 'running':
          return { kind: 'pending', progress: null, pollAgainMs, isQueued: task.status === 'queued' };
        case 'succeeded':
          return { kind: 'done' };
        case 'failed':
        case 'cancelled':
        case 'expired':
          return { kind: 'failed', failure: taskFailure(task), billedMicroUsd: 0 };
      }
    },
    fetchResult: fetchNamedFile(client, async (job, signal) => {
      const url = (await readTask(job.id, 'fetch', signal)).content?.video_url;
      return url ? { url } : null;
    }),
    async cancel(job, signal) {
      const { status } = await readTask(job.id, 'cancel', signal);
      if (status !== 'queued') return tooLateToCancel(arkApi.title, status === 'running');
      await client.call({ purpose: 'cancel', method: 'DELETE', url: taskUrl(job.id) }, signal);
      return { kind: 'asked' };
    },
    reconcile: (attempt, signal) => findListed({ client, tasksUrl }, attempt, signal),
  });
}

function bodyOf(request: GenerationRequest, endpoint: ArkEndpoint, inputs: InputUrls): Record<string, unknown> {
  const { refs, role } = picturesOf(request, endpoint);
  return {
    model: endpoint.model,
    content: [
      { type: 'text', text: promptOf(request, endpoint) },
      ...refs.map((ref) => ({ type: 'image_url', image_url: { url: inputUrlOf(inputs, ref) }, role })),
    ],
    ...endpoint.params.parse(request.params),
    ratio: aspectNameOf(request.output, arkRatios),
    duration: request.output.durationSeconds,
    ...(request.seed === null ? {} : { seed: request.seed }),
  };
}

/** Where a model works from references, the frame that the clip opens with is the first of them. */
function picturesOf({ refs, startFrame }: GenerationRequest, { capabilities }: ArkEndpoint) {
  const start = startFrame ? [startFrame] : [];
  const isReferences = capabilities.modality === 'r2v';
  return { refs: isReferences ? [...start, ...refs] : start, role: isReferences ? 'reference_image' : 'first_frame' };
}

function promptOf(request: GenerationRequest, endpoint: ArkEndpoint): string {
  const { refs, role } = picturesOf(request, endpoint);
  return promptText(request, { sayAvoid: true, pictures: role === 'reference_image' ? refs : [] });
}
