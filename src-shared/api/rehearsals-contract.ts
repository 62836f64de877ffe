import { z } from 'zod';
import { batchConfigSchema } from '../domain/batch.ts';
import { projectIdSchema } from '../domain/ids.ts';
import { procedure } from './procedure.ts';

/** `none`: everything goes well. `rough-night`: lost answers, busy providers, filters, broken clips. */
const rehearsalTroubleSchema = z.enum(['none', 'rough-night']);
export type RehearsalTrouble = z.infer<typeof rehearsalTroubleSchema>;

const startedRehearsalSchema = z.strictObject({ projectId: projectIdSchema, batchId: z.string() });
export type StartedRehearsal = z.infer<typeof startedRehearsalSchema>;

export const rehearsalsContract = {
  /** Copies the project, starts its simulator and the batch in the copy. Nothing is spent, nothing is sent outside. */
  start: procedure
    .input(
      z.strictObject({
        projectId: projectIdSchema,
        config: batchConfigSchema,
        trouble: rehearsalTroubleSchema.default('none'),
      }),
    )
    .output(startedRehearsalSchema),
  /** Removes a rehearsal with everything in it; refuses what is none. */
  remove: procedure
    .input(z.strictObject({ projectId: projectIdSchema }))
    .output(z.strictObject({ removed: z.boolean() })),
};
