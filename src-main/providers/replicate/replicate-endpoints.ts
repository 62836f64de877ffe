import { z } from 'zod';
import type { GenerationRequest } from '../../../src-shared/domain/attempt.ts';
import type { InputUrls } from '../../orchestrator/ports/provider.ts';
import { aspectNameOf } from '../aspect-ratio.ts';
import { wholeSeconds } from '../check-request.ts';
import { inputUrlOf } from '../inline-inputs.ts';
import { promptText } from '../prompt-text.ts';
import type { DialectEndpoint } from '../remote-provider.ts';

type Params = Record<string, unknown>;

export interface ReplicateEndpoint extends DialectEndpoint {
  params: z.ZodType<Params>;
  ratios: readonly string[];
  /** the model's `input` beside prompt, shape and parameters */
  input: (request: GenerationRequest, inputs: InputUrls) => Params;
}

const pictureRatios = ['1:1', '16:9', '3:2', '2:3', '4:5', '5:4', '9:16', '3:4', '4:3'] as const;
const pictureParams = {
  output_format: z.enum(['png', 'jpg']),
  safety_tolerance: z.number().int().min(0).max(6).optional(),
  prompt_upsampling: z.boolean().optional(),
};
const still = {
  phases: ['previs', 'keyframe'],
  seedSupported: true,
  maxPromptChars: 10_000,
  durationsSeconds: null,
} as const;

/** Models of Replicate, by owner and name. */
export const replicateEndpoints: Readonly<Record<string, ReplicateEndpoint>> = {
  'black-forest-labs/flux-1.1-pro': {
    capabilities: { ...still, modality: 't2i', maxRefs: 0 },
    params: z.strictObject(pictureParams),
    ratios: pictureRatios,
    input: () => ({}),
  },
  'black-forest-labs/flux-kontext-pro': {
    capabilities: { ...still, modality: 'i2i', maxRefs: 1 },
    params: z.strictObject(pictureParams),
    ratios: pictureRatios,
    input: ({ refs: [ref] }, inputs) => (ref ? { input_image: inputUrlOf(inputs, ref) } : {}),
  },
  'bytedance/seedance-1-pro': {
    capabilities: {
      ...{ modality: 'i2v', phases: ['video'], seedSupported: true, maxPromptChars: 4000, maxRefs: 0 },
      durationsSeconds: wholeSeconds(2, 12),
      sound: 'none',
    },
    params: z.strictObject({
      resolution: z.enum(['480p', '720p', '1080p']),
      camera_fixed: z.boolean().optional(),
    }),
    ratios: ['16:9', '4:3', '1:1', '3:4', '9:16', '21:9'],
    input: ({ startFrame, output }, inputs) => ({
      ...(startFrame ? { image: inputUrlOf(inputs, startFrame) } : {}),
      duration: output.durationSeconds,
    }),
  },
};

/** The `input` of a prediction. */
export function inputOf(endpoint: ReplicateEndpoint, request: GenerationRequest, inputs: InputUrls): Params {
  return {
    prompt: promptOf(request),
    aspect_ratio: aspectNameOf(request.output, endpoint.ratios),
    ...endpoint.params.parse(request.params),
    ...endpoint.input(request, inputs),
    ...(request.seed === null ? {} : { seed: request.seed }),
  };
}

/** None of these models has a field for what to avoid. */
export function promptOf(request: GenerationRequest): string {
  return promptText(request, { sayAvoid: true, pictures: [] });
}
