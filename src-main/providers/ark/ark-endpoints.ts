import { z } from 'zod';
import { wholeSeconds } from '../check-request.ts';
import type { DialectEndpoint } from '../remote-provider.ts';

export interface ArkParams {
  resolution: '480p' | '720p' | '1080p';
  generate_audio: boolean;
}

export interface ArkEndpoint extends DialectEndpoint {
  model: string;
  params: z.ZodType<ArkParams>;
}

/** Shapes that Seedance makes. */
export const arkRatios = ['16:9', '9:16', '4:3', '3:4', '1:1', '21:9'] as const;

const params: z.ZodType<ArkParams> = z.strictObject({
  resolution: z.enum(['480p', '720p', '1080p']),
  generate_audio: z.boolean(),
});
const sound = { param: 'generate_audio', value: true };
const clip = { phases: ['video'], maxPromptChars: 4000, sound } as const;
const ofModel = (model: string) => ({ model, params, ratios: arkRatios });
const seedance2 = ofModel('dreamina-seedance-2-0-260128');

/**
 * Seedance, by model. Version 2.0 takes no seed, and either a first frame or references; of nine
 * pictures one is the frame that the clip opens with.
 */
export const arkEndpoints: Readonly<Record<string, ArkEndpoint>> = {
  'seedance-1-5-pro-251215': {
    ...ofModel('seedance-1-5-pro-251215'),
    capabilities: { ...clip, modality: 'i2v', seedSupported: true, maxRefs: 0, durationsSeconds: wholeSeconds(4, 12) },
  },
  'dreamina-seedance-2-0-260128': {
    ...seedance2,
    capabilities: { ...clip, modality: 'i2v', seedSupported: false, maxRefs: 0, durationsSeconds: wholeSeconds(4, 15) },
  },
  'dreamina-seedance-2-0-260128/references': {
    ...seedance2,
    capabilities: { ...clip, modality: 'r2v', seedSupported: false, maxRefs: 8, durationsSeconds: wholeSeconds(4, 15) },
  },
};
