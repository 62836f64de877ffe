import { z } from 'zod';
import { assertNever } from './assert-never.ts';
import { failureCategorySchema, failureDetailSchema } from './failure.ts';
import { sha256Schema } from './hash.ts';
import { shotIdSchema, takeIdSchema } from './ids.ts';
import { microUsdSchema } from './money.ts';
import { phaseSchema } from './phase.ts';
import { refUsedSchema } from './provenance.ts';
import { frameRateSchema } from './timecode.ts';

/**
 * Steps of the attempt protocol (architecture.md). `intent`: recorded, money reserved. `submitting`: bytes may leave.
 * `submitted`: the provider's job id is known. `downloaded`: the artefact is in place. `settled`, `failed`: over.
 * `in_doubt`: nobody here knows whether the provider took it; its reservation is held.
 */
export const attemptStateSchema = z.enum([
  'intent',
  'submitting',
  'submitted',
  'downloaded',
  'settled',
  'failed',
  'in_doubt',
]);
export type AttemptState = z.infer<typeof attemptStateSchema>;

/** Everything a provider is told, captured before dispatch and never changed; its canonical JSON is hashed. */
export const generationRequestSchema = z.strictObject({
  shotId: shotIdSchema,
  phase: phaseSchema,
  workflowId: z.string(),
  provider: z.string(),
  model: z.string(),
  endpoint: z.string(),
  prompt: z.string(),
  negativePrompt: z.string(),
  /** null = the engine takes none */
  seed: z.number().int().nonnegative().max(0xffff_ffff).nullable(),
  params: z.record(z.string(), z.json()),
  refs: z.array(refUsedSchema),
  /** approved keyframe that a video starts from */
  startFrame: refUsedSchema.nullable(),
  output: z.strictObject({
    kind: z.enum(['still', 'clip']),
    width: z.number().int().positive(),
    height: z.number().int().positive(),
    frameRate: frameRateSchema,
    /** null for stills */
    durationSeconds: z.number().positive().nullable(),
    /** a clip with sound */
    audio: z.boolean(),
  }),
});
export type GenerationRequest = z.infer<typeof generationRequestSchema>;

const attemptFailureSchema = z.strictObject({
  category: failureCategorySchema,
  detail: failureDetailSchema,
  message: z.string(),
  retryAfterMs: z.number().nonnegative().nullable(),
});
export type AttemptFailure = z.infer<typeof attemptFailureSchema>;

export const attemptSchema = z.strictObject({
  id: z.string(),
  batchId: z.string().nullable(),
  shotId: shotIdSchema,
  phase: phaseSchema,
  series: z.number().int().nonnegative(),
  /** counted per shot and phase, from 1 */
  number: z.number().int().positive(),
  state: attemptStateSchema,
  request: generationRequestSchema,
  requestSha256: sha256Schema,
  priceVersion: z.string(),
  reservedMicroUsd: microUsdSchema,
  actualMicroUsd: microUsdSchema.nullable(),
  providerJobId: z.string().nullable(),
  /** what `poll` needs beside the id, for example status and result urls */
  providerJob: z.record(z.string(), z.json()).nullable(),
  parentTakeId: takeIdSchema.nullable(),
  changeReason: z.string().nullable(),
  takeId: takeIdSchema.nullable(),
  failure: attemptFailureSchema.nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Attempt = z.infer<typeof attemptSchema>;

/** Called off before anything came of it, or refused with its account and not billed: it counts nowhere. */
export function wasNoTry({ failure, actualMicroUsd }: Pick<Attempt, 'failure' | 'actualMicroUsd'>): boolean {
  return failure?.detail === 'cancelled' || (failure?.detail === 'account' && !actualMicroUsd);
}

/** Settled or failed: its money is no longer held and nobody asks about it. */
export function isAttemptOver(state: AttemptState): boolean {
  return state === 'settled' || state === 'failed';
}

/** What a restart does with an attempt that the last process left behind (architecture.md, the attempt protocol). */
export type RecoveryStep = 'submit' | 'hold-in-doubt' | 'poll' | 'verify-and-settle' | 'none';

export function recoveryStepOf(state: AttemptState): RecoveryStep {
  switch (state) {
    case 'intent':
      return 'submit';
    case 'submitting':
      return 'hold-in-doubt';
    case 'submitted':
      return 'poll';
    case 'downloaded':
      return 'verify-and-settle';
    case 'settled':
    case 'failed':
    case 'in_doubt':
      return 'none';
    default:
      return assertNever(state, 'attempt state');
  }
}
