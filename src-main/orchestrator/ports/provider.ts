/** What the orchestrator asks of a provider. Adapters are thin; they never decide, never retry a submit. */
import type { Attempt, AttemptFailure, GenerationRequest } from '../../../src-shared/domain/attempt.ts';
import type { Sha256 } from '../../../src-shared/domain/hash.ts';
import type { MicroUsd } from '../../../src-shared/domain/money.ts';
import type { Phase } from '../../../src-shared/domain/phase.ts';

declare const reserved: unique symbol;

/** Proof that money was reserved for one attempt; only the budget guard makes it, and `submit` cannot be called without. */
export interface ReservationToken {
  readonly [reserved]: true;
  readonly attemptId: string;
  readonly amountMicroUsd: MicroUsd;
}

/** What holds for a provider as a whole. */
export interface ProviderCapabilities {
  /** how a submit whose answer was lost is found: in a list of jobs, by our own id, not at all */
  reconcile: 'list' | 'byId' | 'none';
  /** how long its listing may lag behind a submit; absent = two minutes, 0 = "not there" is believed at once */
  reconcileGraceMs?: number;
  /** which jobs it drops without a charge; `cancel` is there unless none */
  freeCancel: 'none' | 'queued' | 'any';
  /** how long a finished result can be fetched; null = for good */
  resultTtlMs: number | null;
  /** jobs it takes at once */
  concurrency: number;
}

/** What one endpoint of a provider makes, and out of what. */
export interface EndpointCapabilities {
  /** text, image or references to image or video */
  modality: 't2i' | 'i2i' | 't2v' | 'i2v' | 'r2v';
  phases: readonly Phase[];
  seedSupported: boolean;
  maxPromptChars: number;
  maxRefs: number;
  /** seconds a clip may last, ascending; null where any length or none at all can be asked for */
  durationsSeconds: readonly number[] | null;
  /** whether its clips have sound: absent = always, `none` = never, else when the workflow's parameter has that value */
  sound?: 'none' | { param: string; value: unknown };
}

/** Where the provider finds the files of a request, by the hash of their bytes: an url, a data url, or its own name for it. */
export type InputUrls = ReadonlyMap<Sha256, string>;

/** One submit as it goes over the wire; never holds a key. */
export interface ProviderPayload {
  method: 'POST' | 'local';
  url: string;
  /** JSON; inputs stand in it as `InputUrls` gives them */
  body: unknown;
}

/** What a submit is given beside the request. */
export interface SubmitOrder {
  reservation: ReservationToken;
  inputs: InputUrls;
}

/** A job as the provider knows it; kept with the attempt so that a restart can go on polling. */
export interface ProviderJob {
  id: string;
  /** what polling needs beside the id; never a secret */
  data: Record<string, unknown>;
}

export type PollAnswer =
  /** `isQueued`: it has not begun; absent where the provider does not say */
  | { kind: 'pending'; progress: number | null; pollAgainMs: number; isQueued?: boolean }
  /** a person makes it: nothing is asked again until they have delivered */
  | { kind: 'with-person'; message: string }
  | { kind: 'done' }
  | { kind: 'failed'; failure: AttemptFailure; billedMicroUsd: MicroUsd };

/** What a provider says to a job being called off. Neither ends the job: what `poll` says of it does. */
export type CancelAnswer =
  | { kind: 'asked' }
  /** nothing was asked: it runs, or is over; a sentence for people */
  | { kind: 'too-late'; message: string };

/** How a submit that threw is to be read (architecture.md, the attempt protocol). */
export type SubmitOutcome =
  | { kind: 'not-sent'; failure: AttemptFailure }
  | { kind: 'rejected'; failure: AttemptFailure; billedMicroUsd: MicroUsd }
  | { kind: 'unknown'; failure: AttemptFailure };

export interface FetchedArtefact {
  /** with its dot: ".png", ".mp4" */
  extension: string;
  costMicroUsd: MicroUsd;
}

/** One job of a provider's own list that may be the one in doubt. */
export interface ListedJob {
  job: ProviderJob;
  /** ISO time at which the provider says it was sent; null when it does not */
  sentAt: string | null;
  /** what the provider says of it, for people */
  note: string;
  /** it is what was sent, as far as the list can tell: alone in the list it would be `found` */
  isExact?: boolean;
}

/** What a provider lists for an attempt in doubt. */
export type ReconcileAnswer =
  | { kind: 'found'; job: ProviderJob }
  | { kind: 'absent' }
  | { kind: 'ambiguous'; jobs: ListedJob[] }
  | { kind: 'unsupported' };

export interface ProviderAdapter {
  readonly name: string;
  readonly capabilities: ProviderCapabilities;
  /** What an endpoint can do; null when this provider has no such endpoint. */
  endpoint(endpoint: string): EndpointCapabilities | null;
  /** Price of a request; null when it is not known, and then nothing is submitted. */
  estimate(request: GenerationRequest): MicroUsd | null;
  /** Why the provider would refuse a request, as a sentence; null when it would take it. Unknown parameters are refused. */
  refusal(request: GenerationRequest): string | null;
  /** What would be sent; pure, so that it can be shown before anything is spent. */
  payload(request: GenerationRequest, inputs: InputUrls): ProviderPayload;
  /** Puts the request's files where the provider can read them, each hash once. Free and safe to repeat; throws as a poll does. */
  upload(request: GenerationRequest, signal: AbortSignal): Promise<InputUrls>;
  /** One POST, no transport retry. Throws; `readSubmitError` says what the throw means. */
  submit(request: GenerationRequest, order: SubmitOrder, signal: AbortSignal): Promise<ProviderJob>;
  readSubmitError(error: unknown): SubmitOutcome;
  poll(job: ProviderJob, signal: AbortSignal): Promise<PollAnswer>;
  /** Writes the artefact to `temporaryPath`, whole and flushed, or throws. Safe to repeat. */
  fetchResult(job: ProviderJob, temporaryPath: string, signal: AbortSignal): Promise<FetchedArtefact>;
  /** Failure of an upload, poll or download that threw; these are safe to repeat. */
  readFetchError(error: unknown): AttemptFailure;
  /** Asks to drop a job where that costs nothing; looks first, and leaves alone what would be charged or lost. Safe to repeat. */
  cancel?(job: ProviderJob, signal: AbortSignal): Promise<CancelAnswer>;
  reconcile(attempt: Attempt, signal: AbortSignal): Promise<ReconcileAnswer>;
  /**
   * A job that a person names as this attempt's and no list has shown; absent = polling needs the id alone. Throws
   * input.invalid for one that cannot be fetched.
   */
  adopt?(attempt: Attempt, jobId: string): ProviderJob;
  /** Where a person makes the files: takes one that was looked at, durably, so that the next poll is `done`. */
  deliver?(job: ProviderJob, filePath: string): Promise<void>;
}
