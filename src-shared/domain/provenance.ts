import { z } from 'zod';
import { sha256Schema } from './hash.ts';
import { episodeIdSchema, shotIdSchema, takeIdSchema } from './ids.ts';
import { phaseSchema } from './phase.ts';

/** One reference as it was sent: role, path inside the project, hash of the bytes sent. */
export const refUsedSchema = z.strictObject({ role: z.string(), path: z.string(), hash: sha256Schema });
export type RefUsed = z.infer<typeof refUsedSchema>;

const jsonValue: z.ZodType<unknown> = z.json();

/**
 * The provenance record as it stands on disk: inline in the database, as the take's sidecar, in the manifest and as one
 * line of the JSONL manifest (facts/orchestrator.md §3, with whole hashes). Costs are dollars with four decimals.
 */
export const provenanceRecordSchema = z.strictObject({
  take_id: takeIdSchema,
  shot_id: shotIdSchema,
  episode_id: episodeIdSchema,
  project: z.string(),
  /** made by the simulator, in a rehearsal: nothing was spent */
  rehearsal: z.literal(true).optional(),
  attempt: z.number().int().positive(),
  timestamp: z.iso.datetime(),
  source: z.enum(['generated', 'external', 'override']),
  media: z.strictObject({ path: z.string(), sha256: sha256Schema, size_bytes: z.number().int().nonnegative() }),
  generation: z.strictObject({
    phase: phaseSchema,
    provider: z.string().nullable(),
    model: z.string().nullable(),
    endpoint: z.string().nullable(),
    workflow: z.string().nullable(),
    /** the workflow that this one replaced, by the supervisor's decision */
    fallback_from: z.string().optional(),
    provider_job_id: z.string().nullable(),
    prompt: z.string(),
    negative_prompt: z.string(),
    seed: z.number().int().nullable(),
    params: z.record(z.string(), jsonValue),
    refs_used: z.array(refUsedSchema),
    request_sha256: sha256Schema.nullable(),
  }),
  gates: z.record(
    z.string(),
    z.strictObject({ passed: z.boolean(), reason: z.string(), cost: z.number().nonnegative(), deferred: z.boolean() }),
  ),
  cost: z.record(z.string(), z.number().nonnegative()),
  video: z
    .strictObject({
      model: z.string(),
      prompt: z.string(),
      duration: z.number().positive(),
      start_frame: refUsedSchema.nullable(),
    })
    .optional(),
  human_review: z
    .strictObject({
      decision: z.enum(['approved', 'rejected', 'overridden']),
      reasons: z.array(z.string()),
      note: z.string(),
      decided_at: z.iso.datetime(),
      decided_by: z.string(),
    })
    .optional(),
  lineage: z.strictObject({ parent_take: takeIdSchema, change_reason: z.string(), prompt_diff: z.string() }).optional(),
});
export type ProvenanceRecord = z.infer<typeof provenanceRecordSchema>;

/** `output/manifests/<episodeId>_manifest.json`. */
export const manifestSchema = z.strictObject({
  episode_id: episodeIdSchema,
  project: z.string(),
  rehearsal: z.literal(true).optional(),
  generated_at: z.iso.datetime(),
  total_takes: z.number().int(),
  total_cost: z.number().nonnegative(),
  takes: z.array(provenanceRecordSchema),
});
