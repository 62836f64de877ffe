/** Whatever goes wrong on the way: people read who it was, what happened and what to do, and the log has the rest. */
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../../../src-main/platform/app-error.ts';
import { createApiClient } from '../../../../src-main/providers/http/api-client.ts';
import { downloadFile } from '../../../../src-main/providers/http/download-file.ts';
import { ProviderHttpError, TransportError } from '../../../../src-main/providers/http/http-errors.ts';
import { peoplesWords } from '../../../../src-main/providers/http/peoples-words.ts';
import { failureOf, readFetchError, readSubmitError } from '../../../../src-main/providers/http/read-errors.ts';
import { afterSend, beforeSend } from '../../../../src-main/providers/http/read-socket-error.ts';
import { tellFailure } from '../../../../src-main/providers/http/tell-failure.ts';
import { failureDetailSchema } from '../../../../src-shared/domain/failure.ts';
import { expectPeoplesSentence } from '../../../fixtures/peoples-sentence.ts';
import { type AnswerCall, startHttpPeer } from '../../../fixtures/start-http-peer.ts';

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

const never = new AbortController().signal;
const timeouts = { connectMs: 60, headersMs: 60, idleMs: 60 };
const client = createApiClient({ title: 'fal', secrets: () => [], now: () => new Date(0), timeouts });
const mine = createApiClient({ title: 'ComfyUI', isOwnMachine: true, secrets: () => [], now: () => new Date(0) });

async function peer(answer: AnswerCall): Promise<string> {
  const started = await startHttpPeer(answer);
  opened.push(started);
  return started.url;
}

async function rawPeer(onSocket: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
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

async function nobody(): Promise<string> {
  const gone = await startHttpPeer(() => {});
  await gone.close();
  return gone.url;
}

const thrownBy = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail('it should have thrown'),
    (error: unknown) => error,
  );
const submitTo = (url: string, of = client) =>
  thrownBy(
    of.json({ purpose: 'submit', method: 'POST', url, body: { json: {} } }, z.object({ id: z.string() }), never),
  );

const onTheWay: [string, () => Promise<string>][] = [
  ['nobody listens', nobody],
  ['its name does not exist', async () => 'http://provider.invalid/v1'],
  [
    'encryption cannot be agreed on',
    async () => `https://${await rawPeer((s) => void s.end('HTTP/1.1 400 No\r\n\r\n'))}/`,
  ],
  ['it hangs up during the handshake', async () => `https://${await rawPeer((s) => void s.destroy())}/`],
  ['it says nothing during the handshake', async () => `https://${await rawPeer(() => {})}/`],
  ['the address is of another kind', async () => 'ftp://files.invalid/'],
  ['the address is none', async () => 'no address'],
  ['the connection breaks instead of an answer', () => peer((_c, _r, request) => void request.socket.destroy())],
  ['no answer comes', () => peer(() => {})],
  [
    'the answer stops half way',
    () => peer((_c, r) => void r.writeHead(200, { 'content-length': '99' }).write('{"a":')),
  ],
  [
    'the answer is cut off',
    () => peer((_c, r) => void r.writeHead(200, { 'content-length': '99' }).write('{', () => r.socket?.destroy())),
  ],
  ['what comes is not HTTP', async () => `http://${await rawPeer((s) => void s.end('hello\r\n\r\n'))}/`],
  ['what comes is no JSON', () => peer((_c, r) => void r.end('<html>busy</html>'))],
  ['what comes is other JSON', () => peer((_c, r) => void r.end('{"id":7}'))],
  ['it is sent elsewhere', () => peer((_c, r) => void r.writeHead(307, { location: 'http://x.test/' }).end())],
  ['the answer is an empty 500', () => peer((_c, r) => void r.writeHead(500).end())],
  [
    'the answer is a trace',
    () =>
      peer((_c, r) => void r.writeHead(500).end('Traceback (most recent call last):\n  File "/app/main.py", line 3')),
  ],
];

describe.each(onTheWay)('when %s', (_what, placeOf) => {
  it('a submit, and a question that is safe to repeat, end in a sentence', async () => {
    const error = await submitTo(await placeOf());
    expectPeoplesSentence(readSubmitError(error, client).failure.message, 'fal');
    expectPeoplesSentence(readFetchError(error, client).message, 'fal');
  });

  it('a download ends in a sentence', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'circletake-sentence-'));
    opened.push({ close: () => rm(folder, { recursive: true }) });
    const order = { url: await placeOf(), temporaryPath: join(folder, 'take'), timeouts };
    expectPeoplesSentence(readFetchError(await thrownBy(downloadFile(client, order, never)), client).message, 'fal');
  });
});

