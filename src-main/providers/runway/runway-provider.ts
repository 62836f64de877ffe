/**
 * Runway's API, in the version that every call names. It lists no tasks, so a submit in doubt is for a person. It does
 * not say what a task costs that was cancelled, so none is: its DELETE is never sent.
 */
import type { GenerationRequest } from '../../../src-shared/domain/attempt.ts';
import type { InputUrls } from '../../orchestrator/ports/provider.ts';
import { aspectNameOf } from '../aspect-ratio.ts';
import { urlOf } from '../http/api-client.ts';
import type { CallPurpose } from '../http/http-errors.ts';
import { createKeyedClient, type KeyedApi } from '../http/keyed-client.ts';
import { inlineUpTo, inputUrlOf } from '../inline-inputs.ts';
import { priceOfJob } from '../priced-job.ts';
import { promptText } from '../prompt-text.ts';
import type { ProviderTools } from '../provider-definition.ts';
import { fetchNamedFile, sendForId } from '../queued-jobs.ts';
import { createRemoteProvider, type RemoteProvider } from '../remote-provider.ts';
import { refineRunway, runwaySubmitSchema, runwayTaskSchema, taskFailure } from './runway-answers.ts';
import { type RunwayEndpoint, runwayEndpoints, runwayRatios } from './runway-endpoints.ts';

const apiVersion = '2024-11-06';
export const runwayApi: KeyedApi = {
  title: 'Runway',
  headers: (key) => ({ authorization: `Bearer ${key}`, 'x-runway-version': apiVersion }),
};
/** Runway asks for no more than one question in five seconds */
const pollAgainMs = 5000;
const throttledAgainMs = 15_000;
/** a data url may have five megabytes, and base64 is a third longer */
const maxPictureBytes = Math.floor((5 * 1024 * 1024 * 3) / 4) - 64;

/** Makes the adapter of Runway. */
export function createRunwayProvider(tools: ProviderTools): RemoteProvider {
  const client = createKeyedClient(runwayApi, tools);
  const url = (path: string) => urlOf(tools.baseUrl('api'), `v1/${path}`);
  const taskUrl = (id: string) => url(`tasks/${encodeURIComponent(id)}`);
  const readTask = (id: string, purpose: CallPurpose, signal: AbortSignal) =>
    client.json({ purpose, method: 'GET', url: taskUrl(id) }, runwayTaskSchema, signal);
  return createRemoteProvider(tools, {
    ...{ name: 'runway', title: runwayApi.title, endpoints: runwayEndpoints, refine: refineRunway, promptOf },
    capabilities: {
      ...{ reconcile: 'none', freeCancel: 'none' },
      // urls of results work for a day
      ...{ resultTtlMs: 24 * 3_600_000, concurrency: 2 },
    },
    needsStartFrame: () => true,
    upload: inlineUpTo(maxPictureBytes, { ...runwayApi, ...tools }),
    payload: (request, endpoint, inputs) => ({ url: url('image_to_video'), body: bodyOf(request, endpoint, inputs) }),
    send: sendForId(client, runwaySubmitSchema),
    async poll(job, signal) {
      const task = await readTask(job.id, 'poll', signal);
      switch (task.status) {
        case 'PENDING':
          return { kind: 'pending', progress: null, pollAgainMs };
        case 'THROTTLED':
          return { kind: 'pending', progress: null, pollAgainMs: throttledAgainMs };
        case 'RUNNING':
          return { kind: 'pending', progress: task.progress ?? null, pollAgainMs };
        case 'SUCCEEDED':
          return { kind: 'done' };
        case 'FAILED':
          return { kind: 'failed', failure: taskFailure(task), billedMicroUsd: 0 };
        case 'CANCELLED':
          // a task that ran is charged, and nobody says whether this one did
          return { kind: 'failed', failure: taskFailure(task), billedMicroUsd: priceOfJob(job) };
      }
    },
    fetchResult: fetchNamedFile(client, async (job, signal) => {
      const clip = (await readTask(job.id, 'fetch', signal)).output?.[0];
      return clip ? { url: clip } : null;
    }),
    reconcile: async () => ({ kind: 'unsupported' }),
  });
}

function bodyOf(request: GenerationRequest, { model }: RunwayEndpoint, inputs: InputUrls): Record<string, unknown> {
  const { startFrame, output, seed } = request;
  return {
    model,
    ...(startFrame ? { promptImage: inputUrlOf(inputs, startFrame) } : {}),
    promptText: promptOf(request),
    ratio: aspectNameOf(output, runwayRatios),
    duration: output.durationSeconds,
    ...(seed === null ? {} : { seed }),
  };
}

function promptOf(request: GenerationRequest): string {
  return promptText(request, { sayAvoid: true, pictures: [] });
}
