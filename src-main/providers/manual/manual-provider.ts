/**
 * The provider that is a person. A submit writes down what is wanted; the job stays with the person until they deliver a
 * file, which is kept under the job and then goes the way of any other result. Its folder of jobs is its memory.
 */
import { readFile, rm } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { z } from 'zod';
import {
  type Attempt,
  type AttemptFailure,
  type GenerationRequest,
  generationRequestSchema,
} from '../../../src-shared/domain/attempt.ts';
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
import { AppError } from '../../platform/app-error.ts';
import { makeFolder, writeFileAtomic } from '../../platform/atomic-file.ts';
import { jobIdOf, KeptResults } from '../kept-results.ts';
import type { ProviderTools } from '../provider-definition.ts';

const made = { seedSupported: false, maxPromptChars: 10_000, maxRefs: 64, durationsSeconds: null };
const endpoints: Readonly<Record<string, EndpointCapabilities>> = {
  'manual/still': { ...made, modality: 'i2i', phases: ['previs', 'keyframe'] },
  'manual/clip': { ...made, modality: 'i2v', phases: ['video'], sound: 'none' },
};
const extensions: Record<GenerationRequest['output']['kind'], readonly string[]> = {
  still: ['.png', '.jpg', '.jpeg', '.webp'],
  clip: ['.mp4', '.mov', '.webm', '.mkv'],
};

const jobFileSchema = z.strictObject({ id: z.string(), request: generationRequestSchema });

export class ManualProvider implements ProviderAdapter {
  readonly name = 'manual';
  readonly capabilities: ProviderCapabilities = {
    submitIdempotency: 'externalId',
    reconcile: 'byId',
    // a job is its file: it is there or it never will be
    reconcileGraceMs: 0,
    cancelBillable: false,
    resultTtlMs: null,
    concurrency: 1000,
  };
  readonly #tools: Pick<ProviderTools, 'prices' | 'jobsFolder'>;
  readonly #results: KeptResults;

  constructor(tools: Pick<ProviderTools, 'prices' | 'jobsFolder'>) {
    this.#tools = tools;
    this.#results = new KeptResults(tools.jobsFolder);
  }

  endpoint(endpoint: string): EndpointCapabilities | null {
    return endpoints[endpoint] ?? null;
  }

  estimate(request: GenerationRequest): MicroUsd | null {
    return priceOf(this.#tools.prices, request);
  }

  refusal(request: GenerationRequest): string | null {
    const params = Object.keys(request.params);
    return params.length === 0 ? null : `A person takes no parameters: ${params.join(', ')}.`;
  }

  payload(request: GenerationRequest): ProviderPayload {
    return { method: 'local', url: request.endpoint, body: request };
  }

  /** The files are here already. */
  async upload(): Promise<InputUrls> {
    return new Map();
  }

  async submit(request: GenerationRequest, { reservation }: SubmitOrder, signal: AbortSignal): Promise<ProviderJob> {
    signal.throwIfAborted();
    const id = jobIdOf('man', reservation.attemptId);
    await makeFolder(this.#tools.jobsFolder);
    await writeFileAtomic(this.#jobPath(id), JSON.stringify({ id, request }, null, 2));
    return { id, data: {} };
  }

  /** A job's file appears whole or not at all. */
  readSubmitError(error: unknown): SubmitOutcome {
    return { kind: 'not-sent', failure: this.readFetchError(error) };
  }

  async poll(job: ProviderJob, signal: AbortSignal): Promise<PollAnswer> {
    signal.throwIfAborted();
    if ((await this.#results.find(job.id)) !== null) return { kind: 'done' };
    const request = await this.#request(job.id);
    if (request) return { kind: 'with-person', message: askFor(request) };
    const message = 'Nobody is asked for this file any more: its order is gone.';
    return { kind: 'failed', failure: failureOf('cancelled', message), billedMicroUsd: 0 };
  }

  async fetchResult(job: ProviderJob, temporaryPath: string, signal: AbortSignal): Promise<FetchedArtefact> {
    signal.throwIfAborted();
    const extension = await this.#results.copyTo(job.id, temporaryPath);
    if (extension === null) {
      throw new AppError({ code: 'file.missing', message: 'The delivered file is gone.', hint: 'Deliver it again.' });
    }
    return { extension, costMicroUsd: 0 };
  }

  readFetchError(error: unknown): AttemptFailure {
    const message = error instanceof Error ? error.message : String(error);
    const full = error instanceof AppError && error.code === 'disk.full';
    return { ...failureOf('disk', message), category: full ? 'budget' : 'transient' };
  }

  /** Nobody is asked for it any more. What was delivered already stays for the poll that comes. */
  async cancel(job: ProviderJob): Promise<void> {
    await rm(this.#jobPath(job.id), { force: true });
  }

  async reconcile(attempt: Attempt): Promise<ReconcileAnswer> {
    const id = jobIdOf('man', attempt.id);
    return (await this.#request(id)) ? { kind: 'found', job: { id, data: {} } } : { kind: 'absent' };
  }

  /** Takes a file that has been looked at for a job; durable when it returns. The file itself stays where it is. */
  async deliver(job: ProviderJob, filePath: string): Promise<void> {
    const request = await this.#request(job.id);
    if (!request) {
      throw new AppError({
        code: 'state.stale',
        message: 'Nobody waits for this file any more.',
        hint: 'Look at the shot again.',
      });
    }
    const extension = extname(filePath).toLowerCase();
    const allowed = extensions[request.output.kind];
    if (!allowed.includes(extension)) {
      throw new AppError({
        code: 'input.invalid',
        message: `${request.shotId} waits for a ${request.output.kind}, and this is “${extension || 'a file without an ending'}”.`,
        hint: `Deliver one of ${allowed.join(', ')}.`,
      });
    }
    await this.#results.keepFile(job.id, extension, filePath);
  }

  async #request(id: string): Promise<GenerationRequest | null> {
    const text = await readFile(this.#jobPath(id), 'utf8').catch(() => null);
    return text === null ? null : jobFileSchema.parse(JSON.parse(text)).request;
  }

  #jobPath(id: string): string {
    return join(this.#tools.jobsFolder, `${id}.job.json`);
  }
}

function askFor({ shotId, phase, output }: GenerationRequest): string {
  const seconds = output.durationSeconds === null ? '' : `, ${output.durationSeconds} s`;
  return `${shotId} waits for its ${phase} by hand: a ${output.kind} of ${output.width}×${output.height}${seconds}. Deliver the file from the shot.`;
}

function failureOf(detail: 'cancelled' | 'disk', message: string): AttemptFailure {
  return { category: 'permanent', detail, message, retryAfterMs: null };
}
