import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createUploadShelf } from '../../../src-main/http/upload-shelf.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'circletake-shelf-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function* bytes() {
  yield Buffer.from('a picture');
}

it('takes uploads again once its folder, which could not be made at first, can be', async () => {
  const uploads = join(folder, 'uploads');
  await writeFile(uploads, 'a file where the folder should be');
  const shelf = createUploadShelf({ folder: uploads, maxBytes: 100 });
  const receive = () => shelf.receive({ fileName: 'mara.png', declaredBytes: null }, bytes());
  await expect(receive()).rejects.toThrow();
  await rm(uploads);
  const { uploadId } = await receive();
  expect(await readFile(shelf.find(uploadId).path, 'utf8')).toBe('a picture');
  await shelf.close();
});
