import { z } from 'zod';
import type { DialectEndpoint } from '../remote-provider.ts';

export interface VeoParams {
  resolution: '720p' | '1080p';
  personGeneration?: 'allow_all' | 'allow_adult' | 'dont_allow' | undefined;
}
export interface GeminiParams {
  imageSize: '1K' | '2K' | '4K';
}

export type GoogleEndpoint = DialectEndpoint &
  ({ kind: 'video'; params: z.ZodType<VeoParams> } | { kind: 'image'; params: z.ZodType<GeminiParams> });

export const veoRatios = ['16:9', '9:16'] as const;
export const geminiRatios = ['1:1', '2:3', '3:2', '3:4', '4:3', '4:5', '5:4', '9:16', '16:9', '21:9'] as const;

const video: GoogleEndpoint = {
  kind: 'video',
  ratios: veoRatios,
  capabilities: {
    ...{ modality: 'i2v', phases: ['video'], seedSupported: true, maxPromptChars: 4000, maxRefs: 0 },
    durationsSeconds: [4, 6, 8],
  },
  params: z.strictObject({
    resolution: z.enum(['720p', '1080p']),
    personGeneration: z.enum(['allow_all', 'allow_adult', 'dont_allow']).optional(),
  }),
};

const still = {
  modality: 'i2i',
  phases: ['previs', 'keyframe'],
  seedSupported: true,
  durationsSeconds: null,
} as const;
const image = {
  kind: 'image',
  ratios: geminiRatios,
  params: z.strictObject({ imageSize: z.enum(['1K', '2K', '4K']) }),
} as const;

/** Models of the Gemini API. Veo always makes sound. */
export const googleEndpoints: Readonly<Record<string, GoogleEndpoint>> = {
  'veo-3.1-generate-preview': video,
  'veo-3.1-fast-generate-preview': video,
  'gemini-3.1-flash-image': { ...image, capabilities: { ...still, maxPromptChars: 10_000, maxRefs: 10 } },
  'gemini-3-pro-image': { ...image, capabilities: { ...still, maxPromptChars: 10_000, maxRefs: 14 } },
};
