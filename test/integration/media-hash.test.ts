import { createHash, randomBytes } from 'node:crypto';
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFileHasher, type FileHasher } from '../../src-main/media/hash-file.ts';

const megabyte = 1024 * 1024;
let folder: string;
let hasher: FileHasher;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'circletake-hash-'));
  hasher = createFileHasher({ workers: 2 });
});
afterEach(async () => {
  await hasher.dispose();
  await rm(folder, { recursive: true, force: true });
});

async function makeFile(name: string, sizeBytes: number) {
  const bytes = randomBytes(sizeBytes);
  await writeFile(join(folder, name), bytes);
  return { path: join(folder, name), bytes, sha256: `sha256:${createHash('sha256').update(bytes).digest('hex')}` };
}

test.each([0, 1, 4 * megabyte - 1, 4 * megabyte, 4 * megabyte + 1, 8 * megabyte, 13 * megabyte + 7])(
  'a file of %i bytes has the hash of its bytes',
  async (sizeBytes) => {
    const { path, sha256 } = await makeFile('a.bin', sizeBytes);
    expect(await hasher.hashFile(path)).toEqual({ sha256, sizeBytes });
  },
);

test('many files at once each get their own hash', async () => {
  const files = await Promise.all(Array.from({ length: 12 }, (_, at) => makeFile(`${at}.bin`, 300_000 + at)));
  const hashes = await Promise.all(files.map(({ path }) => hasher.hashFile(path)));
  expect(hashes.map((hash) => hash.sha256)).toEqual(files.map((file) => file.sha256));
});

test('a copy has the bytes and the hash, and nothing else is left beside it', async () => {
  const { path, bytes, sha256 } = await makeFile('a.bin', 9 * megabyte + 3);
  const hash = await hasher.copyAndHash(path, join(folder, 'copy.bin'));
  expect(hash).toEqual({ sha256, sizeBytes: bytes.length });
  expect((await readFile(join(folder, 'copy.bin'))).equals(bytes)).toBe(true);
  expect((await readdir(folder)).sort()).toEqual(['a.bin', 'copy.bin']);
});

test('a missing source and a missing destination folder are said in words and leave nothing', async () => {
  const { path } = await makeFile('a.bin', 10);
  await expect(hasher.hashFile(join(folder, 'none.bin'))).rejects.toMatchObject({ code: 'file.missing' });
  await expect(hasher.copyAndHash(path, join(folder, 'none', 'b.bin'))).rejects.toMatchObject({ code: 'file.missing' });
  await expect(hasher.copyAndHash(join(folder, 'none.bin'), join(folder, 'b.bin'))).rejects.toMatchObject({
    code: 'file.missing',
    message: expect.stringContaining('none.bin'),
  });
  expect(await readdir(folder)).toEqual(['a.bin']);
});

test('a file that grows while it is read has no hash', async () => {
  const { path } = await makeFile('a.bin', 64 * megabyte);
  let settled = false;
  const hashing = hasher.hashFile(path).finally(() => {
    settled = true;
  });
  const growing = (async () => {
    while (!settled) await appendFile(path, 'x');
  })();
  await expect(hashing).rejects.toMatchObject({ code: 'file.changed', retry: true });
  await growing;
});

test('an abort stops the work and the next file is hashed as ever', async () => {
  const large = await makeFile('large.bin', 64 * megabyte);
  const small = await makeFile('small.bin', 100);
  const controller = new AbortController();
  const copying = hasher.copyAndHash(large.path, join(folder, 'copy.bin'), controller.signal);
  controller.abort();
  await expect(copying).rejects.toMatchObject({ name: 'AbortError' });
  expect(await hasher.hashFile(small.path)).toMatchObject({ sha256: small.sha256 });
  expect((await readdir(folder)).sort()).toEqual(['large.bin', 'small.bin']);
});
