import { z } from 'zod';
import { attemptStateSchema } from '../../src-shared/domain/attempt.ts';
import { failureCategorySchema } from '../../src-shared/domain/failure.ts';

const faultSchema = z.strictObject({ category: failureCategorySchema, attemptId: z.string() });

/**
 * What must be remembered of a phase from one journal row to the next: its newest attempt, what last went wrong, and the
 * repeat that is under way. It is kept with the mark, so that a restart reads on as if there had been none.
 */
const phaseMemorySchema = z.strictObject({
  attempt: z.strictObject({ id: z.string(), state: attemptStateSchema }).nullable(),
  fault: faultSchema.nullable(),
  retry: z
    .strictObject({
      /** journal number of the move that took it out of the queue */
      seq: z.number().int().positive(),
      category: failureCategorySchema,
      number: z.number().int().nonnegative(),
      /** the attempt that is repeated; null when it is not known */
      before: z.string().nullable(),
    })
    .nullable(),
});
export type PhaseMemory = z.infer<typeof phaseMemorySchema>;
export type Retry = NonNullable<PhaseMemory['retry']>;

export const emptyMemory: PhaseMemory = { attempt: null, fault: null, retry: null };

/** Memory as it was kept; what cannot be read is forgotten, which costs one repeat its cause and nothing else. */
export function readMemory(kept: unknown): PhaseMemory {
  const parsed = phaseMemorySchema.safeParse(kept);
  return parsed.success ? parsed.data : emptyMemory;
}
