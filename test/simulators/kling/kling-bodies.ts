/** What Kling takes, strictly: durations are texts, pictures are bare base64, and nothing else is allowed. */
import { z } from 'zod';

const shared = {
  model_name: z.string().min(1),
  mode: z.enum(['std', 'pro', '4k']).default('std'),
  duration: z.enum(Array.from({ length: 13 }, (_, index) => String(index + 3))).default('5'),
  prompt: z.string().max(2500).optional(),
  negative_prompt: z.string().max(2500).optional(),
  cfg_scale: z.number().min(0).max(1).optional(),
  sound: z.enum(['on', 'off']).default('off'),
  camera_control: z.strictObject({ type: z.string(), config: z.record(z.string(), z.number()).optional() }).optional(),
  external_task_id: z.string().min(1).optional(),
  callback_url: z.string().optional(),
};
/** Before version 3 clips had two lengths. */
function fitsModel({ model_name: model, duration }: { model_name: string; duration: string }): boolean {
  return !/^kling-v[12]\b/.test(model) || duration === '5' || duration === '10';
}
const wrongLength = { path: ['duration'], message: 'is not supported by this model' };
const aspect = z.enum(['16:9', '9:16', '1:1']).optional();
/** By the last part of the path. */
export const bodies = {
  image2video: z
    .strictObject({
      ...shared,
      image: z.string().min(1).optional(),
      image_tail: z.string().min(1).optional(),
      aspect_ratio: aspect,
    })
    .refine(({ image, image_tail }) => image !== undefined || image_tail !== undefined, 'image or image_tail is needed')
    .refine(fitsModel, wrongLength),
  text2video: z
    .strictObject({ ...shared, prompt: z.string().min(1).max(2500), aspect_ratio: aspect })
    .refine(fitsModel, wrongLength),
};
export type Workflow = keyof typeof bodies;
export type Body = z.infer<(typeof bodies)['text2video']> & { image?: string; image_tail?: string };
