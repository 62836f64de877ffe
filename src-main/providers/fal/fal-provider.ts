/**
 * fal.ai: many engines behind one queue. A submit is one POST, which fal itself is told not to repeat either; there is no
 * key that would make it recognise a second one, so a submit without an answer is looked for in its list of requests, by
 * what was sent and when.
 */
import type { Attempt, AttemptFailure, GenerationRequest } from '../../../src-shared/domain/attempt.ts';
import type { MicroUsd } from '../../../src-shared/domain/money.ts';
import { priceOf } from '../../../src-shared/domain/price.ts';
import type {
  EndpointCapabilities,
  FetchedArtefact,
  InputUrls,
  ListedJob,
  PollAnswer,
  ProviderAdapter,
  ProviderCapabilities,
  ProviderJob,
  ProviderPayload,
  ReconcileAnswer,
  SubmitOrder,
  SubmitOutcome,
} from '../../orchestrator/ports/provider.ts';
import { requireKey } from '../check-request.ts';
import { type ApiClient, createApiClient, urlOf } from '../http/api-client.ts';
import { downloadFile } from '../http/download-file.ts';
import { type CallPurpose, ExpiredError, NotSentError, ProviderHttpError, ReadFailure } from '../http/http-errors.ts';
import { createInputUploader, inputsOf } from '../http/input-files.ts';
import { failureOf, readFetchError, readSubmitError } from '../http/read-errors.ts';
import type { ProviderTools } from '../provider-definition.ts';
import { composeInput, falRefusal, falTitle } from './compose-input.ts';
import {
  complaintIn,
  type ListedRequest,
  refineFal,
  statusSchema,
  submittedSchema,
  unreadableInput,
} from './fal-answers.ts';
import { falEndpoint } from './fal-endpoints.ts';
import { addressOf, type FalJob, falJobOf } from './fal-jobs.ts';
import { type FalBooks, type Likeness, likenessOf, listSince } from './fal-listing.ts';
import { chargedFor, type FalResult, listingLagMs, readAnswer, readErrorAnswer, readFromList } from './fal-results.ts';
import { lifecycleHeader, uploadToFal } from './fal-upload.ts';

const pollAgainMs = { video: 3000, images: 1000 };
/** Clocks are compared to the second. */
const clockMarginMs = 2000;

export class FalProvider implements ProviderAdapter {
  readonly name = 'fal';
  readonly capabilities: ProviderCapabilities = {
    ...{ submitIdempotency: 'none', reconcile: 'list', reconcileGraceMs: listingLagMs },
    // a new account runs two at once; results are kept for an hour, their files longer
    ...{ cancelBillable: true, resultTtlMs: 3_600_000, concurrency: 2 },
  };
  readonly #tools: ProviderTools;
  readonly #client: ApiClient;
  readonly #books: FalBooks;
  readonly #sendInputs: (request: GenerationRequest, signal: AbortSignal) => Promise<InputUrls>;

  constructor(tools: ProviderTools) {
    this.#tools = tools;
    const { now, resolvePath, uploads: ledger } = tools;
    this.#client = createApiClient({ title: falTitle, secrets: () => [tools.key()], now });
    this.#books = {
      ...{ client: this.#client, now, apiUrl: () => tools.baseUrl('api'), headers: () => this.#headers('list') },
    };
    this.#sendInputs = createInputUploader({
      ...{ provider: this.name, ledger, resolvePath },
      send: (file, signal) => {
        const headers = this.#headers('upload');
        return uploadToFal({ client: this.#client, restUrl: tools.baseUrl('rest'), headers, now }, file, signal);
      },
    });
  }

  endpoint(endpoint: string): EndpointCapabilities | null {
    return falEndpoint(endpoint)?.capabilities ?? null;
  }

