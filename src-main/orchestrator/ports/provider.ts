/** What the orchestrator asks of a provider. Adapters are thin; they never decide, never retry a submit. */
import type { Attempt, AttemptFailure, GenerationRequest } from '../../../src-shared/domain/attempt.ts';
import type { MicroUsd } from '../../../src-shared/domain/money.ts';
import type { Phase } from '../../../src-shared/domain/phase.ts';

declare const reserved: unique symbol;

/** Proof that money was reserved for one attempt; only the budget guard makes it, and `submit` cannot be called without. */
export interface ReservationToken {
  readonly [reserved]: true;
  readonly attemptId: string;
  readonly amountMicroUsd: MicroUsd;
}

export interface ProviderCapabilities {
  phases: readonly Phase[];
  submitIdempotency: 'none' | 'externalId';
  reconcile: 'list' | 'byId' | 'none';
  /** how long its listing may lag behind a submit; absent = two minutes, 0 = "not there" is believed at once */
  reconcileGraceMs?: number;
  cancelBillable: boolean;
  seedSupported: boolean;
  maxPromptChars: number;
  maxRefs: number;
  concurrency: number;
}

/** A job as the provider knows it; kept with the attempt so that a restart can go on polling. */
export interface ProviderJob {
  id: string;
  /** what polling needs beside the id; never a secret */
  data: Record<string, unknown>;
}

export type PollAnswer =
  | { kind: 'pending'; progress: number | null; pollAgainMs: number }
  | { kind: 'done' }
  | { kind: 'failed'; failure: AttemptFailure; billedMicroUsd: MicroUsd };

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

/** What a provider lists for an attempt in doubt. */
export type ReconcileAnswer =
  | { kind: 'found'; job: ProviderJob }
  | { kind: 'absent' }
  | { kind: 'ambiguous'; count: number }
  | { kind: 'unsupported' };

export interface ProviderAdapter {
  readonly name: string;
  readonly capabilities: ProviderCapabilities;
  /** Price of a request; null when it is not known, and then nothing is submitted. */
  estimate(request: GenerationRequest): MicroUsd | null;
  /** One POST, no transport retry. Throws; `readSubmitError` says what the throw means. */
  submit(request: GenerationRequest, reservation: ReservationToken, signal: AbortSignal): Promise<ProviderJob>;
  readSubmitError(error: unknown): SubmitOutcome;
  poll(job: ProviderJob, signal: AbortSignal): Promise<PollAnswer>;
  /** Writes the artefact to `temporaryPath`, whole and flushed, or throws. Safe to repeat. */
  fetchResult(job: ProviderJob, temporaryPath: string, signal: AbortSignal): Promise<FetchedArtefact>;
  /** Failure of a poll or download that threw; these are safe to repeat. */
  readFetchError(error: unknown): AttemptFailure;
  cancel(job: ProviderJob, signal: AbortSignal): Promise<void>;
  reconcile(attempt: Attempt, signal: AbortSignal): Promise<ReconcileAnswer>;
}
