/**
 * The Gemini API: clips as long-running operations, pictures with the answer itself. Google lists nothing, so a submit in
 * doubt is for a person, unless its picture is here already.
 */
import type { GenerationRequest } from '../../../src-shared/domain/attempt.ts';
import type { ProviderJob } from '../../orchestrator/ports/provider.ts';
import { keepAnsweredPictures } from '../answered-pictures.ts';
import { urlOf } from '../http/api-client.ts';
import { type CallPurpose, EmptyAnswerError, ReadFailure } from '../http/http-errors.ts';
import { createKeyedClient, type KeyedApi } from '../http/keyed-client.ts';
import { failureOf } from '../http/read-errors.ts';
import { inlineUpTo } from '../inline-inputs.ts';
import { jobAtPrice } from '../priced-job.ts';
import type { ProviderTools } from '../provider-definition.ts';
import { fetchNamedFile, sendForId } from '../queued-jobs.ts';
import { createRemoteProvider, type RemoteProvider, type SendJob } from '../remote-provider.ts';
import { type GoogleEndpoint, googleEndpoints } from './google-endpoints.ts';
import { refineGoogle } from './google-errors.ts';
import { contentSchema, imageBody, imagePrompt, readContent } from './google-images.ts';
import { operationNameSchema, operationSchema, readOperation, startedSchema, videoBody } from './google-video.ts';

export const googleApi: KeyedApi = { title: 'Google', headers: (key) => ({ 'x-goog-api-key': key }) };
const { title } = googleApi;
const pollAgainMs = 10_000;
const maxPictureBytes = 7 * 1024 * 1024;
/** a picture of 4K takes minutes, and comes as base64 */
const patience = { timeouts: { headersMs: 300_000 }, maxAnswerBytes: 96 * 1024 * 1024 };

/** Makes the adapter of Google. */
export function createGoogleProvider(tools: ProviderTools): RemoteProvider {
  const client = createKeyedClient(googleApi, tools);
  const url = (path: string) => urlOf(tools.baseUrl('api'), `v1beta/${path}`);
  const pictures = keepAnsweredPictures({ title, prefix: 'goo', folder: tools.jobsFolder });
  const readState = async (job: ProviderJob, purpose: CallPurpose, signal: AbortSignal) => {
    const call = { purpose, method: 'GET', url: url(operationNameSchema.parse(job.id)) } as const;
    return readOperation(await client.json(call, operationSchema, signal));
  };
  const startClip = sendForId(client, startedSchema);
  const makePicture: SendJob = async (call, { reservation }, signal) => {
    const answer = await client.json({ ...call, ...patience }, contentSchema, signal);
    const content = readContent(answer);
    if (content.kind === 'none') throw new EmptyAnswerError(content.failure, 0);
    return pictures.accept(reservation, content.base64, answer.responseId ?? null);
  };
  const fetchClip = fetchNamedFile(client, async (job, signal) => {
    const state = await readState(job, 'fetch', signal);
    if (state.kind === 'failed') throw new ReadFailure(state.failure);
    if (state.kind === 'running') {
      throw new ReadFailure(failureOf('transient', 'server', 'Google says that the clip is not done any more.'));
    }
    // the file is behind the key, on Google's own address only
    return { url: state.uri, ownUrls: [tools.baseUrl('api')] };
  });
  return createRemoteProvider(tools, {
    ...{ name: 'google', title, endpoints: googleEndpoints, refine: refineGoogle, promptOf, refusal },
    capabilities: {
      ...{ submitIdempotency: 'none', cancelBillable: true },
      // a picture of a lost submit is here or it is not: waiting tells no more
      ...{ reconcile: 'byId', reconcileGraceMs: 0 },
      ...{ resultTtlMs: 48 * 3_600_000, concurrency: 4 },
    },
    upload: inlineUpTo(maxPictureBytes, { title, ...tools }),
    payload(request, endpoint, inputs) {
      const [method, body] =
        endpoint.kind === 'video'
          ? ['predictLongRunning', videoBody(request, endpoint.params.parse(request.params), inputs)]
          : ['generateContent', imageBody(request, endpoint.params.parse(request.params), inputs)];
      return { url: url(`models/${request.endpoint}:${method}`), body };
    },
    send: (call, order, signal) => (makesPicture(order.request) ? makePicture : startClip)(call, order, signal),
    async poll(job, signal) {
      if (!isOperation(job)) return pictures.poll(job, signal);
      const state = await readState(job, 'poll', signal);
      switch (state.kind) {
        case 'running':
          return { kind: 'pending', progress: null, pollAgainMs };
        case 'made':
          return { kind: 'done' };
        case 'failed':
          return { kind: 'failed', failure: state.failure, billedMicroUsd: 0 };
      }
    },
    fetchResult: (job, path, signal) => (isOperation(job) ? fetchClip : pictures.fetchResult)(job, path, signal),
    /** Google offers no way to stop a clip. */
    cancel: async () => {},
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

function isOperation({ id }: ProviderJob): boolean {
  return operationNameSchema.safeParse(id).success;
}
