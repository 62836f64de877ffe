/**
 * The Gemini API: clips as long-running operations, pictures with the answer itself. Google lists nothing, so a submit in
 * doubt is for a person, unless its picture is here already.
 */
import type { GenerationRequest } from '../../../src-shared/domain/attempt.ts';
import type { ProviderJob } from '../../orchestrator/ports/provider.ts';
import { urlOf } from '../http/api-client.ts';
import { createKeyedClient, type KeyedApi } from '../http/keyed-client.ts';
import { inlineUpTo } from '../inline-inputs.ts';
import { jobAtPrice } from '../priced-job.ts';
import type { ProviderTools } from '../provider-definition.ts';
import { createRemoteProvider, type RemoteProvider } from '../remote-provider.ts';
import { isOperation, makeClips } from './google-clips.ts';
import { type GoogleEndpoint, googleEndpoints } from './google-endpoints.ts';
import { refineGoogle } from './google-errors.ts';
import { imageBody, imagePrompt } from './google-images.ts';
import { makePictures } from './google-pictures.ts';
import { videoBody } from './google-video.ts';

export const googleApi: KeyedApi = { title: 'Google', headers: (key) => ({ 'x-goog-api-key': key }) };
const { title } = googleApi;
/** docs.cloud.google.com, “Image understanding”: file size for inline data */
const maxPictureBytes = 7 * 1024 ** 2;
/** blog.google, “Increased file size limits … in Gemini API”, 2026-01-12: 100 MB in base64; the rest is for the words around it */
const maxTogether = 95 * 1024 ** 2;

/** Makes the adapter of Google. */
export function createGoogleProvider(tools: ProviderTools): RemoteProvider {
  const client = createKeyedClient(googleApi, tools);
  const url = (path: string) => urlOf(tools.baseUrl('api'), `v1beta/${path}`);
  const clips = makeClips(client, () => tools.baseUrl('api'));
  const pictures = makePictures(client, tools.jobsFolder);
  const makerOf = (job: ProviderJob) => (isOperation(job) ? clips : pictures);
  return createRemoteProvider(tools, {
    ...{ name: 'google', title, endpoints: googleEndpoints, refine: refineGoogle, promptOf, refusal },
    capabilities: {
      // a picture of a lost submit is here or it is not: waiting tells no more
      ...{ reconcile: 'byId', reconcileGraceMs: 0 },
      ...{ freeCancel: 'none', resultTtlMs: 48 * 3_600_000, concurrency: 4 },
    },
    upload: inlineUpTo(maxPictureBytes, { title, maxTogether, ...tools }),
    payload(request, endpoint, inputs) {
      const [method, body] =
        endpoint.kind === 'video'
          ? ['predictLongRunning', videoBody(request, endpoint.params.parse(request.params), inputs)]
          : ['generateContent', imageBody(request, endpoint.params.parse(request.params), inputs)];
      return { url: url(`models/${request.endpoint}:${method}`), body };
    },
    send: (call, order, signal) => (makesPicture(order.request) ? pictures : clips).send(call, order, signal),
    poll: (job, signal) => makerOf(job).poll(job, signal),
    fetchResult: (job, temporaryPath, signal) => makerOf(job).fetchResult(job, temporaryPath, signal),
    async reconcile(attempt, signal) {
      return makesPicture(attempt.request) ? pictures.reconcile(attempt, signal) : { kind: 'unsupported' };
    },
    /** A clip by the name of its operation; a picture came with the answer or never. */
    adopt(attempt, jobId) {
      const job = jobAtPrice(jobId, attempt.reservedMicroUsd);
      return isOperation(job) ? job : pictures.adopt(attempt, jobId);
    },
  });
}

function refusal({ params, output }: GenerationRequest): string | null {
  const isShort = params.resolution === '1080p' && output.durationSeconds !== 8;
  return isShort ? 'Google makes 1080p in clips of 8 s only.' : null;
}

function promptOf(request: GenerationRequest, { kind }: GoogleEndpoint): string {
  return kind === 'video' ? request.prompt : imagePrompt(request);
}

function makesPicture({ endpoint }: GenerationRequest): boolean {
  return googleEndpoints[endpoint]?.kind === 'image';
}
