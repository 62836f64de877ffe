import { z } from 'zod';
import { shotIdSchema, takeIdSchema } from './ids.ts';
import { microUsdSchema } from './money.ts';
import { phaseSchema } from './phase.ts';
import { planShotSchema } from './plan.ts';
import { outcomeSchema, productionStateSchema } from './production-state.ts';

/** Where a shot came from and whether the plan still lists it; started work is kept when it no longer does. */
const planStandingSchema = z.enum(['planned', 'changed-since-start', 'removed-from-plan']);
export type PlanStanding = z.infer<typeof planStandingSchema>;

/** One phase of one shot: its place in the state machine and what was decided. */
export const shotPhaseSchema = z.strictObject({
  shotId: shotIdSchema,
  phase: phaseSchema,
  state: productionStateSchema,
  /** set when settled */
  outcome: outcomeSchema.nullable(),
  /** counts the moves; a writer must name the version that it read */
  version: z.number().int().nonnegative(),
  enteredAt: z.iso.datetime(),
  /** why it waits, was halted or needs eyes, as a sentence */
  reason: z.string().nullable(),
  approvedTakeId: takeIdSchema.nullable(),
  /** the workflow that a reroute chose for the next attempt; null = by the strategy */
  workflowId: z.string().nullable(),
  /** counts the runs of retries: a reroute, reject or approval starts a new series */
  series: z.number().int().nonnegative(),
  attempts: z.number().int().nonnegative(),
  remediationCount: z.number().int().nonnegative(),
  remediationLimit: z.number().int().nonnegative(),
  retryAt: z.iso.datetime().nullable(),
  spentMicroUsd: microUsdSchema,
});
export type ShotPhase = z.infer<typeof shotPhaseSchema>;

/** A shot as the rooms show it: the plan's entry, its place in the story and its three phases. */
export const shotSchema = z.strictObject({
  id: shotIdSchema,
  episodeId: z.string(),
  sceneId: z.string(),
  sceneHeading: z.string(),
  /** place in the plan, from 0 */
  order: z.number().int().nonnegative(),
  standing: planStandingSchema,
  plan: planShotSchema,
  phases: z.strictObject({ previs: shotPhaseSchema, keyframe: shotPhaseSchema, video: shotPhaseSchema }),
});
export type Shot = z.infer<typeof shotSchema>;
