/**
 * Serves a built renderer with a project in memory, to look at it and to drive it without the Studio. Run with
 * `node test/e2e/renderer-harness/serve.ts <folder of the built renderer> [port] [copies of the plan's shots]`.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { RPCHandler } from '@orpc/server/node';
import { type HarnessState, makeRouter } from './router.ts';
import { fillWorld, type Media } from './scene.ts';
import { makeWorld } from './world.ts';

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; worker-src 'self' blob:; font-src 'self'; base-uri 'none'; form-action 'self'";
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.mp4': 'video/mp4',
  '.mov': 'video/quicktime',
};

const [rendererFolder = 'out/renderer', port = '5190', copies = '1'] = process.argv.slice(2);
const sampleProject = join(import.meta.dirname, '../../../projects/last-car-to-salt-hill');
const folder = await mkdtemp(join(tmpdir(), 'circletake-harness-'));
const world = await makeWorld(sampleProject, Number(copies));
const media = await fillWorld(world, folder);
const state: HarnessState = { world, uploads: new Map(), known: true };
const rpc = new RPCHandler(makeRouter(state));

createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    console.error(error);
    response.writeHead(500).end();
  });
}).listen(Number(port), '127.0.0.1', () => console.log(`http://127.0.0.1:${port}/`));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (url.pathname.startsWith('/rpc')) {
    await rpc.handle(request, response, { prefix: '/rpc', context: {} });
    return;
  }
  if (url.pathname === '/upload') return receive(request, response);
  if (url.pathname.startsWith('/media/')) return sendMedia(url.pathname, media, request, response);
  const path = normalize(url.pathname === '/' ? '/index.html' : url.pathname);
  const body = await readFile(join(rendererFolder, path)).catch(() => null);
  if (body === null) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, {
    'content-type': types[extname(path)] ?? 'application/octet-stream',
    'content-security-policy': policy,
  });
  response.end(body);
}

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const uploadId = randomUUID();
  const path = join(folder, uploadId);
  await writeFile(path, bytes);
  const fileName = decodeURIComponent(String(request.headers['x-file-name'] ?? 'file'));
  const sha256 = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  const receipt = { uploadId, fileName, sizeBytes: bytes.length, sha256 };
  state.uploads.set(uploadId, { ...receipt, path });
  media.byHash.set(sha256, path);
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(receipt));
}

async function sendMedia(
  pathname: string,
  known: Media,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = pathOf(pathname, known);
  if (path === null) {
    response.writeHead(404).end();
    return;
  }
  const { size } = await stat(path);
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const start = range ? Number(range[1]) : 0;
  const end = range?.[2] ? Number(range[2]) : size - 1;
  response.writeHead(range ? 206 : 200, {
    'content-type': types[extname(path)] ?? 'application/octet-stream',
    'content-length': end - start + 1,
    'accept-ranges': 'bytes',
    ...(range ? { 'content-range': `bytes ${start}-${end}/${size}` } : {}),
  });
  createReadStream(path, { start, end }).pipe(response);
}

function pathOf(pathname: string, known: Media): string | null {
  const take = /^\/media\/[^/]+\/takes\/([^/]+)\/(original|poster|filmstrip|proxy)$/.exec(pathname);
  if (take?.[1] !== undefined) {
    const clip = known.byTake.get(take[1]);
    return clip?.[take[2] as 'original' | 'poster' | 'filmstrip' | 'proxy'] ?? null;
  }
  const ref = /^\/media\/[^/]+\/refs\/([0-9a-f]{64})$/.exec(pathname);
  if (ref?.[1] !== undefined) return known.byHash.get(`sha256:${ref[1]}`) ?? null;
  const upload = /^\/media\/uploads\/([^/]+)$/.exec(pathname);
  return upload?.[1] === undefined ? null : (state.uploads.get(upload[1])?.path ?? null);
}
