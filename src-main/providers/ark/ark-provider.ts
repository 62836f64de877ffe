/**
 * Seedance at its maker's. A submit cannot be known again, but Ark lists its tasks with their seeds; so a doubt is settled
 * by the list where the model takes a seed. Its DELETE stops a task that waits and wipes the record of any other, so it is
 * sent for one that waits only.
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
import { type JobInList, listReachMs, matchListedJobs } from '../match-listed-jobs.ts';
import { adoptAtPrice, type PricedJob, priceOfJob } from '../priced-job.ts';
import { promptRefusal, promptText } from '../prompt-text.ts';
import type { ProviderTools } from '../provider-definition.ts';
import { type ArkTask, arkListSchema, arkSubmitSchema, arkTaskSchema, refineArk, taskFailure } from './ark-answers.ts';
import { type ArkEndpoint, arkEndpoints, arkRatios } from './ark-endpoints.ts';

export const arkTitle = 'Ark';
const tasksPath = 'api/v3/contents/generations/tasks';
const pollAgainMs = 5000;
const maxPictureBytes = 30 * 1024 * 1024;
const pageSize = 100;
const maxPages = 5;

export class ArkProvider implements ProviderAdapter {
  readonly name = 'ark';
  readonly capabilities: ProviderCapabilities = {
    ...{ submitIdempotency: 'none', reconcile: 'list', cancelBillable: false },
    // the url of a clip works for a day
    ...{ resultTtlMs: 24 * 3_600_000, concurrency: 3 },
  };
  readonly #tools: ProviderTools;
  readonly #client: ApiClient;

  constructor(tools: ProviderTools) {
    this.#tools = tools;
    this.#client = createApiClient({ title: arkTitle, secrets: () => [tools.key()], now: tools.now });
  }

  endpoint(endpoint: string): EndpointCapabilities | null {
    return arkEndpoints[endpoint]?.capabilities ?? null;
  }

  estimate(request: GenerationRequest): MicroUsd | null {
    return priceOf(this.#tools.prices, request);
  }

  refusal(request: GenerationRequest): string | null {
    const endpoint = arkEndpoints[request.endpoint] ?? null;
    const refusal = refusalOf(request, { title: arkTitle, endpoint, hasKey: Boolean(this.#tools.key()) });
    if (refusal !== null || endpoint === null) return refusal;
    return (
      promptRefusal(promptOf(endpoint, request), endpoint.capabilities.maxPromptChars, arkTitle) ??
      aspectRefusal(request.output, arkRatios, arkTitle)
    );
  }

  payload(request: GenerationRequest, inputs: InputUrls): ProviderPayload {
    const endpoint = arkEndpoints[request.endpoint];
    if (!endpoint) throw new Error(`Ark has no ${request.endpoint}`);
    const pictures = picturesOf(endpoint, request);
    const body = {
      model: endpoint.model,
      content: [
        { type: 'text', text: promptOf(endpoint, request) },
        ...pictures.map(({ ref, role }) => ({ type: 'image_url', image_url: { url: inputUrlOf(inputs, ref) }, role })),
      ],
      ...endpoint.params.parse(request.params),
      ratio: aspectNameOf(request.output, arkRatios),
      duration: request.output.durationSeconds,
      ...(request.seed === null ? {} : { seed: request.seed }),
    };
    return { method: 'POST', url: urlOf(this.#tools.baseUrl('api'), tasksPath), body };
  }

  upload(request: GenerationRequest, signal: AbortSignal): Promise<InputUrls> {
    const { resolvePath } = this.#tools;
    return inlineInputs(request, { title: arkTitle, maxBytes: maxPictureBytes, resolvePath }, signal);
  }

  async submit(
    request: GenerationRequest,
    { reservation, inputs }: SubmitOrder,
    signal: AbortSignal,
  ): Promise<ProviderJob> {
    requireInputs(request, inputs, { title: arkTitle, needsStartFrame: false });
    const { url, body } = this.payload(request, inputs);
    const headers = this.#headers('submit');
    const call = { purpose: 'submit', method: 'POST', url, headers, body: { json: body } } as const;
    const { id } = await this.#client.json(call, arkSubmitSchema, signal);
    const data: PricedJob = { priceMicroUsd: reservation.amountMicroUsd };
    return { id, data };
  }

  readSubmitError(error: unknown): SubmitOutcome {
    return readSubmitError(error, refineArk);
  }

  async poll(job: ProviderJob, signal: AbortSignal): Promise<PollAnswer> {
    const task = await this.#task(job.id, 'poll', signal);
    switch (task.status) {
      case 'queued':
      case 'running':
        return { kind: 'pending', progress: null, pollAgainMs };
      case 'succeeded':
        return { kind: 'done' };
      case 'failed':
      case 'cancelled':
      case 'expired':
        return { kind: 'failed', failure: taskFailure(task), billedMicroUsd: 0 };
    }
  }

  async fetchResult(job: ProviderJob, temporaryPath: string, signal: AbortSignal): Promise<FetchedArtefact> {
    const task = await this.#task(job.id, 'fetch', signal);
    const url = task.content?.video_url;
    if (!url) throw new ReadFailure(failureOf('transient', 'bad_output', 'Ark says it is done and names no clip.'));
    const extension = await downloadFile(this.#client, { url, temporaryPath, now: this.#tools.now }, signal);
    return { extension, costMicroUsd: priceOfJob(job) };
  }

  readFetchError(error: unknown): AttemptFailure {
    return readFetchError(error, refineArk);
  }

  async cancel(job: ProviderJob, signal: AbortSignal): Promise<void> {
    const task = await this.#task(job.id, 'cancel', signal);
    if (task.status !== 'queued') return;
    const call = { purpose: 'cancel', method: 'DELETE', url: this.#taskUrl(job.id) } as const;
    await this.#client.call({ ...call, headers: this.#headers('cancel') }, signal);
  }

  async reconcile(attempt: Attempt, signal: AbortSignal): Promise<ReconcileAnswer> {
    const endpoint = arkEndpoints[attempt.request.endpoint];
    if (!endpoint) return { kind: 'unsupported' };
    const from = Date.parse(attempt.createdAt) - listReachMs;
    const tasks: ArkTask[] = [];
    for (let page = 1; page <= maxPages; page++) {
      const items = await this.#page(endpoint.model, page, signal);
      tasks.push(...items);
      const oldest = items.at(-1)?.created_at ?? 0;
      if (items.length < pageSize || oldest * 1000 < from) return matchListedJobs(attempt, tasks.map(listedOf), true);
    }
    return matchListedJobs(attempt, tasks.map(listedOf), false);
  }

  adopt(attempt: Attempt, jobId: string): ProviderJob {
    return adoptAtPrice(attempt, jobId);
  }

  /** Newest first. */
  async #page(model: string, page: number, signal: AbortSignal): Promise<ArkTask[]> {
    const query = { page_num: String(page), page_size: String(pageSize), 'filter.model': model };
    const url = urlOf(this.#tools.baseUrl('api'), tasksPath, query);
    const call = { purpose: 'list', method: 'GET', url, headers: this.#headers('list') } as const;
    return (await this.#client.json(call, arkListSchema, signal)).items;
  }

  #task(id: string, purpose: CallPurpose, signal: AbortSignal): Promise<ArkTask> {
    const call = { purpose, method: 'GET', url: this.#taskUrl(id), headers: this.#headers(purpose) } as const;
    return this.#client.json(call, arkTaskSchema, signal);
  }

  #taskUrl(id: string): string {
    return urlOf(this.#tools.baseUrl('api'), `${tasksPath}/${encodeURIComponent(id)}`);
  }

  #headers(purpose: CallPurpose): Record<string, string> {
    return { authorization: `Bearer ${requireKey(this.#tools.key(), arkTitle, purpose)}` };
  }
}

function picturesOf({ capabilities }: ArkEndpoint, { refs, startFrame }: GenerationRequest) {
  if (capabilities.modality === 'r2v') return refs.map((ref) => ({ ref, role: 'reference_image' }));
  return startFrame ? [{ ref: startFrame, role: 'first_frame' }] : [];
}

function promptOf({ capabilities }: ArkEndpoint, request: GenerationRequest): string {
  return promptText(request, { sayAvoid: true, pictures: capabilities.modality === 'r2v' ? request.refs : [] });
}

function listedOf({ id, seed, created_at, status }: ArkTask): JobInList {
  const sentAt = created_at === undefined ? null : new Date(created_at * 1000);
  return { id, seed: seed ?? null, sentAt, note: status };
}
