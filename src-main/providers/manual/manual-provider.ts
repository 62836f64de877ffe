/**
 * The provider that is a person. An order is nothing but its attempt: the job carries what is wanted, and stays with the
 * person until they deliver a file, which is kept under the job and then goes the way of any other result.
 */
import { basename, extname } from 'node:path';
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
import { AppError } from '../../platform/app-error.ts';
import { jobIdOf, KeptResults } from '../kept-results.ts';
import type { ProviderTools } from '../provider-definition.ts';

const made = { seedSupported: false, maxPromptChars: 10_000, maxRefs: 64, durationsSeconds: null };
const endpoints: Readonly<Record<string, EndpointCapabilities>> = {
  'manual/still': { ...made, modality: 'i2i', phases: ['previs', 'keyframe'] },
  'manual/clip': { ...made, modality: 'i2v', phases: ['video'], sound: 'none' },
};

const orderSchema = z.object({ message: z.string() });
/** What a job carries: the sentence that asks the person. */
type Order = z.infer<typeof orderSchema>;

export class ManualProvider implements ProviderAdapter {
  readonly name = 'manual';
  readonly capabilities: ProviderCapabilities = {
    submitIdempotency: 'externalId',
    reconcile: 'byId',
    // an order that was being written when the app ended stands: it costs nothing
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
    return orderFor(reservation.attemptId, request);
  }

  /** Nobody was asked yet. */
  readSubmitError(error: unknown): SubmitOutcome {
    return { kind: 'not-sent', failure: this.readFetchError(error) };
  }

  async poll(job: ProviderJob, signal: AbortSignal): Promise<PollAnswer> {
    signal.throwIfAborted();
    if ((await this.#results.find(job.id)) !== null) return { kind: 'done' };
    return { kind: 'with-person', message: orderSchema.parse(job.data).message };
  }

  async fetchResult(job: ProviderJob, temporaryPath: string, signal: AbortSignal): Promise<FetchedArtefact> {
    signal.throwIfAborted();
    const extension = await this.#results.placeAt(job.id, temporaryPath);
    if (extension === null) {
      throw new AppError({ code: 'file.missing', message: 'The delivered file is gone.', hint: 'Deliver it again.' });
    }
    return { extension, costMicroUsd: 0 };
  }

  readFetchError(error: unknown): AttemptFailure {
    const message = error instanceof Error ? error.message : String(error);
    const full = error instanceof AppError && error.code === 'disk.full';
    return { category: full ? 'budget' : 'transient', detail: 'disk', message, retryAfterMs: null };
  }

  /** Nobody is asked for it any more, and nothing of it is kept. */
  cancel(job: ProviderJob): Promise<void> {
    return this.#results.remove(job.id);
  }

  async reconcile(attempt: Attempt): Promise<ReconcileAnswer> {
    return { kind: 'found', job: orderFor(attempt.id, attempt.request) };
  }

  /** Takes a file that has been looked at, durably. The file itself stays where it is; a second one replaces the first. */
  async deliver(job: ProviderJob, filePath: string): Promise<void> {
    const extension = extname(filePath).toLowerCase();
    if (!/^\.[a-z0-9]{1,8}$/.test(extension)) {
      throw new AppError({
        code: 'input.invalid',
        message: `“${basename(filePath)}” has no ending that says what it is.`,
        hint: 'Give it the usual ending of its kind, for example .png or .mp4.',
      });
    }
    await this.#results.keepFile(job.id, extension, filePath);
  }
}

function orderFor(attemptId: string, request: GenerationRequest): ProviderJob {
  const data: Order = { message: askFor(request) };
  return { id: jobIdOf('man', attemptId), data };
}

function askFor({ shotId, phase, output }: GenerationRequest): string {
  const seconds = output.durationSeconds === null ? '' : `, ${output.durationSeconds} s`;
  return `${shotId} waits for its ${phase} by hand: a ${output.kind} of ${output.width}×${output.height}${seconds}. Deliver the file from the shot.`;
}
