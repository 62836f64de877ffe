import { z } from 'zod';
import { shotIdSchema, takeIdSchema } from './ids.ts';
import { phaseSchema } from './phase.ts';

/** A person's decision. `auto-approve` is autonomy's, kept in the same log so that it can be undone the same way. */
const reviewActionSchema = z.enum(['approve', 'reject', 'reroute', 'override', 'skip', 'auto-approve', 'undo']);
export type ReviewAction = z.infer<typeof reviewActionSchema>;

/** Reasons that the reject chips offer; the key is on disk. */
export const rejectReasons = [
  'identity',
  'wardrobe',
  'motion',
  'composition',
  'lighting',
  'continuity',
  'artefact',
  'performance',
  'other',
] as const;
export const rejectReasonSchema = z.enum(rejectReasons);
export type RejectReason = z.infer<typeof rejectReasonSchema>;

/** One decision as recorded: durable before the UI says so. */
export const reviewSchema = z.strictObject({
  id: z.string(),
  shotId: shotIdSchema,
  phase: phaseSchema,
  takeId: takeIdSchema.nullable(),
  action: reviewActionSchema,
  reasons: z.array(rejectReasonSchema),
  note: z.string(),
  workflowId: z.string().nullable(),
  decidedBy: z.string(),
  decidedAt: z.iso.datetime(),
  /** the decision that this one takes back */
  undoes: z.string().nullable(),
  /** a gate had said otherwise: evidence for calibrating it */
  gateDisagreement: z.enum(['false_positive', 'false_negative']).nullable(),
  undone: z.boolean(),
});
export type Review = z.infer<typeof reviewSchema>;
