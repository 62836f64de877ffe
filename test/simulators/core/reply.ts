/** What a simulated provider answers, apart from how it goes over the wire. */
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array;
  /** milliseconds before the first byte */
  delayMs: number;
  /** `no-answer`: the connection is cut instead; `half-way`: after half of the body */
  cut: 'no' | 'no-answer' | 'half-way';
  /** the fault that made it so, for the log */
  fault: string | null;
}

/** An answer in JSON. */
export function json(status: number, value: unknown, headers: Record<string, string> = {}): Reply {
  const body = Buffer.from(JSON.stringify(value));
  return bytes(status, body, { 'content-type': 'application/json', ...headers });
}

export function bytes(status: number, body: Uint8Array, headers: Record<string, string> = {}): Reply {
  return { status, headers, body, delayMs: 0, cut: 'no', fault: null };
}

/** The connection breaks off without an answer. */
export function noAnswer(): Reply {
  return { ...bytes(0, new Uint8Array()), cut: 'no-answer' };
}

export interface SimulatorRequest {
  method: string;
  /** below the provider's prefix, with its leading slash */
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: Buffer;
  /** the address under which the simulator was asked */
  origin: string;
}

/** The body as JSON; null when it is none or is not said to be. */
export function jsonBody(request: SimulatorRequest): unknown {
  return request.headers['content-type']?.startsWith('application/json') ? parseBody(request) : null;
}

/** The body as JSON, whatever it is said to be; null when it is none. */
export function parseBody({ body }: SimulatorRequest): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}

export async function readBody(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** Sends an answer, or breaks off where it says so. */
export async function send(reply: Reply, response: ServerResponse): Promise<void> {
  if (reply.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, reply.delayMs));
  if (reply.cut === 'no-answer') {
    response.socket?.resetAndDestroy();
    return;
  }
  response.writeHead(reply.status, { ...reply.headers, 'content-length': String(reply.body.byteLength) });
  if (reply.cut === 'no') {
    response.end(reply.body);
    return;
  }
  const half = reply.body.subarray(0, Math.floor(reply.body.byteLength / 2));
  // Once the bytes are with the system; cutting at once would lose the headers too.
  response.write(half, () => setImmediate(() => response.socket?.destroy()));
}
