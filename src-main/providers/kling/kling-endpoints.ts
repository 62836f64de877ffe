import { z } from 'zod';
import type { EndpointCapabilities } from '../../orchestrator/ports/provider.ts';
import { wholeSeconds } from '../check-request.ts';
import type { DialectEndpoint } from '../remote-provider.ts';

export interface KlingEndpoint extends DialectEndpoint {
  modelName: string;
  params: z.ZodType<KlingParams>;
}

export interface KlingParams {
  mode: 'std' | 'pro' | '4k';
  sound: 'on' | 'off';
  cfg_scale?: number | undefined;
}

const sound = z.enum(['on', 'off']);
const clip: Omit<EndpointCapabilities, 'durationsSeconds'> = {
  ...{ modality: 'i2v', phases: ['video'], seedSupported: false, maxPromptChars: 2500, maxRefs: 0 },
  sound: { param: 'sound', value: 'on' },
};

/** Where tasks from a picture are made, listed and asked for. */
export const klingTasksPath = 'v1/videos/image2video';

/** Image to video, by model. Kling takes no seed. */
export const klingEndpoints: Readonly<Record<string, KlingEndpoint>> = {
  'kling-v2-6/image2video': {
    modelName: 'kling-v2-6',
    capabilities: { ...clip, durationsSeconds: [5, 10] },
    params: z.strictObject({ mode: z.enum(['std', 'pro']), sound }),
  },
  'kling-v3/image2video': {
    modelName: 'kling-v3',
    capabilities: { ...clip, durationsSeconds: wholeSeconds(3, 15) },
    params: z.strictObject({
      mode: z.enum(['std', 'pro', '4k']),
      sound,
      cfg_scale: z.number().min(0).max(1).optional(),
    }),
  },
};
