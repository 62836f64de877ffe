import { z } from 'zod';
import { sha256Schema } from './hash.ts';
import { shotIdSchema, takeIdSchema } from './ids.ts';
import { mediaProbeSchema, preparedMediaSchema } from './media.ts';
import { microUsdSchema } from './money.ts';
import { phaseSchema } from './phase.ts';
import { provenanceRecordSchema } from './provenance.ts';
import { gateResultSchema, gateStatusSchema } from './verdict.ts';

/** `generated`: by a provider. `external`: a file that arrived in an output folder. `override`: the director's own file. */
const takeSourceSchema = z.enum(['generated', 'external', 'override']);
export type TakeSource = z.infer<typeof takeSourceSchema>;

/** What the director said of a take. A take nobody has judged is `unreviewed`; a circled take is `approved`. */
const takeReviewStateSchema = z.enum(['unreviewed', 'approved', 'rejected']);
export type TakeReviewState = z.infer<typeof takeReviewStateSchema>;

/** One take: a file in an output folder, its hash and what is known of it. Never changed once recorded. */
export const takeSchema = z.strictObject({
  id: takeIdSchema,
  shotId: shotIdSchema,
  phase: phaseSchema,
  /** T<n>, counted per shot across its phases */
  number: z.number().int().positive(),
  source: takeSourceSchema,
  /** relative to the project folder, forward slashes */
  path: z.string(),
  sha256: sha256Schema,
  probe: mediaProbeSchema,
  prepared: preparedMediaSchema.nullable(),
  attemptId: z.string().nullable(),
  parentTakeId: takeIdSchema.nullable(),
  provider: z.string().nullable(),
  model: z.string().nullable(),
  seed: z.number().int().nullable(),
  costMicroUsd: microUsdSchema,
  review: takeReviewStateSchema,
  /** worst status over the gates; null before they have run */
  gateStatus: gateStatusSchema.nullable(),
  /** it was made with a hero that has been replaced since */
  madeWithOldHero: z.boolean(),
  createdAt: z.iso.datetime(),
});
export type Take = z.infer<typeof takeSchema>;

/** A take with everything recorded of it, for the inspector. */
export const takeDetailSchema = z.strictObject({
  take: takeSchema,
  provenance: provenanceRecordSchema,
  gates: z.array(gateResultSchema),
  /** absolute path for people to copy, shown and never sent back */
  displayPath: z.string(),
});
export type TakeDetail = z.infer<typeof takeDetailSchema>;

/** One file looked at again: the hash computed now against the hash recorded. */
const verifiedFileSchema = z.strictObject({
  role: z.string(),
  path: z.string(),
  recordedSha256: sha256Schema,
  /** null when the file is missing or unreadable */
  actualSha256: sha256Schema.nullable(),
  result: z.enum(['matches', 'changed', 'missing']),
});
export type VerifiedFile = z.infer<typeof verifiedFileSchema>;
export const verifyReportSchema = z.strictObject({
  takeId: takeIdSchema,
  verifiedAt: z.iso.datetime(),
  files: z.array(verifiedFileSchema),
});
export type VerifyReport = z.infer<typeof verifyReportSchema>;
