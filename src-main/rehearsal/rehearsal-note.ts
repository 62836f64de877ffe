import { join } from 'node:path';
import { z } from 'zod';
import { projectIdSchema } from '../../src-shared/domain/ids.ts';
import { readJsonFile, writeFileAtomic } from '../platform/atomic-file.ts';

/** `rehearsal-of.json` of a rehearsal: which project it is a copy of, and what its simulator does. */
const rehearsalNoteSchema = z.strictObject({
  schema_version: z.literal('circletake.rehearsal-of.v1'),
  project_id: projectIdSchema,
  title: z.string(),
  folder: z.string(),
  trouble: z.enum(['none', 'rough-night']),
  created_at: z.iso.datetime(),
});
export type RehearsalNote = z.infer<typeof rehearsalNoteSchema>;

const fileName = 'rehearsal-of.json';

export async function writeRehearsalNote(folder: string, note: RehearsalNote): Promise<void> {
  await writeFileAtomic(join(folder, fileName), `${JSON.stringify(note, null, 2)}\n`);
}

/** Null when there is none or it cannot be read: a rehearsal works without, only the way back is not known. */
export async function readRehearsalNote(folder: string): Promise<RehearsalNote | null> {
  const read = rehearsalNoteSchema.safeParse(await readJsonFile(join(folder, fileName)).catch(() => null));
  return read.success ? read.data : null;
}
