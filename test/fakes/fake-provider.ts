import type {
  CancelAnswer,
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
} from '../../src-main/orchestrator/ports/provider.ts';
import type { Attempt, AttemptFailure, GenerationRequest } from '../../src-shared/domain/attempt.ts';
import type { FailureCategory, FailureDetail } from '../../src-shared/domain/failure.ts';
import type { MemoryDisk } from './memory-files.ts';

/** How one submit or its job behaves; `ok` when nothing is planned. */
export type FakeFault =
  | 'ok'
  | 'not-sent'
  | 'rejected'
  | 'rate-limited'
  | 'content-filter'
  /** the key is refused at the submit */
  | 'account'
  /** taken; the key is refused at the first questions about it */
  | 'locked-out'
  | 'accepted-then-dropped'
  | 'not-accepted-unknown'
  | 'fails-later'
  | 'bad-file'
  | 'empty-file'
  | 'bug';

const cancelledAtEngine: Extract<PollAnswer, { kind: 'failed' }> = {
  kind: 'failed',
  failure: { category: 'transient', detail: 'cancelled', message: 'The job was cancelled.', retryAfterMs: null },
  billedMicroUsd: 0,
};

class FakeSubmitError extends Error {
  readonly outcome: SubmitOutcome;

  constructor(outcome: SubmitOutcome) {
    super(outcome.failure.message);
    this.outcome = outcome;
  }
}

class KeyRefused extends Error {}

export interface FakeJob {
  attemptId: string;
  request: GenerationRequest;
  fault: FakeFault;
}

/** A provider with its own bill, which survives restarts of the app as a real one does. */
export class FakeProvider implements ProviderAdapter {
  readonly name: string;
  readonly capabilities: ProviderCapabilities;
  /** accepted jobs by id: the bill */
  readonly jobs = new Map<string, FakeJob>();
  /** POSTs seen, by attempt */
  readonly posts = new Map<string, number>();
  readonly polls: string[] = [];
  price: number | null = 0;
  seedSupported = true;
  refuses: string | null = null;
  uploads = 0;
  /** what the next uploads say instead of working */
  uploadTroubles: string[] = [];
  /** planned faults, taken one per POST */
  faults: FakeFault[] = [];
  /** what a fetched take costs when it is not the price */
  billed: number | null = null;
  pollsBeforeDone = 0;
  /** for how many polls a job waits in the queue before it begins */
  pollsInQueue = 0;
  /** jobs that were called off in time */
  readonly cancelled = new Set<string>();
  /** what each of them is charged for all the same */
  cancelledBilled = 0;
  /** jobs that were asked to be dropped, in order */
  readonly cancels: string[] = [];
  /** what the next cancels do instead of working: fail before the job is dropped, or after it was; or the engine goes on with it */
  cancelTroubles: ('before' | 'after' | 'ignored')[] = [];
  readonly cancel?: NonNullable<ProviderAdapter['cancel']>;
  retryAfterMs: number | null = null;
  readonly #disk: MemoryDisk;
  readonly #pollsOf = new Map<string, number>();
  running = 0;
  mostRunning = 0;

  constructor(disk: MemoryDisk, options: { name?: string; capabilities?: Partial<ProviderCapabilities> } = {}) {
    this.#disk = disk;
    this.name = options.name ?? 'embedded';
    this.capabilities = {
      ...{ reconcile: 'none', freeCancel: 'none', resultTtlMs: null, concurrency: 16 },
      ...options.capabilities,
    };
    if (this.capabilities.freeCancel !== 'none') this.cancel = (job) => this.#drop(job);
  }

  estimate(): number | null {
    return this.price;
  }

  endpoint(): EndpointCapabilities {
    return {
      ...{ modality: 'i2v', phases: ['previs', 'keyframe', 'video'], seedSupported: this.seedSupported },
      ...{ maxPromptChars: 10_000, maxRefs: 16, durationsSeconds: null },
    };
  }

  refusal(_request: GenerationRequest): string | null {
    return this.refuses;
  }

  payload(request: GenerationRequest): ProviderPayload {
    return { method: 'POST', url: `https://${this.name}.test/${request.endpoint}`, body: request };
  }

  async upload(): Promise<InputUrls> {
    this.uploads++;
    const [trouble] = this.uploadTroubles.splice(0, 1);
    if (trouble) throw new Error(trouble);
    return new Map();
  }

