/**
 * Kling's own API. It is the one provider that knows a submit again: the attempt's id goes with it as `external_task_id`,
 * and a second submit under the same id is refused. So nothing here stays in doubt for long: the task is asked for by it.
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
import { isAbortError } from '../../platform/app-error.ts';
import { refusalOf, requireInputs, requireKey } from '../check-request.ts';
import { type ApiClient, createApiClient, urlOf } from '../http/api-client.ts';
import { downloadFile } from '../http/download-file.ts';
import { type CallPurpose, ReadFailure, TransportError } from '../http/http-errors.ts';
import { failureOf, readFetchError, readSubmitError } from '../http/read-errors.ts';
import { inlineInputs, inputUrlOf, splitDataUrl } from '../inline-inputs.ts';
import { jobIdOf } from '../kept-results.ts';
import { adoptAtPrice, type PricedJob, priceOfJob } from '../priced-job.ts';
import { promptRefusal } from '../prompt-text.ts';
import type { ProviderTools } from '../provider-definition.ts';
import {
  isDuplicateId,
  isUnknownTask,
  type KlingTask,
  klingAnswerSchema,
  refineKling,
  taskFailure,
  taskIn,
} from './kling-answers.ts';
import { klingEndpoints, klingTasksPath } from './kling-endpoints.ts';
import { bearerOf } from './kling-token.ts';

export const klingTitle = 'Kling';
const pollAgainMs = 5000;
const maxPictureBytes = 10 * 1024 * 1024;

const externalIdOf = (attemptId: string) => jobIdOf('ct', attemptId);

export class KlingProvider implements ProviderAdapter {
  readonly name = 'kling';
  readonly capabilities: ProviderCapabilities = {
    ...{ submitIdempotency: 'externalId', reconcile: 'byId', cancelBillable: true },
    // results are cleaned away after thirty days
    ...{ resultTtlMs: 30 * 24 * 3_600_000, concurrency: 3 },
  };
  readonly #tools: ProviderTools;
  readonly #client: ApiClient;
  /** the last credential that was sent, so that an answer that echoes it is scrubbed */
  #token: string | null = null;

  constructor(tools: ProviderTools) {
    this.#tools = tools;
    this.#client = createApiClient({ title: klingTitle, secrets: () => [tools.key(), this.#token], now: tools.now });
  }

  endpoint(endpoint: string): EndpointCapabilities | null {
    return klingEndpoints[endpoint]?.capabilities ?? null;
  }

  estimate(request: GenerationRequest): MicroUsd | null {
    return priceOf(this.#tools.prices, request);
  }

  refusal(request: GenerationRequest): string | null {
    const endpoint = klingEndpoints[request.endpoint] ?? null;
    const refusal = refusalOf(request, { title: klingTitle, endpoint, hasKey: Boolean(this.#tools.key()) });
    if (refusal !== null || endpoint === null) return refusal;
    return promptRefusal(request.prompt, endpoint.capabilities.maxPromptChars, klingTitle);
  }

  payload(request: GenerationRequest, inputs: InputUrls): ProviderPayload & { body: Record<string, unknown> } {
    const endpoint = klingEndpoints[request.endpoint];
    if (!endpoint) throw new Error(`Kling has no ${request.endpoint}`);
    const { startFrame, negativePrompt, output } = request;
    const body = {
      model_name: endpoint.modelName,
      ...endpoint.params.parse(request.params),
      duration: String(output.durationSeconds),
      prompt: request.prompt,
      ...(negativePrompt ? { negative_prompt: negativePrompt } : {}),
      // Kling reads bare base64, without the head of a data url
      ...(startFrame ? { image: splitDataUrl(inputUrlOf(inputs, startFrame)).base64 } : {}),
    };
    return { method: 'POST', url: urlOf(this.#tools.baseUrl('api'), klingTasksPath), body };
  }

  upload(request: GenerationRequest, signal: AbortSignal): Promise<InputUrls> {
    const { resolvePath } = this.#tools;
    return inlineInputs(request, { title: klingTitle, maxBytes: maxPictureBytes, resolvePath }, signal);
  }

  async submit(
    request: GenerationRequest,
    { reservation, inputs }: SubmitOrder,
    signal: AbortSignal,
  ): Promise<ProviderJob> {
    requireInputs(request, inputs, { title: klingTitle, needsStartFrame: true });
    const { url, body } = this.payload(request, inputs);
    const external_task_id = externalIdOf(reservation.attemptId);
    const headers = this.#headers('submit');
    const call = {
      purpose: 'submit',
      method: 'POST',
      url,
      headers,
      body: { json: { ...body, external_task_id } },
    } as const;
    const data: PricedJob = { priceMicroUsd: reservation.amountMicroUsd };
    try {
      const answer = await this.#client.json(call, klingAnswerSchema, signal);
      return { id: taskIn(answer, 'submit').task_id, data };
    } catch (error) {
      if (!isDuplicateId(error)) throw error;
      return { id: await this.#taskThatIsThere(external_task_id, signal), data };
    }
  }

  readSubmitError(error: unknown): SubmitOutcome {
    return readSubmitError(error, refineKling);
  }

  async poll(job: ProviderJob, signal: AbortSignal): Promise<PollAnswer> {
    const task = await this.#task(job.id, 'poll', signal);
    switch (task.task_status) {
      case 'submitted':
      case 'processing':
        return { kind: 'pending', progress: null, pollAgainMs };
      case 'succeed':
        return { kind: 'done' };
      case 'failed':
        return { kind: 'failed', failure: taskFailure(task), billedMicroUsd: 0 };
    }
  }

  async fetchResult(job: ProviderJob, temporaryPath: string, signal: AbortSignal): Promise<FetchedArtefact> {
    const task = await this.#task(job.id, 'fetch', signal);
    const url = task.task_result?.videos?.[0]?.url;
    if (!url) throw new ReadFailure(failureOf('transient', 'bad_output', 'Kling says it is done and names no clip.'));
    const extension = await downloadFile(this.#client, { url, temporaryPath, now: this.#tools.now }, signal);
    return { extension, costMicroUsd: priceOfJob(job) };
  }

  readFetchError(error: unknown): AttemptFailure {
    return readFetchError(error, refineKling);
  }

  /** Kling offers no way to stop a task. */
  async cancel(): Promise<void> {}

  async reconcile(attempt: Attempt, signal: AbortSignal): Promise<ReconcileAnswer> {
    try {
      const task = await this.#task(externalIdOf(attempt.id), 'list', signal);
      const data: PricedJob = { priceMicroUsd: attempt.reservedMicroUsd };
      return { kind: 'found', job: { id: task.task_id, data } };
    } catch (error) {
      if (isUnknownTask(error)) return { kind: 'absent' };
      throw error;
    }
  }

  adopt(attempt: Attempt, jobId: string): ProviderJob {
    return adoptAtPrice(attempt, jobId);
  }

  /** An earlier submit of this very attempt was taken: its task. A question that fails decides nothing, so it is no "no". */
  async #taskThatIsThere(externalId: string, signal: AbortSignal): Promise<string> {
    try {
      return (await this.#task(externalId, 'submit', signal)).task_id;
    } catch (error) {
      if (isAbortError(error)) throw error;
      const message = 'Kling has this request already and could not be asked about it.';
      throw new TransportError({ sent: true, kind: 'unreadable', message });
    }
  }

  /** Kling finds a task by its own id and by ours. */
  async #task(id: string, purpose: CallPurpose, signal: AbortSignal): Promise<KlingTask> {
    const url = urlOf(this.#tools.baseUrl('api'), `${klingTasksPath}/${encodeURIComponent(id)}`);
    const call = { purpose, method: 'GET', url, headers: this.#headers(purpose) } as const;
    return taskIn(await this.#client.json(call, klingAnswerSchema, signal), purpose);
  }

  #headers(purpose: CallPurpose): Record<string, string> {
    this.#token = bearerOf(requireKey(this.#tools.key(), klingTitle, purpose), this.#tools.now());
    return { authorization: `Bearer ${this.#token}` };
  }
}
