/**
 * What a provider will be told about one phase of one shot, from the plan, the heroes and the strategy table. Refuses with
 * a sentence before any money is reserved; the same composition prices an estimate.
 */
import type { GenerationRequest } from '../../../src-shared/domain/attempt.ts';
import type { Phase } from '../../../src-shared/domain/phase.ts';
import { keyframePrompt, type PlanShot, videoPrompt } from '../../../src-shared/domain/plan.ts';
import type { RefUsed } from '../../../src-shared/domain/provenance.ts';
import type { Shot } from '../../../src-shared/domain/shot.ts';
import type { Workflow } from '../../../src-shared/domain/workflow.ts';
import type { RefFocus } from '../../supervisor/plan-repair.ts';
import { fillParams } from '../../supervisor/workflow-registry.ts';
import type { OrchestratorDeps } from '../orchestrator-deps.ts';
import type { ProviderAdapter } from '../ports/provider.ts';
import { arrangeRefs, assertRefsComplete } from './arrange-refs.ts';
import { type ChosenWorkflow, chooseWorkflow } from './choose-workflow.ts';

export interface ComposeOrder {
  shot: Shot;
  phase: Phase;
  /** provider of the batch, used where nobody chose a workflow */
  provider: string;
  seed: number;
  /** a workflow that the supervisor has decided on; null = by the strategy */
  decided?: string | null;
  /** pictures that lead the references; null = as the plan names them */
  focus?: RefFocus | null;
  /** `planned`: an estimate, in which an earlier phase of the same batch will have made the start frame */
  startFrame: 'required' | 'planned';
}

export interface ComposedRequest {
  request: GenerationRequest;
  workflow: Workflow;
  adapter: ProviderAdapter;
}

/** `whole` is what would be sent if the only thing in its way, such as a key that is not set, were put right. */
export type Composed =
  | ({ kind: 'composed' } & ComposedRequest)
  | { kind: 'refused'; reason: string; whole: ComposedRequest | null };

export type ComposeDeps = Pick<
  OrchestratorDeps,
  'store' | 'providers' | 'documents' | 'resolveRefs' | 'workflows' | 'whyNotReady'
>;

const refused = (reason: string, whole: ComposedRequest | null = null): Composed => ({
  kind: 'refused',
  reason,
  whole,
});

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
  const maxRefs = Math.min(workflow.maxRefs, endpoint.maxRefs);
  const refsProblem = assertRefsComplete(resolved, { maxRefs, modality: endpoint.modality, workflow, phase });
  if (refsProblem) return refused(refsProblem);
  const refs = arrangeRefs(resolved, { shot: shot.plan, limit: maxRefs, focus: order.focus ?? null });
  const start = startFrameOf(deps, order);
  if (start.missing) return refused(start.missing);
  const output = outputOf(deps, { plan: shot.plan, phase, chosen });
  if (typeof output === 'string') return refused(output);
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
    refs: refs.map((ref) => ({ role: ref.role, path: ref.path, hash: ref.sha256 })),
    startFrame: start.frame,
    output,
  };
  const whole = { request, workflow, adapter };
  const notReady = deps.whyNotReady?.(workflow.provider);
  if (notReady) return refused(notReady, whole);
  const problem = adapter.refusal(request);
  if (problem) return refused(problem);
  return { kind: 'composed', ...whole };
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

function outputOf(
  deps: ComposeDeps,
  order: { plan: PlanShot; phase: Phase; chosen: ChosenWorkflow },
): GenerationRequest['output'] | string {
  const { plan, phase, chosen } = order;
  const { resolution, fps } = deps.documents().project;
  const isClip = phase === 'video';
  const planned = plan.routing_data.duration;
  const durationSeconds = isClip ? coveringSeconds(planned, chosen.endpoint.durationsSeconds) : null;
  if (isClip && durationSeconds === null) {
    const longest = Math.max(0, ...(chosen.endpoint.durationsSeconds ?? []));
    const limit = `The shot lasts ${planned} s and ${chosen.workflow.title} makes ${longest} s at most`;
    return `${limit}: shorten it in the plan, or choose another engine.`;
  }
  const { width, height } = resolution;
  return {
    kind: isClip ? 'clip' : 'still',
    width,
    height,
    frameRate: fps,
    durationSeconds,
    audio: isClip && makesSound(chosen),
  };
}

/** Sound is asked for where the engine makes it: a gate would send back every clip of one that makes none. */
function makesSound({ endpoint: { sound }, workflow }: ChosenWorkflow): boolean {
  if (sound === undefined) return true;
  return sound !== 'none' && workflow.params[sound.param] === sound.value;
}

/** The shortest clip of an engine that covers a shot, the rest being handles; null when none does. */
export function coveringSeconds(planned: number, offered: readonly number[] | null): number | null {
  if (offered === null) return planned;
  const covering = offered.filter((seconds) => seconds >= planned);
  return covering.length > 0 ? Math.min(...covering) : null;
}
