import { z } from 'zod';
import type { GenerationRequest } from '../../../src-shared/domain/attempt.ts';
import type { DialectEndpoint } from '../remote-provider.ts';

export interface OpenaiParams {
  quality: 'low' | 'medium' | 'high';
  output_format?: 'png' | 'jpeg' | undefined;
  background?: 'opaque' | undefined;
}

export interface OpenaiEndpoint extends DialectEndpoint {
  model: string;
  path: string;
  params: z.ZodType<OpenaiParams>;
}

const still = { phases: ['previs', 'keyframe'], seedSupported: false, maxPromptChars: 32_000 } as const;
const row = {
  model: 'gpt-image-2',
  params: z.strictObject({
    quality: z.enum(['low', 'medium', 'high']),
    output_format: z.enum(['png', 'jpeg']).optional(),
    background: z.literal('opaque').optional(),
  }),
};

/** Pictures from words alone, and from words and pictures. */
export const openaiEndpoints: Readonly<Record<string, OpenaiEndpoint>> = {
  'gpt-image-2/generations': {
    ...row,
    path: 'v1/images/generations',
    capabilities: { ...still, modality: 't2i', maxRefs: 0, durationsSeconds: null },
  },
  'gpt-image-2/edits': {
    ...row,
    path: 'v1/images/edits',
    capabilities: { ...still, modality: 'i2i', maxRefs: 16, durationsSeconds: null },
  },
};

const step = 16;
const leastPixels = 655_360;
const mostPixels = 8_294_400;
const longestSide = 3840;
const steepest = 3;

/** The project's frame as a size that gpt-image takes: sides in sixteens, neither too few nor too many pixels. */
export function imageSizeOf({ width, height }: Pick<GenerationRequest['output'], 'width' | 'height'>): string | null {
  const shape = Math.max(width, height) / Math.min(width, height);
  if (shape > steepest) return null;
  const pixels = width * height;
  const wanted = Math.min(Math.max(pixels, leastPixels * 1.05), mostPixels * 0.95);
  const factor = Math.min(Math.sqrt(wanted / pixels), longestSide / Math.max(width, height));
  const side = (length: number) => Math.round((length * factor) / step) * step;
  return `${side(width)}x${side(height)}`;
}
