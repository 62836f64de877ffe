import { z } from 'zod';
import { microUsdSchema } from './money.ts';
import { phaseSchema } from './phase.ts';

/** One row of the strategy table (resources/workflow_registry.v1.json): an engine that a reroute can choose. */
const workflowSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  phases: z.array(phaseSchema).min(1),
  provider: z.string(),
  model: z.string(),
  endpoint: z.string(),
  enabled: z.boolean(),
  /** parameters sent with every request of this workflow; the adapter refuses unknown ones */
  params: z.record(z.string(), z.json()),
  maxPromptChars: z.number().int().positive(),
  maxRefs: z.number().int().nonnegative(),
});
export type Workflow = z.infer<typeof workflowSchema>;

export const workflowRegistrySchema = z.strictObject({
  schema_version: z.literal('workflow_registry.v1'),
  workflows: z.array(workflowSchema),
});

/** A workflow as the reroute menu shows it. */
export const workflowChoiceSchema = z.strictObject({
  workflow: workflowSchema,
  estimateMicroUsd: microUsdSchema.nullable(),
  /** null = it can be chosen */
  refusal: z.string().nullable(),
  pastTakes: z.number().int(),
  pastApproved: z.number().int(),
});
export type WorkflowChoice = z.infer<typeof workflowChoiceSchema>;
