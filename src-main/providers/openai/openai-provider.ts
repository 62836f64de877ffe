/**
 * OpenAI's pictures, which come with the answer to the submit. There is no job and no list: an answer that is lost was
 * billed and stays in doubt, unless its picture is here already.
 */
import { z } from 'zod';
import type { Attempt, AttemptFailure, GenerationRequest } from '../../../src-shared/domain/attempt.ts';
import type { MicroUsd } from '../../../src-shared/domain/money.ts';
import { priceOf } from '../../../src-shared/domain/price.ts';
import type {
  EndpointCapabilities,
  FetchedArtefact,
  InputUrls,
  PollAnswer,
  ProviderAdapter,
  ProviderCapabilities,
  ProviderJob,
  ProviderPayload,
  ReconcileAnswer,
  SubmitOrder,
  SubmitOutcome,
} from '../../orchestrator/ports/provider.ts';
import { AnsweredPictures, NoPictureError, readPictureError } from '../answered-pictures.ts';
import { refusalOf, requireInputs, requireKey } from '../check-request.ts';
import { type ApiClient, createApiClient, readJson, urlOf } from '../http/api-client.ts';
import type { ProviderHttpError } from '../http/http-errors.ts';
import type { KeyedApi } from '../http/keyed-client.ts';
import { failureOf, readFetchError } from '../http/read-errors.ts';
import { inlineInputs, inputUrlOf } from '../inline-inputs.ts';
import { promptRefusal, promptText } from '../prompt-text.ts';
import type { ProviderTools } from '../provider-definition.ts';
import { imageSizeOf, openaiEndpoints } from './openai-endpoints.ts';

export const openaiApi: KeyedApi = { title: 'OpenAI' };
const openaiTitle = openaiApi.title;
const maxPictureBytes = 15 * 1024 * 1024;
/** high quality takes minutes, and comes as base64 */
const patience = { timeouts: { headersMs: 300_000 }, maxAnswerBytes: 96 * 1024 * 1024 };

const answerSchema = z.object({ data: z.array(z.object({ b64_json: z.string().optional() })).default([]) });

export class OpenaiProvider implements ProviderAdapter {
  readonly name = 'openai';
  readonly capabilities: ProviderCapabilities = {
    ...{ submitIdempotency: 'none', cancelBillable: true },
    // a picture of a lost submit is here or it is not: waiting tells no more
    ...{ reconcile: 'byId', reconcileGraceMs: 0 },
    ...{ resultTtlMs: null, concurrency: 4 },
  };
  readonly #tools: ProviderTools;
  readonly #client: ApiClient;
  readonly #pictures: AnsweredPictures;

  constructor(tools: ProviderTools) {
    this.#tools = tools;
    this.#client = createApiClient({ title: openaiTitle, secrets: () => [tools.key()], now: tools.now });
    this.#pictures = new AnsweredPictures({ title: openaiTitle, prefix: 'oai', folder: tools.jobsFolder });
  }

  endpoint(endpoint: string): EndpointCapabilities | null {
    return openaiEndpoints[endpoint]?.capabilities ?? null;
  }

  estimate(request: GenerationRequest): MicroUsd | null {
    return priceOf(this.#tools.prices, request);
  }

  refusal(request: GenerationRequest): string | null {
    const endpoint = openaiEndpoints[request.endpoint] ?? null;
    const refusal = refusalOf(request, { title: openaiTitle, endpoint, hasKey: Boolean(this.#tools.key()) });
    if (refusal !== null || endpoint === null) return refusal;
    const { modality, maxPromptChars } = endpoint.capabilities;
    if (modality === 'i2i' && request.refs.length === 0) {
      return `${request.endpoint} works from reference pictures; the shot has none.`;
    }
    const { width, height } = request.output;
    if (imageSizeOf(request.output) === null) {
      return `${openaiTitle} makes no pictures as narrow as ${width}×${height}.`;
    }
    return promptRefusal(promptOf(request), maxPromptChars, openaiTitle);
  }

  payload(request: GenerationRequest, inputs: InputUrls): ProviderPayload {
    const endpoint = openaiEndpoints[request.endpoint];
    if (!endpoint) throw new Error(`OpenAI has no ${request.endpoint}`);
    const images = request.refs.map((ref) => ({ image_url: inputUrlOf(inputs, ref) }));
    const body = {
      model: endpoint.model,
      prompt: promptOf(request),
      n: 1,
      size: imageSizeOf(request.output),
      ...endpoint.params.parse(request.params),
      ...(images.length > 0 ? { images } : {}),
    };
    return { method: 'POST', url: urlOf(this.#tools.baseUrl('api'), endpoint.path), body };
  }

  upload(request: GenerationRequest, signal: AbortSignal): Promise<InputUrls> {
    const { resolvePath } = this.#tools;
    return inlineInputs(request, { title: openaiTitle, maxBytes: maxPictureBytes, resolvePath }, signal);
  }

  async submit(
    request: GenerationRequest,
    { reservation, inputs }: SubmitOrder,
    signal: AbortSignal,
  ): Promise<ProviderJob> {
    requireInputs(request, inputs, { title: openaiTitle, needsStartFrame: false });
    const { url, body } = this.payload(request, inputs);
    const headers = { authorization: `Bearer ${requireKey(this.#tools.key(), openaiTitle, 'submit')}` };
    const call = { purpose: 'submit', method: 'POST', url, headers, body: { json: body }, ...patience } as const;
    const answer = await this.#client.call(call, signal);
    const base64 = readJson(answer.text, answerSchema, openaiTitle).data[0]?.b64_json;
    if (!base64) {
      const failure = failureOf('transient', 'bad_output', 'OpenAI answered without a picture.');
      throw new NoPictureError(failure, reservation.amountMicroUsd);
    }
    return this.#pictures.accept(reservation, base64, answer.headers['x-request-id'] ?? null);
  }

  readSubmitError(error: unknown): SubmitOutcome {
    return readPictureError(error, refineOpenai);
  }

  poll(job: ProviderJob): Promise<PollAnswer> {
    return this.#pictures.poll(job);
  }

  fetchResult(job: ProviderJob, temporaryPath: string): Promise<FetchedArtefact> {
    return this.#pictures.fetch(job, temporaryPath);
  }

  readFetchError(error: unknown): AttemptFailure {
    return readFetchError(error, refineOpenai);
  }

  /** It is over when it was accepted. */
  async cancel(): Promise<void> {}

  reconcile(attempt: Attempt): Promise<ReconcileAnswer> {
    return this.#pictures.reconcile(attempt);
  }

  adopt(): ProviderJob {
    return this.#pictures.adopt();
  }
}

/** What OpenAI's codes mean where the status says too little: 400 is also a filter, 429 also an empty account. */
export function refineOpenai(error: ProviderHttpError): AttemptFailure | null {
  const { code, message } = error;
  if (code === 'moderation_blocked' || code === 'content_policy_violation') {
    return failureOf('content_filter', 'rejected_request', message);
  }
  if (code === 'insufficient_quota' || code === 'billing_hard_limit_reached') {
    return failureOf('budget', 'account', `${message}. The account with OpenAI has no money left.`);
  }
  return null;
}

function promptOf(request: GenerationRequest): string {
  return promptText(request, { sayAvoid: true, pictures: request.refs });
}
