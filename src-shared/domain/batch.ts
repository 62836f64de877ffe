import { z } from 'zod';
import { defaultRetryPolicies, failureCategories, type RetryPolicies, retryPolicySchema } from './failure.ts';
import { episodeIdSchema, shotIdSchema } from './ids.ts';
import { type MicroUsd, microUsdSchema } from './money.ts';
import { phaseSchema, phases } from './phase.ts';
import { shotTypeSchema } from './plan.ts';

export const batchStatusSchema = z.enum(['created', 'running', 'paused', 'budget_exhausted', 'complete', 'failed']);
export type BatchStatus = z.infer<typeof batchStatusSchema>;

/** The seven checks' settings (facts/orchestrator.md §2, §7); names as they stand in project.json. */
export const autonomyConfigSchema = z.strictObject({
  enabled: z.boolean().default(false),
  require_all_gates_pass: z.boolean().default(true),
  require_gate3: z.boolean().default(false),
  exclude_shot_types: z.array(shotTypeSchema).default(['two_shot', 'complex']),
  /** 0 = no cap */
  max_auto_approve_per_batch: z.number().int().min(0).default(0),
});
export type AutonomyConfig = z.infer<typeof autonomyConfigSchema>;

/** Policies may be given for some categories only; the rest keep their defaults, field by field. */
const retryPoliciesSchema = z
  .partialRecord(z.enum(failureCategories), retryPolicySchema.partial())
  .default({})
  .transform((given): RetryPolicies => {
    const merged = { ...defaultRetryPolicies };
    for (const category of failureCategories) merged[category] = { ...merged[category], ...given[category] };
    return merged;
  });

/** What a batch was told to do; saved with the batch and never changed but for the budget. */
export const batchConfigSchema = z.strictObject({
  episodeId: episodeIdSchema,
  /** in which phases work is started; an approval enqueues the next phase in this batch when it is listed */
  phases: z
    .array(phaseSchema)
    .min(1, 'an empty list of phases would run nothing')
    .transform((given) => phases.filter((phase) => given.includes(phase)))
    .default([...phases]),
  /** absent = every shot of the plan; an empty list is refused */
  shotFilter: z
    .array(shotIdSchema)
    .min(1, 'an empty list of shots would run nothing')
    .transform((given) => [...new Set(given)])
    .optional(),
  budgetMicroUsd: microUsdSchema.default(25_000_000),
  maxConcurrent: z.number().int().min(1).max(16).default(2),
  maxAttemptsPerShot: z.number().int().min(1).max(50).default(5),
  provider: z.string().default('embedded'),
  autonomy: autonomyConfigSchema.default(() => autonomyConfigSchema.parse({})),
  retryPolicies: retryPoliciesSchema,
});
export type BatchConfig = z.infer<typeof batchConfigSchema>;
/** What a caller may leave out. */
export type BatchConfigInput = z.input<typeof batchConfigSchema>;

/** Shots of the batch by what they wait for; the parts add up to `total`. */
const batchCountsSchema = z.strictObject({
  total: z.number().int(),
  /** queued, blocked or at a station */
  pending: z.number().int(),
  inReview: z.number().int(),
  completed: z.number().int(),
  halted: z.number().int(),
});
export type BatchCounts = z.infer<typeof batchCountsSchema>;

/** Money of a batch or project: `settled + reserved + inDoubt` is what counts against the cap. */
export const spendSchema = z.strictObject({
  settledMicroUsd: microUsdSchema,
  reservedMicroUsd: microUsdSchema,
  inDoubtMicroUsd: microUsdSchema,
  capMicroUsd: microUsdSchema,
});
export type Spend = z.infer<typeof spendSchema>;

export const batchSchema = z.strictObject({
  id: z.string(),
  episodeId: episodeIdSchema,
  status: batchStatusSchema,
  config: batchConfigSchema,
  /** running, but only reviews are left */
  awaitingOperator: z.boolean(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  completedAt: z.iso.datetime().nullable(),
  /** why it is paused, exhausted or failed, as a sentence */
  statusReason: z.string().nullable(),
  counts: batchCountsSchema,
  spend: spendSchema,
  autoApproved: z.number().int(),
});
export type Batch = z.infer<typeof batchSchema>;

/** Why a batch is paused that a person has paused. */
export const heldByDirector = 'Put on hold by the director.';

/** It met something that only a person can mend, and nobody had asked it to stop. */
export function hasStoppedItself({ status, statusReason }: Pick<Batch, 'status' | 'statusReason'>): boolean {
  return (
    status === 'failed' || status === 'budget_exhausted' || (status === 'paused' && statusReason !== heldByDirector)
  );
}

/** Ended by a person before its shots were: nothing more runs, and it is not complete in the sense of its work. */
export function isCutShort({ status, counts }: Pick<Batch, 'status' | 'counts'>): boolean {
  return status === 'complete' && counts.pending + counts.inReview > 0;
}

/** Money that is bound: settled, reserved or in doubt. */
export function committedMicroUsd(spend: Spend): MicroUsd {
  return spend.settledMicroUsd + spend.reservedMicroUsd + spend.inDoubtMicroUsd;
}

/** What the cap leaves to reserve; never below nothing. */
export function remainingMicroUsd(spend: Spend): MicroUsd {
  return Math.max(0, spend.capMicroUsd - committedMicroUsd(spend));
}

/** The price of one shot of a batch before it starts, or why it would be refused. */
export const estimateLineSchema = z.strictObject({
  shotId: shotIdSchema,
  phase: phaseSchema,
  provider: z.string(),
  model: z.string(),
  costMicroUsd: microUsdSchema.nullable(),
  /** null = would run */
  refusal: z.string().nullable(),
});
export const batchEstimateSchema = z.strictObject({
  lines: z.array(estimateLineSchema),
  runnable: z.number().int(),
  refused: z.number().int(),
  totalMicroUsd: microUsdSchema,
  capMicroUsd: microUsdSchema,
  fitsBudget: z.boolean(),
});
export type EstimateLine = z.infer<typeof estimateLineSchema>;
export type BatchEstimate = z.infer<typeof batchEstimateSchema>;
