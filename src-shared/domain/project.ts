import { z } from 'zod';
import { autonomyConfigSchema } from './batch.ts';
import { episodeIdSchema, slugSchema } from './ids.ts';
import { microUsdSchema } from './money.ts';
import { phaseSchema } from './phase.ts';
import { frameRateSchema } from './timecode.ts';

const relativePath = z.string().regex(/^[^/\\:][^\\:]*$/, 'a path inside the project, with forward slashes');

/** Money limits of a project, in micro-USD (decisions.md 4). */
const capsSchema = z.strictObject({
  batch_micro_usd: microUsdSchema.default(25_000_000),
  project_micro_usd: microUsdSchema.default(50_000_000),
  retry_micro_usd_per_shot: microUsdSchema.default(6_000_000),
});

const episodeEntrySchema = z.strictObject({
  id: episodeIdSchema,
  title: z.string(),
  plan: relativePath,
  script: relativePath.optional(),
});

/** `project.json`, the root document of a project folder. */
export const projectFileSchema = z.strictObject({
  schema_version: z.literal('circletake.project.v1'),
  slug: slugSchema,
  title: z.string().min(1),
  fps: frameRateSchema.default({ num: 24, den: 1 }),
  aspect: z
    .strictObject({ width: z.number().int().positive(), height: z.number().int().positive() })
    .default({ width: 9, height: 16 }),
  resolution: z
    .strictObject({
      width: z.number().int().min(64).max(8192).multipleOf(2),
      height: z.number().int().min(64).max(8192).multipleOf(2),
    })
    .default({ width: 720, height: 1280 }),
  caps: capsSchema.default(() => capsSchema.parse({})),
  autonomy: autonomyConfigSchema.default(() => autonomyConfigSchema.parse({})),
  auto_advance_phases: z.array(phaseSchema).default([]),
  default_provider: slugSchema.default('embedded'),
  /** workflows that this project uses instead of its default provider's, by phase */
  provider_strategy: z.partialRecord(phaseSchema, z.string().min(1)).optional(),
  /** a copy to rehearse in: its providers are the simulator, nothing is spent */
  rehearsal: z.boolean().optional(),
  episodes: z.array(episodeEntrySchema).min(1, 'list at least one episode'),
});
export type ProjectFile = z.infer<typeof projectFileSchema>;

/** What every export of a rehearsal carries; nothing in a production. */
export function rehearsalMark(project: Pick<ProjectFile, 'rehearsal'>): { rehearsal?: true } {
  return project.rehearsal === true ? { rehearsal: true } : {};
}
