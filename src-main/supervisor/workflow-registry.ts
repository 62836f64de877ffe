/**
 * The engines that are cleared for use (resources/workflow_registry.v1.json). A workflow declares every parameter that is
 * sent; a value `{camera_line}` and the like is filled from the plan's shot when a request is bound.
 */
import { z } from 'zod';
import type { GenerationRequest } from '../../src-shared/domain/attempt.ts';
import type { Phase } from '../../src-shared/domain/phase.ts';
import type { PlanShot } from '../../src-shared/domain/plan.ts';
import type { PhaseStrategy } from '../../src-shared/domain/provider-strategy.ts';
import { type Workflow, workflowRegistrySchema } from '../../src-shared/domain/workflow.ts';
import { AppError } from '../platform/app-error.ts';
import { readProviderStrategy } from './provider-strategy.ts';

export interface WorkflowRegistry {
  find(workflowId: string): Workflow | null;
  /** enabled workflows that can make a phase, in the order of the table */
  forPhase(phase: Phase): Workflow[];
  /** what a batch that names a provider makes a phase with; without a row of its own, the provider's first workflow */
  strategyOf(provider: string, phase: Phase): PhaseStrategy | null;
}

const noStrategies = { schema_version: 'provider_strategy.v1', strategies: {} };

const placeholders: Record<string, (shot: PlanShot) => string> = {
  '{shot_type}': (shot) => shot.prompt_data.shot_type,
  '{camera_line}': (shot) => shot.prompt_data.prompt_skeleton.camera_line,
  '{lighting_line}': (shot) => shot.prompt_data.prompt_skeleton.lighting_line,
};
const placeholderPattern = /^\{[a-z_]+\}$/;

/** Reads the tables of workflows and of strategies; a table that is not as its schema says is refused whole. */
export function readWorkflowRegistry(json: unknown, strategyJson: unknown = noStrategies): WorkflowRegistry {
  const parsed = workflowRegistrySchema.safeParse(json);
  if (!parsed.success) throw invalid(z.prettifyError(parsed.error));
  const { workflows } = parsed.data;
  const byId = new Map(workflows.map((workflow) => [workflow.id, workflow]));
  if (byId.size !== workflows.length) throw invalid('two workflows have the same id');
  for (const workflow of workflows) refuseUnknownPlaceholders(workflow);
  const forPhase = (phase: Phase) =>
    workflows.filter((workflow) => workflow.enabled && workflow.phases.includes(phase));
  const find = (workflowId: string) => byId.get(workflowId) ?? null;
  const strategyOf = readProviderStrategy(strategyJson, find);
  return {
    find,
    forPhase,
    strategyOf(provider, phase) {
      const first = forPhase(phase).find((workflow) => workflow.provider === provider);
      return strategyOf(provider, phase) ?? (first ? { primary: first.id, exceptions: [], fallback: [] } : null);
    },
  };
}

/** The workflow's parameters for one shot: exactly those it declares. */
export function fillParams(workflow: Workflow, shot: PlanShot): GenerationRequest['params'] {
  return Object.fromEntries(
    Object.entries(workflow.params).map(([name, value]) => {
      const fill = typeof value === 'string' ? placeholders[value] : undefined;
      return [name, fill ? fill(shot) : value];
    }),
  );
}

function refuseUnknownPlaceholders(workflow: Workflow): void {
  for (const [name, value] of Object.entries(workflow.params)) {
    if (typeof value !== 'string' || !placeholderPattern.test(value) || value in placeholders) continue;
    throw invalid(`${workflow.id}: parameter ${name} asks for ${value}, which no shot has`);
  }
}

function invalid(detail: string): AppError {
  return new AppError({
    code: 'workflow.not-found',
    message: 'The table of workflows cannot be used.',
    hint: `Mend resources/workflow_registry.v1.json: ${detail}`,
    detail,
  });
}
