/** The endpoints of fal that are simulated: their strict inputs, and what they make of them. */
import { z } from 'zod';
import type { MediaWish } from '../core/job.ts';
import { aspectOf, linesOf, sizeOf } from '../media/frame-size.ts';
import {
  file,
  gptImageSize,
  imageSize,
  pictureCount,
  prompt,
  safety,
  seconds,
  sizeOfImage,
  videoAspect,
  wholeSeed,
} from './fal-fields.ts';

export interface FalEndpoint {
  id: string;
  /** `parse` gives the input with the model's defaults */
  input: z.ZodType<Record<string, unknown>>;
  /** the names of the fields that hold files, in the order in which the model counts them */
  files: readonly string[];
  media: (input: Record<string, unknown>, pictures: readonly Uint8Array[]) => MediaWish;
}

const autoSeconds = 5;

/** Lengths are "5", "8s" or "auto". */
function clip(input: Record<string, unknown>, pictures: readonly Uint8Array[]): MediaWish {
  const { duration, aspect_ratio: asked, resolution, generate_audio: audio } = input;
  const aspect = typeof asked === 'string' && asked !== 'auto' ? asked : (aspectOf(pictures[0]) ?? '16:9');
  return {
    ...{ kind: 'clip', format: 'mp4', count: 1, audio: audio !== false },
    ...sizeOf(aspect, linesOf(String(resolution ?? '720p'))),
    durationSeconds: Number.parseInt(String(duration), 10) || autoSeconds,
  };
}

function still(size: { width: number; height: number }, input: Record<string, unknown>, jpeg: boolean): MediaWish {
  const format = input.output_format ?? (jpeg ? 'jpeg' : 'png');
  return {
    ...{ kind: 'still', durationSeconds: null, audio: false, ...size },
    format: format === 'jpeg' ? 'jpeg' : 'png',
    count: typeof input.num_images === 'number' ? input.num_images : 1,
  };
}

const firstAndLast = { image_url: file, end_image_url: file.optional() };
const seedance2 = {
  prompt,
  resolution: z.enum(['480p', '720p', '1080p', '4k']).default('720p'),
  duration: z.union([z.literal('auto'), seconds(4, 15)]).default('auto'),
  aspect_ratio: videoAspect.default('auto'),
  generate_audio: z.boolean().default(true),
  bitrate_mode: z.enum(['standard', 'high']).optional(),
  end_user_id: z.string().optional(),
};
const bananaFields = {
  prompt,
  aspect_ratio: z
    .enum(['auto', '21:9', '16:9', '3:2', '4:3', '5:4', '1:1', '4:5', '3:4', '2:3', '9:16'])
    .default('1:1'),
  resolution: z.enum(['1K', '2K', '4K']).default('1K'),
  num_images: pictureCount,
  output_format: z.enum(['png', 'jpeg']).default('png'),
  seed: wholeSeed.optional(),
  safety_tolerance: safety.default('4'),
};
const gptFields = {
  prompt,
  image_size: gptImageSize.default('auto'),
  quality: z.enum(['auto', 'low', 'medium', 'high']).default('high'),
  num_images: pictureCount,
};
const fluxFields = {
  prompt,
  image_size: imageSize.optional(),
  seed: wholeSeed.optional(),
  safety_tolerance: z.enum(['1', '2', '3', '4', '5']).optional(),
};

const banana: FalEndpoint['media'] = (input, pictures) => {
  const asked = String(input.aspect_ratio);
  const lines = { '1K': 768, '2K': 1536, '4K': 3072 }[String(input.resolution)] ?? 768;
  return still(sizeOf(asked === 'auto' ? (aspectOf(pictures[0]) ?? '1:1') : asked, lines), input, false);
};
const sized =
  (jpeg: boolean): FalEndpoint['media'] =>
  (input) =>
    still(sizeOfImage(input.image_size as z.infer<typeof imageSize>), input, jpeg);

