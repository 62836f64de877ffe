// The HTTP app on a socket: 127.0.0.1 and nothing else. It owns the listener and every connection until `close`.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { StudioServices } from '../api/studio-services.ts';
import { AppError } from '../platform/app-error.ts';
import type { Logger } from '../platform/logger.ts';
import { createHttpApp } from './create-http-app.ts';
import { createSession } from './session.ts';

export interface StartServerOptions {
  studio: StudioServices;
  /** 0 = a free one */
  port: number;
  rendererFolder: string;
  version: string;
  logger: Logger;
  /** told after a one-time link was used */
  onEntered?: () => void;
}

export interface RunningServer {
  readonly origin: string;
  readonly port: number;
  /** A new address that signs one browser in, once. */
  issueLink(): string;
  /** The cookie for a shell that puts it into its own session. */
  readonly cookie: { name: string; value: string };
  /** Ends every connection, the event streams too. Safe to call twice. */
  close(): Promise<void>;
}

/** Listens on the loopback interface. Throws input.invalid when the port is taken or not allowed. */
export async function startServer(options: StartServerOptions): Promise<RunningServer> {
  const session = createSession();
  let port = options.port;
  const app = createHttpApp({ ...options, session, port: () => port });
  // an upload over a slow disk may take longer than Node's five minutes for a whole request
  const serverOptions = { requestTimeout: 3_600_000 };
  const server = createAdaptorServer({ fetch: app.fetch, serverOptions, overrideGlobalObjects: false }) as Server;
  await listen(server, options.port);
  port = (server.address() as AddressInfo).port;
  const origin = `http://127.0.0.1:${port}`;
  let closing: Promise<void> | null = null;
  return {
    origin,
    port,
    issueLink: () => `${origin}/enter?code=${session.issueCode()}`,
    cookie: { name: session.cookieName(port), value: session.token },
    close() {
      closing ??= new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      return closing;
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(toPortError(error, port)));
    server.listen(port, '127.0.0.1', resolve);
  });
}

function toPortError(error: Error, port: number): unknown {
  const code = 'code' in error ? error.code : null;
  if (code !== 'EADDRINUSE' && code !== 'EACCES') return error;
  const why = code === 'EADDRINUSE' ? 'is used by another program' : 'may not be used by this user';
  return new AppError({
    code: 'input.invalid',
    message: `Port ${port} ${why}.`,
    hint: 'Choose another with --port, or leave --port out for a free one.',
    cause: error,
  });
}
