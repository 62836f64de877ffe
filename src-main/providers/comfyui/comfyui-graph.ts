/**
 * A graph as ComfyUI exports it for its API. Nodes are found by their titles, so that anybody can title the nodes of a graph
 * of their own: `prompt`, `negative`, `seed`, `size`, `image` (the start frame), `ref 1`, `ref 2`, … and `result`.
 */
import { z } from 'zod';
import type { GenerationRequest } from '../../../src-shared/domain/attempt.ts';
import type { InputUrls } from '../../orchestrator/ports/provider.ts';
import { tooManyRefs } from '../check-request.ts';
import { inputUrlOf } from '../inline-inputs.ts';

const nodeSchema = z.strictObject({
  class_type: z.string().min(1),
  inputs: z.record(z.string(), z.json()),
  _meta: z.object({ title: z.string().optional() }).optional(),
});
const graphSchema = z.record(z.string(), nodeSchema);
type Graph = z.infer<typeof graphSchema>;
type Node = z.infer<typeof nodeSchema>;

export const comfyuiParamsSchema = z.strictObject({
  graph: graphSchema,
  /** sides of the picture are multiples of this */
  sizeStep: z.number().int().positive().default(16),
  /** for clips: frames a second that the graph writes; their number is one more than a multiple of `step` */
  frames: z.strictObject({ rate: z.number().positive(), step: z.number().int().positive() }).optional(),
});
export type ComfyuiParams = z.infer<typeof comfyuiParamsSchema>;

/** Why a graph cannot make what is asked; null when it can. */
export function graphRefusal({ graph, frames }: ComfyuiParams, request: GenerationRequest): string | null {
  if (!titled(graph, 'prompt'))
    return 'The graph has no node with the title “prompt”: title one in ComfyUI and export it.';
  const slots = refSlots(graph).length;
  if (request.refs.length > slots) return tooManyRefs(request.refs.length, slots, 'the graph');
  if (request.refs.length < slots) {
    return `The graph works from ${slots} reference pictures; the shot has ${request.refs.length}.`;
  }
  if (request.phase === 'video' && !frames)
    return 'The workflow does not say how many frames a second its graph writes.';
  return null;
}

/** The graph with the request in it. Nodes without one of our titles stay as they are. */
export function fillGraph(params: ComfyuiParams, request: GenerationRequest, inputs: InputUrls): Graph {
  const graph = structuredClone(params.graph);
  const put = (title: string, values: Record<string, z.core.util.JSONType>) => {
    for (const node of Object.values(graph)) if (titleOf(node) === title) fill(node, values);
  };
  const text = (words: string) => ({ text: words, prompt: words, value: words });
  put('prompt', text(request.prompt));
  put('negative', text(request.negativePrompt));
  const { seed, startFrame } = request;
  if (seed !== null) put('seed', { seed, noise_seed: seed, value: seed });
  put('size', sizeOf(params, request));
  if (startFrame) put('image', { image: inputUrlOf(inputs, startFrame) });
  request.refs.forEach((ref, index) => {
    put(`ref ${index + 1}`, { image: inputUrlOf(inputs, ref) });
  });
  return graph;
}

/** Whether a request's graph has a node for the start frame. */
export function startsFromFrame(request: GenerationRequest): boolean {
  return titled(comfyuiParamsSchema.parse(request.params).graph, 'image') !== undefined;
}

/** Id of the node whose file is the result; null when the graph names none. */
export function resultNodeOf(graph: Graph): string | null {
  return titled(graph, 'result')?.[0] ?? null;
}

function sizeOf({ sizeStep, frames }: ComfyuiParams, { output }: GenerationRequest) {
  const side = (length: number) => Math.max(sizeStep, Math.round(length / sizeStep) * sizeStep);
  const size = { width: side(output.width), height: side(output.height) };
  if (!frames || output.durationSeconds === null) return size;
  const count = Math.ceil((output.durationSeconds * frames.rate) / frames.step) * frames.step + 1;
  return { ...size, length: count };
}

/** Sets those inputs that a node has; a link to another node is left alone. */
function fill(node: Node, values: Record<string, z.core.util.JSONType>): void {
  for (const [name, value] of Object.entries(values)) {
    if (name in node.inputs && !Array.isArray(node.inputs[name])) node.inputs[name] = value;
  }
}

function refSlots(graph: Graph): Node[] {
  return Object.values(graph).filter((node) => /^ref \d+$/.test(titleOf(node)));
}

function titled(graph: Graph, title: string): [string, Node] | undefined {
  return Object.entries(graph).find(([, node]) => titleOf(node) === title);
}

function titleOf(node: Node): string {
  return node._meta?.title?.trim().toLowerCase() ?? '';
}
