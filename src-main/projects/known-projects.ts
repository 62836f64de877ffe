/** The projects that this user has opened: a small list in the data folder, written whole. A damaged list is set aside, never lost. */
import { createHash } from 'node:crypto';
import { realpath, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { projectIdSchema } from '../../src-shared/domain/ids.ts';
import type { Clock } from '../orchestrator/ports/clock.ts';
import { makeFolder, readJsonFile, writeFileAtomic } from '../platform/atomic-file.ts';

const entrySchema = z.object({
  id: projectIdSchema,
  title: z.string(),
  folder: z.string(),
  lastOpenedAt: z.iso.datetime().nullable(),
});
const listSchema = z.object({ schema_version: z.literal('circletake.projects.v1'), projects: z.array(entrySchema) });
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
  remember(entry: Omit<KnownEntry, 'lastOpenedAt'>): Promise<void>;
}

/** The list in `dataFolder`; `remember: false` keeps it in memory (the command line leaves the file alone). */
export function openKnownProjects(options: { dataFolder: string; remember: boolean; clock: Clock }): KnownProjectList {
  const path = join(options.dataFolder, 'projects.json');
  let entries: Promise<KnownEntry[]> | null = null;
  const load = () => {
    entries ??= options.remember ? readList(path) : Promise.resolve([]);
    return entries;
  };
  let writing: Promise<void> = Promise.resolve();
  return {
    list: async () => [...(await load())],
    async remember(entry) {
      const others = (await load()).filter((known) => known.id !== entry.id);
      const next = [{ ...entry, lastOpenedAt: options.clock.now().toISOString() }, ...others];
      entries = Promise.resolve(next);
      if (!options.remember) return;
      writing = writing.then(async () => {
        await makeFolder(options.dataFolder);
        const list = { schema_version: 'circletake.projects.v1' as const, projects: next };
        await writeFileAtomic(path, `${JSON.stringify(list, null, 2)}\n`);
      });
      await writing;
    },
  };
}

async function readList(path: string): Promise<KnownEntry[]> {
  const content = await readJsonFile(path).catch((error: unknown) => {
    const missing = error instanceof Error && Reflect.get(error, 'code') === 'file.missing';
    return missing ? { schema_version: 'circletake.projects.v1', projects: [] } : null;
  });
  const parsed = listSchema.safeParse(content);
  if (parsed.success) return parsed.data.projects;
  await rename(path, `${path}.damaged`).catch(() => undefined);
  return [];
}
