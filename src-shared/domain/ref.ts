import { z } from 'zod';
import { sha256Schema } from './hash.ts';
import { shotIdSchema, slugSchema, takeIdSchema } from './ids.ts';

const subjectClassSchema = z.enum(['char', 'loc', 'prop']);
export type SubjectClass = z.infer<typeof subjectClassSchema>;

const slotPart = z.string().regex(/^[a-z0-9_-]{1,40}$/, 'use lower case letters, digits, "_" and "-"');

/** A slot holds one hero: a character's front, a location's wide plate. */
export const slotKeySchema = z.strictObject({
  subjectClass: subjectClassSchema,
  subjectId: slugSchema,
  kind: slotPart,
  view: slotPart,
});
export type SlotKey = z.infer<typeof slotKeySchema>;

/** `char:mara:identity/front` — for keys, messages and logs. */
export function slotKeyText(slot: SlotKey): string {
  return `${slot.subjectClass}:${slot.subjectId}:${slot.kind}/${slot.view}`;
}

/** One promotion, as a row of the pointer table and of `assets/refs.manifest.json`. */
export const refPromotionSchema = z.strictObject({
  subject_class: subjectClassSchema,
  subject_id: slugSchema,
  kind: slotPart,
  view: slotPart,
  /** relative to the project folder */
  path: z.string(),
  sha256: sha256Schema,
  source: z.string(),
  promoted_at: z.iso.datetime(),
  supersedes: sha256Schema.nullable(),
});
export type RefPromotion = z.infer<typeof refPromotionSchema>;

/** `assets/refs.manifest.json`: the active hero of every slot; an export of the pointer table, read when a project is new. */
export const refsManifestSchema = z.strictObject({
  schema_version: z.literal('circletake.refs.v1'),
  slots: z.array(refPromotionSchema),
});
export type RefsManifest = z.infer<typeof refsManifestSchema>;

/** A slot as the Refs room shows it. */
const refSlotSchema = z.strictObject({
  slot: slotKeySchema,
  hero: refPromotionSchema.nullable(),
  width: z.number().int().positive().nullable(),
  height: z.number().int().positive().nullable(),
  history: z.array(refPromotionSchema),
  usedByShots: z.array(shotIdSchema),
  /** approved takes that were made with a hero of this slot that is not the present one */
  takesMadeWithOldHero: z.array(takeIdSchema),
});
export type RefSlot = z.infer<typeof refSlotSchema>;

export const refSubjectSchema = z.strictObject({
  subjectClass: subjectClassSchema,
  subjectId: slugSchema,
  name: z.string(),
  description: z.string(),
  slots: z.array(refSlotSchema),
});
export type RefSubject = z.infer<typeof refSubjectSchema>;

/** What an uploaded image is, before it is promoted. */
export const refCandidateSchema = z.strictObject({
  uploadId: z.string(),
  sha256: sha256Schema,
  fileName: z.string(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  sizeBytes: z.number().int().positive(),
  mimeType: z.string(),
  /** things worth knowing that do not refuse it */
  warnings: z.array(z.string()),
});
export type RefCandidate = z.infer<typeof refCandidateSchema>;
