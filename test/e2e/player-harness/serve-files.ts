import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mp4': 'video/mp4',
  '.mov': 'video/quicktime',
  '.webm': 'video/webm',
  '.mkv': 'video/x-matroska',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
};

export interface FileServer {
  origin: string;
  close(): Promise<void>;
}

/** Serves folders over HTTP with byte ranges, as the application's media endpoint does. Earlier folders win. */
export async function serveFolders(folders: readonly string[]): Promise<FileServer> {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://local').pathname));
    void answer(folders, path === '/' ? '/harness.html' : path, request.headers.range, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { origin: `http://127.0.0.1:${portOf(server)}`, close: () => closeServer(server) };
}

async function answer(
  folders: readonly string[],
  path: string,
  range: string | undefined,
  response: ServerResponse,
): Promise<void> {
  for (const folder of folders) {
    const file = join(folder, path);
    const size = await stat(file).then(
      (facts) => facts.size,
      () => null,
    );
    if (size === null) continue;
    const match = /^bytes=(\d+)-(\d*)$/.exec(range ?? '');
    const start = match ? Number(match[1]) : 0;
    const end = match?.[2] ? Math.min(Number(match[2]), size - 1) : size - 1;
    response.writeHead(match ? 206 : 200, {
      'content-type': types[extname(file)] ?? 'application/octet-stream',
      'content-length': Math.max(0, end - start + 1),
      'accept-ranges': 'bytes',
      ...(match ? { 'content-range': `bytes ${start}-${end}/${size}` } : {}),
    });
    if (end < start) response.end();
    else
      createReadStream(file, { start, end })
        .on('error', () => response.destroy())
        .pipe(response);
    return;
  }
  response.writeHead(404).end();
}

function portOf(server: Server): number {
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