  estimate(request: GenerationRequest): MicroUsd | null {
    return priceOf(this.#tools.prices, request);
  }

  refusal(request: GenerationRequest): string | null {
    return falRefusal(request, Boolean(this.#tools.key()));
  }

  payload(request: GenerationRequest, inputs: InputUrls): ProviderPayload & { body: Record<string, unknown> } {
    const endpoint = falEndpoint(request.endpoint);
    if (!endpoint) throw new Error(`fal has no ${request.endpoint}`);
    const body = composeInput(endpoint, request, inputs);
    return { method: 'POST', url: urlOf(this.#tools.baseUrl('queue'), request.endpoint), body };
  }

  async upload(request: GenerationRequest, signal: AbortSignal): Promise<InputUrls> {
    return this.#sendInputs(request, signal);
  }

  async submit(
    request: GenerationRequest,
    { reservation, inputs }: SubmitOrder,
    signal: AbortSignal,
  ): Promise<ProviderJob> {
    const { url, body } = this.#checkedPayload(request, inputs);
    const headers = { ...this.#headers('submit'), 'x-fal-no-retry': '1', ...lifecycleHeader };
    const call = { purpose: 'submit', method: 'POST', url, headers, body: { json: body } } as const;
    const answer = await this.#client.json(call, submittedSchema, signal).catch((error: unknown) => {
      if (error instanceof ProviderHttpError) this.#forgetUnreadable(error, inputsOf(request));
      throw error;
    });
    const { request_id, ...urls } = answer;
    return { id: request_id, data: { ...urls, ...this.#jobData(request, reservation.amountMicroUsd) } };
  }

  readSubmitError(error: unknown): SubmitOutcome {
    return readSubmitError(error, refineFal);
  }

  async poll(job: ProviderJob, signal: AbortSignal): Promise<PollAnswer> {
    const result = await this.#result(job, signal);
    switch (result.kind) {
      case 'pending': {
        const makes = falEndpoint(falJobOf(job).endpoint)?.makes ?? 'video';
        return { kind: 'pending', progress: null, pollAgainMs: pollAgainMs[makes] };
      }
      case 'file':
        return { kind: 'done' };
      case 'failed':
        return result;
    }
  }

  async fetchResult(job: ProviderJob, temporaryPath: string, signal: AbortSignal): Promise<FetchedArtefact> {
    const download = async () => {
      const result = await this.#readResult(job, { isOver: false }, signal);
      if (result.kind === 'failed') throw new ReadFailure(result.failure);
      if (result.kind === 'pending') {
        throw new ReadFailure(failureOf('transient', 'server', 'fal takes its word back: the request is not done.'));
      }
      return downloadFile(this.#client, { url: result.url, temporaryPath, now: this.#tools.now }, signal);
    };
    const extension = await download().catch((error: unknown) => {
      // the result may name another address by now
      if (error instanceof ExpiredError) return download();
      throw error;
    });
    const costMicroUsd = (await chargedFor(this.#books, job, signal)) ?? falJobOf(job).priceMicroUsd;
    return { extension, costMicroUsd };
  }

  readFetchError(error: unknown): AttemptFailure {
    return readFetchError(error, refineFal);
  }

  async cancel(job: ProviderJob, signal: AbortSignal): Promise<void> {
    const url = addressOf(job, 'cancel', this.#tools.baseUrl('queue'));
    const call = { purpose: 'cancel', method: 'PUT', url, headers: this.#headers('cancel') } as const;
    await this.#client.call(call, signal).catch((error: unknown) => {
      const isOver = error instanceof ProviderHttpError && (error.status === 400 || error.status === 404);
      if (!isOver) throw error;
    });
  }

  async reconcile(attempt: Attempt, signal: AbortSignal): Promise<ReconcileAnswer> {
    const { request } = attempt;
    const since = new Date(Date.parse(attempt.createdAt) - clockMarginMs);
    const listed = await listSince(this.#books, { endpoint: request.endpoint, since }, signal);
    const known = inputsOf(request).flatMap(({ hash }) => {
      const url = this.#tools.uploads.find(this.name, hash);
      return url === null ? [] : [[hash, url] as const];
    });
    const { body } = this.payload(request, new Map(known));
    // without an address in our record the hash stands in for it: any address may have been there then
    const unsure = new Set<string>(inputsOf(request).map(({ hash }) => hash));
    const compared = listed.map((item) => ({ item, likeness: likenessOf(body, item.json_input, unsure) }));
    const count = (likeness: Likeness) => compared.filter((one) => one.likeness === likeness).length;
    const candidates = compared.filter(({ likeness }) => likeness === 'same' || likeness === 'alike');
    const [first] = candidates;
    if (first?.likeness === 'same' && candidates.length === 1) {
      return { kind: 'found', job: this.#listedJob(attempt, first.item).job };
    }
    if (first) return { kind: 'ambiguous', jobs: candidates.map(({ item }) => this.#listedJob(attempt, item)) };
    if (count('unknown') === 0) return { kind: 'absent' };
    throw new ReadFailure(failureOf('transient', 'server', 'fal lists requests and does not show yet what they were.'));
  }

  /** The id is from fal's own pages: what else polling needs is what was asked for. */
  adopt(attempt: Attempt, jobId: string): ProviderJob {
    return { id: jobId, data: { ...this.#jobData(attempt.request, attempt.reservedMicroUsd, attempt.createdAt) } };
  }

  /** The queue's word, and with COMPLETED the result, which alone tells a success from a failure. */
  async #result(job: ProviderJob, signal: AbortSignal): Promise<FalResult> {
    const url = `${addressOf(job, 'status', this.#tools.baseUrl('queue'))}?logs=1`;
    const call = { purpose: 'poll', method: 'GET', url, headers: this.#headers('poll') } as const;
    const status = await this.#client.json(call, statusSchema, signal).catch((error: unknown) => {
      if (error instanceof ProviderHttpError && error.status === 404) return null;
      throw error;
    });
    if (status === null) return readFromList(this.#books, job, signal);
    if (status.status !== 'COMPLETED') return { kind: 'pending' };
    return this.#readResult(job, { isOver: Boolean(status.error || status.error_type) }, signal);
  }

  async #readResult(job: ProviderJob, { isOver }: { isOver: boolean }, signal: AbortSignal): Promise<FalResult> {
    const url = addressOf(job, 'response', this.#tools.baseUrl('queue'));
    const call = { purpose: 'poll', method: 'GET', url, headers: this.#headers('poll') } as const;
    try {
      return await readAnswer(this.#books, job, await this.#client.call(call, signal), signal);
    } catch (error) {
      if (!(error instanceof ProviderHttpError)) throw error;
      this.#forgetUnreadable(
        error,
        falJobOf(job).inputs.map((hash) => ({ hash })),
      );
      return readErrorAnswer(this.#books, job, { error, isOver }, signal);
    }
  }

  /** An address of ours that fal could not read is worth nothing: the next attempt sends the file again. */
  #forgetUnreadable(error: ProviderHttpError, files: readonly { hash: string }[]): void {
    if (!complaintIn(error.json())?.types.includes(unreadableInput)) return;
    for (const { hash } of files) this.#tools.uploads.forget(this.name, hash);
  }

  #checkedPayload(request: GenerationRequest, inputs: InputUrls) {
    const payload = this.payload(request, inputs);
    const missing = inputsOf(request).find(({ hash }) => !inputs.has(hash));
    const checked = falEndpoint(request.endpoint)?.input.safeParse(payload.body);
    if (checked?.success && !missing) return payload;
    const why = missing
      ? `${missing.path} was not sent`
      : (checked?.error?.issues[0]?.message ?? 'it has no such endpoint');
    const field = checked?.error?.issues[0]?.path.join('.') ?? '';
    const message = `The request does not fit ${request.endpoint}: ${[field, why].filter(Boolean).join(': ')}.`;
    throw new NotSentError(failureOf('permanent', 'rejected_request', message));
  }

  #listedJob(attempt: Attempt, item: ListedRequest): ListedJob {
    const data = this.#jobData(attempt.request, attempt.reservedMicroUsd, item.sent_at ?? attempt.createdAt);
    const state = item.status_code == null ? 'not finished' : `ended with ${item.status_code}`;
    const took = item.duration == null ? '' : ` after ${item.duration} s`;
    return { job: { id: item.request_id, data: { ...data } }, sentAt: item.sent_at, note: `${state}${took}` };
  }

  #jobData(request: GenerationRequest, priceMicroUsd: MicroUsd, sentAt?: string): FalJob {
    const at = sentAt === undefined ? this.#tools.now() : new Date(sentAt);
    const inputs = inputsOf(request).map(({ hash }) => hash);
    return { endpoint: request.endpoint, sentAt: at.toISOString(), priceMicroUsd, inputs };
  }

  #headers(purpose: CallPurpose): Record<string, string> {
    return { authorization: `Key ${requireKey(this.#tools.key(), falTitle, purpose)}` };
  }
}
