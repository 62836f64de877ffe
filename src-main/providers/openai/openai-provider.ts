/**
 * OpenAI's pictures, which come with the answer to the submit. There is no job and no list: an answer that is lost was
 * billed and stays in doubt, unless its picture is here already.
 */
import { z } from 'zod';
import type { AttemptFailure, GenerationRequest } from '../../../src-shared/domain/attempt.ts';
import type { InputUrls } from '../../orchestrator/ports/provider.ts';
import { keepAnsweredPictures } from '../answered-pictures.ts';
import { noRefs } from '../check-request.ts';
import { readJson, urlOf } from '../http/api-client.ts';
import { EmptyAnswerError, type ProviderHttpError } from '../http/http-errors.ts';
import { createKeyedClient, type KeyedApi } from '../http/keyed-client.ts';
import { failureOf } from '../http/read-errors.ts';
import { inlineUpTo, inputUrlOf } from '../inline-inputs.ts';
import { promptText } from '../prompt-text.ts';
import type { ProviderTools } from '../provider-definition.ts';
import { createRemoteProvider, type RemoteProvider } from '../remote-provider.ts';
import { imageSizeOf, type OpenaiEndpoint, openaiEndpoints } from './openai-endpoints.ts';

export const openaiApi: KeyedApi = { title: 'OpenAI' };
const { title } = openaiApi;
const maxPictureBytes = 15 * 1024 * 1024;
/** high quality takes minutes, and comes as base64 */
const patience = { timeouts: { headersMs: 300_000 }, maxAnswerBytes: 96 * 1024 * 1024 };

const answerSchema = z.object({ data: z.array(z.object({ b64_json: z.string().optional() })).default([]) });

/** Makes the adapter of OpenAI. */
export function createOpenaiProvider(tools: ProviderTools): RemoteProvider {
  const client = createKeyedClient(openaiApi, tools);
  const { accept, ...kept } = keepAnsweredPictures({ title, prefix: 'oai', folder: tools.jobsFolder });
  return createRemoteProvider(tools, {
    ...{ name: 'openai', title, endpoints: openaiEndpoints, refine: refineOpenai, promptOf, refusal, ...kept },
    capabilities: {
      // a picture of a lost submit is here or it is not: waiting tells no more
      ...{ reconcile: 'byId', reconcileGraceMs: 0 },
      ...{ freeCancel: 'none', resultTtlMs: null, concurrency: 4 },
    },
    upload: inlineUpTo(maxPictureBytes, { title, ...tools }),
    payload: (request, endpoint, inputs) => ({
      url: urlOf(tools.baseUrl('api'), endpoint.path),
      body: bodyOf(request, endpoint, inputs),
    }),
    async send(call, { reservation }, signal) {
      const { text, headers } = await client.call({ ...call, ...patience }, signal);
      const base64 = readJson(text, answerSchema, client).data[0]?.b64_json;
      if (base64) return accept(reservation, base64, headers['x-request-id'] ?? null);
      const failure = failureOf('transient', 'bad_output', 'OpenAI answered without a picture.');
      throw new EmptyAnswerError(failure, reservation.amountMicroUsd);
    },
  });
}

function refusal({ output, refs }: GenerationRequest, { capabilities }: OpenaiEndpoint): string | null {
  if (capabilities.modality === 'i2i' && refs.length === 0) return noRefs(title);
  if (imageSizeOf(output) !== null) return null;
  return `${title} makes no pictures as narrow as ${output.width}×${output.height}.`;
}

function bodyOf(request: GenerationRequest, endpoint: OpenaiEndpoint, inputs: InputUrls): Record<string, unknown> {
  const images = request.refs.map((ref) => ({ image_url: inputUrlOf(inputs, ref) }));
  return {
    model: endpoint.model,
    prompt: promptOf(request),
    n: 1,
    size: imageSizeOf(request.output),
    ...endpoint.params.parse(request.params),
    ...(images.length > 0 ? { images } : {}),
  };
}

function promptOf(request: GenerationRequest): string {
  return promptText(request, { sayAvoid: true, pictures: request.refs });
}

const emptyAccount: ReadonlySet<string> = new Set([
  'insufficient_quota',
  'billing_not_active',
  'billing_hard_limit_reached',
]);

/** What OpenAI's codes mean where the status says too little: 400 is also a filter, 429 also an empty account. */
export function refineOpenai(error: ProviderHttpError): AttemptFailure | null {
  const { code, message } = error;
  if (code === 'moderation_blocked' || code === 'content_policy_violation') {
    return failureOf('content_filter', 'rejected_request', message);
  }
  if (code !== null && emptyAccount.has(code)) {
    return failureOf('budget', 'account', message);
  }
  return null;
}
