import type { MicroUsd } from '../../src-shared/domain/money.ts';
import type { Workflow, WorkflowChoice } from '../../src-shared/domain/workflow.ts';

/** Takes and approvals of one workflow so far. */
export interface WorkflowRecord {
  takes: number;
  approved: number;
}

/** The engines that a reroute can choose, each with its price for this shot, why it would be refused, and its past record. */
export function listWorkflowChoices(
  workflows: readonly Workflow[],
  records: {
    past: (workflow: Workflow) => WorkflowRecord;
    quote: (workflow: Workflow) => { costMicroUsd: MicroUsd | null; refusal: string | null };
  },
): WorkflowChoice[] {
  return workflows.map((workflow) => {
    const past = records.past(workflow);
    const { costMicroUsd, refusal } = records.quote(workflow);
    return { workflow, estimateMicroUsd: costMicroUsd, refusal, pastTakes: past.takes, pastApproved: past.approved };
  });
}
