/**
 * A fault plan for the embedded provider: by shot, phase and number of the submit it misbehaves as paid providers do, so that
 * a director (and a test) can see the loop work before money is spent. Rehearsal prices are play money.
 */
import { z } from 'zod';
import { shotIdSchema } from '../../../src-shared/domain/ids.ts';
import { microUsdSchema } from '../../../src-shared/domain/money.ts';
import { phaseSchema } from '../../../src-shared/domain/phase.ts';

export const rehearsalFaultSchema = z.enum([
  'rate-limit',
  'server-error',
  'not-sent',
  'rejected',
  'content-filter',
  'dropped-after-accept',
  /** as before, and the engine lists several jobs that may be it */
  'dropped-several',
  /** as before, and the engine cannot be asked */
  'dropped-unlisted',
  'late-failure',
  'truncated',
  'empty-file',
  'html-instead',
  'black',
]);
export type RehearsalFault = z.infer<typeof rehearsalFaultSchema>;

/** `rehearsal.json` in the project folder. */
export const rehearsalSchema = z.strictObject({
  schema_version: z.literal('circletake.rehearsal.v1'),
  /** what each take would cost; 0 by default */
  price_micro_usd: microUsdSchema.default(0),
  faults: z
    .array(
      z.strictObject({
        shot_id: shotIdSchema,
        phase: phaseSchema,
        /** which submit of this shot and phase, from 1 */
        submit: z.number().int().positive(),
        fault: rehearsalFaultSchema,
      }),
    )
    .default([]),
});
export type Rehearsal = z.infer<typeof rehearsalSchema>;
