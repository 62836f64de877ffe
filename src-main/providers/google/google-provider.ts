/**
 * The Gemini API: clips as long-running operations, pictures with the answer itself. Google lists nothing, so a submit in
 * doubt is for a person, unless its picture is here already.
 */
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
import { aspectRefusal } from '../aspect-ratio.ts';
import { refusalOf, requireInputs, requireKey } from '../check-request.ts';
import { type ApiClient, createApiClient, urlOf } from '../http/api-client.ts';
import { downloadFile } from '../http/download-file.ts';
import { type CallPurpose, ReadFailure } from '../http/http-errors.ts';
import type { KeyedApi } from '../http/keyed-client.ts';
import { failureOf, readFetchError } from '../http/read-errors.ts';
import { inlineInputs } from '../inline-inputs.ts';
import { adoptAtPrice, type PricedJob, priceOfJob } from '../priced-job.ts';
import { promptRefusal } from '../prompt-text.ts';
import type { ProviderTools } from '../provider-definition.ts';
import { geminiRatios, googleEndpoints, veoRatios } from './google-endpoints.ts';
import { refineGoogle } from './google-errors.ts';
import { contentSchema, imageBody, imagePrompt, readContent } from './google-images.ts';
import { operationNameSchema, operationSchema, readOperation, startedSchema, videoBody } from './google-video.ts';

export const googleApi: KeyedApi = { title: 'Google', headers: (key) => ({ 'x-goog-api-key': key }) };
const googleTitle = googleApi.title;
const pollAgainMs = 10_000;
const maxPictureBytes = 7 * 1024 * 1024;
/** a picture of 4K takes minutes, and comes as base64 */
const pictureTimeouts = { headersMs: 300_000 };
const maxPictureAnswerBytes = 96 * 1024 * 1024;

export class GoogleProvider implements ProviderAdapter {
  readonly name = 'google';
  readonly capabilities: ProviderCapabilities = {
    ...{ submitIdempotency: 'none', cancelBillable: true },
    // a picture of a lost submit is here or it is not: waiting tells no more
    ...{ reconcile: 'byId', reconcileGraceMs: 0 },
    ...{ resultTtlMs: 48 * 3_600_000, concurrency: 4 },
  };
  readonly #tools: ProviderTools;
  readonly #client: ApiClient;
  readonly #pictures: AnsweredPictures;

  constructor(tools: ProviderTools) {
    this.#tools = tools;
    this.#client = createApiClient({ title: googleTitle, secrets: () => [tools.key()], now: tools.now });
    this.#pictures = new AnsweredPictures({ title: googleTitle, prefix: 'goo', folder: tools.jobsFolder });
  }

  endpoint(endpoint: string): EndpointCapabilities | null {
    return googleEndpoints[endpoint]?.capabilities ?? null;
  }

