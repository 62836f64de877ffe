import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../src-main/platform/app-error.ts';
import { createLogger } from '../../../src-main/platform/logger.ts';
import { findDataFolder } from '../../../src-main/shell/data-folder.ts';
import { openFirstProjects } from '../../../src-main/shell/open-first-projects.ts';
import { readPort } from '../../../src-main/shell/read-port.ts';
import { copySample, findSample } from '../../../src-main/shell/sample-production.ts';
import type { KnownProject } from '../../../src-shared/api/projects-contract.ts';
import { fakeStudioMaker } from '../../fakes/fake-studio.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'circletake-start-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('findDataFolder', () => {
  it.each([
    ['linux', {}, '/people/me/.local/share/circletake'],
    ['linux', { XDG_DATA_HOME: '/data' }, '/data/circletake'],
    ['darwin', {}, '/people/me/Library/Application Support/Circletake'],
    ['win32', { APPDATA: '/roaming' }, '/roaming/Circletake'],
    ['linux', { CIRCLETAKE_DATA: '/elsewhere' }, '/elsewhere'],
  ] as const)('on %s with %j is %s', (platform, env, expected) => {
    expect(findDataFolder({ platform, env, home: join('/', 'people', 'me') })).toBe(expected);
  });
});

describe('readPort', () => {
  it('takes a port or none', () => {
    expect([readPort(undefined), readPort('1'), readPort('65535')]).toEqual([0, 1, 65_535]);
    for (const text of ['', '0', '65536', '-1', '1.5', '0x50', '٣', '80 ', 'http']) {
      expect(() => readPort(text), text).toThrow(/is not a port/);
    }
  });
});

describe('copySample', () => {
  const makeSample = async () => {
    const sample = join(folder, 'shipped');
    for (const path of ['plans', 'output/EP001', 'state', '.circletake', 'assets-src', 'assets/state']) {
      await mkdir(join(sample, path), { recursive: true });
      await writeFile(join(sample, path, 'file.txt'), path);
    }
    return sample;
  };

  it('copies the documents and not what was made while working on them', async () => {
    const target = join(folder, 'deep', 'mine');
    expect(await copySample(target, await makeSample())).toBe(target);
    expect((await readdir(target)).sort()).toEqual(['assets', 'plans']);
    expect(await readFile(join(target, 'assets', 'state', 'file.txt'), 'utf8')).toBe('assets/state');
    expect(await readdir(join(folder, 'deep'))).toEqual(['mine']);
  });

  it('fills an empty folder and changes nothing in a full one or a file', async () => {
    const sample = await makeSample();
    const empty = join(folder, 'empty');
    await mkdir(empty);
    await copySample(empty, sample);
    expect(await readdir(empty)).toContain('plans');
    await expect(copySample(empty, sample)).rejects.toMatchObject({ code: 'input.invalid' });
    await writeFile(join(folder, 'file'), 'mine');
    await expect(copySample(join(folder, 'file'), sample)).rejects.toMatchObject({ code: 'input.invalid' });
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('mine');
    expect((await readdir(folder)).sort()).toEqual(['empty', 'file', 'shipped']);
  });

  it('finds the sample that ships, or says that it is not there', async () => {
    expect(await readdir(await findSample())).toContain('project.json');
    await expect(findSample(join(folder, 'none'))).rejects.toMatchObject({ code: 'file.missing' });
  });
});

describe('openFirstProjects', () => {
  const known = (id: string, lastOpenedAt: string | null, trouble: string | null = null): KnownProject => ({
    ...{ id, title: id, displayPath: `/films/${id}`, open: false, lastOpenedAt, trouble },
  });
  async function start(list: KnownProject[], folders: string[] = []) {
    const { studio } = fakeStudioMaker(folder);
    const opened: string[] = [];
    const log: string[] = [];
    studio.projects.list = async () => list;
    studio.projects.open = async (id) => {
      opened.push(id);
      if (id === 'broken') throw new AppError({ code: 'project.invalid', message: 'broken' });
      return known(id, null);
    };
    studio.addProject = async (path) => {
      studio.added.push(path);
      return known('added', null);
    };
    const logger = createLogger({ level: 'warn', write: (line) => log.push(line) });
    await openFirstProjects(studio, { folders, dataFolder: folder, logger });
    return { opened, added: studio.added, log };
  }

  it('opens the folders that were named, and nothing else', async () => {
    const { opened, added } = await start([known('a', '2026-01-01T00:00:00Z')], ['/films/x', '/films/y']);
    expect([opened, added]).toEqual([[], ['/films/x', '/films/y']]);
  });

  it('opens the project that was open last and can be opened', async () => {
    const list = [
      known('old', '2026-01-01T00:00:00Z'),
      known('last', '2026-02-01T00:00:00Z'),
      known('lost', '2026-03-01T00:00:00Z', 'The folder is gone.'),
    ];
    expect((await start(list)).opened).toEqual(['last']);
  });

  it('starts without a project rather than not at all', async () => {
    const { opened, log } = await start([known('broken', null)]);
    expect(opened).toEqual(['broken']);
    expect(log).toHaveLength(1);
    expect((await start([known('lost', null, 'gone')])).opened).toEqual([]);
  });

  it('copies the sample at the very first start, once', async () => {
    const sample = join(folder, 'projects', 'sample');
    expect((await start([])).added).toEqual([sample]);
    await writeFile(join(sample, 'mine.txt'), 'kept');
    expect((await start([])).added).toEqual([sample]);
    expect(await readFile(join(sample, 'mine.txt'), 'utf8')).toBe('kept');
  });
});
