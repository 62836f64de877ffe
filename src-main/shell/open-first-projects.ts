import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Studio } from '../api/studio-services.ts';
import type { Logger } from '../platform/logger.ts';
import { copySample } from './sample-production.ts';

export interface FirstProjects {
  /** folders that were named at the start; they must open */
  folders: string[];
  dataFolder: string;
  logger: Logger;
}

/**
 * What is open when a host starts: the folders that were named; else the project that was open last; on the very first
 * start a copy of the sample production. Without named folders nothing here keeps the Studio from starting.
 */
export async function openFirstProjects(studio: Studio, { folders, dataFolder, logger }: FirstProjects): Promise<void> {
  for (const folder of folders) await studio.addProject(folder);
  if (folders.length > 0) return;
  const known = await studio.projects.list();
  if (known.some((project) => project.open)) return;
  try {
    const latest = known
      .filter((project) => project.trouble === null)
      .sort((a, b) => (b.lastOpenedAt ?? '').localeCompare(a.lastOpenedAt ?? ''))[0];
    if (latest) await studio.projects.open(latest.id);
    else if (known.length === 0) await openSample(studio, dataFolder);
  } catch (error) {
    logger.warn('no project could be opened at the start', { error });
  }
}

async function openSample(studio: Studio, dataFolder: string): Promise<void> {
  const folder = join(dataFolder, 'projects', 'sample');
  if (!existsSync(join(folder, 'project.json'))) await copySample(folder);
  await studio.addProject(folder);
}
