/** Which workflow makes a phase when a batch names a provider (resources/provider_strategy.v1.json). */
import { z } from 'zod';
import { phaseSchema } from './phase.ts';
import { planShotSchema } from './plan.ts';

const pipelineSchema = planShotSchema.shape.routing_data.shape.pipeline;

/** What a shot must need for an exception to hold; all that is given must hold, and something must be. */
const strategyConditionSchema = z
  .strictObject({
    pipelines: z.array(pipelineSchema).min(1).optional(),
    longerThanSeconds: z.number().positive().optional(),
    shorterThanSeconds: z.number().positive().optional(),
    fewerRefsThan: z.number().int().positive().optional(),
    moreRefsThan: z.number().int().nonnegative().optional(),
    shape: z.enum(['portrait', 'landscape', 'square']).optional(),
    dialogue: z.boolean().optional(),
  })
  .refine((when) => Object.keys(when).length > 0, 'an exception without a condition would always hold');
export type StrategyCondition = z.infer<typeof strategyConditionSchema>;

const strategyExceptionSchema = z.strictObject({
  when: strategyConditionSchema,
  workflow: z.string().min(1),
  /** why, as a sentence for people */
  reason: z.string().min(1),
});

export const phaseStrategySchema = z.strictObject({
  primary: z.string().min(1),
  /** in order; the first that holds counts */
  exceptions: z.array(strategyExceptionSchema).default([]),
  /** in order; run by the supervisor's decision alone */
  fallback: z.array(z.string().min(1)).default([]),
});
export type PhaseStrategy = z.infer<typeof phaseStrategySchema>;

export const providerStrategySchema = z.strictObject({
  schema_version: z.literal('provider_strategy.v1'),
  /** by the provider that a batch names */
  strategies: z.record(z.string(), z.partialRecord(phaseSchema, phaseStrategySchema)),
});