  estimate(request: GenerationRequest): MicroUsd | null {
    return priceOf(this.#tools.prices, request);
  }

  refusal(request: GenerationRequest): string | null {
    const endpoint = googleEndpoints[request.endpoint] ?? null;
    const refusal = refusalOf(request, { title: googleTitle, endpoint, hasKey: Boolean(this.#tools.key()) });
    if (refusal !== null || endpoint === null) return refusal;
    const ratios = endpoint.kind === 'video' ? veoRatios : geminiRatios;
    const isLong = request.output.durationSeconds === 8;
    if (request.params.resolution === '1080p' && !isLong) return 'Google makes 1080p in clips of 8 s only.';
    const prompt = endpoint.kind === 'video' ? request.prompt : imagePrompt(request);
    return (
      promptRefusal(prompt, endpoint.capabilities.maxPromptChars, googleTitle) ??
      aspectRefusal(request.output, ratios, googleTitle)
    );
  }

  payload(request: GenerationRequest, inputs: InputUrls): ProviderPayload {
    const endpoint = googleEndpoints[request.endpoint];
    if (!endpoint) throw new Error(`Google has no ${request.endpoint}`);
    const [method, body] =
      endpoint.kind === 'video'
        ? ['predictLongRunning', videoBody(request, endpoint.params.parse(request.params), inputs)]
        : ['generateContent', imageBody(request, endpoint.params.parse(request.params), inputs)];
    return { method: 'POST', url: this.#url(`models/${request.endpoint}:${method}`), body };
  }

  upload(request: GenerationRequest, signal: AbortSignal): Promise<InputUrls> {
    const { resolvePath } = this.#tools;
    return inlineInputs(request, { title: googleTitle, maxBytes: maxPictureBytes, resolvePath }, signal);
  }

  async submit(request: GenerationRequest, order: SubmitOrder, signal: AbortSignal): Promise<ProviderJob> {
    requireInputs(request, order.inputs, { title: googleTitle, needsStartFrame: false });
    const { url, body } = this.payload(request, order.inputs);
    const headers = this.#headers('submit');
    const call = { purpose: 'submit', method: 'POST', url, headers, body: { json: body } } as const;
    if (googleEndpoints[request.endpoint]?.kind === 'image') return this.#submitPicture(call, order, signal);
    const { name } = await this.#client.json(call, startedSchema, signal);
    const data: PricedJob = { priceMicroUsd: order.reservation.amountMicroUsd };
    return { id: name, data };
  }

  readSubmitError(error: unknown): SubmitOutcome {
    return readPictureError(error, refineGoogle);
  }

  async poll(job: ProviderJob, signal: AbortSignal): Promise<PollAnswer> {
    if (!isOperation(job)) return this.#pictures.poll(job);
    const state = await this.#operation(job, 'poll', signal);
    switch (state.kind) {
      case 'running':
        return { kind: 'pending', progress: null, pollAgainMs };
      case 'made':
        return { kind: 'done' };
      case 'failed':
        return { kind: 'failed', failure: state.failure, billedMicroUsd: 0 };
    }
  }

  async fetchResult(job: ProviderJob, temporaryPath: string, signal: AbortSignal): Promise<FetchedArtefact> {
    if (!isOperation(job)) return this.#pictures.fetch(job, temporaryPath);
    const state = await this.#operation(job, 'fetch', signal);
    if (state.kind === 'failed') throw new ReadFailure(state.failure);
    if (state.kind === 'running') {
      throw new ReadFailure(failureOf('transient', 'server', 'Google says that the clip is not done any more.'));
    }
    // the file is behind the key, on Google's own address only
    const access = { headers: this.#headers('fetch'), ownUrls: [this.#tools.baseUrl('api')] };
    const order = { url: state.uri, temporaryPath, now: this.#tools.now, ...access };
    return { extension: await downloadFile(this.#client, order, signal), costMicroUsd: priceOfJob(job) };
  }

  readFetchError(error: unknown): AttemptFailure {
    return readFetchError(error, refineGoogle);
  }

  /** Google offers no way to stop a clip. */
  async cancel(): Promise<void> {}

  async reconcile(attempt: Attempt): Promise<ReconcileAnswer> {
    if (googleEndpoints[attempt.request.endpoint]?.kind !== 'image') return { kind: 'unsupported' };
    return this.#pictures.reconcile(attempt);
  }

  /** A clip by the name of its operation; a picture came with the answer or never. */
  adopt(attempt: Attempt, jobId: string): ProviderJob {
    const job = adoptAtPrice(attempt, jobId);
    return isOperation(job) ? job : this.#pictures.adopt();
  }

  async #submitPicture(
    call: Parameters<ApiClient['json']>[0],
    { reservation }: SubmitOrder,
    signal: AbortSignal,
  ): Promise<ProviderJob> {
    const patient = { ...call, timeouts: pictureTimeouts, maxAnswerBytes: maxPictureAnswerBytes };
    const answer = await this.#client.json(patient, contentSchema, signal);
    const content = readContent(answer);
    if (content.kind === 'none') throw new NoPictureError(content.failure, 0);
    return this.#pictures.accept(reservation, content.base64, answer.responseId ?? null);
  }

  async #operation(job: ProviderJob, purpose: CallPurpose, signal: AbortSignal) {
    const url = this.#url(operationNameSchema.parse(job.id));
    const call = { purpose, method: 'GET', url, headers: this.#headers(purpose) } as const;
    return readOperation(await this.#client.json(call, operationSchema, signal));
  }

  #url(path: string): string {
    return urlOf(this.#tools.baseUrl('api'), `v1beta/${path}`);
  }

  #headers(purpose: CallPurpose): Record<string, string> {
    return { 'x-goog-api-key': requireKey(this.#tools.key(), googleTitle, purpose) };
  }
}

function isOperation({ id }: ProviderJob): boolean {
  return operationNameSchema.safeParse(id).success;
}
