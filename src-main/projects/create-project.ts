import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { BibleFile } from '../../src-shared/domain/bible.ts';
import { planFileSchema } from '../../src-shared/domain/plan.ts';
import { projectFileSchema } from '../../src-shared/domain/project.ts';
import { AppError } from '../platform/app-error.ts';
import { makeFolder, writeFileAtomic } from '../platform/atomic-file.ts';

/** Makes a project with one episode of one shot to write on from; answers its folder. Never writes into an existing one. */
export async function createProject(parent: string, project: { slug: string; title: string }): Promise<string> {
  const folder = join(parent, project.slug);
  if (existsSync(folder)) {
    throw new AppError({
      code: 'input.invalid',
      message: `There is a project named ${project.slug} already.`,
      hint: 'Choose another short name.',
    });
  }
  const write = async (relative: string[], content: unknown) => {
    const path = join(folder, ...relative);
    await makeFolder(join(path, '..'));
    await writeFileAtomic(path, typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`);
  };
  const plan = planFileSchema.parse({
    schema_version: 'circletake.plan.v1',
    episode_id: 'EP001',
    title: 'Episode one',
    scenes: [{ scene_id: 'EP001_SC01', heading: 'INT. ROOM - DAY', summary: '' }],
    shots: [
      {
        shot_id: 'EP001_SH001',
        scene_id: 'EP001_SC01',
        prompt_data: { shot_type: 'wide', description: 'An empty room.', prompt_skeleton: {} },
        routing_data: { pipeline: 'i2v', duration: 3 },
        asset_data: {},
      },
    ],
  });
  const bible: BibleFile = {
    ...{ schema_version: 'circletake.bible.v1', title: project.title, logline: '', look: '' },
    ...{ characters: [], locations: [], props: [] },
  };
  await write(['plans', 'ep_001_plan.json'], plan);
  await write(['bible', 'bible.json'], bible);
  await write(['script', 'ep_001.fountain'], `Title: ${project.title}\n\nINT. ROOM - DAY\n\nAn empty room.\n`);
  const file = projectFileSchema.parse({
    ...{ schema_version: 'circletake.project.v1', slug: project.slug, title: project.title },
    episodes: [{ id: 'EP001', title: 'Episode one', plan: 'plans/ep_001_plan.json', script: 'script/ep_001.fountain' }],
  });
  await write(['project.json'], file);
  return folder;
}
