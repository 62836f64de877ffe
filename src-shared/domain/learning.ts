/**
 * What learning keeps: one event for each verdict on an engine's work, each decision of a person beside what the gates said,
 * each repeat and how it ended, and each amount paid. The lines are those of the files in `state/learning`
 * (facts/orchestrator.md §9) with an `id` derived from their source, so that none is ever counted twice.
 */
import { z } from 'zod';
import { failureCategorySchema, failureDetailSchema } from './failure.ts';
import { shotIdSchema, takeIdSchema } from './ids.ts';
import { microUsdSchema } from './money.ts';
import { phaseSchema } from './phase.ts';
import { shotTypeSchema } from './plan.ts';
import { flatStatusSchema } from './production-state.ts';
import { gateNameSchema } from './verdict.ts';

const head = {
  id: z.string(),
  timestamp: z.iso.datetime(),
  /** slug of the project */
  project: z.string(),
  shot_id: shotIdSchema,
};

/** One attempt that says something about its engine: a take that the gates have judged, or work that the engine refused. */
export const verdictLineSchema = z.strictObject({
  ...head,
  model: z.string(),
  phase: phaseSchema,
  /** null when the plan no longer lists the shot */
  shot_type: shotTypeSchema.nullable(),
  /** no gate rejected it; together with `gate_deferred` a person is asked */
  success: z.boolean(),
  /** dollars; null when it is not known */
  cost: z.number().nonnegative().nullable(),
  /** the gate that decided; null when no take arrived */
  gate_name: gateNameSchema.nullable(),
  gate_passed: z.boolean().nullable(),
  gate_reason: z.string(),
  gate_deferred: z.boolean(),
  final_state: flatStatusSchema,
  gate_details: z.strictObject({
    total_score: z.number().nullable(),
    mismatches: z.array(z.string()),
    failure_category: failureCategorySchema.nullable(),
    drift_count: z.number().int().nullable(),
    skipped: z.boolean(),
  }),
});
export type VerdictLine = z.infer<typeof verdictLineSchema>;

/** false_negative = approved despite a gate's fail, false_positive = rejected despite its pass; `no_gate`: none had judged it. */
const overrideTypeSchema = z.enum(['false_positive', 'false_negative', 'agreement', 'no_gate']);
export type OverrideType = z.infer<typeof overrideTypeSchema>;

/** What a person decided about a take, beside what one gate had said of it. `undone` takes the line of the same decision back. */
export const overrideLineSchema = z.strictObject({
  ...head,
  override_type: overrideTypeSchema,
  gate_name: gateNameSchema.nullable(),
  gate_passed: z.boolean().nullable(),
  human_decision: z.enum(['approved', 'rejected', 'overridden', 'undone']),
  notes: z.string(),
});
export type OverrideLine = z.infer<typeof overrideLineSchema>;

/** How one repeat ended. `succeeded` is null when it was not carried through: overtaken by a decision, out of budget, in doubt. */
export const retryLineSchema = z.strictObject({
  ...head,
  failure_category: failureCategorySchema,
  retry_number: z.number().int().nonnegative(),
  succeeded: z.boolean().nullable(),
  fix_applied: z.string(),
});
export type RetryLine = z.infer<typeof retryLineSchema>;

/** Money that an attempt, or the gates that measured its take, cost in the end. */
export const costLineSchema = z.strictObject({
  ...head,
  attempt_id: z.string().nullable(),
  take_id: takeIdSchema.nullable(),
  phase: phaseSchema,
  provider: z.string(),
  model: z.string(),
  output: z.enum(['still', 'clip']),
  part: z.enum(['generation', 'gates']),
  /** null when the provider did not tell */
  cost_micro_usd: microUsdSchema.nullable(),
});
export type CostLine = z.infer<typeof costLineSchema>;

/** A provider out of reach, an account, a disk: kept apart, because it is no verdict about a model. */
const faultLineSchema = z.strictObject({
  ...head,
  model: z.string(),
  phase: phaseSchema,
  shot_type: shotTypeSchema.nullable(),
  failure_category: failureCategorySchema,
  failure_detail: failureDetailSchema,
});

const learningEventSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('verdict'), line: verdictLineSchema }),
  z.strictObject({ kind: z.literal('override'), line: overrideLineSchema }),
  z.strictObject({ kind: z.literal('retry'), line: retryLineSchema }),
  z.strictObject({ kind: z.literal('cost'), line: costLineSchema }),
  z.strictObject({ kind: z.literal('fault'), line: faultLineSchema }),
]);
export type LearningEvent = z.infer<typeof learningEventSchema>;
export type LearningKind = LearningEvent['kind'];

/** States whose times are told: the four stations, and the wait for a person. */
export const timedStates = ['binding', 'assembling', 'auditing', 'remediating', 'awaiting_operator'] as const;
export const timedStateSchema = z.enum(timedStates);
export type TimedState = z.infer<typeof timedStateSchema>;

/** The kinds that have a file of their own in `state/learning`. */
export const learningFileNames = {
  verdict: 'verdicts.jsonl',
  override: 'overrides.jsonl',
  retry: 'retries.jsonl',
  cost: 'costs.jsonl',
} as const satisfies Partial<Record<LearningKind, string>>;
export type LearningFileKind = keyof typeof learningFileNames;
export const learningReportName = 'latest_report.json';
