/** The projects that this user has opened: a small list in the data folder, written whole. A damaged list is set aside, never lost. */
import { createHash } from 'node:crypto';
import { realpath, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { projectIdSchema } from '../../src-shared/domain/ids.ts';
import type { Clock } from '../orchestrator/ports/clock.ts';
import { AppError } from '../platform/app-error.ts';
import { makeFolder, readJsonFile, writeFileAtomic } from '../platform/atomic-file.ts';
import { createSemaphore } from '../platform/semaphore.ts';

const entrySchema = z.object({
  id: projectIdSchema,
  title: z.string(),
  folder: z.string(),
  lastOpenedAt: z.iso.datetime().nullable(),
  /** the project that this one is a rehearsal of */
  rehearsalOf: projectIdSchema.nullable().default(null),
});
const listSchema = z.object({ schema_version: z.literal('circletake.projects.v1'), projects: z.array(entrySchema) });
const empty: z.infer<typeof listSchema> = { schema_version: 'circletake.projects.v1', projects: [] };
export type KnownEntry = z.infer<typeof entrySchema>;

/** `<slug>-<six hex digits of the folder>`: two folders of the same slug are two projects. */
export async function projectIdOf(slug: string, folder: string): Promise<string> {
  const place = createHash('sha256')
    .update(await realpath(folder))
    .digest('hex')
    .slice(0, 6);
  return `${slug.slice(0, 50)}-${place}`;
}

export interface KnownProjectList {
  list(): Promise<KnownEntry[]>;
  remember(entry: Omit<KnownEntry, 'lastOpenedAt' | 'rehearsalOf'> & { rehearsalOf?: string | null }): Promise<void>;
  forget(projectId: string): Promise<void>;
}

/** The list in `dataFolder`; `remember: false` keeps it in memory (the command line leaves the file alone). */
export function openKnownProjects(options: { dataFolder: string; remember: boolean; clock: Clock }): KnownProjectList {
  const { dataFolder, remember, clock } = options;
  const path = join(dataFolder, 'projects.json');
  let inMemory: KnownEntry[] = [];
  /** One after the other, and each on the list as it is then: nothing that was remembered meanwhile is lost. */
  const turns = createSemaphore(1);
  const read = () => (remember ? readList(path, clock) : Promise.resolve(inMemory));
  const keep = async (entries: KnownEntry[]) => {
    inMemory = entries;
    if (!remember) return;
    await makeFolder(dataFolder);
    const list = { schema_version: 'circletake.projects.v1' as const, projects: entries };
    await writeFileAtomic(path, `${JSON.stringify(list, null, 2)}\n`);
  };
  return {
    list: () => turns.run(read),
    remember: (entry) =>
      turns.run(async () => {
        const others = (await read()).filter((known) => known.id !== entry.id);
        await keep([{ rehearsalOf: null, ...entry, lastOpenedAt: clock.now().toISOString() }, ...others]);
      }),
    forget: (projectId) => turns.run(async () => keep((await read()).filter((known) => known.id !== projectId))),
  };
}

async function readList(path: string, clock: Clock): Promise<KnownEntry[]> {
  const content = await readJsonFile(path).catch((error: unknown) => {
    if (error instanceof SyntaxError) return null;
    if (error instanceof AppError && error.code === 'file.missing') return empty;
    throw error;
  });
  const parsed = listSchema.safeParse(content);
  if (parsed.success) return parsed.data.projects;
  await rename(path, `${path}.damaged-${clock.now().getTime()}`).catch(() => undefined);
  return [];
}
