import type { Phase } from '../../src-shared/domain/phase.ts';
import type { PlanShot } from '../../src-shared/domain/plan.ts';
import type { Workflow, WorkflowChoice } from '../../src-shared/domain/workflow.ts';

/** Takes and approvals of one workflow so far. */
export interface WorkflowRecord {
  takes: number;
  approved: number;
}

/** The rows of the strategy table that a reroute can choose for a shot's phase, with price and past record. */
export function listWorkflowChoices(
  order: { plan: PlanShot; phase: Phase; workflows: readonly Workflow[] },
  records: { providers: ReadonlySet<string>; past: (workflow: Workflow) => WorkflowRecord },
): WorkflowChoice[] {
  return order.workflows
    .filter((workflow) => workflow.enabled && workflow.phases.includes(order.phase))
    .map((workflow) => {
      const past = records.past(workflow);
      return {
        workflow,
        estimateMicroUsd: estimate(workflow, order),
        refusal: refusalOf(workflow, records.providers),
        pastTakes: past.takes,
        pastApproved: past.approved,
      };
    });
}

function estimate(workflow: Workflow, order: { plan: PlanShot; phase: Phase }): number | null {
  if (!workflow.price) return null;
  const units = workflow.price.unit === 'second' && order.phase === 'video' ? order.plan.routing_data.duration : 1;
  return Math.ceil(workflow.price.microUsd * units);
}

function refusalOf(workflow: Workflow, providers: ReadonlySet<string>): string | null {
  if (!providers.has(workflow.provider)) return `${workflow.provider} is not set up on this machine.`;
  return workflow.price ? null : 'Its price is not known, so it will not be used.';
}
