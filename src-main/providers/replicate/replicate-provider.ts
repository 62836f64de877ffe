/**
 * Replicate: predictions of hosted models. It lists what was sent with its input, so a submit in doubt is looked for by
 * prompt and seed, within the hour for which inputs are kept. A prediction that is cancelled while it runs is charged.
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
import { aspectRefusal } from '../aspect-ratio.ts';
import { refusalOf, requireInputs, requireKey } from '../check-request.ts';
import { type ApiClient, createApiClient, urlOf } from '../http/api-client.ts';
import { downloadFile } from '../http/download-file.ts';
import { type CallPurpose, ExpiredError, ReadFailure } from '../http/http-errors.ts';
import { createInputUploader, type InputFile } from '../http/input-files.ts';
import { failureOf, readFetchError, readSubmitError } from '../http/read-errors.ts';
import { matchListedJobs } from '../match-listed-jobs.ts';
import { adoptAtPrice, type PricedJob, priceOfJob } from '../priced-job.ts';
import { promptRefusal } from '../prompt-text.ts';
import type { ProviderTools } from '../provider-definition.ts';
import {
  outputOf,
  type Prediction,
  predictionFailure,
  predictionSchema,
  refineReplicate,
  uploadedSchema,
} from './replicate-answers.ts';
import { inputOf, promptOf, replicateEndpoints } from './replicate-endpoints.ts';
import { likeRequest, listBack } from './replicate-listing.ts';

export const replicateTitle = 'Replicate';
const pollAgainMs = 3000;

export class ReplicateProvider implements ProviderAdapter {
  readonly name = 'replicate';
  readonly capabilities: ProviderCapabilities = {
    ...{ submitIdempotency: 'none', reconcile: 'list', cancelBillable: true },
    ...{ resultTtlMs: 3_600_000, concurrency: 4 },
  };
  readonly #tools: ProviderTools;
  readonly #client: ApiClient;
  readonly #sendInputs: (request: GenerationRequest, signal: AbortSignal) => Promise<InputUrls>;

  constructor(tools: ProviderTools) {
    this.#tools = tools;
    this.#client = createApiClient({ title: replicateTitle, secrets: () => [tools.key()], now: tools.now });
    const { uploads: ledger, resolvePath } = tools;
    const send = (file: InputFile, signal: AbortSignal) => this.#sendFile(file, signal);
    this.#sendInputs = createInputUploader({ provider: this.name, ledger, resolvePath, send });
  }

  endpoint(endpoint: string): EndpointCapabilities | null {
    return replicateEndpoints[endpoint]?.capabilities ?? null;
  }

  estimate(request: GenerationRequest): MicroUsd | null {
    return priceOf(this.#tools.prices, request);
  }

  refusal(request: GenerationRequest): string | null {
    const endpoint = replicateEndpoints[request.endpoint] ?? null;
    const refusal = refusalOf(request, { title: replicateTitle, endpoint, hasKey: Boolean(this.#tools.key()) });
    if (refusal !== null || endpoint === null) return refusal;
    return (
      promptRefusal(promptOf(request), endpoint.capabilities.maxPromptChars, replicateTitle) ??
      aspectRefusal(request.output, endpoint.ratios, replicateTitle)
    );
  }

  payload(request: GenerationRequest, inputs: InputUrls): ProviderPayload {
    const endpoint = replicateEndpoints[request.endpoint];
    if (!endpoint) throw new Error(`Replicate has no ${request.endpoint}`);
    const url = this.#url(`models/${request.endpoint}/predictions`);
    return { method: 'POST', url, body: { input: inputOf(endpoint, request, inputs) } };
  }

  upload(request: GenerationRequest, signal: AbortSignal): Promise<InputUrls> {
    return this.#sendInputs(request, signal);
  }

  async submit(
    request: GenerationRequest,
    { reservation, inputs }: SubmitOrder,
    signal: AbortSignal,
  ): Promise<ProviderJob> {
    requireInputs(request, inputs, { title: replicateTitle, needsStartFrame: false });
    const { url, body } = this.payload(request, inputs);
    const headers = this.#headers('submit');
    const call = { purpose: 'submit', method: 'POST', url, headers, body: { json: body } } as const;
    const { id } = await this.#client.json(call, predictionSchema, signal);
    const data: PricedJob = { priceMicroUsd: reservation.amountMicroUsd };
    return { id, data };
  }

  readSubmitError(error: unknown): SubmitOutcome {
    return readSubmitError(error, refineReplicate);
  }

  async poll(job: ProviderJob, signal: AbortSignal): Promise<PollAnswer> {
    const prediction = await this.#prediction(job.id, 'poll', signal);
    const failed = (billedMicroUsd: MicroUsd): PollAnswer => {
      return { kind: 'failed', failure: predictionFailure(prediction), billedMicroUsd };
    };
    switch (prediction.status) {
      case 'starting':
      case 'processing':
        return { kind: 'pending', progress: null, pollAgainMs };
      case 'succeeded':
        return { kind: 'done' };
      case 'canceled':
        return failed(priceOfJob(job));
      case 'failed':
      case 'aborted':
        return failed(0);
    }
  }

  async fetchResult(job: ProviderJob, temporaryPath: string, signal: AbortSignal): Promise<FetchedArtefact> {
    const prediction = await this.#prediction(job.id, 'fetch', signal);
    const url = outputOf(prediction);
    if (!url && prediction.data_removed) {
      throw new ExpiredError('Replicate kept the file for an hour and has it no longer: it was made and is lost.');
    }
    if (!url)
      throw new ReadFailure(failureOf('transient', 'bad_output', 'Replicate says it is done and names no file.'));
    const access = { headers: this.#headers('fetch'), ownUrls: [this.#tools.baseUrl('api')] };
    const order = { url, temporaryPath, now: this.#tools.now, ...access };
    return { extension: await downloadFile(this.#client, order, signal), costMicroUsd: priceOfJob(job) };
  }

  readFetchError(error: unknown): AttemptFailure {
    return readFetchError(error, refineReplicate);
  }

  async cancel(job: ProviderJob, signal: AbortSignal): Promise<void> {
    const url = this.#url(`predictions/${encodeURIComponent(job.id)}/cancel`);
    await this.#client.call({ purpose: 'cancel', method: 'POST', url, headers: this.#headers('cancel') }, signal);
  }

  async reconcile(attempt: Attempt, signal: AbortSignal): Promise<ReconcileAnswer> {
    const books = { client: this.#client, url: this.#url('predictions'), headers: this.#headers('list') };
    const { predictions, reachedBack } = await listBack(books, Date.parse(attempt.createdAt), signal);
    return matchListedJobs(attempt, likeRequest(predictions, attempt.request), reachedBack);
  }

  adopt(attempt: Attempt, jobId: string): ProviderJob {
    return adoptAtPrice(attempt, jobId);
  }

  async #sendFile({ bytes, contentType, fileName }: InputFile, signal: AbortSignal) {
    const form = new FormData();
    form.set('content', new Blob([new Uint8Array(bytes)], { type: contentType }), fileName);
    const call = { purpose: 'upload', method: 'POST', url: this.#url('files'), body: { form } } as const;
    const answer = await this.#client.json({ ...call, headers: this.#headers('upload') }, uploadedSchema, signal);
    const expiresAt = answer.expires_at ? new Date(answer.expires_at).toISOString() : null;
    return { url: answer.urls.get, expiresAt };
  }

  #prediction(id: string, purpose: CallPurpose, signal: AbortSignal): Promise<Prediction> {
    const url = this.#url(`predictions/${encodeURIComponent(id)}`);
    const call = { purpose, method: 'GET', url, headers: this.#headers(purpose) } as const;
    return this.#client.json(call, predictionSchema, signal);
  }

  #url(path: string): string {
    return urlOf(this.#tools.baseUrl('api'), `v1/${path}`);
  }

  #headers(purpose: CallPurpose): Record<string, string> {
    return { authorization: `Bearer ${requireKey(this.#tools.key(), replicateTitle, purpose)}` };
  }
}
