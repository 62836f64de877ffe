import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createApiClient } from '../../../../src-main/providers/http/api-client.ts';
import { ProviderHttpError, TransportError } from '../../../../src-main/providers/http/http-errors.ts';
import { readSubmitError } from '../../../../src-main/providers/http/read-errors.ts';
import { type AnswerCall, answerJson, type HttpPeer, startHttpPeer } from '../../../fixtures/start-http-peer.ts';

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

const never = new AbortController().signal;
const client = createApiClient({ title: 'fal', secrets: () => [], now: () => new Date(0) });
/** for peers that say nothing */
const impatient = { headersMs: 60, idleMs: 60 };

async function peer(answer: AnswerCall): Promise<HttpPeer> {
  const started = await startHttpPeer(answer);
  opened.push(started);
  return started;
}

/** A server below HTTP. */
async function rawPeer(onSocket: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push({
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(resolve));
    },
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const submitTo = (url: string, signal = never, timeouts = {}) =>
  client.call({ purpose: 'submit', method: 'POST', url, body: { json: { prompt: 'a' } }, timeouts }, signal);
const errorOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail('it should have thrown'),
    (error: unknown) => error,
  );
const outcomeOf = async (promise: Promise<unknown>) => readSubmitError(await errorOf(promise), client);

describe('a submit of which no byte can have left', () => {
  it('is one to a port where nobody listens', async () => {
    const gone = await startHttpPeer(() => {});
    await gone.close();
    expect(await outcomeOf(submitTo(gone.url))).toMatchObject({
      kind: 'not-sent',
      failure: { category: 'transient', detail: 'network' },
    });
  });

  it('is one to a name that does not exist', async () => {
    expect(await errorOf(submitTo('http://provider.invalid/'))).toMatchObject({ sent: false, kind: 'dns' });
  });

  it('is one whose encryption could not be agreed on', async () => {
    const place = await rawPeer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(await errorOf(submitTo(`https://${place}/`))).toMatchObject({ sent: false, kind: 'tls' });
  });

  it('is one to a server that hangs up during the handshake', async () => {
    const place = await rawPeer((socket) => socket.destroy());
    expect(await errorOf(submitTo(`https://${place}/`))).toMatchObject({ sent: false });
  });

  it('is one that was aborted before', async () => {
    const { url, seen } = await peer((_call, response) => answerJson(response, 200, {}));
    expect(await errorOf(submitTo(url, AbortSignal.abort()))).toMatchObject({ name: 'AbortError' });
    expect(seen).toEqual([]);
  });

  it('is one to an address that is none', async () => {
    expect(await outcomeOf(submitTo('ftp://127.0.0.1/'))).toMatchObject({ kind: 'not-sent' });
    expect(await outcomeOf(submitTo('no address'))).toMatchObject({ kind: 'not-sent' });
  });
});

