/**
 * The journal: one row for every change of state, written in the same transaction, numbered in commit order. The event
 * stream is the journal read aloud; a client's store = snapshot at seq + the events after seq.
 */
import { z } from 'zod';
import { attemptSchema } from './attempt.ts';
import { attemptStepSchema } from './attempt-step.ts';
import { batchSchema, spendSchema } from './batch.ts';
import { shotIdSchema, takeIdSchema } from './ids.ts';
import { productionStateSchema, stationSchema, transitionCauseSchema } from './production-state.ts';
import { refPromotionSchema } from './ref.ts';
import { reviewSchema } from './review.ts';
import { shotPhaseSchema, shotSchema } from './shot.ts';
import { takeSchema } from './take.ts';

/** Something that is wrong and stays visible until it is mended: a broken plan, a stray file, a missing ref. */
export const problemSchema = z.strictObject({
  /** the same problem keeps its key, so that it is raised once and cleared once */
  key: z.string(),
  severity: z.enum(['warning', 'error']),
  /** the file, relative to the project folder */
  file: z.string().nullable(),
  /** line or field inside the file */
  where: z.string().nullable(),
  message: z.string(),
  hint: z.string(),
  raisedAt: z.iso.datetime(),
});
export type Problem = z.infer<typeof problemSchema>;

export const lineStateSchema = z.enum(['idle', 'active', 'stopped', 'complete']);
export type LineState = z.infer<typeof lineStateSchema>;

const eventBodySchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('station_transition'),
    shotPhase: shotPhaseSchema,
    from: productionStateSchema.nullable(),
    cause: transitionCauseSchema,
    station: stationSchema.nullable(),
    /** time spent in the state that was left */
    elapsedMs: z.number().nonnegative(),
  }),
  z.strictObject({ type: z.literal('take_recorded'), take: takeSchema }),
  z.strictObject({ type: z.literal('take_changed'), take: takeSchema }),
  z.strictObject({ type: z.literal('attempt_changed'), attempt: attemptSchema }),
  /** a step that moved nothing: what a provider answered, what a person did */
  z.strictObject({ type: z.literal('attempt_noted'), step: attemptStepSchema }),
  z.strictObject({ type: z.literal('review_recorded'), review: reviewSchema }),
  z.strictObject({ type: z.literal('batch_changed'), batch: batchSchema }),
  z.strictObject({ type: z.literal('spend_changed'), project: spendSchema }),
  z.strictObject({
    type: z.literal('ref_promoted'),
    promotion: refPromotionSchema,
    affectedTakes: z.array(takeIdSchema),
  }),
  z.strictObject({
    type: z.literal('plan_reloaded'),
    episodeId: z.string(),
    shots: z.array(shotSchema),
    removed: z.array(shotIdSchema),
  }),
  z.strictObject({ type: z.literal('problem_raised'), problem: problemSchema }),
  z.strictObject({ type: z.literal('problem_cleared'), key: z.string() }),
]);
export type EventBody = z.infer<typeof eventBodySchema>;

export const journalEventSchema = z.strictObject({
  seq: z.number().int().positive(),
  at: z.iso.datetime(),
  projectId: z.string(),
  body: eventBodySchema,
});
export type JournalEvent = z.infer<typeof journalEventSchema>;
