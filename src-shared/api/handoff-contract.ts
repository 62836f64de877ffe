import { z } from 'zod';
import { episodeIdSchema, projectIdSchema } from '../domain/ids.ts';
import { procedure } from './procedure.ts';

/** Where an export was written (relative to the project folder) and what it holds. */
const exportReportSchema = z.strictObject({
  manifestPath: z.string(),
  manifestJsonlPath: z.string(),
  selectsPath: z.string(),
  takes: z.number().int(),
  selects: z.number().int(),
});
export type ExportReport = z.infer<typeof exportReportSchema>;

export const handoffContract = {
  /** Writes manifests and selects of an episode again from the database. */
  exportEpisode: procedure
    .input(z.strictObject({ projectId: projectIdSchema, episodeId: episodeIdSchema }))
    .output(exportReportSchema),
};