describe('a submit that may have arrived', () => {
  it('is in doubt when the connection breaks instead of an answer, and is not sent again', async () => {
    const { url, seen } = await peer((_call, _response, request) => void request.socket.destroy());
    expect(await outcomeOf(submitTo(url))).toMatchObject({ kind: 'unknown', failure: { detail: 'network' } });
    expect(seen).toHaveLength(1);
  });

  it('is in doubt when no answer comes in time', async () => {
    const { url, seen } = await peer(() => {});
    const asked = submitTo(url, never, impatient);
    expect(await outcomeOf(asked)).toMatchObject({ kind: 'unknown', failure: { detail: 'timeout' } });
    expect(seen).toHaveLength(1);
  });

  it('is in doubt when the answer stops half way', async () => {
    const { url } = await peer((_call, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"request_id":');
    });
    const asked = submitTo(url, never, impatient);
    expect(await outcomeOf(asked)).toMatchObject({ kind: 'unknown', failure: { detail: 'timeout' } });
  });

  it('is in doubt when the answer is cut off', async () => {
    const { url } = await peer((_call, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{', () => response.socket?.destroy());
    });
    expect(await outcomeOf(submitTo(url))).toMatchObject({ kind: 'unknown', failure: { detail: 'network' } });
  });

  it('is in doubt when what comes is not HTTP', async () => {
    const place = await rawPeer((socket) => socket.end('hello\r\n\r\n'));
    expect(await outcomeOf(submitTo(`http://${place}/`))).toMatchObject({
      kind: 'unknown',
      failure: { detail: 'server' },
    });
  });

  it('is in doubt when a 200 holds something other than expected', async () => {
    for (const body of ['<html></html>', '{"id":7}', '']) {
      const { url } = await peer((_call, response) => void response.end(body));
      const call = { purpose: 'submit', method: 'POST', url, body: { json: {} } } as const;
      const asked = client.json(call, z.object({ id: z.string() }), never);
      expect(await outcomeOf(asked)).toMatchObject({ kind: 'unknown', failure: { detail: 'server' } });
    }
  });

  it('is in doubt when the answer never ends', async () => {
    const { url } = await peer((_call, response) => void response.end('x'.repeat(2000)));
    const asked = client.call({ purpose: 'submit', method: 'POST', url, maxAnswerBytes: 1000 }, never);
    expect(await outcomeOf(asked)).toMatchObject({ kind: 'unknown' });
  });

  it('is in doubt when it is sent elsewhere, and does not go there', async () => {
    const { url, seen } = await peer((_call, response) => void response.writeHead(307, { location: '/other' }).end());
    expect(await outcomeOf(submitTo(url))).toMatchObject({ kind: 'unknown' });
    expect(seen.map((call) => call.url)).toEqual(['/']);
  });

  it('ends as aborted when it is aborted on the way', async () => {
    const stop = new AbortController();
    const { url } = await peer(() => stop.abort());
    expect(await errorOf(submitTo(url, stop.signal))).toMatchObject({ name: 'AbortError' });
  });
});

describe('an exchange', () => {
  it('carries its body whole, closes its connection, and asks for nothing packed', async () => {
    const { url, seen } = await peer((_call, response) => answerJson(response, 200, { id: 'a' }));
    const order = { purpose: 'submit', method: 'POST', url: `${url}/a/b?c=d`, headers: { 'x-one': '1' } } as const;
    const got = await client.json({ ...order, body: { json: { ü: 1 } } }, z.object({ id: z.string() }), never);
    expect(got).toEqual({ id: 'a' });
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/a/b?c=d' });
    expect(seen[0]?.body.toString()).toBe('{"ü":1}');
    expect(seen[0]?.headers).toMatchObject({ connection: 'close', 'accept-encoding': 'identity', 'x-one': '1' });
    expect(seen[0]?.headers.host).toBe(new URL(url).host);
  });

  it('carries bytes and forms', async () => {
    const { url, seen } = await peer((_call, response) => answerJson(response, 200, {}));
    const form = new FormData();
    form.set('image', new Blob([Buffer.from([1, 2, 3])]), 'a.png');
    const bytes = Buffer.from([9, 8, 7]);
    await client.call({ purpose: 'upload', method: 'PUT', url, body: { bytes, contentType: 'image/png' } }, never);
    await client.call({ purpose: 'upload', method: 'POST', url, body: { form } }, never);
    expect(seen[0]?.body).toEqual(bytes);
    expect(seen[0]?.headers['content-type']).toBe('image/png');
    expect(seen[1]?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(seen[1]?.body.toString('latin1')).toContain('filename="a.png"');
  });

  it('uses a new connection each time', async () => {
    const ports = new Set<number | undefined>();
    const { url } = await peer((_call, response, request) => {
      ports.add(request.socket.remotePort);
      answerJson(response, 200, {});
    });
    await submitTo(url);
    await submitTo(url);
    expect(ports.size).toBe(2);
  });

  it('has an error for every answer but 2xx, with its code and what it asks to wait', async () => {
    const { url } = await peer((_call, response) =>
      answerJson(response, 429, { error: { code: 'slow_down' } }, { 'retry-after': '7' }),
    );
    const error = await errorOf(submitTo(url));
    expect(error).toBeInstanceOf(ProviderHttpError);
    expect(error).toMatchObject({ status: 429, code: 'slow_down', retryAfterMs: 7000, purpose: 'submit' });
    expect((error as ProviderHttpError).json()).toEqual({ error: { code: 'slow_down' } });
    expect(error).not.toBeInstanceOf(TransportError);
  });
});
