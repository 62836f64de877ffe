import { z } from 'zod';
import { attemptSchema } from '../domain/attempt.ts';
import {
  attemptFactSchema,
  attemptStepSchema,
  doubtAnswerSchema,
  doubtSchema,
  shotLogLineSchema,
} from '../domain/attempt-step.ts';
import { projectIdSchema, shotIdSchema } from '../domain/ids.ts';
import { jobOutSchema } from '../domain/job-out.ts';
import { phaseSchema } from '../domain/phase.ts';
import { shotPhaseSchema } from '../domain/shot.ts';
import { procedure } from './procedure.ts';

const inProject = z.strictObject({ projectId: projectIdSchema });
const oneAttempt = inProject.extend({ attemptId: z.string() });

/** How many shots can be explained at once. */
export const maxExplained = 200;

/** Newest first; `next` is the cursor of the page after, null on the last one. */
export const attemptPageSchema = z.strictObject({
  seq: z.number().int().nonnegative(),
  attempts: z.array(attemptFactSchema),
  next: z.number().int().nullable(),
});
export type AttemptPage = z.infer<typeof attemptPageSchema>;

/** One attempt with everything that happened to it, oldest first: the request as it was sent, never a key. */
export const attemptTimelineSchema = z.strictObject({
  attempt: attemptSchema,
  steps: z.array(attemptStepSchema),
  /** null when no provider has it, or not any more */
  job: jobOutSchema.nullable(),
});
export type AttemptTimeline = z.infer<typeof attemptTimelineSchema>;

export const shotLogSchema = z.strictObject({
  shotId: shotIdSchema,
  /** where the shot stands and why, in one sentence */
  explanation: z.string(),
  /** oldest first */
  attempts: z.array(attemptFactSchema),
  /** oldest first; only the newest when there are more than were asked for */
  lines: z.array(shotLogLineSchema),
  truncated: z.boolean(),
});
export type ShotLog = z.infer<typeof shotLogSchema>;

export const attemptsContract = {
  ofBatch: procedure
    .input(
      inProject.extend({
        batchId: z.string(),
        cursor: z.number().int().positive().nullable().default(null),
        limit: z.number().int().min(1).max(500).default(200),
      }),
    )
    .output(attemptPageSchema),
  timeline: procedure.input(oneAttempt).output(attemptTimelineSchema),
  shotLog: procedure
    .input(inProject.extend({ shotId: shotIdSchema, limit: z.number().int().min(1).max(5000).default(1000) }))
    .output(shotLogSchema),
  /** Each shot's standing in one sentence; `phases` are those of a batch. Shots that are not there are left out. */
  explanations: procedure
    .input(
      inProject.extend({
        shotIds: z.array(shotIdSchema).max(maxExplained),
        phases: z.array(phaseSchema).min(1).optional(),
      }),
    )
    .output(z.record(z.string(), z.string())),
  /** Every attempt of which nobody knows whether it was taken, oldest first. */
  inDoubt: procedure
    .input(inProject)
    .output(z.strictObject({ seq: z.number().int().nonnegative(), doubts: z.array(doubtSchema) })),
  /** Asks the provider now what it lists; moves nothing. */
  reconcile: procedure.input(oneAttempt).output(doubtSchema),
  /** A person says what became of it; state.stale when somebody else has said so before. */
  settleDoubt: procedure.input(oneAttempt.extend({ answer: doubtAnswerSchema })).output(attemptSchema),
  /** Jobs of a batch that providers have, or of the whole project: what a stop, or leaving, would do about them. */
  jobsOut: procedure.input(inProject.extend({ batchId: z.string().nullable() })).output(z.array(jobOutSchema)),
  /** Calls one job off where that costs nothing: its provider is asked with the next poll; state.stale when it is over. */
  callOff: procedure.input(oneAttempt).output(attemptSchema),
  /** The file of an attempt that a person makes: an upload, checked; state.stale when nobody waits for it. */
  deliver: procedure.input(oneAttempt.extend({ uploadId: z.string() })).output(shotPhaseSchema),
};
