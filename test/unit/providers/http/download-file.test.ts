import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApiClient } from '../../../../src-main/providers/http/api-client.ts';
import { downloadFile, isUnder } from '../../../../src-main/providers/http/download-file.ts';
import { readFetchError } from '../../../../src-main/providers/http/read-errors.ts';
import { makePng } from '../../../fixtures/make-png.ts';
import { type AnswerCall, type HttpPeer, startHttpPeer } from '../../../fixtures/start-http-peer.ts';

const never = new AbortController().signal;
const png = makePng(8, 8, [1, 2, 3]);
const key = 's3cret-planted-key';
const now = () => new Date(0);
const credentials = () => ({ authorization: `Key ${key}` });
const client = createApiClient({ title: 'fal', secrets: () => [key], credentials, now });

let folder: string;
const peers: HttpPeer[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'circletake-download-'));
});
afterEach(async () => {
  for (const peer of peers.splice(0)) await peer.close();
  await rm(folder, { recursive: true, force: true });
});

async function peer(answer: AnswerCall): Promise<HttpPeer> {
  const started = await startHttpPeer(answer);
  peers.push(started);
  return started;
}
const from = (url: string, more = {}) =>
  downloadFile(client, { url, temporaryPath: join(folder, 'take.part'), ...more }, never);
async function failureFrom(url: string, more = {}) {
  const error = await from(url, more).catch((thrown: unknown) => thrown);
  expect(await readdir(folder)).toEqual([]);
  return readFetchError(error, client);
}

describe('a download', () => {
  it('is the file, byte for byte, with its kind', async () => {
    const { url } = await peer((_call, response) => void response.end(png));
    expect(await from(url)).toBe('.png');
    expect(await readFile(join(folder, 'take.part'))).toEqual(png);
  });

  it('needs no length to be named', async () => {
    const { url } = await peer((_call, response) => {
      response.write(png.subarray(0, 20), () => response.end(png.subarray(20)));
    });
    expect(await from(url)).toBe('.png');
  });

  it.each<[string, AnswerCall, string]>([
    [
      'is cut off',
      (_c, r) => void r.writeHead(200, { 'content-length': '999' }).write(png, () => r.destroy()),
      'network',
    ],
    ['is empty', (_c, r) => void r.end(), 'bad_output'],
    [
      'is a page',
      (_c, r) => void r.setHeader('content-type', 'video/mp4').end('<!DOCTYPE html><p>Sorry'),
      'bad_output',
    ],
    ['is an answer in JSON', (_c, r) => void r.end('{"error":"later"}'), 'bad_output'],
    ['is neither picture nor clip', (_c, r) => void r.end(Buffer.from([0, 1, 2, 3, 4, 5, 6, 7])), 'bad_output'],
    ['is packed', (_c, r) => void r.setHeader('content-encoding', 'gzip').end(png), 'bad_output'],
    ['is told to come later', (_c, r) => void r.writeHead(429, { 'retry-after': '3' }).end(), 'rate_limit'],
    ['meets a broken server', (_c, r) => void r.writeHead(503).end(), 'server'],
  ])('that %s leaves nothing behind and may be asked for again', async (_what, answer, detail) => {
    const { url } = await peer(answer);
    expect(await failureFrom(url)).toMatchObject({ category: 'transient', detail });
  });

  it('that stops half way is given up', async () => {
    const { url } = await peer(
      (_call, response) => void response.writeHead(200, { 'content-length': '999' }).write(png),
    );
    expect(await failureFrom(url, { timeouts: { idleMs: 60 } })).toMatchObject({ detail: 'timeout' });
  });

  it.each([401, 403, 404, 410])('that is answered with %i has expired', async (status) => {
    const { url } = await peer((_call, response) => void response.writeHead(status).end());
    expect(await failureFrom(url)).toMatchObject({ category: 'permanent', detail: 'bad_output' });
  });

  it('that the provider itself answers with 401 is there: the key is at fault', async () => {
    const { url } = await peer((_call, response) => void response.writeHead(401).end());
    const failure = await failureFrom(url, { ownUrls: [url] });
    expect(failure).toMatchObject({ category: 'transient', detail: 'account' });
  });

  it('longer than allowed is stopped', async () => {
    const { url } = await peer((_call, response) => void response.end(png));
    expect(await failureFrom(url, { maxBytes: 30 })).toMatchObject({ detail: 'bad_output' });
  });

  it('is never from a file or another scheme', async () => {
    expect(await failureFrom('file:///etc/passwd')).toMatchObject({ detail: 'bad_output' });
    const { url } = await peer(
      (_call, response) => void response.writeHead(302, { location: 'file:///etc/hosts' }).end(),
    );
    expect(await failureFrom(url)).toMatchObject({ detail: 'bad_output' });
  });

  it('stops when it is aborted', async () => {
    const stop = new AbortController();
    const { url } = await peer((_call, response) => {
      response.writeHead(200, { 'content-length': '999' }).write(png, () => stop.abort());
    });
    const asked = downloadFile(client, { url, temporaryPath: join(folder, 'x') }, stop.signal);
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('says nothing of a page that echoes the key', async () => {
    const { url } = await peer((_call, response) => void response.end(`{"you sent":"${key}"}`));
    expect((await failureFrom(url)).message).not.toContain('s3cret');
  });
});

describe('the key of a download', () => {
  it('goes to the provider’s own address only', async () => {
    const own = await peer((_call, response) => void response.end(png));
    const other = await peer((_call, response) => void response.end(png));
    await from(`${own.url}/files/a.png`, { ownUrls: [`${own.url}/files`] });
    await from(`${other.url}/files/a.png`, { ownUrls: [`${own.url}/files`] });
    expect(own.seen[0]?.headers.authorization).toBe(`Key ${key}`);
    expect(other.seen[0]?.headers.authorization).toBeUndefined();
  });

  it('does not follow a redirect to somebody else', async () => {
    const other = await peer((_call, response) => void response.end(png));
    const own = await peer((_call, response) => void response.writeHead(302, { location: `${other.url}/x` }).end());
    expect(await from(own.url, { ownUrls: [own.url] })).toBe('.png');
    expect(other.seen[0]?.headers.authorization).toBeUndefined();
  });

  it('is not fooled by an address that only begins like the provider’s', () => {
    expect(isUnder('https://api.fal.ai.evil.test/v1', ['https://api.fal.ai'])).toBe(false);
    expect(isUnder('https://api.fal.ai:444/v1', ['https://api.fal.ai'])).toBe(false);
    expect(isUnder('http://api.fal.ai/v1', ['https://api.fal.ai'])).toBe(false);
    expect(isUnder('https://user@api.fal.ai/v1', ['https://api.fal.ai'])).toBe(true);
    expect(isUnder('https://api.fal.ai/v12/x', ['https://api.fal.ai/v1'])).toBe(false);
    expect(isUnder('https://api.fal.ai/v1/x', ['https://api.fal.ai/v1/'])).toBe(true);
    expect(isUnder('nonsense', ['https://api.fal.ai'])).toBe(false);
  });
});
