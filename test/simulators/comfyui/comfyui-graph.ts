/** Reads a ComfyUI graph: what it makes, out of what, and whether it can run at all. */
import { z } from 'zod';
import type { MediaWish } from '../core/job.ts';
import { clipOf, stillOf } from '../core/wishes.ts';
import { frameRate } from '../media/media-arguments.ts';

const node = z.object({
  class_type: z.string().min(1),
  inputs: z.record(z.string(), z.unknown()),
  _meta: z.unknown().optional(),
});
export const graphSchema = z.record(z.string(), node);
export type Graph = z.infer<typeof graphSchema>;

const savesStill = /^(SaveImage|PreviewImage)$/;
const savesClip = /(SaveVideo|VideoCombine|SaveWEBM|SaveAnimated)/;

/** The node that saves the result; null when nothing does. */
export function outputNode(graph: Graph): { id: string; kind: 'still' | 'clip' } | null {
  for (const [id, { class_type: name }] of Object.entries(graph)) {
    if (savesClip.test(name)) return { id, kind: 'clip' };
    if (savesStill.test(name)) return { id, kind: 'still' };
  }
  return null;
}

/** A link to a node that is not there, as ComfyUI names it; null when all are. */
export function danglingLink(graph: Graph): { id: string; input: string } | null {
  for (const [id, { inputs }] of Object.entries(graph)) {
    for (const [input, value] of Object.entries(inputs)) {
      const isLink = Array.isArray(value) && value.length === 2 && typeof value[1] === 'number';
      if (isLink && !(String(value[0]) in graph)) return { id, input };
    }
  }
  return null;
}

/** The first number under one of these names anywhere in the graph. */
export function numberIn(graph: Graph, names: readonly string[]): number | null {
  for (const { inputs } of Object.values(graph)) {
    for (const name of names) if (typeof inputs[name] === 'number') return inputs[name];
  }
  return null;
}

/** All texts of the graph, which for a usual one are the prompt and the negative prompt. */
export function textIn(graph: Graph): string {
  const texts = Object.values(graph).flatMap(({ inputs }) => [inputs.text, inputs.prompt]);
  return texts.filter((text) => typeof text === 'string').join('\n');
}

/** The names of uploaded pictures that the graph loads. */
export function loadedNames(graph: Graph): string[] {
  return Object.values(graph).flatMap(({ class_type: name, inputs }) =>
    /^LoadImage/.test(name) && typeof inputs.image === 'string' ? [inputs.image] : [],
  );
}

export function wishOf(graph: Graph, kind: 'still' | 'clip'): MediaWish {
  const size = { width: numberIn(graph, ['width']) ?? 1280, height: numberIn(graph, ['height']) ?? 720 };
  if (kind === 'still') return stillOf(size);
  const rate = numberIn(graph, ['frame_rate', 'fps']) ?? frameRate;
  const frames = numberIn(graph, ['length', 'video_frames', 'frames']) ?? rate * 5;
  return clipOf(size, frames / rate, false);
}
