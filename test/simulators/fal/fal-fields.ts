/** Parts that inputs of several fal endpoints have in common. */
import { z } from 'zod';
import { isGptImageSize, type Size } from '../media/frame-size.ts';

export const prompt = z.string().min(1);
export const file = z.string().min(1);
export const wholeSeed = z.number().int();
export const safety = z.enum(['1', '2', '3', '4', '5', '6']);
export const videoAspect = z.enum(['auto', '21:9', '16:9', '4:3', '1:1', '3:4', '9:16']);
export const pictureCount = z.number().int().min(1).max(4).default(1);

/** Lengths as strings, both ends included: `seconds(4, 6)` is "4" | "5" | "6". */
export function seconds(from: number, to: number) {
  return z.enum(Array.from({ length: to - from + 1 }, (_, index) => String(from + index)));
}

const namedSizes: Record<string, Size> = {
  square_hd: { width: 1024, height: 1024 },
  square: { width: 512, height: 512 },
  portrait_4_3: { width: 768, height: 1024 },
  portrait_16_9: { width: 576, height: 1024 },
  landscape_4_3: { width: 1024, height: 768 },
  landscape_16_9: { width: 1024, height: 576 },
};
const side = z.number().int().min(64).max(4096);
export const imageSize = z.union([
  z.enum(['auto', ...Object.keys(namedSizes)]),
  z.strictObject({ width: side, height: side }),
]);

/** GPT Image takes sizes in pixels only of a certain kind. */
export const gptImageSize = imageSize.refine(
  (size) => typeof size === 'string' || isGptImageSize(size),
  'Sides are multiples of 16, no longer than 3:1, up to 3840, with 655360 to 8294400 pixels.',
);

/** The size that an `image_size` asks for. */
export function sizeOfImage(asked: z.infer<typeof imageSize> | undefined): Size {
  if (typeof asked === 'object') return asked;
  return namedSizes[asked ?? ''] ?? { width: 1024, height: 1024 };
}
