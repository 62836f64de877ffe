import { z } from 'zod';
import { generationRequestSchema } from '../../../src-shared/domain/attempt.ts';
import { shotTypeSchema } from '../../../src-shared/domain/plan.ts';
import { frameStyles } from './frame-order.ts';
import { rehearsalFaultSchema } from './rehearsal.ts';

/** The parameters a workflow may set; anything else is refused, never ignored. */
export const embeddedParamsSchema = z.strictObject({
  style: z.enum(frameStyles).default('standard'),
  motion: z.enum(['move', 'hold']).default('move'),
  shot_type: shotTypeSchema.default('medium'),
  camera: z.string().default(''),
  lighting: z.string().default(''),
});

/** An accepted job as its file says it. */
export const jobSchema = z.strictObject({
  id: z.string(),
  attemptId: z.string(),
  request: generationRequestSchema,
  acceptedAt: z.iso.datetime(),
  priceMicroUsd: z.number().int().nonnegative(),
  /** what a rehearsal lets go wrong with it */
  fault: rehearsalFaultSchema.nullable(),
});
export type EmbeddedJob = z.infer<typeof jobSchema>;
