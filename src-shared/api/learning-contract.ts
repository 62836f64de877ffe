import { z } from 'zod';
import { projectIdSchema } from '../domain/ids.ts';
import { learningReportSchema, sharedFindingSchema } from '../domain/learning-report.ts';
import { procedure } from './procedure.ts';

const ofProject = z.strictObject({ projectId: projectIdSchema });

/** What all projects of this user have learned, and where it is kept. */
const sharedLearningsViewSchema = z.strictObject({
  findings: z.array(sharedFindingSchema),
  /** for people to read, never sent back */
  displayPath: z.string(),
});
export type SharedLearningsView = z.infer<typeof sharedLearningsViewSchema>;

export const learningContract = {
  /** The report over everything recorded up to `seq` of the journal. */
  report: procedure
    .input(ofProject)
    .output(z.strictObject({ seq: z.number().int().nonnegative(), report: learningReportSchema })),
  /** What all projects of this user have learned. */
  shared: procedure.input(ofProject).output(sharedLearningsViewSchema),
  /** Puts this project's suggestions among them; what is there already is not added again. */
  share: procedure
    .input(ofProject)
    .output(z.strictObject({ added: z.number().int().nonnegative(), shared: sharedLearningsViewSchema })),
};
