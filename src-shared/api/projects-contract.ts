import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { batchSchema, spendSchema } from '../domain/batch.ts';
import { episodeIdSchema, projectIdSchema, slugSchema } from '../domain/ids.ts';
import { lineStateSchema, problemSchema } from '../domain/journal.ts';
import { projectFileSchema } from '../domain/project.ts';
import { shotSchema } from '../domain/shot.ts';
import { procedure } from './procedure.ts';

/** A project that this machine knows of. */
const knownProjectSchema = z.strictObject({
  id: projectIdSchema,
  title: z.string(),
  /** for people to read; never sent back */
  displayPath: z.string(),
  open: z.boolean(),
  lastOpenedAt: z.iso.datetime().nullable(),
  /** why it cannot be opened, null when it can */
  trouble: z.string().nullable(),
  /** of a rehearsal: the project it is a copy of */
  rehearsalOf: projectIdSchema.optional(),
});
export type KnownProject = z.infer<typeof knownProjectSchema>;

/** What the shot list shows beside a shot. */
const shotSummarySchema = z.strictObject({
  takeCount: z.number().int(),
  /** the take whose poster stands for the shot: the approved one of the furthest phase, else the newest */
  posterTakeId: z.string().nullable(),
  spentMicroUsd: z.number().int(),
});
export type ShotSummary = z.infer<typeof shotSummarySchema>;

/** All that the shell and the shot list need, as of journal number `seq`. */
export const projectSnapshotSchema = z.strictObject({
  seq: z.number().int().nonnegative(),
  projectId: projectIdSchema,
  displayPath: z.string(),
  project: projectFileSchema,
  episodeId: episodeIdSchema,
  shots: z.array(shotSchema),
  summaries: z.record(z.string(), shotSummarySchema),
  batches: z.array(batchSchema),
  spend: spendSchema,
  lineState: lineStateSchema,
  problems: z.array(problemSchema),
});
export type ProjectSnapshot = z.infer<typeof projectSnapshotSchema>;

/** A snapshot as it travels: what holds for all of it, then its shots in their order. */
export const snapshotSliceSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('head'),
    head: projectSnapshotSchema.omit({ shots: true, summaries: true }),
    shotCount: z.number().int().nonnegative(),
  }),
  z.strictObject({ kind: z.literal('shots'), ...projectSnapshotSchema.pick({ shots: true, summaries: true }).shape }),
]);
export type SnapshotSlice = z.infer<typeof snapshotSliceSchema>;

export const projectsContract = {
  list: procedure.output(z.array(knownProjectSchema)),
  /** Opens a known project; the answer says that it is open or why it cannot be. */
  open: procedure.input(z.strictObject({ projectId: projectIdSchema })).output(knownProjectSchema),
  close: procedure
    .input(z.strictObject({ projectId: projectIdSchema }))
    .output(z.strictObject({ closed: z.boolean() })),
  /** Makes a new project with an empty one-shot plan in the user's data folder. */
  create: procedure.input(z.strictObject({ slug: slugSchema, title: z.string().min(1) })).output(knownProjectSchema),
  /** In slices, which `gatherSnapshot` puts together. */
  snapshot: procedure
    .input(z.strictObject({ projectId: projectIdSchema, episodeId: episodeIdSchema.optional() }))
    .output(eventIterator(snapshotSliceSchema)),
};
