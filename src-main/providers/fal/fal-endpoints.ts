/**
 * The endpoints of fal, one row each: what they can do, the strict schema of their input, and where in it our request goes.
 * A field that is not here is refused before anything is spent. fal publishes no limit of a prompt's length for most models;
 * those figures are ours.
 */
import { z } from 'zod';
import type { EndpointCapabilities } from '../../orchestrator/ports/provider.ts';
import { wholeSeconds } from '../check-request.ts';
import type { DialectEndpoint } from '../remote-provider.ts';

export const falTitle = 'fal';

/** Where the parts of a request stand in an endpoint's input. */
export interface FalPlacing {
  /** the picture a clip starts from; `image_urls` = first of the references */
  start: 'image_url' | 'start_image_url' | 'image_urls' | null;
  refs: 'image_urls' | null;
  /** how the prompt names the nth reference picture */
  nameOfRef: (n: number) => string;
  /** how the endpoint writes seconds; null for stills */
  writeSeconds: ((seconds: number) => string) | null;
  /** `ratio`: by name in aspect_ratio; `size`: in pixels; `preset`: by the parameter image_size; null = as the start frame */
  frame: { kind: 'ratio'; names: readonly string[] } | { kind: 'size'; pixels: PixelRange } | { kind: 'preset' } | null;
  negative: boolean;
  /** it can make several pictures at once: one is asked for */
  counts: boolean;
}

export interface PixelRange {
  least: number;
  most: number;
}

export interface FalEndpoint extends DialectEndpoint {
  /** what a workflow may set */
  params: z.ZodType<Record<string, unknown>>;
  /** all that goes over the wire */
  input: z.ZodType<Record<string, unknown>>;
  placing: FalPlacing;
  makes: 'video' | 'images';
  needsRefs: boolean;
}

const text = z.string().min(1);
const url = z.string().min(1);
const seed = z.number().int().nonnegative();
const safety = z.enum(['1', '2', '3', '4', '5', '6']);
const lengths = (first: number, last: number) => z.enum(wholeSeconds(first, last).map(String));

const videoRatios = ['21:9', '16:9', '4:3', '1:1', '3:4', '9:16'] as const;
const imageRatios = ['21:9', '16:9', '3:2', '4:3', '5:4', '1:1', '4:5', '3:4', '2:3', '9:16'] as const;
const veoRatios = ['16:9', '9:16'] as const;

/** Pixels of the sizes that have a name. */
export const presetSizes = {
  square_hd: { width: 1024, height: 1024 },
  square: { width: 512, height: 512 },
  portrait_4_3: { width: 768, height: 1024 },
  portrait_16_9: { width: 576, height: 1024 },
  landscape_4_3: { width: 1024, height: 768 },
  landscape_16_9: { width: 1024, height: 576 },
} as const;
export type PresetSize = keyof typeof presetSizes;

interface Row {
  capabilities: Omit<EndpointCapabilities, 'phases'>;
  placing: Partial<FalPlacing>;
  params: z.ZodRawShape;
  fields: z.ZodRawShape;
  needsRefs?: boolean;
}

function row({ capabilities, placing, params, fields, needsRefs = false }: Row): FalEndpoint {
  const isVideo = capabilities.modality.endsWith('2v');
  return {
    capabilities: {
      ...{ ...capabilities, phases: isVideo ? ['video'] : ['previs', 'keyframe'] },
      ...('generate_audio' in params ? { sound: { param: 'generate_audio', value: true } } : {}),
    },
    params: z.strictObject(params),
    input: z.strictObject({ prompt: text, ...params, ...fields }),
    placing: {
      ...{ start: null, refs: null, writeSeconds: null, frame: null, negative: false, counts: false },
      ...{ nameOfRef: (n: number) => `Image ${n}`, ...placing },
    },
    makes: isVideo ? 'video' : 'images',
    needsRefs,
  };
}

const atImage = (n: number) => `@Image${n}`;
const bare = (seconds: number) => String(seconds);
const fromStart = { modality: 'i2v', maxRefs: 0 } as const;
const seedance2Params = {
  resolution: z.enum(['480p', '720p', '1080p', '4k']),
  generate_audio: z.boolean(),
  bitrate_mode: z.enum(['standard', 'high']).optional(),
  end_user_id: z.string().optional(),
};
const seedance2Fields = { duration: lengths(4, 15), aspect_ratio: z.enum(videoRatios) };
const seedance2 = { seedSupported: false, maxPromptChars: 5000, durationsSeconds: wholeSeconds(4, 15) };
const ratio = { kind: 'ratio', names: videoRatios } as const;

