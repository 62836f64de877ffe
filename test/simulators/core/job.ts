/** A job as every simulated provider keeps it; each provider tells it in its own words. */

export const providerNames = ['fal', 'kling', 'ark', 'google', 'openai', 'replicate', 'runway', 'comfyui'] as const;
export type ProviderName = (typeof providerNames)[number];

export type JobState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

export type MediaDefect = 'black' | 'frozen' | 'wrong-aspect' | 'silent' | 'another-face' | 'wrong-duration';

/** What a job makes. */
export interface MediaWish {
  kind: 'still' | 'clip';
  width: number;
  height: number;
  /** null for stills */
  durationSeconds: number | null;
  /** a clip with a sound track */
  audio: boolean;
  format: 'png' | 'jpeg' | 'mp4';
  count: number;
}

/** Why a job ended without a result. */
export interface JobFailure {
  /** `policy`: a filter; `server`: the provider's own fault; `input`: the request was no good */
  kind: 'policy' | 'server' | 'input';
  message: string;
  /** the provider's own word for it, when a fault plan names one */
  code: string | null;
  billed: boolean;
}

/** What a fault plan did to a job when it was accepted. */
export interface JobEffects {
  extraPolls: number;
  extraMs: number;
  defect: MediaDefect | null;
  /** hash of the picture that it shows in place of its own, for another face; null = its own */
  otherPicture: string | null;
  /** whose bytes are handed out instead of its own */
  duplicateOf: string | null;
  /** the answer that names its result is larger than 10 KB */
  isLarge: boolean;
  /** decided at the submit, shown when the job ends */
  failure: JobFailure | null;
  /** a cancel that comes while it runs is too late */
  cancelTooLate: boolean;
}

export interface Job {
  readonly id: string;
  readonly provider: ProviderName;
  readonly endpoint: string;
  readonly externalId: string | null;
  /** sha256 of the canonical JSON of the body as it came */
  readonly requestSha256: string;
  readonly prompt: string;
  readonly seed: number | null;
  /** hashes of the pictures that came with it, in order */
  readonly inputSha256s: readonly string[];
  readonly media: MediaWish;
  readonly effects: JobEffects;
  /** what the provider says it costs */
  readonly microUsd: number;
  /** the price of one billed unit (a second, a picture) */
  readonly unitMicroUsd: number;
  /** the how-manieth fitting submit it was, by fault id */
  readonly ordinals: Readonly<Record<string, number>>;
  readonly state: JobState;
  readonly polls: number;
  /** how many polls there had been when it began to run */
  readonly startedAtPoll: number | null;
  /** milliseconds on the simulator's clock */
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

/** One billed submit. `microUsd` is owed unless `refunded`. */
export interface BillRow {
  provider: ProviderName;
  endpoint: string;
  requestId: string;
  externalId: string | null;
  requestSha256: string;
  inputSha256s: readonly string[];
  prompt: string;
  seed: number | null;
  micro_usd: number;
  at: string;
  status: JobState;
  refunded: boolean;
}

/** One HTTP request that was seen; holds no header and no key. */
export interface SeenRequest {
  at: string;
  method: string;
  path: string;
  provider: string | null;
  /** null = the connection was cut before an answer */
  status: number | null;
  fault: string | null;
}

export function isOver(state: JobState): boolean {
  return state !== 'queued' && state !== 'running';
}
