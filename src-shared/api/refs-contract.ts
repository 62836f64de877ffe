import { z } from 'zod';
import { projectIdSchema } from '../domain/ids.ts';
import { refCandidateSchema, refPromotionSchema, refSubjectSchema, slotKeySchema } from '../domain/ref.ts';
import { procedure } from './procedure.ts';

const onSlot = z.strictObject({ projectId: projectIdSchema, slot: slotKeySchema });

export const refsContract = {
  list: procedure
    .input(z.strictObject({ projectId: projectIdSchema }))
    .output(z.strictObject({ seq: z.number().int().nonnegative(), subjects: z.array(refSubjectSchema) })),
  /** Says what an uploaded file is, or refuses it with the reason; nothing changes. */
  inspect: procedure.input(onSlot.extend({ uploadId: z.string() })).output(refCandidateSchema),
  promote: procedure.input(onSlot.extend({ uploadId: z.string() })).output(refPromotionSchema),
  /** Points the slot back at the hero before the present one. */
  undo: procedure.input(onSlot).output(refPromotionSchema),
};
