/** What Ark takes, strictly: a list of texts, pictures, clips and sounds, each with its role. */
import { z } from 'zod';

const address = z.strictObject({ url: z.string().min(1) });
const content = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: z.string().min(1) }),
  z.strictObject({
    type: z.literal('image_url'),
    image_url: address,
    role: z.enum(['first_frame', 'last_frame', 'reference_image']).optional(),
  }),
  z.strictObject({ type: z.literal('video_url'), video_url: address, role: z.literal('reference_video') }),
  z.strictObject({ type: z.literal('audio_url'), audio_url: address, role: z.literal('reference_audio') }),
]);

/** A clip starts from a frame, or is made after references; a picture without a role is a first frame. */
function isOneKindOfWork(parts: z.infer<typeof content>[]): boolean {
  const roles = parts.flatMap((part) => (part.type === 'text' ? [] : [part.role ?? 'first_frame']));
  const count = (role: string) => roles.filter((one) => one === role).length;
  const [first, last] = [count('first_frame'), count('last_frame')];
  const references = roles.length - first - last;
  return first <= 1 && last <= first && (references === 0 || first === 0);
}

const withoutSeed = /seedance-2-0/;

export const bodySchema = z
  .strictObject({
    model: z.string().min(1),
    content: z
      .array(content)
      .min(1)
      .refine(isOneKindOfWork, 'Either a first (and last) frame or references, one of each frame.'),
    resolution: z.enum(['480p', '720p', '1080p', '4k']).default('720p'),
    ratio: z.enum(['16:9', '4:3', '1:1', '3:4', '9:16', '21:9', 'adaptive']).default('adaptive'),
    duration: z.number().int().min(2).max(15).default(5),
    seed: z.number().int().min(-1).optional(),
    generate_audio: z.boolean().default(true),
    camera_fixed: z.boolean().optional(),
    watermark: z.boolean().optional(),
    return_last_frame: z.boolean().optional(),
    callback_url: z.string().optional(),
  })
  .refine(({ model, seed }) => seed === undefined || !withoutSeed.test(model), {
    ...{ path: ['seed'], message: 'is not supported by this model' },
  });
export type ArkBody = z.infer<typeof bodySchema>;
