// The built renderer. An address becomes a file only when every part of it is a plain name, so that nothing outside the
// folder can be named. Files under assets/ carry a hash in their name and are kept by the browser for ever.
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { AppError } from '../platform/app-error.ts';
import { answerNotFound, answerPage, wantsPage } from './answer-error.ts';

const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.svg': 'image/svg+xml',
  '.ico': 'image/x-icon',
  '.wasm': 'application/wasm',
  '.map': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
};
const plainName = /^[A-Za-z0-9_-][A-Za-z0-9_.-]*$/;
const forEver = 'private, max-age=31536000, immutable';

/** Answers every address that no route took. */
export async function serveRenderer(request: Request, rendererFolder: string): Promise<Response> {
  const path = new URL(request.url).pathname;
  const parts = path.split('/').filter((part) => part !== '');
  if (parts.every((part) => plainName.test(part))) {
    if (parts.length > 0 && extname(path) !== '') return serveAsset(request, rendererFolder, parts);
    if (parts.length === 0 || wantsPage(request)) return servePage(request, rendererFolder);
  }
  return answerNotFound();
}

async function serveAsset(request: Request, rendererFolder: string, parts: string[]): Promise<Response> {
  const name = parts.at(-1) ?? '';
  const type = types[extname(name).toLowerCase()];
  if (type === undefined) return answerNotFound();
  const bytes = await readFile(join(rendererFolder, ...parts)).catch(nullWhenMissing);
  if (bytes === null) return answerNotFound();
  const headers = {
    'Content-Type': type,
    'Content-Length': String(bytes.length),
    'Cache-Control': parts[0] === 'assets' ? forEver : 'no-cache',
  };
  return new Response(request.method === 'HEAD' ? null : new Uint8Array(bytes), { headers });
}

async function servePage(request: Request, rendererFolder: string): Promise<Response> {
  const page = await readFile(join(rendererFolder, 'index.html'), 'utf8').catch(nullWhenMissing);
  if (page === null) {
    const how = 'The app has not been built. Run npm start, which builds it, or npm run build.';
    return answerPage(503, 'Not built yet', how);
  }
  const headers = { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' };
  return new Response(request.method === 'HEAD' ? null : page, { headers });
}

function nullWhenMissing(error: unknown): null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return null;
  throw new AppError({
    code: 'file.unreadable',
    message: 'A file of the app cannot be read.',
    hint: 'Check that the folder “out” may be read, or build again with npm run build.',
    cause: error,
  });
}