const clips: FalEndpoint[] = [
  {
    id: 'bytedance/seedance-2.0/image-to-video',
    input: z.strictObject({ ...seedance2, ...firstAndLast }),
    files: ['image_url', 'end_image_url'],
    media: clip,
  },
  {
    id: 'bytedance/seedance-2.0/reference-to-video',
    input: z
      .strictObject({
        ...seedance2,
        image_urls: z.array(file).max(9).optional(),
        video_urls: z.array(file).max(3).optional(),
        audio_urls: z.array(file).max(3).optional(),
      })
      .refine((input) => {
        const files = [input.image_urls, input.video_urls, input.audio_urls].flatMap((urls) => urls ?? []);
        return files.length >= 1 && files.length <= 12;
      }, '1 to 12 files in all.'),
    files: ['image_urls', 'video_urls', 'audio_urls'],
    media: clip,
  },
  {
    id: 'fal-ai/bytedance/seedance/v1.5/pro/image-to-video',
    input: z.strictObject({
      ...{ prompt, ...firstAndLast },
      duration: seconds(4, 12).default('5'),
      resolution: z.enum(['480p', '720p', '1080p']).default('720p'),
      aspect_ratio: videoAspect.default('16:9'),
      camera_fixed: z.boolean().default(false),
      generate_audio: z.boolean().default(true),
      enable_safety_checker: z.boolean().default(true),
      seed: wholeSeed.optional(),
    }),
    files: ['image_url', 'end_image_url'],
    media: clip,
  },
  {
    id: 'fal-ai/kling-video/v3/pro/image-to-video',
    input: z
      .strictObject({
        start_image_url: file,
        end_image_url: file.optional(),
        prompt: prompt.max(2500).optional(),
        multi_prompt: z.array(z.strictObject({ prompt: prompt.max(2500), duration: seconds(1, 15) })).optional(),
        duration: seconds(3, 15).default('5'),
        elements: z
          .array(
            z.strictObject({
              frontal_image_url: file.optional(),
              reference_image_urls: z.array(file).optional(),
              video_url: file.optional(),
            }),
          )
          .optional(),
        shot_type: z.string().optional(),
        cfg_scale: z.number().min(0).max(1).default(0.5),
        negative_prompt: z.string().default(''),
        generate_audio: z.boolean().default(true),
      })
      .refine((input) => (input.prompt === undefined) !== (input.multi_prompt === undefined), {
        message: 'Give prompt or multi_prompt, not both and not neither.',
        path: ['prompt'],
      }),
    files: ['start_image_url', 'end_image_url'],
    media: clip,
  },
  {
    id: 'fal-ai/veo3.1/image-to-video',
    input: z.strictObject({
      ...{ prompt, image_url: file },
      duration: z.enum(['4s', '6s', '8s']).default('8s'),
      aspect_ratio: z.enum(['auto', '16:9', '9:16']).default('auto'),
      resolution: z.enum(['720p', '1080p', '4k']).default('720p'),
      generate_audio: z.boolean().default(true),
      negative_prompt: z.string().optional(),
      seed: wholeSeed.optional(),
      auto_fix: z.boolean().default(false),
      safety_tolerance: safety.default('4'),
    }),
    files: ['image_url'],
    media: clip,
  },
];

const stills: FalEndpoint[] = [
  { id: 'fal-ai/nano-banana-pro', input: z.strictObject(bananaFields), files: [], media: banana },
  {
    id: 'fal-ai/nano-banana-pro/edit',
    input: z.strictObject({
      ...bananaFields,
      aspect_ratio: bananaFields.aspect_ratio.default('auto'),
      image_urls: z.array(file).min(1).max(14),
    }),
    files: ['image_urls'],
    media: banana,
  },
  { id: 'openai/gpt-image-2', input: z.strictObject(gptFields), files: [], media: sized(false) },
  {
    id: 'openai/gpt-image-2/edit',
    input: z.strictObject({ ...gptFields, image_urls: z.array(file).min(1).max(16), mask_url: file.optional() }),
    files: ['image_urls', 'mask_url'],
    media: sized(false),
  },
  { id: 'fal-ai/flux-2-pro', input: z.strictObject(fluxFields), files: [], media: sized(true) },
  {
    id: 'fal-ai/flux-2-pro/edit',
    input: z.strictObject({ ...fluxFields, image_urls: z.array(file).min(1).max(9) }),
    files: ['image_urls'],
    media: sized(true),
  },
];

const byId = new Map([...clips, ...stills].map((endpoint) => [endpoint.id, endpoint]));
export const falEndpointIds: readonly string[] = [...byId.keys()];

export function falEndpoint(id: string): FalEndpoint | null {
  return byId.get(id) ?? null;
}

/** The prompt of an input, those of several shots in one text. */
export function promptOf({ prompt: one, multi_prompt: several }: Record<string, unknown>): string {
  if (typeof one === 'string') return one;
  return ((several ?? []) as { prompt: string }[]).map((shot) => shot.prompt).join('\n');
}
