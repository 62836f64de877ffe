import { z } from 'zod';
import { projectIdSchema, shotIdSchema, takeIdSchema } from '../domain/ids.ts';
import { phaseSchema } from '../domain/phase.ts';
import { rejectReasonSchema, reviewSchema } from '../domain/review.ts';
import { shotPhaseSchema } from '../domain/shot.ts';
import { workflowChoiceSchema } from '../domain/workflow.ts';
import { procedure } from './procedure.ts';

const note = z.string().max(4000).default('');
const onTake = z.strictObject({ projectId: projectIdSchema, takeId: takeIdSchema });
const onPhase = z.strictObject({ projectId: projectIdSchema, shotId: shotIdSchema, phase: phaseSchema });

/** A decision as it was recorded and where it left the phase. */
const decidedSchema = z.strictObject({ review: reviewSchema, shotPhase: shotPhaseSchema });
export type Decided = z.infer<typeof decidedSchema>;

export const reviewContract = {
  /** Circles the take for its phase and enqueues the next; another take's approval needs `note` (why). */
  approve: procedure.input(onTake.extend({ note })).output(decidedSchema),
  /** Another take, with reasons. */
  reject: procedure.input(onTake.extend({ reasons: z.array(rejectReasonSchema), note })).output(decidedSchema),
  /** Another workflow for the next attempt. */
  reroute: procedure.input(onPhase.extend({ workflowId: z.string(), note })).output(decidedSchema),
  workflowChoices: procedure.input(onPhase).output(z.array(workflowChoiceSchema)),
  /** The director's own file instead: an upload, checked, approved; the reason is required. */
  override: procedure
    .input(onPhase.extend({ uploadId: z.string(), reason: z.string().min(1).max(4000) }))
    .output(decidedSchema),
  /** Takes back the newest decision (or the one named) while nothing has been dispatched on its strength. */
  undo: procedure
    .input(z.strictObject({ projectId: projectIdSchema, reviewId: z.string().optional() }))
    .output(decidedSchema),
  history: procedure
    .input(z.strictObject({ projectId: projectIdSchema, shotId: shotIdSchema }))
    .output(z.array(reviewSchema)),
};
