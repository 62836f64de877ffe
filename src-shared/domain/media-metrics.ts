import { z } from 'zod';

const number = z.number();

/** Sound in windows of `windowSeconds`; a silent window is null (minus infinity). */
const audioMetricsSchema = z.strictObject({
  windowSeconds: number.positive(),
  rmsDb: z.array(number.nullable()),
  /** loudest sample, dBFS; null for digital silence */
  peakDb: number.nullable(),
  /** how flat the wave is where it reaches full scale: 0 clean, above 5 clipped */
  flatFactor: number,
});
export type AudioMetrics = z.infer<typeof audioMetricsSchema>;

/** Whether a file decodes to its end with every error fatal. */
const decodeMetricsSchema = z.strictObject({ ok: z.boolean(), message: z.string().nullable() });
export type DecodeMetrics = z.infer<typeof decodeMetricsSchema>;

/** Raw figures of one clip, one entry per decoded frame, luma 0–255. Judging them is the gate's work. */
const clipMetricsSchema = z.strictObject({
  kind: z.literal('clip'),
  decode: decodeMetricsSchema,
  frameCount: number.int().nonnegative(),
  /** mean luma */
  luma: z.array(number),
  /** mean absolute difference to the frame before; the first is null */
  change: z.array(number.nullable()),
  /** share of pixels that are black, 0–1 */
  black: z.array(number),
  sharpness: z.strictObject({
    framesPerSecond: number.positive(),
    /** Laplacian variance at 640 × 360 */
    variances: z.array(number),
  }),
  audio: audioMetricsSchema.nullable(),
});
export type ClipMetrics = z.infer<typeof clipMetricsSchema>;

const stillMetricsSchema = z.strictObject({
  kind: z.literal('still'),
  decode: decodeMetricsSchema,
  luma: number.nullable(),
  /** standard deviation of luma: 0 for a blank picture */
  lumaDeviation: number.nullable(),
  black: number.nullable(),
  /** Laplacian variance at 640 × 360 */
  sharpness: number.nullable(),
});
export type StillMetrics = z.infer<typeof stillMetricsSchema>;

export const mediaMetricsSchema = z.discriminatedUnion('kind', [clipMetricsSchema, stillMetricsSchema]);
export type MediaMetrics = z.infer<typeof mediaMetricsSchema>;
