import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProject } from '../../../src-main/projects/create-project.ts';
import { openKnownProjects, projectIdOf } from '../../../src-main/projects/known-projects.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { openTestProject } from '../../fixtures/open-test-project.ts';

let dataFolder: string;
beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'circletake-data-'));
});
afterEach(() => rmSync(dataFolder, { recursive: true, force: true }));

const open = (remember = true) => openKnownProjects({ dataFolder, remember, clock: new FakeClock() });
const entry = (name: string) => ({ id: `${name}-abcdef`, title: name, folder: join(dataFolder, name) });

describe('the projects that are known here', () => {
  it('are there again after a restart, the latest first', async () => {
    const list = open();
    await list.remember(entry('one'));
    await list.remember(entry('two'));
    await list.remember(entry('one'));
    expect((await open().list()).map((project) => project.title)).toEqual(['one', 'two']);
  });

  it('are all kept when several are remembered at once', async () => {
    const list = open();
    await Promise.all(['a', 'b', 'c', 'd'].map((name) => list.remember(entry(name))));
    expect((await open().list()).map((project) => project.title).sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('are not written down when nothing is to be remembered', async () => {
    await open(false).remember(entry('one'));
    expect(readdirSync(dataFolder)).toEqual([]);
  });

  it('leave a damaged list aside and begin anew', async () => {
    writeFileSync(join(dataFolder, 'projects.json'), '{"projects": [');
    expect(await open().list()).toEqual([]);
    expect(readdirSync(dataFolder).some((name) => name.startsWith('projects.json.damaged'))).toBe(true);
  });

  it('have one id by whatever way the folder is reached, and another for another folder', async () => {
    mkdirSync(join(dataFolder, 'film'));
    mkdirSync(join(dataFolder, 'copy'));
    symlinkSync(join(dataFolder, 'film'), join(dataFolder, 'link'));
    const id = await projectIdOf('film', join(dataFolder, 'film'));
    expect(await projectIdOf('film', join(dataFolder, 'link'))).toBe(id);
    expect(await projectIdOf('film', join(dataFolder, 'copy'))).not.toBe(id);
  });
});

describe('a new project', () => {
  it('opens without a problem and never takes the place of another', async () => {
    const folder = await createProject(dataFolder, { slug: 'fresh', title: 'Fresh' });
    const opened = await openTestProject(folder, { clock: new FakeClock() });
    expect(opened.store.shots('EP001')).toHaveLength(1);
    expect(opened.store.problems()).toEqual([]);
    await opened.close();
    await expect(createProject(dataFolder, { slug: 'fresh', title: 'Fresh' })).rejects.toMatchObject({
      code: 'input.invalid',
    });
  });
});
