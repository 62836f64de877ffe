import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createUploadShelf } from '../../../src-main/http/upload-shelf.ts';
import type { Clock } from '../../../src-main/orchestrator/ports/clock.ts';
import { uploadMediaUrl } from '../../../src-shared/api/media-urls.ts';
import { uploadReceiptSchema } from '../../../src-shared/api/upload.ts';
import { createHttpWorld, type HttpWorld } from '../../fakes/http-world.ts';

const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(500, 7)]);
let world: HttpWorld;
beforeEach(async () => {
  world = await createHttpWorld({ maxUploadBytes: 100_000 });
});
afterEach(() => world.close());

const upload = (body: Uint8Array, headers: Record<string, string> = {}) =>
  world.send('POST', '/upload', { headers: { ...world.signedIn, ...headers }, body });
const filesOf = async (folder: string) =>
  (await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])).filter((entry) => entry.isFile());

describe('an upload', () => {
  it('is answered with its id, label, size and hash, and can be looked at', async () => {
    const answer = await upload(png, { 'x-file-name': encodeURIComponent('Mara – front.png') });
    expect(answer.status).toBe(200);
    const receipt = uploadReceiptSchema.parse(JSON.parse(answer.body.toString()));
    expect(receipt.fileName).toBe('Mara – front.png');
    expect(receipt.sizeBytes).toBe(png.length);
    expect(receipt.sha256).toBe(`sha256:${createHash('sha256').update(png).digest('hex')}`);
    const shelved = world.studio.uploads.find(receipt.uploadId);
    expect(await readFile(shelved.path)).toEqual(png);
    const seen = await world.send('GET', uploadMediaUrl(receipt.uploadId), { headers: world.signedIn });
    expect(seen.headers['content-type']).toBe('image/png');
    expect(seen.body.equals(png)).toBe(true);
  });

  it.each([
    ['../../../etc/passwd', 'passwd'],
    ['C:\\Users\\me\\x.png', 'x.png'],
    ['a\u202egnp.exe', 'agnp.exe'],
    ['..', '..'],
    ['', 'file'],
    [`${'x'.repeat(500)}.png`, 'x'.repeat(200)],
  ])('takes the name %j as a label only', async (name, label) => {
    const answer = await upload(png, { 'x-file-name': encodeURIComponent(name) });
    const receipt = uploadReceiptSchema.parse(JSON.parse(answer.body.toString()));
    expect(receipt.fileName).toBe(label);
    const { path } = world.studio.uploads.find(receipt.uploadId);
    expect(path.startsWith(join(world.folder, 'uploads'))).toBe(true);
    expect(path).not.toContain(label === '..' ? '/..' : label);
  });

  it('keeps its bytes when the name cannot be read', async () => {
    expect((await upload(png, { 'x-file-name': '%E0%A4%A' })).status).toBe(200);
  });

  it('is refused before its bytes when it says that it is too large', async () => {
    const answer = await upload(Buffer.alloc(30_000_000));
    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.body.toString())).toMatchObject({ code: 'upload.too-large', data: { retry: false } });
    expect(await filesOf(join(world.folder, 'uploads'))).toEqual([]);
  });

  it('is stopped when it does not say so and is', async () => {
    const answer = await upload(Buffer.alloc(30_000_000), { 'transfer-encoding': 'chunked' });
    expect(answer.status).toBe(413);
    expect(await filesOf(join(world.folder, 'uploads'))).toEqual([]);
  });

  it('leaves nothing when the client goes away in the middle', async () => {
    await abandonUpload(world);
    await vi.waitFor(async () => expect(await filesOf(join(world.folder, 'uploads'))).toEqual([]), { timeout: 60_000 });
    expect(world.log).toEqual([]);
  });

  it('is not found under any other id', async () => {
    for (const id of ['upload_0000000000000000', '..', '__proto__', 'constructor']) {
      expect((await world.send('GET', uploadMediaUrl(id), { headers: world.signedIn })).status).toBe(404);
    }
  });
});

describe('the shelf', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'circletake-shelf-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const clockAt = (state: { ms: number }): Clock => ({
    now: () => new Date(state.ms),
    monotonicMs: () => state.ms,
    after: () => ({ cancel: () => {} }),
  });
  const put = (shelf: ReturnType<typeof createUploadShelf>) =>
    shelf.receive({ fileName: 'a.png', declaredBytes: null }, bytesOf(png));

  it('drops a file after a day, when it is discarded and when it closes', async () => {
    const time = { ms: Date.now() };
    const shelf = createUploadShelf({ folder, maxBytes: 1e6, clock: clockAt(time) });
    const [old, used] = [await put(shelf), await put(shelf)];
    await shelf.discard(used.uploadId);
    expect(() => shelf.find(used.uploadId)).toThrow(/no longer here/);
    time.ms += 86_400_001;
    const fresh = await put(shelf);
    expect(() => shelf.find(old.uploadId)).toThrow(/no longer here/);
    expect(shelf.find(fresh.uploadId).sizeBytes).toBe(png.length);
    expect(await filesOf(folder)).toHaveLength(1);
    await shelf.close();
    expect(await filesOf(folder)).toEqual([]);
  });

  it('sweeps what a crash left a day ago and leaves another process its files', async () => {
    const [old, young] = [join(folder, 'shelf_0000000000000000'), join(folder, 'shelf_1111111111111111')];
    await mkdir(old);
    await mkdir(young);
    const twoDaysAgo = Date.now() / 1000 - 172_800;
    await utimes(old, twoDaysAgo, twoDaysAgo);
    await put(createUploadShelf({ folder, maxBytes: 1e6 }));
    const left = await readdir(folder);
    expect(left).not.toContain('shelf_0000000000000000');
    expect(left).toContain('shelf_1111111111111111');
  });

  it('says that the disk is full, and keeps nothing', async () => {
    const shelf = createUploadShelf({ folder, maxBytes: 1e6 });
    const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
    const failing = (async function* () {
      yield png;
      throw full;
    })();
    const receiving = shelf.receive({ fileName: 'a', declaredBytes: null }, failing);
    await expect(receiving).rejects.toMatchObject({ code: 'disk.full', retry: true });
    expect(await filesOf(folder)).toEqual([]);
  });

  it('refuses a file that arrived shorter than was said', async () => {
    const shelf = createUploadShelf({ folder, maxBytes: 1e6 });
    const receiving = shelf.receive({ fileName: 'a', declaredBytes: png.length + 1 }, bytesOf(png));
    await expect(receiving).rejects.toMatchObject({ code: 'input.invalid' });
    expect(await filesOf(folder)).toEqual([]);
  });
});

async function* bytesOf(buffer: Buffer): AsyncGenerator<Uint8Array> {
  yield buffer;
}

/** Sends half of what it announces, waits until the server has begun to write, and drops the connection. */
async function abandonUpload({ server, signedIn, folder }: HttpWorld): Promise<void> {
  const headers = { ...signedIn, 'content-length': '50000' };
  const outgoing = request({ host: '127.0.0.1', port: server.port, method: 'POST', path: '/upload', headers });
  outgoing.on('error', () => {});
  outgoing.write(Buffer.alloc(25_000));
  await vi.waitFor(async () => expect(await filesOf(join(folder, 'uploads'))).toHaveLength(1), { timeout: 60_000 });
  outgoing.destroy();
}
