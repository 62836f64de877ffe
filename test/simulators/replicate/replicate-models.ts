/** The models of Replicate that are simulated, each with its strict input. */
import { z } from 'zod';
import type { MediaWish } from '../core/job.ts';
import { clipOf, stillOf } from '../core/wishes.ts';
import { aspectOf, linesOf, sizeOf } from '../media/frame-size.ts';

export interface ReplicateModel {
  input: z.ZodType<Record<string, unknown>>;
  files: readonly string[];
  media: (input: Record<string, unknown>, pictures: readonly Uint8Array[]) => MediaWish;
}

const prompt = z.string().min(1);
const uri = z.string().regex(/^(https?|data):/, 'must be a URI');
const seed = z.number().int().optional();
const stillFields = {
  prompt,
  seed,
  aspect_ratio: z.string().default('1:1'),
  output_format: z.enum(['png', 'jpg']).default('png'),
  safety_tolerance: z.number().int().min(0).max(6).optional(),
  prompt_upsampling: z.boolean().optional(),
};
const clipFields = {
  prompt,
  seed,
  image: uri.optional(),
  last_frame_image: uri.optional(),
  duration: z.number().int().min(2).max(15).default(5),
  resolution: z.enum(['480p', '720p', '1080p']).default('720p'),
  aspect_ratio: z.string().default('16:9'),
  fps: z.literal(24).optional(),
  camera_fixed: z.boolean().optional(),
  generate_audio: z.boolean().optional(),
  negative_prompt: z.string().optional(),
};

function still(input: Record<string, unknown>, pictures: readonly Uint8Array[]): MediaWish {
  const asked = String(input.aspect_ratio);
  const aspect = /^\d+:\d+$/.test(asked) ? asked : (aspectOf(pictures[0]) ?? '1:1');
  return stillOf(sizeOf(aspect, 768), input.output_format === 'jpg' ? 'jpeg' : 'png');
}

function clip(input: Record<string, unknown>): MediaWish {
  const size = sizeOf(String(input.aspect_ratio), linesOf(String(input.resolution)));
  return clipOf(size, Number(input.duration), input.generate_audio === true);
}

const models: Record<string, ReplicateModel> = {
  'black-forest-labs/flux-1.1-pro': {
    input: z.strictObject({
      ...stillFields,
      image_prompt: uri.optional(),
      width: z.number().int().optional(),
      height: z.number().int().optional(),
      output_quality: z.number().int().min(0).max(100).optional(),
    }),
    files: ['image_prompt'],
    media: still,
  },
  'black-forest-labs/flux-kontext-pro': {
    input: z.strictObject({
      ...stillFields,
      aspect_ratio: z.string().default('match_input_image'),
      input_image: uri.optional(),
    }),
    files: ['input_image'],
    media: still,
  },
};
const anyClip: ReplicateModel = {
  input: z.strictObject(clipFields),
  files: ['image', 'last_frame_image'],
  media: clip,
};

/** A model by its name; every name that speaks of video stands for one with the usual input. */
export function replicateModel(name: string): ReplicateModel | null {
  return models[name] ?? (/video|seedance|kling|veo|hailuo|wan/.test(name) ? anyClip : null);
}
