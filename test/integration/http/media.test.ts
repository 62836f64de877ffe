import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, readlink, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { refMediaUrl, takeMediaUrl } from '../../../src-shared/api/media-urls.ts';
import { sampleHash } from '../../fakes/api-samples.ts';
import { sampleEtag } from '../../fakes/fake-studio-services.ts';
import { createHttpWorld, type HttpWorld } from '../../fakes/http-world.ts';

const size = 3_000_000;
const url = takeMediaUrl('demo', { id: 'EP001_SH001_T1', sha256: sampleHash }, 'original');
let world: HttpWorld;
let bytes: Buffer;
let path: string;

beforeEach(async () => {
  world = await createHttpWorld();
  bytes = randomBytes(size);
  path = join(world.folder, 'take.mp4');
  await writeFile(path, bytes);
  world.studio.media.set('EP001_SH001_T1/original', { path, mimeType: 'video/mp4', etag: sampleEtag });
});
afterEach(() => world.close());

const get = (address: string, headers: Record<string, string> = {}) =>
  world.send('GET', address, { headers: { ...world.signedIn, ...headers } });

describe('media of a take', () => {
  it('comes whole, with its hash as ETag, and may be kept for ever', async () => {
    const answer = await get(url);
    expect(answer.status).toBe(200);
    expect(answer.body.equals(bytes)).toBe(true);
    expect(answer.headers).toMatchObject({
      'content-type': 'video/mp4',
      'content-length': String(size),
      'accept-ranges': 'bytes',
      etag: `"${sampleEtag}"`,
      'cache-control': 'private, max-age=31536000, immutable',
    });
  });

  it('is asked for again under an address that does not name its hash', async () => {
    for (const address of [url.split('?')[0] ?? '', url.replace(/h=.*/, 'h=000000000000'), `${url}0`]) {
      expect((await get(address)).headers['cache-control']).toBe('private, no-cache');
    }
  });

  it.each([
    ['bytes=0-0', 0, 0],
    ['bytes=100-199', 100, 199],
    ['bytes=2999999-', size - 1, size - 1],
    ['bytes=-1000', size - 1000, size - 1],
    ['bytes=1000000-99999999', 1_000_000, size - 1],
    ['bytes=262143-262145', 262_143, 262_145],
  ])('comes in part for %s', async (range, start, end) => {
    const answer = await get(url, { range });
    expect(answer.status).toBe(206);
    expect(answer.headers['content-range']).toBe(`bytes ${start}-${end}/${size}`);
    expect(answer.headers['content-length']).toBe(String(end - start + 1));
    expect(answer.body.equals(bytes.subarray(start, end + 1))).toBe(true);
  });

  it('says how long it is when a range begins behind its end', async () => {
    const answer = await get(url, { range: `bytes=${size}-` });
    expect(answer.status).toBe(416);
    expect(answer.headers['content-range']).toBe(`bytes */${size}`);
    expect(answer.body).toHaveLength(0);
  });

  it('is not sent again to whoever has it', async () => {
    for (const tag of [`"${sampleEtag}"`, `W/"${sampleEtag}"`, `"other", "${sampleEtag}"`, '*']) {
      const answer = await get(url, { 'if-none-match': tag });
      expect(answer.status).toBe(304);
      expect(answer.body).toHaveLength(0);
    }
    expect((await get(url, { 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('answers a range only for the bytes that the client began with', async () => {
    const range = 'bytes=0-9';
    expect((await get(url, { range, 'if-range': `"${sampleEtag}"` })).status).toBe(206);
    expect((await get(url, { range, 'if-range': '"other"' })).status).toBe(200);
    expect((await get(url, { range, 'if-range': 'Wed, 21 Oct 2015 07:28:00 GMT' })).status).toBe(200);
  });

  it('tells HEAD everything but the bytes', async () => {
    const answer = await world.send('HEAD', url, { headers: world.signedIn });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-length']).toBe(String(size));
    expect(answer.body).toHaveLength(0);
  });

  it('sends an empty file as one', async () => {
    await truncate(path, 0);
    const answer = await get(url);
    expect([answer.status, answer.headers['content-length'], answer.body.length]).toEqual([200, '0', 0]);
  });

  it('is a clear 404 when the file has gone, and no crash when a folder stands there', async () => {
    await rm(path);
    const missing = await get(url);
    expect([missing.status, JSON.parse(missing.body.toString()).code]).toEqual([404, 'file.missing']);
    await mkdir(path);
    expect((await get(url)).status).toBe(404);
  });

  it('is only downloaded when a browser could run it', async () => {
    for (const mimeType of ['image/svg+xml', 'text/html', 'application/xhtml+xml', 'text/javascript', '']) {
      world.studio.media.set('EP001_SH001_T2/original', { path, mimeType, etag: sampleEtag });
      const answer = await get('/media/demo/takes/EP001_SH001_T2/original');
      expect(answer.headers['content-type']).toBe('application/octet-stream');
      expect(answer.headers['content-disposition']).toBe('attachment');
    }
  });

  it('gives a hero by its hash', async () => {
    world.studio.media.set(sampleEtag, { path, mimeType: 'image/png', etag: sampleEtag });
    const answer = await get(refMediaUrl('demo', sampleHash));
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('image/png');
  });
});

describe('a client that leaves in the middle', () => {
  it.skipIf(process.platform !== 'linux')('leaves no file open, reading or not', async () => {
    await truncate(path, 400_000_000);
    const clients = await Promise.all(Array.from({ length: 5 }, () => readLittle(world, url)));
    expect(await openHandlesOf(path)).toBe(5);
    await vi.waitFor(serverStandsStill(), { timeout: 60_000, interval: 200 });
    for (const socket of clients) socket.destroy();
    const leaving = await Promise.all(Array.from({ length: 5 }, () => readLittle(world, url)));
    for (const socket of leaving) socket.destroy();
    await vi.waitFor(async () => expect(await openHandlesOf(path)).toBe(0), { timeout: 60_000 });
  });
});

describe('any address and any range', () => {
  const wrong = fc.oneof(
    fc.constantFrom('..', '%2e%2e', '%2e%2e%2f', '..%2f..%2fsecret.js', '....//', '%00', '~', '*', 'demo', '__proto__'),
    fc.constantFrom('EP001_SH001_T1', 'EP001_SH001_T1%00', 'EP001_SH001_T1/../..', 'constructor', 'con', 'NUL'),
    fc.constantFrom('takes', 'refs', 'uploads', 'original', 'poster', 'secret.js', 'C:%5C', '%5c..%5c'),
    fc.string({ unit: 'binary', maxLength: 20 }).map((text) => encodeURIComponent(text.toWellFormed())),
  );
  const address = fc.array(wrong, { minLength: 1, maxLength: 6 }).map((parts) => `/media/${parts.join('/')}`);
  const range = fc.oneof(
    fc.constant(null),
    fc.tuple(fc.integer(), fc.integer()).map(([a, b]) => `bytes=${a}-${b}`),
  );

  it('yields no byte from outside', async () => {
    await symlink(join(world.folder, 'secret.js'), join(world.folder, 'link'));
    const check = async (asked: string, header: string | null) => {
      const answer = await get(asked, header === null ? {} : { range: header });
      expect(answer.body.toString('latin1')).not.toContain('secret');
      const text = answer.headers['content-type'] ?? '';
      // an address that climbs to the top is the app's page
      if (answer.status < 300) expect(['video/mp4', 'text/html; charset=utf-8']).toContain(text);
      else expect([400, 401, 404, 416], asked).toContain(answer.status);
    };
    await fc.assert(fc.asyncProperty(address, range, check), { numRuns: 2000 });
    expect(world.log).toEqual([]);
  });
});

/** Asks over a bare socket and reads only the beginning of the answer. */
function readLittle({ server, signedIn }: HttpWorld, address: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', reject);
    socket.once('data', () => resolve(socket.pause()));
    socket.write(`GET ${address} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nCookie: ${signedIn.cookie}\r\n\r\n`);
  });
}

/** Passes when this process has read almost nothing since it was asked last: every buffer on the way is full. */
function serverStandsStill(): () => Promise<void> {
  let before = 0;
  return async () => {
    const since = before;
    before = Number(/rchar: (\d+)/.exec(await readFile('/proc/self/io', 'utf8'))?.[1]);
    expect(before - since).toBeLessThan(100_000);
  };
}

async function openHandlesOf(file: string): Promise<number> {
  const handles = await readdir('/proc/self/fd');
  const targets = await Promise.all(handles.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
  return targets.filter((target) => target === file).length;
}
