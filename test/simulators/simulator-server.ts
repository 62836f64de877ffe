/**
 * All providers behind one port of the loopback interface, each below a prefix of its own. Owns the HTTP server and the log
 * of requests; keys and the values of signed urls are never written down.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerAdmin } from './admin.ts';
import { arkMount } from './ark/ark-mount.ts';
import { comfyuiMount } from './comfyui/comfyui-mount.ts';
import { answerAtGateway, answerToKey } from './core/gateway.ts';
import type { Mount } from './core/mount.ts';
import { json, type Reply, readBody, type SimulatorRequest, send } from './core/reply.ts';
import { filesMount } from './core/result-url.ts';
import { StartError } from './core/start-error.ts';
import { isoTime, type World } from './core/world.ts';
import { falMounts } from './fal/fal-mounts.ts';
import { googleMount } from './google/google-mount.ts';
import { klingMount } from './kling/kling-mount.ts';
import { openaiMount } from './openai/openai-mount.ts';
import { replicateMount } from './replicate/replicate-mount.ts';
import { runwayMount } from './runway/runway-mount.ts';

const mounts: readonly Mount[] = [
  ...falMounts,
  ...[klingMount, arkMount, googleMount, openaiMount, replicateMount, runwayMount, comfyuiMount, filesMount],
];

/** Serves the world; resolves with the address when it listens. Throws `StartError` when the port is somebody else's. */
export async function serveWorld(world: World, port: number): Promise<{ server: Server; url: string }> {
  const server = createServer((message, response) => {
    void answer(world, message)
      .catch((error: unknown) => sayBroken(error))
      .then((reply) => send(reply, response));
  });
  // A provider that hangs is for the caller to notice.
  server.requestTimeout = 0;
  // A client that was held up would meet a connection that is closed at the very moment at which it asks.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'EADDRINUSE' ? isTaken(port) : error));
    server.listen(port, '127.0.0.1', resolve);
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function isTaken(port: number): StartError {
  return new StartError(
    `Port ${port} is taken, perhaps by another simulator. Name another one with --port; 0 is a free one.`,
  );
}

async function answer(world: World, message: IncomingMessage): Promise<Reply> {
  const origin = `http://${message.headers.host ?? '127.0.0.1'}`;
  const url = new URL(message.url ?? '/', origin);
  const [, prefix = ''] = url.pathname.split('/');
  const mount = mounts.find((candidate) => candidate.prefix === prefix) ?? null;
  const request: SimulatorRequest = {
    ...{ method: message.method ?? 'GET', query: url.searchParams, headers: message.headers, origin },
    path: mount ? url.pathname.slice(prefix.length + 1) || '/' : url.pathname,
    body: await readBody(message),
  };
  const admin = mount ? null : answerAdmin(world, request);
  if (admin) return admin;
  const reply = mount ? await ask(world, mount, request) : json(404, { error: 'No provider lives here.' });
  world.store.sawRequest({
    ...{ at: isoTime(world.now()), method: request.method, path: withoutValues(url), fault: reply.fault },
    provider: mount?.provider ?? null,
    status: reply.cut === 'no-answer' ? null : reply.status,
  });
  return reply;
}

async function ask(world: World, mount: Mount, request: SimulatorRequest): Promise<Reply> {
  const path = `/${mount.prefix}${request.path}`;
  const inFront = mount.provider && answerAtGateway(world, mount.provider, path);
  if (inFront) return inFront;
  if (mount.isLetIn && !mount.isLetIn(request)) return mount.refused?.() ?? json(401, {});
  return answerToKey(world, mount, path) ?? mount.handle(world, request);
}

/** Keys and signatures come as values of the query: only ordinary ones are shown. */
function withoutValues(url: URL): string {
  const query = [...url.searchParams].map(([name, value]) =>
    /key|token|signature/i.test(name) ? `${name}=…` : `${name}=${value}`,
  );
  return query.length > 0 ? `${url.pathname}?${query.join('&')}` : url.pathname;
}

/** A fault of the simulator itself, which no client should mistake for one of the plan's. */
function sayBroken(error: unknown): Reply {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return json(599, { error: 'The simulator is broken; its standard error says how.' });
}
