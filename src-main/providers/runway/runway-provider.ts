/**
 * Runway's API, in the version that every call names. It lists no tasks, so a submit in doubt is for a person. Its DELETE
 * stops a task that runs and wipes the record of one that is over, so it is sent for one that runs only.
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
import { aspectNameOf, aspectRefusal } from '../aspect-ratio.ts';
import { refusalOf, requireInputs, requireKey } from '../check-request.ts';
import { type ApiClient, createApiClient, urlOf } from '../http/api-client.ts';
import { downloadFile } from '../http/download-file.ts';
import { type CallPurpose, ReadFailure } from '../http/http-errors.ts';
import { failureOf, readFetchError, readSubmitError } from '../http/read-errors.ts';
import { inlineInputs, inputUrlOf } from '../inline-inputs.ts';
import { adoptAtPrice, type PricedJob, priceOfJob } from '../priced-job.ts';
import { promptRefusal, promptText } from '../prompt-text.ts';
import type { ProviderTools } from '../provider-definition.ts';
import { type RunwayTask, refineRunway, runwaySubmitSchema, runwayTaskSchema, taskFailure } from './runway-answers.ts';
import { runwayEndpoints, runwayRatios } from './runway-endpoints.ts';

export const runwayTitle = 'Runway';
const apiVersion = '2024-11-06';
/** Runway asks for no more than one question in five seconds */
const pollAgainMs = 5000;
const throttledAgainMs = 15_000;
/** a data url may have five megabytes, and base64 is a third longer */
const maxPictureBytes = Math.floor((5 * 1024 * 1024 * 3) / 4) - 64;

/** Every call names the version and the key. */
export function runwayHeaders(key: string): Record<string, string> {
  return { authorization: `Bearer ${key}`, 'x-runway-version': apiVersion };
}

export class RunwayProvider implements ProviderAdapter {
  readonly name = 'runway';
  readonly capabilities: ProviderCapabilities = {
    ...{ submitIdempotency: 'none', reconcile: 'none', cancelBillable: true },
    // urls of results work for a day
    ...{ resultTtlMs: 24 * 3_600_000, concurrency: 2 },
  };
  readonly #tools: ProviderTools;
  readonly #client: ApiClient;

  constructor(tools: ProviderTools) {
    this.#tools = tools;
    this.#client = createApiClient({ title: runwayTitle, secrets: () => [tools.key()], now: tools.now });
  }

  endpoint(endpoint: string): EndpointCapabilities | null {
    return runwayEndpoints[endpoint]?.capabilities ?? null;
  }

  estimate(request: GenerationRequest): MicroUsd | null {
    return priceOf(this.#tools.prices, request);
  }

  refusal(request: GenerationRequest): string | null {
    const endpoint = runwayEndpoints[request.endpoint] ?? null;
    const refusal = refusalOf(request, { title: runwayTitle, endpoint, hasKey: Boolean(this.#tools.key()) });
    if (refusal !== null || endpoint === null) return refusal;
    return (
      promptRefusal(promptOf(request), endpoint.capabilities.maxPromptChars, runwayTitle) ??
      aspectRefusal(request.output, runwayRatios, runwayTitle)
    );
  }

  payload(request: GenerationRequest, inputs: InputUrls): ProviderPayload {
    const endpoint = runwayEndpoints[request.endpoint];
    if (!endpoint) throw new Error(`Runway has no ${request.endpoint}`);
    const { startFrame, output, seed } = request;
    const body = {
      model: endpoint.model,
      ...(startFrame ? { promptImage: inputUrlOf(inputs, startFrame) } : {}),
      promptText: promptOf(request),
      ratio: aspectNameOf(output, runwayRatios),
      duration: output.durationSeconds,
      ...(seed === null ? {} : { seed }),
    };
    return { method: 'POST', url: urlOf(this.#tools.baseUrl('api'), 'v1/image_to_video'), body };
  }

  upload(request: GenerationRequest, signal: AbortSignal): Promise<InputUrls> {
    const { resolvePath } = this.#tools;
    return inlineInputs(request, { title: runwayTitle, maxBytes: maxPictureBytes, resolvePath }, signal);
  }

  async submit(
    request: GenerationRequest,
    { reservation, inputs }: SubmitOrder,
    signal: AbortSignal,
  ): Promise<ProviderJob> {
    requireInputs(request, inputs, { title: runwayTitle, needsStartFrame: true });
    const { url, body } = this.payload(request, inputs);
    const headers = this.#headers('submit');
    const call = { purpose: 'submit', method: 'POST', url, headers, body: { json: body } } as const;
    const { id } = await this.#client.json(call, runwaySubmitSchema, signal);
    const data: PricedJob = { priceMicroUsd: reservation.amountMicroUsd };
    return { id, data };
  }

  readSubmitError(error: unknown): SubmitOutcome {
    return readSubmitError(error, refineRunway);
  }

  async poll(job: ProviderJob, signal: AbortSignal): Promise<PollAnswer> {
    const task = await this.#task(job.id, 'poll', signal);
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
  }

  async fetchResult(job: ProviderJob, temporaryPath: string, signal: AbortSignal): Promise<FetchedArtefact> {
    const task = await this.#task(job.id, 'fetch', signal);
    const url = task.output?.[0];
    if (!url) throw new ReadFailure(failureOf('transient', 'bad_output', 'Runway says it is done and names no clip.'));
    const extension = await downloadFile(this.#client, { url, temporaryPath, now: this.#tools.now }, signal);
    return { extension, costMicroUsd: priceOfJob(job) };
  }

  readFetchError(error: unknown): AttemptFailure {
    return readFetchError(error, refineRunway);
  }

  async cancel(job: ProviderJob, signal: AbortSignal): Promise<void> {
    const { status } = await this.#task(job.id, 'cancel', signal);
    if (status !== 'PENDING' && status !== 'THROTTLED' && status !== 'RUNNING') return;
    const call = { purpose: 'cancel', method: 'DELETE', url: this.#taskUrl(job.id) } as const;
    await this.#client.call({ ...call, headers: this.#headers('cancel') }, signal);
  }

  async reconcile(): Promise<ReconcileAnswer> {
    return { kind: 'unsupported' };
  }

  adopt(attempt: Attempt, jobId: string): ProviderJob {
    return adoptAtPrice(attempt, jobId);
  }

  #task(id: string, purpose: CallPurpose, signal: AbortSignal): Promise<RunwayTask> {
    const call = { purpose, method: 'GET', url: this.#taskUrl(id), headers: this.#headers(purpose) } as const;
    return this.#client.json(call, runwayTaskSchema, signal);
  }

  #taskUrl(id: string): string {
    return urlOf(this.#tools.baseUrl('api'), `v1/tasks/${encodeURIComponent(id)}`);
  }

  #headers(purpose: CallPurpose): Record<string, string> {
    return runwayHeaders(requireKey(this.#tools.key(), runwayTitle, purpose));
  }
}

function promptOf(request: GenerationRequest): string {
  return promptText(request, { sayAvoid: true, pictures: [] });
}
