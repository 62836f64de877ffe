import type { Phase } from '../../../src-shared/domain/phase.ts';
import type { Shot } from '../../../src-shared/domain/shot.ts';
import type { Workflow } from '../../../src-shared/domain/workflow.ts';
import { resolveProvider, type StrategyAnswer } from '../../supervisor/provider-strategy.ts';
import type { OrchestratorDeps } from '../orchestrator-deps.ts';
import type { EndpointCapabilities, ProviderAdapter } from '../ports/provider.ts';

export interface WorkflowOrder {
  shot: Shot;
  phase: Phase;
  /** provider of the batch, whose strategy is used where nobody chose a workflow */
  provider: string;
  /** a workflow that the supervisor has decided on; null = by the strategy */
  decided?: string | null;
}

export interface ChosenWorkflow {
  workflow: Workflow;
  adapter: ProviderAdapter;
  endpoint: EndpointCapabilities;
}

type ChooseDeps = Pick<OrchestratorDeps, 'providers' | 'documents' | 'resolveRefs' | 'workflows'>;

/** Which workflow the tables and the people's choices name for a phase; null when none does. */
export function namedWorkflow(
  deps: Pick<ChooseDeps, 'documents' | 'resolveRefs' | 'workflows'>,
  order: Omit<WorkflowOrder, 'decided'>,
): StrategyAnswer | null {
  const { shot, phase, provider } = order;
  const { project } = deps.documents();
  // a batch that names another provider than the project's means it: a batch on the embedded engine spends nothing
  const ofProject = provider === project.default_provider ? project.provider_strategy?.[phase] : undefined;
  return resolveProvider({
    phase,
    reroute: shot.phases[phase].workflowId,
    project: ofProject ?? null,
    strategy: deps.workflows.strategyOf(provider, phase),
    needs: {
      pipeline: shot.plan.routing_data.pipeline,
      durationSeconds: shot.plan.routing_data.duration,
      get refs() {
        return deps.resolveRefs(shot.plan, phase === 'video' ? 'video' : 'board').refs.length;
      },
      aspect: project.aspect,
      dialogue: shot.plan.dialogue.length > 0,
    },
  });
}

/** The workflow with its engine and what that can do, or why it cannot be used, as a sentence. */
export function chooseWorkflow(deps: ChooseDeps, order: WorkflowOrder): ChosenWorkflow | string {
  const { phase, provider } = order;
  const wanted = order.decided ?? namedWorkflow(deps, order)?.workflowId ?? null;
  if (wanted === null) return `${provider} has no workflow for ${phase}.`;
  const workflow = deps.workflows.find(wanted);
  if (!workflow) return `There is no workflow ${wanted}.`;
  if (!workflow.enabled || !workflow.phases.includes(phase)) {
    return `${workflow.title} is not cleared for ${phase}: choose another engine.`;
  }
  const adapter = deps.providers.get(workflow.provider);
  if (!adapter) return `The engine ${workflow.provider} is not set up here.`;
  const endpoint = adapter.endpoint(workflow.endpoint);
  if (!endpoint) return `${adapter.name} has no ${workflow.endpoint}: mend the table of engines.`;
  return { workflow, adapter, endpoint };
}
