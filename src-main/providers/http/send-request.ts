/**
 * One HTTP exchange over a connection of its own, which is closed after it: there is no idle socket that could die under a
 * submit, and nobody here sends anything twice. Redirects are not followed.
 */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { TransportError } from './http-errors.ts';
import { openConnection } from './open-connection.ts';
import { afterSend } from './read-socket-error.ts';
import type { Asked } from './transport-words.ts';

export interface HttpTimeouts {
  /** until the connection is there, encryption included */
  connectMs: number;
  /** from the last byte sent to the first of the answer */
  headersMs: number;
  /** longest silence while a body comes or goes */
  idleMs: number;
}

export const defaultTimeouts: HttpTimeouts = { connectMs: 15_000, headersMs: 60_000, idleMs: 60_000 };

export interface WireRequest {
  asked: Asked;
  method: string;
  url: URL;
  headers: Readonly<Record<string, string>>;
  body: Uint8Array | null;
  timeouts: HttpTimeouts;
}

export interface WireAnswer {
  status: number;
  /** names in lower case */
  headers: Readonly<Record<string, string>>;
  /** the body as it comes; throws `TransportError` when it breaks off, the abort when it is aborted */
  body: AsyncIterable<Uint8Array>;
  /** ends the connection; to be called when the body is not read to its end */
  discard(): void;
}

/** Sends a request and answers with the head of the reply. Throws `TransportError`, whose `sent` tells what can have left. */
export async function sendRequest(request: WireRequest, signal: AbortSignal): Promise<WireAnswer> {
  const socket = await openConnection(request, request.timeouts.connectMs, signal);
  if (signal.aborted) socket.destroy();
  signal.throwIfAborted();
  const onAbort = () => socket.destroy(signal.reason instanceof Error ? signal.reason : undefined);
  signal.addEventListener('abort', onAbort, { once: true });
  socket.once('close', () => signal.removeEventListener('abort', onAbort));
  // a message that breaks off says only that it did; why is with its socket
  const readError = (error: unknown) =>
    signal.aborted ? signal.reason : afterSend(socket.errored ?? error, request.asked);
  const message = await headOf(request, socket).catch((error: unknown) => {
    socket.destroy();
    throw readError(error);
  });
  return {
    status: message.statusCode ?? 0,
    headers: flatHeaders(message),
    body: readBody(message, readError),
    discard: () => socket.destroy(),
  };
}

function headOf(
  { asked, method, url, headers, body, timeouts }: WireRequest,
  socket: Socket,
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const late = () => {
    const cause = new Error(`${url.host} was silent for too long`);
    socket.destroy(new TransportError({ asked, sent: true, kind: 'timeout', cause }));
  };
  let timer: NodeJS.Timeout | null = null;
  // a refusal may come before all of the request is out
  let answered = false;
  socket.setTimeout(timeouts.idleMs, late);
  const request = httpRequest({
    ...{ method, path: `${url.pathname}${url.search}`, createConnection: () => socket },
    headers: {
      ...{ host: url.host, connection: 'close', 'accept-encoding': 'identity', ...headers },
      ...(body ? { 'content-length': String(body.byteLength) } : {}),
    },
  });
  // the server's time counts from when it has all of the request
  request.once('finish', () => {
    if (answered) return;
    socket.setTimeout(0);
    timer = setTimeout(late, timeouts.headersMs);
  });
  request.once('response', (message) => {
    answered = true;
    socket.setTimeout(timeouts.idleMs);
    resolve(message);
  });
  request.on('error', reject);
  request.once('close', () => reject(new Error('closed without an answer')));
  request.end(body ?? undefined);
  return promise.finally(() => clearTimeout(timer ?? undefined));
}

async function* readBody(message: IncomingMessage, readError: (error: unknown) => unknown): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of message) yield chunk as Uint8Array;
  } catch (error) {
    throw readError(error);
  }
}

function flatHeaders({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}
