/** A server on a real socket over the fake Studio, in a folder of its own. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningServer, startServer } from '../../src-main/http/start-server.ts';
import { createLogger } from '../../src-main/platform/logger.ts';
import { createFakeStudio, type FakeStudio } from './fake-studio-services.ts';

export interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface HttpWorld {
  readonly folder: string;
  readonly studio: FakeStudio;
  readonly server: RunningServer;
  /** lines that were logged */
  readonly log: string[];
  /** headers of a signed-in script */
  readonly signedIn: Record<string, string>;
  /** Sends exactly these headers, Host too when it is given. */
  send(method: string, path: string, options?: SendOptions): Promise<RawAnswer>;
  close(): Promise<void>;
}

export interface SendOptions {
  headers?: Record<string, string>;
  body?: string | Uint8Array;
}

export async function createHttpWorld(options: { maxUploadBytes?: number; rows?: number } = {}): Promise<HttpWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'circletake-http-'));
  const rendererFolder = join(folder, 'renderer');
  await mkdir(join(rendererFolder, 'assets'), { recursive: true });
  await writeFile(join(rendererFolder, 'index.html'), '<!doctype html><html><head><title>t</title></head></html>');
  await writeFile(join(rendererFolder, 'assets', 'main-abc123.js'), 'export {};');
  await writeFile(join(folder, 'secret.js'), 'secret');
  const studio = createFakeStudio(folder, options);
  const log: string[] = [];
  const logger = createLogger({ level: 'warn', write: (line) => log.push(line) });
  const server = await startServer({ studio, port: 0, rendererFolder, version: '0.0.0', logger });
  const signedIn = { cookie: `${server.cookie.name}=${server.cookie.value}`, origin: server.origin };
  return {
    folder,
    studio,
    server,
    log,
    signedIn,
    send: (method, path, send) => sendRaw(server.port, method, path, send),
    async close() {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function sendRaw(port: number, method: string, path: string, options: SendOptions = {}): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, method, path, headers: options.headers }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks) }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(options.body);
  });
}