describe('every code of the network', () => {
  const codes = ['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN'];
  const more = [
    'EADDRNOTAVAIL',
    'ETIMEDOUT',
    'ECONNRESET',
    'EPIPE',
    'HPE_INVALID_CONSTANT',
    'CERT_HAS_EXPIRED',
    'EPROTO',
    '',
  ];

  it.each([...codes, ...more])('%s stays with the error, for the log', (code) => {
    const cause = Object.assign(new Error(`connect ${code} 127.0.0.1:8188`), { code });
    for (const error of [beforeSend(cause, client), afterSend(cause, client)]) {
      expectPeoplesSentence(error.message, 'fal');
      expect(error.cause).toBe(cause);
    }
    expectPeoplesSentence(beforeSend(cause, mine).message, 'ComfyUI');
    expect(beforeSend(cause, mine).message).toContain('Settings');
  });
});

describe('what a provider says', () => {
  const says = (body: unknown, status = 422) =>
    new ProviderHttpError({
      ...{ provider: 'fal', purpose: 'submit', status, code: null, body: JSON.stringify(body), headers: {} },
      retryAfterMs: null,
    });

  it.each([400, 401, 402, 403, 404, 408, 413, 422, 429, 500, 502, 503, 504, 302])(
    'with %i ends in what to do',
    (status) => {
      expectPeoplesSentence(readSubmitError(says({ detail: 'why' }, status), client).failure.message, 'fal');
      expectPeoplesSentence(readFetchError(says({}, status), client).message, 'fal');
    },
  );

  it('keeps its reason and loses its addresses', () => {
    const detail = 'Failed to read https://v3.fal.media/files/a.png?sig=1: ECONNRESET (getting it from 10.0.0.7:443)';
    const { message } = readSubmitError(says({ detail }), client).failure;
    expect(message).toBe(
      'fal answered 422: Failed to read an address (getting it from an address). Change the shot or take another engine.',
    );
  });
});

test.each([
  ['Timeout at https://queue.fal.run/x/y.', 'Timeout at an address.'],
  ['connect ECONNREFUSED 127.0.0.1:8188', 'connect an address'],
  ['no host api.fal.ai:443 here', 'no host an address here'],
  ['TypeError: x is not a function\n    at run (/app/main.js:10:5)\n    at file:///x.js:1:1', 'x is not a function'],
  ['CUDA out of memory\nTraceback (most recent call last):\n  File "a.py", line 1', 'CUDA out of memory'],
  ['could not read data:image/png;base64,iVBORw0KGgo=', 'could not read a picture'],
  [
    '“assets/char/mara.png” is not with fal-ai/veo3.1/image-to-video',
    '“assets/char/mara.png” is not with fal-ai/veo3.1/image-to-video',
  ],
  ['Value not in list: sampler_name', 'Value not in list: sampler_name'],
  ['ERROR: the EMPTY frame ENDED at 3:20', 'ERROR: the EMPTY frame ENDED at 3:20'],
])('of “%s” people read “%s”', (text, words) => {
  expect(peoplesWords(text)).toBe(words);
});

describe('whatever an engine says of a job that failed', () => {
  const message = 'fal did not make it: RuntimeError: no picture at https://x.test/a.png';
  const ofThisMachine = ['disk', 'missing_ref', 'in_doubt'];
  const details = failureDetailSchema.options.filter((detail) => !ofThisMachine.includes(detail));
  const categories = ['transient', 'permanent', 'budget', 'content_filter', 'gate_mechanical'] as const;
  const all = categories.flatMap((category) => details.map((detail) => [category, detail] as const));

  it.each(all)('as %s, %s there is something to do', (category, detail) => {
    const told = tellFailure(failureOf(category, detail, message), 'fal');
    expectPeoplesSentence(told.message, 'fal did not make it: no picture at an address.');
    expect(told).toMatchObject({ category, detail });
  });
});

test('a log of pages is cut to what can be read, in no time', () => {
  const words = peoplesWords(`CUDA failed ${'a-'.repeat(200_000)}`);
  expect(words).toMatch(/^CUDA failed .*…$/);
  expect(words.length).toBeLessThan(600);
});

describe('what goes wrong here', () => {
  it('is told as a bug, without its words', () => {
    const bug = new TypeError('undefined is not a function');
    expect(readSubmitError(bug, client)).toMatchObject({ kind: 'unknown' });
    expectPeoplesSentence(readSubmitError(bug, client).failure.message, 'fal');
    expectPeoplesSentence(readFetchError(bug, client).message, 'fal');
  });

  it('says itself what it is where it was expected', () => {
    const full = new AppError({ code: 'disk.full', message: 'The disk is full.' });
    expect(readSubmitError(full, client).failure.message).toBe('The disk is full.');
  });

  it('is no sentence twice: a failure on the way says already what to do', () => {
    const error = new TransportError({ asked: client, sent: true, kind: 'reset' });
    expect(readSubmitError(error, client).failure.message).toBe(error.message);
  });
});
