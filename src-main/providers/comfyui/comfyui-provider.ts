/**
 * ComfyUI on a machine of one's own: no key, no price. Its queue and history live in its memory, so a job that it does not
 * know after a restart is lost, never done. The attempt's id goes along as client id, by which a doubt is settled.
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
import { refusalOf, requireInputs } from '../check-request.ts';
import { type ApiClient, createApiClient, urlOf } from '../http/api-client.ts';
import { downloadFile } from '../http/download-file.ts';
import { type CallPurpose, ProviderHttpError, ReadFailure } from '../http/http-errors.ts';
import { createInputUploader, type InputFile, inputsOf } from '../http/input-files.ts';
import { failureOf, readFetchError, readSubmitError } from '../http/read-errors.ts';
import { jobIdOf } from '../kept-results.ts';
import type { ProviderTools } from '../provider-definition.ts';
import {
  type ComfyuiEntry,
  type ComfyuiQueue,
  clientIdOf,
  comfyuiSubmitSchema,
  entryFailure,
  historySchema,
  isPictureGone,
  queueSchema,
  refineComfyui,
  resultFileOf,
} from './comfyui-answers.ts';
import { comfyuiParamsSchema, fillGraph, graphRefusal, resultNodeOf, startsFromFrame } from './comfyui-graph.ts';
import { sendPicture } from './send-picture.ts';

export const comfyuiTitle = 'ComfyUI';
const pollAgainMs = 2000;
const made = { seedSupported: true, maxPromptChars: 10_000, maxRefs: 8, durationsSeconds: null };
const endpoints: Readonly<Record<string, EndpointCapabilities>> = {
  'comfyui/still': { ...made, modality: 'i2i', phases: ['previs', 'keyframe'] },
  'comfyui/clip': { ...made, modality: 'i2v', phases: ['video'], sound: 'none' },
};

const jobDataSchema = z.object({ kind: z.enum(['still', 'clip']), resultNode: z.string().nullable() });
type JobData = z.infer<typeof jobDataSchema>;

export class ComfyuiProvider implements ProviderAdapter {
  readonly name = 'comfyui';
  readonly capabilities: ProviderCapabilities = {
    ...{ submitIdempotency: 'none', reconcile: 'list', cancelBillable: false },
    // a prompt is in its queue before it answers; this leaves it time for the last steps of a request that broke off
    ...{ reconcileGraceMs: 10_000, resultTtlMs: null, concurrency: 1 },
  };
  readonly #tools: ProviderTools;
  readonly #client: ApiClient;
  readonly #sendInputs: (request: GenerationRequest, signal: AbortSignal) => Promise<InputUrls>;

  constructor(tools: ProviderTools) {
    this.#tools = tools;
    this.#client = createApiClient({ title: comfyuiTitle, secrets: () => [], now: tools.now });
    const { uploads: ledger, resolvePath } = tools;
    const send = (file: InputFile, signal: AbortSignal) =>
      sendPicture(this.#client, this.#url('upload/image'), file, signal);
    this.#sendInputs = createInputUploader({ provider: this.name, ledger, resolvePath, send });
  }

  endpoint(endpoint: string): EndpointCapabilities | null {
    return endpoints[endpoint] ?? null;
  }

  estimate(request: GenerationRequest): MicroUsd | null {
    return priceOf(this.#tools.prices, request);
  }

  refusal(request: GenerationRequest): string | null {
    const capabilities = this.endpoint(request.endpoint);
    const endpoint = capabilities && { capabilities, params: comfyuiParamsSchema };
    const refusal = refusalOf(request, { title: comfyuiTitle, endpoint, hasKey: true });
    return refusal ?? graphRefusal(comfyuiParamsSchema.parse(request.params), request);
  }

  payload(request: GenerationRequest, inputs: InputUrls): ProviderPayload & { body: Record<string, unknown> } {
    const params = comfyuiParamsSchema.parse(request.params);
    return { method: 'POST', url: this.#url('prompt'), body: { prompt: fillGraph(params, request, inputs) } };
  }

  upload(request: GenerationRequest, signal: AbortSignal): Promise<InputUrls> {
    return this.#sendInputs(request, signal);
  }

  async submit(
    request: GenerationRequest,
    { reservation, inputs }: SubmitOrder,
    signal: AbortSignal,
  ): Promise<ProviderJob> {
    requireInputs(request, inputs, { title: comfyuiTitle, needsStartFrame: startsFromFrame(request) });
    const { url, body } = this.payload(request, inputs);
    const json = { ...body, client_id: clientIdFor(reservation.attemptId) };
    const call = { purpose: 'submit', method: 'POST', url, body: { json } } as const;
    const { prompt_id } = await this.#client.json(call, comfyuiSubmitSchema, signal).catch((error: unknown) => {
      if (error instanceof ProviderHttpError && isPictureGone(error)) this.#forgetPictures(request);
      throw error;
    });
    return { id: prompt_id, data: jobDataOf(request) };
  }

  readSubmitError(error: unknown): SubmitOutcome {
    return readSubmitError(error, refineComfyui);
  }

  async poll(job: ProviderJob, signal: AbortSignal): Promise<PollAnswer> {
    const pending: PollAnswer = { kind: 'pending', progress: null, pollAgainMs };
    const failed = (failure: AttemptFailure): PollAnswer => ({ kind: 'failed', failure, billedMicroUsd: 0 });
    const entry = await this.#entry(job.id, 'poll', signal);
    if (!entry && (await this.#isQueued(job.id, signal))) return pending;
    // it may have ended between the two questions
    const ended = entry ?? (await this.#entry(job.id, 'poll', signal));
    if (!ended) {
      return failed(failureOf('transient', 'server', 'ComfyUI does not know the job any more: it was restarted.'));
    }
    const failure = entryFailure(ended);
    return failure ? failed(failure) : { kind: 'done' };
  }

  async fetchResult(job: ProviderJob, temporaryPath: string, signal: AbortSignal): Promise<FetchedArtefact> {
    const entry = await this.#entry(job.id, 'fetch', signal);
    const { kind, resultNode } = jobDataSchema.parse(job.data);
    const file = entry && resultFileOf(entry, kind, resultNode);
    if (!file) {
      const message = entry ? `ComfyUI saved no ${kind}.` : 'ComfyUI does not know the job any more.';
      throw new ReadFailure(failureOf(entry ? 'permanent' : 'transient', 'bad_output', message));
    }
    const url = urlOf(this.#tools.baseUrl('api'), 'view', file);
    return {
      extension: await downloadFile(this.#client, { url, temporaryPath, now: this.#tools.now }, signal),
      costMicroUsd: 0,
    };
  }

  readFetchError(error: unknown): AttemptFailure {
    return readFetchError(error, refineComfyui);
  }

  /** Takes it out of the queue, or stops it when it is this one that runs. */
  async cancel(job: ProviderJob, signal: AbortSignal): Promise<void> {
    const { queue_pending, queue_running } = await this.#queue('cancel', signal);
    const post = (path: string, json: unknown) =>
      this.#client.call({ purpose: 'cancel', method: 'POST', url: this.#url(path), body: { json } }, signal);
    if (queue_pending.some(([, id]) => id === job.id)) await post('queue', { delete: [job.id] });
    else if (queue_running.some(([, id]) => id === job.id)) await post('interrupt', { prompt_id: job.id });
  }

  async reconcile(attempt: Attempt, signal: AbortSignal): Promise<ReconcileAnswer> {
    const clientId = clientIdFor(attempt.id);
    const { queue_pending, queue_running } = await this.#queue('list', signal);
    const history = await this.#history('history', 'list', signal);
    const waiting = [...queue_running, ...queue_pending].map((prompt) => ({ id: prompt[1], prompt }));
    const over = Object.entries(history).map(([id, { prompt }]) => ({ id, prompt }));
    const ours = [...waiting, ...over].find(({ prompt }) => clientIdOf(prompt) === clientId);
    return ours ? { kind: 'found', job: { id: ours.id, data: jobDataOf(attempt.request) } } : { kind: 'absent' };
  }

  adopt({ request }: Attempt, jobId: string): ProviderJob {
    return { id: jobId, data: jobDataOf(request) };
  }

  #forgetPictures(request: GenerationRequest): void {
    for (const ref of inputsOf(request)) this.#tools.uploads.forget(this.name, ref.hash);
  }

  async #isQueued(id: string, signal: AbortSignal): Promise<boolean> {
    const { queue_pending, queue_running } = await this.#queue('poll', signal);
    return [...queue_running, ...queue_pending].some(([, queued]) => queued === id);
  }

  #queue(purpose: CallPurpose, signal: AbortSignal): Promise<ComfyuiQueue> {
    return this.#client.json({ purpose, method: 'GET', url: this.#url('queue') }, queueSchema, signal);
  }

  async #entry(id: string, purpose: CallPurpose, signal: AbortSignal): Promise<ComfyuiEntry | null> {
    return (await this.#history(`history/${encodeURIComponent(id)}`, purpose, signal))[id] ?? null;
  }

  #history(path: string, purpose: CallPurpose, signal: AbortSignal) {
    return this.#client.json({ purpose, method: 'GET', url: this.#url(path) }, historySchema, signal);
  }

  #url(path: string): string {
    return urlOf(this.#tools.baseUrl('api'), path);
  }
}

const clientIdFor = (attemptId: string) => jobIdOf('ct', attemptId);

function jobDataOf(request: GenerationRequest): JobData {
  const { graph } = comfyuiParamsSchema.parse(request.params);
  return { kind: request.output.kind, resultNode: resultNodeOf(graph) };
}