  async submit(request: GenerationRequest, { reservation }: SubmitOrder): Promise<ProviderJob> {
    this.posts.set(reservation.attemptId, (this.posts.get(reservation.attemptId) ?? 0) + 1);
    const fault = this.faults.shift() ?? 'ok';
    const say = (category: FailureCategory, detail: FailureDetail): AttemptFailure => ({
      ...{ category, detail, message: `The engine said: ${fault}.` },
      retryAfterMs: this.retryAfterMs,
    });
    if (fault === 'bug') throw new TypeError('cannot read properties of undefined');
    if (fault === 'not-sent') throw new FakeSubmitError({ kind: 'not-sent', failure: say('transient', 'network') });
    const rejections: Partial<Record<FakeFault, AttemptFailure>> = {
      rejected: say('permanent', 'rejected_request'),
      'rate-limited': say('transient', 'rate_limit'),
      'content-filter': say('content_filter', 'rejected_request'),
      account: say('permanent', 'account'),
    };
    const failure = rejections[fault];
    if (failure) throw new FakeSubmitError({ kind: 'rejected', failure, billedMicroUsd: 0 });
    const unknown = new FakeSubmitError({ kind: 'unknown', failure: say('transient', 'server') });
    if (fault === 'not-accepted-unknown') throw unknown;
    const id = `job-${this.jobs.size + 1}`;
    this.jobs.set(id, { attemptId: reservation.attemptId, request, fault });
    this.running++;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    if (fault === 'accepted-then-dropped') throw unknown;
    return { id, data: { status_url: `fake:${id}` } };
  }

  readSubmitError(error: unknown): SubmitOutcome {
    if (error instanceof FakeSubmitError) return error.outcome;
    const message = error instanceof Error ? error.message : String(error);
    return { kind: 'unknown', failure: { category: 'transient', detail: 'network', message, retryAfterMs: null } };
  }

  async poll(job: ProviderJob): Promise<PollAnswer> {
    this.polls.push(job.id);
    const known = this.jobs.get(job.id);
    const failed = (message: string): PollAnswer => ({
      ...{ kind: 'failed', billedMicroUsd: 0 },
      failure: { category: 'transient', detail: 'server', message, retryAfterMs: null },
    });
    if (!known) return failed('unknown job');
    const seen = (this.#pollsOf.get(job.id) ?? 0) + 1;
    this.#pollsOf.set(job.id, seen);
    if (known.fault === 'locked-out' && seen <= 3) throw new KeyRefused('The engine refused the key.');
    if (this.cancelled.has(job.id)) return { ...cancelledAtEngine, billedMicroUsd: this.cancelledBilled };
    if (seen <= this.pollsBeforeDone) {
      return { kind: 'pending', progress: null, pollAgainMs: 1000, isQueued: seen <= this.pollsInQueue };
    }
    this.running = Math.max(0, this.running - 1);
    return known.fault === 'fails-later' ? failed('The engine stopped.') : { kind: 'done' };
  }

  async #drop({ id }: ProviderJob): Promise<CancelAnswer> {
    this.cancels.push(id);
    const trouble = this.cancelTroubles.shift();
    if (trouble === 'before') throw new Error('The engine cannot be reached.');
    const isQueued = (this.#pollsOf.get(id) ?? 0) < this.pollsInQueue;
    if (!isQueued) return { kind: 'too-late', message: 'It runs.' };
    if (trouble !== 'ignored') this.cancelled.add(id);
    if (trouble === 'after') throw new Error('The answer was lost.');
    return { kind: 'asked' };
  }

  async fetchResult(job: ProviderJob, temporaryPath: string): Promise<FetchedArtefact> {
    const known = this.jobs.get(job.id);
    if (!known) throw new Error('gone');
    const { kind } = known.request.output;
    const good = `${kind} ${job.id} seed ${known.request.seed}`;
    const content = known.fault === 'bad-file' ? 'bad html' : known.fault === 'empty-file' ? '' : good;
    await this.#disk.files.write(temporaryPath, content);
    const costMicroUsd = this.billed ?? this.price ?? 0;
    return { extension: kind === 'clip' ? '.mp4' : '.png', costMicroUsd };
  }

  readFetchError(error: unknown): AttemptFailure {
    const message = error instanceof Error ? error.message : String(error);
    const detail = error instanceof KeyRefused ? 'account' : 'network';
    return { category: 'transient', detail, message, retryAfterMs: null };
  }

  async reconcile(attempt: Attempt): Promise<ReconcileAnswer> {
    const found = [...this.jobs].filter(([, job]) => job.attemptId === attempt.id);
    const [first] = found;
    if (!first) return { kind: 'absent' };
    return { kind: 'found', job: { id: first[0], data: {} } };
  }

  /** Accepted submits of each attempt. */
  acceptedPerAttempt(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { attemptId } of this.jobs.values()) counts.set(attemptId, (counts.get(attemptId) ?? 0) + 1);
    return counts;
  }
}
