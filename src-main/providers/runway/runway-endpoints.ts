import { z } from 'zod';
import { wholeSeconds } from '../check-request.ts';
import type { DialectEndpoint } from '../remote-provider.ts';

export interface RunwayEndpoint extends DialectEndpoint {
  model: string;
  params: z.ZodType<Record<string, never>>;
}

export const runwayRatios = ['1280:720', '720:1280', '1104:832', '832:1104', '960:960', '1584:672'] as const;

const row = {
  capabilities: {
    ...{ modality: 'i2v', phases: ['video'], seedSupported: true, maxPromptChars: 1000, maxRefs: 0 },
    durationsSeconds: wholeSeconds(2, 10),
    sound: 'none',
  },
  params: z.strictObject({}),
  ratios: runwayRatios,
} satisfies Omit<RunwayEndpoint, 'model'>;

/** Image to video, by model. Neither makes sound. */
export const runwayEndpoints: Readonly<Record<string, RunwayEndpoint>> = {
  'gen4_turbo/image_to_video': { ...row, model: 'gen4_turbo' },
  'gen4.5/image_to_video': { ...row, model: 'gen4.5' },
};
