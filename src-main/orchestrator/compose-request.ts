/**
 * What a provider will be told about one phase of one shot, from the plan, the heroes and the strategy table. Refuses with
 * a sentence before any money is reserved; the same composition prices an estimate.
 */
import type { GenerationRequest } from '../../src-shared/domain/attempt.ts';
import type { Phase } from '../../src-shared/domain/phase.ts';
import { keyframePrompt, type PlanShot, videoPrompt } from '../../src-shared/domain/plan.ts';
import type { RefUsed } from '../../src-shared/domain/provenance.ts';
import { slotKeyText } from '../../src-shared/domain/ref.ts';
import type { Shot } from '../../src-shared/domain/shot.ts';
import type { Workflow } from '../../src-shared/domain/workflow.ts';
import { fillParams } from '../supervisor/workflow-registry.ts';
import type { OrchestratorDeps } from './orchestrator-deps.ts';
import type { EndpointCapabilities, ProviderAdapter } from './ports/provider.ts';
import type { ResolvedRefs } from './ports/refs.ts';

export interface ComposeOrder {
  shot: Shot;
  phase: Phase;
  /** provider of the batch, used where nobody chose a workflow */
  provider: string;
  seed: number;
  /** `planned`: an estimate, in which an earlier phase of the same batch will have made the start frame */
  startFrame: 'required' | 'planned';
}

export type Composed =
  | { kind: 'composed'; request: GenerationRequest; workflow: Workflow; adapter: ProviderAdapter }
  | { kind: 'refused'; reason: string };

export type ComposeDeps = Pick<
  OrchestratorDeps,
  'store' | 'providers' | 'documents' | 'resolveRefs' | 'workflows' | 'whyNotReady'
>;

const refused = (reason: string): Composed => ({ kind: 'refused', reason });

/** The whole request, or why it cannot be made. */
export function composeRequest(deps: ComposeDeps, order: ComposeOrder): Composed {
  const { shot, phase } = order;
  const chosen = chooseWorkflow(deps, order);
  if (typeof chosen === 'string') return refused(chosen);
  const { workflow, adapter, endpoint } = chosen;
  const prompt = phase === 'video' ? videoPrompt(shot.plan) : keyframePrompt(shot.plan);
  if (!prompt) return refused(`The plan has no prompt for ${shot.id}: fill in its lines or its description.`);
  const limit = Math.min(workflow.maxPromptChars, endpoint.maxPromptChars);
  if (prompt.length > limit)
    return refused(`The prompt has ${prompt.length} characters; ${workflow.title} takes ${limit}.`);
  const resolved = deps.resolveRefs(shot.plan, phase === 'video' ? 'video' : 'board');
  const refsProblem = assertRefsComplete(resolved, Math.min(workflow.maxRefs, endpoint.maxRefs), workflow);
  if (refsProblem) return refused(refsProblem);
  const start = startFrameOf(deps, order);
  if (start.missing) return refused(start.missing);
  const request: GenerationRequest = {
    shotId: shot.id,
    phase,
    workflowId: workflow.id,
    provider: workflow.provider,
    model: workflow.model,
    endpoint: workflow.endpoint,
    prompt,
    negativePrompt: shot.plan.prompt_data.negative_prompt.trim(),
    seed: endpoint.seedSupported ? order.seed : null,
    params: fillParams(workflow, shot.plan),
    refs: resolved.refs.map((ref) => ({ role: ref.role, path: ref.path, hash: ref.sha256 })),
    startFrame: start.frame,
    output: outputOf(deps, shot.plan, phase),
  };
  const problem = adapter.refusal(request);
  if (problem) return refused(problem);
  return { kind: 'composed', request, workflow, adapter };
}

/** Refs are complete or nothing is spent: why not, as a sentence; null when they are. */
export function assertRefsComplete(resolved: ResolvedRefs, maxRefs: number, workflow: Workflow): string | null {
  if (resolved.missing.length > 0) {
    return `No hero yet for ${resolved.missing.map(slotKeyText).join(', ')}. Promote one in Refs.`;
  }
  if (resolved.refs.length > maxRefs) {
    return `The shot has ${resolved.refs.length} refs; ${workflow.title} takes ${maxRefs}.`;
  }
  return null;
}

function chooseWorkflow(
  deps: ComposeDeps,
  order: ComposeOrder,
): { workflow: Workflow; adapter: ProviderAdapter; endpoint: EndpointCapabilities } | string {
  const { shot, phase } = order;
  const wanted = shot.phases[phase].workflowId;
  const workflow = wanted === null ? deps.workflows.defaultFor(phase, order.provider) : deps.workflows.find(wanted);
  if (!workflow) {
    return wanted === null ? `${order.provider} has no workflow for ${phase}.` : `There is no workflow ${wanted}.`;
  }
  if (!workflow.enabled || !workflow.phases.includes(phase)) {
    return `${workflow.title} is not cleared for ${phase}: choose another engine.`;
  }
  const adapter = deps.providers.get(workflow.provider);
  if (!adapter) return `The engine ${workflow.provider} is not set up here.`;
  const notReady = deps.whyNotReady?.(workflow.provider);
  if (notReady) return notReady;
  const endpoint = adapter.endpoint(workflow.endpoint);
  if (!endpoint) return `${adapter.name} has no ${workflow.endpoint}: mend the table of engines.`;
  return { workflow, adapter, endpoint };
}

/** Image to video starts from the approved keyframe and nothing else; text to video takes none. */
function startFrameOf(deps: ComposeDeps, order: ComposeOrder): { frame: RefUsed | null; missing: string | null } {
  const { shot, phase } = order;
  if (phase !== 'video' || shot.plan.routing_data.pipeline === 't2v') return { frame: null, missing: null };
  const takeId = shot.phases.keyframe.approvedTakeId;
  const take = takeId === null ? null : deps.store.take(takeId);
  if (take) return { frame: { role: 'start_frame', path: take.path, hash: take.sha256 }, missing: null };
  if (order.startFrame === 'planned') return { frame: null, missing: null };
  return { frame: null, missing: 'No approved keyframe to start from.' };
}

function outputOf(deps: ComposeDeps, plan: PlanShot, phase: Phase): GenerationRequest['output'] {
  const { resolution, fps } = deps.documents().project;
  const isClip = phase === 'video';
  return {
    kind: isClip ? 'clip' : 'still',
    width: resolution.width,
    height: resolution.height,
    frameRate: fps,
    durationSeconds: isClip ? plan.routing_data.duration : null,
    audio: isClip,
  };
}
