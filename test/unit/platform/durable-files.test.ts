import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { durableFiles } from '../../../src-main/platform/durable-files.ts';
import { installFailpoints, type Point } from '../../fault/failpoints.ts';

let folder: string;
let fetched: string;
let place: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'circletake-durable-'));
  fetched = join(folder, 'fetched');
  place = join(folder, 'output', 'SH001_T1_previs.png');
  await writeFile(fetched, 'the take');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function refusing(kinds: Partial<Record<Point['kind'], string>>): Promise<() => void> {
  return installFailpoints({
    folder,
    before({ kind }) {
      const code = kinds[kind];
      if (code !== undefined) throw Object.assign(new Error(code), { code });
    },
  });
}

const contents = async () => ({
  fetched: await readFile(fetched, 'utf8').catch(() => null),
  place: await readFile(place, 'utf8').catch(() => null),
  beside: await readdir(join(folder, 'output')),
});

const disks = [
  { name: 'a disk with links', refused: {} },
  { name: 'a disk without links', refused: { link: 'EPERM' } as const },
];

describe.each(disks)('a file that is moved into its place, on $name', ({ refused }) => {
  it('has one name afterwards, in a folder that is made', async () => {
    const restore = await refusing(refused);
    const moved = durableFiles.moveInto(fetched, place).finally(restore);
    await expect(moved).resolves.toBe(true);
    expect(await contents()).toEqual({ fetched: null, place: 'the take', beside: ['SH001_T1_previs.png'] });
  });

  it('never writes over a file that has the name, not even over one that came a moment ago', async () => {
    await mkdir(join(folder, 'output'));
    await writeFile(place, 'a person’s own');
    const restore = await refusing(refused);
    const moved = durableFiles.moveInto(fetched, place).finally(restore);
    await expect(moved).resolves.toBe(false);
    expect(await contents()).toEqual({
      fetched: 'the take',
      place: 'a person’s own',
      beside: ['SH001_T1_previs.png'],
    });
  });
});

describe('a file that cannot be moved into its place', () => {
  it('leaves nothing there and stays where it was', async () => {
    const restore = await refusing({ link: 'EPERM', rename: 'EIO' });
    const moved = durableFiles.moveInto(fetched, place).finally(restore);
    await expect(moved).rejects.toMatchObject({ code: 'file.unreadable' });
    expect(await contents()).toEqual({ fetched: 'the take', place: null, beside: [] });
  });
});

describe('a file that is moved to another disk', () => {
  /** the first link is to the other disk, the second one beside the copy there */
  const otherDisk = () => {
    let links = 0;
    return installFailpoints({
      folder,
      before({ kind }) {
        if (kind === 'link' && links++ === 0) throw Object.assign(new Error('EXDEV'), { code: 'EXDEV' });
      },
    });
  };

  it('is copied, and is at its new place alone', async () => {
    await mkdir(join(folder, 'output'));
    const restore = await otherDisk();
    const moved = durableFiles.moveInto(fetched, place).finally(restore);
    await expect(moved).resolves.toBe(true);
    expect(await contents()).toEqual({ fetched: null, place: 'the take', beside: ['SH001_T1_previs.png'] });
  });

  it('writes over nothing there', async () => {
    await mkdir(join(folder, 'output'));
    await writeFile(place, 'a person’s own');
    const restore = await otherDisk();
    const moved = durableFiles.moveInto(fetched, place).finally(restore);
    await expect(moved).resolves.toBe(false);
    expect(await contents()).toEqual({
      fetched: 'the take',
      place: 'a person’s own',
      beside: ['SH001_T1_previs.png'],
    });
  });
});
