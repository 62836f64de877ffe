import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  readJsonFile,
  temporaryPathFor,
  toFileError,
  writeAtomic,
  writeFileAtomic,
} from '../../../src-main/platform/atomic-file.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'circletake-atomic-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a file is replaced whole and nothing else is left', async () => {
  const path = join(folder, 'state.json');
  await writeFileAtomic(path, 'first');
  await writeFileAtomic(path, 'second');
  expect(await readFile(path, 'utf8')).toBe('second');
  expect(await readdir(folder)).toEqual(['state.json']);
});

test('a write that fails leaves the old file and removes its temp', async () => {
  const path = join(folder, 'state.json');
  await writeFileAtomic(path, 'old');
  const write = writeAtomic(path, async (file) => {
    await file.write('half of the ne');
    throw new Error('broken off');
  });
  await expect(write).rejects.toThrow('broken off');
  expect(await readFile(path, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['state.json']);
});

test('readers never see a half-written file', async () => {
  const path = join(folder, 'big.json');
  const versions = ['a', 'b'].map((letter) => letter.repeat(400_000));
  await writeFileAtomic(path, versions[0] ?? '');
  const writes = Promise.all(Array.from({ length: 20 }, (_, at) => writeFileAtomic(path, versions[at % 2] ?? '')));
  for (let read = 0; read < 20; read += 1) expect(versions).toContain(await readFile(path, 'utf8'));
  await writes;
});

test('the temp is hidden, beside its file and short enough for any file system', () => {
  const temporary = temporaryPathFor(join(folder, 'x'.repeat(250)));
  expect(dirname(temporary)).toBe(folder);
  expect(basename(temporary)).toMatch(/^\..*\.part$/);
  expect(basename(temporary).length).toBeLessThan(255);
  expect(temporaryPathFor('/a/b')).not.toBe(temporaryPathFor('/a/b'));
});

test('a missing folder, a folder in place of a file and a full disk are said in words', async () => {
  await expect(writeFileAtomic(join(folder, 'none', 'a.json'), '')).rejects.toMatchObject({ code: 'file.missing' });
  await expect(readJsonFile(folder)).rejects.toMatchObject({ code: 'file.unreadable' });
  const full = toFileError(Object.assign(new Error('write'), { code: 'ENOSPC' }), '/films/take.mp4');
  expect(full).toMatchObject({ code: 'disk.full', retry: true });
  expect(String((full as Error).message)).toContain('take.mp4');
  const strange = new Error('something else');
  expect(toFileError(strange, '/a')).toBe(strange);
});

test('JSON is read with or without a byte order mark', async () => {
  await writeFile(join(folder, 'a.json'), '\uFEFF{"a":1}');
  expect(await readJsonFile(join(folder, 'a.json'))).toEqual({ a: 1 });
});

test('a new file can be read by others as usual', async () => {
  await writeFileAtomic(join(folder, 'a'), 'x');
  expect((await stat(join(folder, 'a'))).mode & 0o044).not.toBe(0);
});
