import { z } from 'zod';
import { shotIdSchema } from './ids.ts';
import { microUsdSchema } from './money.ts';
import { phaseSchema } from './phase.ts';

/** A job that a provider has, or may have, and that is not back: what it holds and what can be done about it. */
export const jobOutSchema = z.strictObject({
  attemptId: z.string(),
  shotId: shotIdSchema,
  phase: phaseSchema,
  provider: z.string(),
  heldMicroUsd: microUsdSchema,
  /** where its provider saw it last; null = not known, as right after a start */
  place: z.enum(['queued', 'running']).nullable(),
  inDoubt: z.boolean(),
  /** `can`: for nothing, as far as is known. `wanted`: its provider is about to be asked. `asked`: it was. `paid`: it cannot be had back. */
  callOff: z.enum(['can', 'wanted', 'asked', 'paid']),
  /** its provider keeps what it makes until then at least; null = for good */
  keptUntil: z.iso.datetime().nullable(),
});
export type JobOut = z.infer<typeof jobOutSchema>;
