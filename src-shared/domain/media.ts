import { z } from 'zod';
import { frameRateSchema } from './timecode.ts';

const mediaKindSchema = z.enum(['clip', 'still', 'audio']);

/**
 * How a take can be looked at. `native`: Chromium decodes it. `proxy-needed`: real media that only ffmpeg decodes.
 * `unreadable`: nothing here can decode it; `problem` says why.
 */
const playabilitySchema = z.enum(['native', 'proxy-needed', 'unreadable']);
export type Playability = z.infer<typeof playabilitySchema>;

/** What a file is, read from its bytes. Unknown is null, never 0. */
export const mediaProbeSchema = z.object({
  kind: mediaKindSchema,
  container: z.string(),
  mimeType: z.string(),
  width: z.number().int().positive().nullable(),
  height: z.number().int().positive().nullable(),
  /** clockwise degrees to show the picture upright */
  rotation: z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)]),
  durationSeconds: z.number().nonnegative().nullable(),
  frameRate: frameRateSchema.nullable(),
  frameCount: z.number().int().nonnegative().nullable(),
  videoCodec: z.string().nullable(),
  pixelFormat: z.string().nullable(),
  hasAudio: z.boolean(),
  audioCodec: z.string().nullable(),
  sizeBytes: z.number().int().nonnegative(),
  playability: playabilitySchema,
  /** a sentence for people when the file is damaged or cannot be decoded */
  problem: z.string().nullable(),
});
export type MediaProbe = z.infer<typeof mediaProbeSchema>;

/** Derived pictures of one take, made in one ffmpeg run and cached by content hash. */
const filmstripSchema = z.object({
  columns: z.number().int().positive(),
  rows: z.number().int().positive(),
  tileWidth: z.number().int().positive(),
  tileHeight: z.number().int().positive(),
  /** media time of tile n is n × this */
  secondsPerTile: z.number().positive(),
  tileCount: z.number().int().positive(),
});
export type Filmstrip = z.infer<typeof filmstripSchema>;

export const preparedMediaSchema = z.object({
  poster: z.boolean(),
  filmstrip: filmstripSchema.nullable(),
  /** an all-intra H.264 copy, 540 pixels on its short side at most, with the original's frames one for one */
  proxy: z.boolean(),
});
export type PreparedMedia = z.infer<typeof preparedMediaSchema>;
