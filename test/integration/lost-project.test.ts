import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Studio } from '../../src-main/api/studio-services.ts';
import { silentLogger } from '../../src-main/platform/logger.ts';
import { createStudio } from '../../src-main/studio.ts';
import { makeProject } from '../fixtures/make-project.ts';

let studio: Studio | null = null;
const folders: string[] = [];
afterEach(async () => {
  await studio?.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

test('a project whose folder is taken away is closed and says why', async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'circletake-lost-'));
  const made = makeProject({ shots: 1 });
  folders.push(dataFolder, made.dir, `${made.dir}-away`);
  studio = await createStudio({ dataFolder, rememberProjects: true, logger: silentLogger });
  const { id } = await studio.addProject(made.dir);
  const { closed } = studio.project(id).journal;
  const ended = new Promise<void>((resolve) => closed.addEventListener('abort', () => resolve(), { once: true }));
  renameSync(made.dir, `${made.dir}-away`);
  await ended;
  expect(() => studio?.project(id)).toThrow(expect.objectContaining({ code: 'project.not-open' }));
  const [known] = await studio.projects.list();
  expect(known).toMatchObject({ id, open: false, trouble: expect.stringContaining('taken away') });
});