const clips: Record<string, FalEndpoint> = {
  'bytedance/seedance-2.0/image-to-video': row({
    capabilities: { ...seedance2, ...fromStart },
    placing: { start: 'image_url', writeSeconds: bare, frame: ratio },
    params: seedance2Params,
    fields: { ...seedance2Fields, image_url: url },
  }),
  'bytedance/seedance-2.0/reference-to-video': row({
    capabilities: { ...seedance2, modality: 'r2v', maxRefs: 9 },
    placing: {
      ...{ start: 'image_urls', refs: 'image_urls', writeSeconds: bare, frame: ratio },
      nameOfRef: atImage,
    },
    params: seedance2Params,
    fields: { ...seedance2Fields, image_urls: z.array(url).min(1).max(9) },
  }),
  'fal-ai/bytedance/seedance/v1.5/pro/image-to-video': row({
    capabilities: {
      ...{ ...fromStart, seedSupported: true, maxPromptChars: 5000, durationsSeconds: wholeSeconds(4, 12) },
    },
    placing: { start: 'image_url', writeSeconds: bare, frame: ratio },
    params: {
      resolution: z.enum(['480p', '720p', '1080p']),
      generate_audio: z.boolean(),
      camera_fixed: z.boolean().optional(),
      enable_safety_checker: z.boolean().optional(),
    },
    fields: { duration: lengths(4, 12), aspect_ratio: z.enum(videoRatios), image_url: url, seed: seed.optional() },
  }),
  'fal-ai/kling-video/v3/pro/image-to-video': row({
    capabilities: {
      ...{ ...fromStart, seedSupported: false, maxPromptChars: 2500, durationsSeconds: wholeSeconds(3, 15) },
    },
    placing: { start: 'start_image_url', writeSeconds: bare, negative: true },
    params: {
      generate_audio: z.boolean(),
      cfg_scale: z.number().min(0).max(1).optional(),
      shot_type: z.string().optional(),
    },
    fields: {
      prompt: text.max(2500),
      duration: lengths(3, 15),
      start_image_url: url,
      negative_prompt: z.string().optional(),
    },
  }),
  'fal-ai/veo3.1/image-to-video': row({
    capabilities: { ...fromStart, seedSupported: true, maxPromptChars: 5000, durationsSeconds: [4, 6, 8] },
    placing: {
      ...{ start: 'image_url', writeSeconds: (seconds) => `${seconds}s`, negative: true },
      frame: { kind: 'ratio', names: veoRatios },
    },
    params: {
      resolution: z.enum(['720p', '1080p', '4k']),
      generate_audio: z.boolean(),
      auto_fix: z.boolean().optional(),
      safety_tolerance: safety.optional(),
    },
    fields: {
      duration: z.enum(['4s', '6s', '8s']),
      aspect_ratio: z.enum(veoRatios),
      image_url: url,
      negative_prompt: z.string().optional(),
      seed: seed.optional(),
    },
  }),
};

const still = { seedSupported: true, maxPromptChars: 10_000, durationsSeconds: null } as const;
const one = { num_images: z.literal(1) };
const many = (max: number) => ({ image_urls: z.array(url).min(1).max(max) });
const bananaParams = {
  resolution: z.enum(['1K', '2K', '4K']),
  output_format: z.enum(['png', 'jpeg']).optional(),
  safety_tolerance: safety.optional(),
};
const bananaFields = { aspect_ratio: z.enum(imageRatios), seed: seed.optional(), ...one };
const bananaFrame = { frame: { kind: 'ratio', names: imageRatios }, counts: true } as const;
const gptParams = { quality: z.enum(['low', 'medium', 'high']) };
const side = z.number().int().multipleOf(16).min(64).max(3840);
const gptFields = { image_size: z.strictObject({ width: side, height: side }), ...one };
// GPT Image 2 makes any size between these, in sixteens, up to 3840 a side
const gptFrame = { kind: 'size', pixels: { least: 655_360, most: 8_294_400 } } as const;
const gpt = { ...still, seedSupported: false };
const fluxParams = {
  image_size: z.enum(Object.keys(presetSizes) as [PresetSize, ...PresetSize[]]),
  safety_tolerance: z.enum(['1', '2', '3', '4', '5']).optional(),
};
const fluxFields = { seed: seed.optional() };

const stills: Record<string, FalEndpoint> = {
  'fal-ai/nano-banana-pro': row({
    capabilities: { ...still, modality: 't2i', maxRefs: 0 },
    placing: bananaFrame,
    params: bananaParams,
    fields: bananaFields,
  }),
  'fal-ai/nano-banana-pro/edit': row({
    capabilities: { ...still, modality: 'i2i', maxRefs: 14 },
    placing: { ...bananaFrame, refs: 'image_urls' },
    params: bananaParams,
    fields: { ...bananaFields, ...many(14) },
    needsRefs: true,
  }),
  'openai/gpt-image-2': row({
    capabilities: { ...gpt, modality: 't2i', maxRefs: 0 },
    placing: { frame: gptFrame, counts: true },
    params: gptParams,
    fields: gptFields,
  }),
  'openai/gpt-image-2/edit': row({
    capabilities: { ...gpt, modality: 'i2i', maxRefs: 16 },
    placing: { frame: gptFrame, counts: true, refs: 'image_urls' },
    params: gptParams,
    fields: { ...gptFields, ...many(16) },
    needsRefs: true,
  }),
  'fal-ai/flux-2-pro': row({
    capabilities: { ...still, modality: 't2i', maxRefs: 0 },
    placing: { frame: { kind: 'preset' } },
    params: fluxParams,
    fields: fluxFields,
  }),
  'fal-ai/flux-2-pro/edit': row({
    capabilities: { ...still, modality: 'i2i', maxRefs: 9 },
    placing: { frame: { kind: 'preset' }, refs: 'image_urls', nameOfRef: atImage },
    params: fluxParams,
    fields: { ...fluxFields, ...many(9) },
    needsRefs: true,
  }),
};

export const falEndpoints: Readonly<Record<string, FalEndpoint>> = { ...clips, ...stills };
export const falEndpointIds: readonly string[] = Object.keys(falEndpoints);
