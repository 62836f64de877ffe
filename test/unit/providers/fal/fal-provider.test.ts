import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProviderJob } from '../../../../src-main/orchestrator/ports/provider.ts';
import { createFalProvider } from '../../../../src-main/providers/fal/fal-provider.ts';
import { ReadFailure } from '../../../../src-main/providers/http/http-errors.ts';
import type { RemoteProvider } from '../../../../src-main/providers/remote-provider.ts';
import {
  clipRequest,
  doubtfulAttempt,
  openProviderBench,
  type ProviderBench,
  plantedKey,
  reservationOf,
  stillRequest,
} from '../../../fixtures/provider-bench.ts';
import { answerJson, type HttpPeer, type SeenCall, startHttpPeer } from '../../../fixtures/start-http-peer.ts';

const never = new AbortController().signal;
const request = stillRequest({ provider: 'fal', endpoint: 'fal-ai/nano-banana-pro', params: { resolution: '1K' } });
const order = { reservation: reservationOf('a1', 150_000), inputs: new Map<string, string>() };

type Reply = { status: number; body: unknown; headers?: Record<string, string> };
let peer: HttpPeer;
let bench: ProviderBench;
let fal: RemoteProvider;
/** what fal says, by the part of the address that is asked */
let replies: [RegExp, (call: SeenCall) => Reply][];

beforeEach(async () => {
  replies = [];
  peer = await startHttpPeer((call, response) => {
    const found = replies.find(([address]) => address.test(`${call.method} ${call.url}`));
    const { status, body, headers } = found?.[1](call) ?? { status: 404, body: { detail: 'Request not found' } };
    answerJson(response, status, body, headers);
  });
  bench = await openProviderBench('', { baseUrl: (part) => `${peer.url}/${part}` });
  fal = createFalProvider(bench.tools);
});
afterEach(async () => {
  await peer.close();
  await bench.close();
});

const on = (address: RegExp, status: number, body: unknown, headers = {}) =>
  void replies.unshift([address, () => ({ status, body, headers })]);
const accept = (urls: object = {}) => {
  const base = `${peer.url}/queue/fal-ai/nano-banana-pro/requests/r1`;
  const named = { response_url: base, status_url: `${base}/status`, cancel_url: `${base}/cancel` };
  on(/^POST \/queue/, 200, { status: 'IN_QUEUE', request_id: 'r1', queue_position: 0, ...named, ...urls });
};
const job = (data: object = {}): ProviderJob => ({
  id: 'r1',
  data: {
    ...{ endpoint: 'fal-ai/nano-banana-pro', sentAt: new Date().toISOString(), priceMicroUsd: 150_000, ...data },
  },
});
const thrownBy = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail('it should have thrown'),
    (error: unknown) => error,
  );

describe('a submit', () => {
  it('asks fal not to repeat it, and to forget its files after a week', async () => {
    accept();
    await fal.submit(request, order, never);
    expect(peer.seen).toHaveLength(1);
    expect(peer.seen[0]?.url).toBe('/queue/fal-ai/nano-banana-pro');
    expect(peer.seen[0]?.headers).toMatchObject({
      ...{ authorization: `Key ${plantedKey}`, 'x-fal-no-retry': '1', connection: 'close' },
      'x-fal-object-lifecycle-preference': '{"expiration_duration_seconds":604800}',
    });
    expect(JSON.parse(peer.seen[0]?.body.toString() ?? '')).toEqual(fal.payload(request, new Map()).body);
  });

  it('keeps no key, even when the answer echoes it', async () => {
    replies.unshift([
      /^POST/,
      ({ headers }) => ({
        status: 200,
        body: {
          request_id: 'r1',
          status_url: `${peer.url}/?k=${headers.authorization}`,
          response_url: plantedKey,
          cancel_url: '',
        },
      }),
    ]);
    const submitted = await fal.submit(request, order, never);
    expect(JSON.stringify(submitted)).not.toContain(plantedKey);
  });

  it('is in doubt when the answer names no request', async () => {
    on(/^POST/, 200, { status: 'IN_QUEUE' });
    expect(fal.readSubmitError(await thrownBy(fal.submit(request, order, never)))).toMatchObject({ kind: 'unknown' });
    expect(peer.seen).toHaveLength(1);
  });

  it('tells the key in no error', async () => {
    replies.unshift([/^POST/, ({ headers }) => ({ status: 401, body: { detail: `bad ${headers.authorization}` } })]);
    const error = await thrownBy(fal.submit(request, order, never));
    const told = inspect([error, fal.readSubmitError(error)], { depth: 9, showHidden: true });
    expect(told).toContain('bad Key [key]');
    expect(told).not.toContain(plantedKey);
  });
});

describe('the key', () => {
  it('never goes to an address that is not fal’s, though an answer or a record names one', async () => {
    const strange = await startHttpPeer((_call, response) => answerJson(response, 200, { status: 'IN_QUEUE' }));
    try {
      accept({ status_url: `${strange.url}/status`, cancel_url: `${strange.url}/cancel` });
      on(/^GET \/queue.*status/, 202, { status: 'IN_QUEUE' });
      on(/^PUT \/queue.*cancel/, 202, { status: 'CANCELLATION_REQUESTED' });
      const submitted = await fal.submit(request, order, never);
      expect(await fal.poll(submitted, never)).toMatchObject({ kind: 'pending' });
      expect(await fal.cancel?.(submitted, never)).toEqual({ kind: 'asked' });
      expect(strange.seen).toEqual([]);
      expect(peer.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
        'POST /queue/fal-ai/nano-banana-pro',
        'GET /queue/fal-ai/nano-banana-pro/requests/r1/status?logs=1',
        'GET /queue/fal-ai/nano-banana-pro/requests/r1/status?logs=1',
        'PUT /queue/fal-ai/nano-banana-pro/requests/r1/cancel',
      ]);
    } finally {
      await strange.close();
    }
  });

  it('does not go with the bytes of a file, nor with a download', async () => {
    const start = await bench.picture('start.png');
    on(/^POST \/rest\/storage/, 200, {
      file_url: 'https://cdn.test/f.png',
      upload_url: `${peer.url}/signed?token=abc`,
    });
    on(/^PUT \/signed/, 200, {});
    const clip = clipRequest({ provider: 'fal', endpoint: 'e', startFrame: start });
    expect([...(await fal.upload(clip, never)).values()]).toEqual(['https://cdn.test/f.png']);
    const put = peer.seen.find(({ method }) => method === 'PUT');
    expect(put?.headers.authorization).toBeUndefined();
    expect(put?.headers['content-type']).toBe('image/png');
    on(/^GET \/queue.*r1$/, 200, { images: [{ url: `${peer.url}/file.png` }] });
    await thrownBy(fal.fetchResult(job(), `${bench.folder}/x`, never));
    expect(peer.seen.find(({ url }) => url === '/file.png')?.headers.authorization).toBeUndefined();
  });
});

describe('the result of a request', () => {
  const complete = (more = {}) => on(/status\?logs=1$/, 200, { status: 'COMPLETED', ...more });

  it('without a file is a failure that counts as billed', async () => {
    complete();
    on(/^GET \/queue.*r1$/, 200, { images: [] });
    expect(await fal.poll(job(), never)).toMatchObject({
      kind: 'failed',
      failure: { category: 'gate_mechanical', detail: 'bad_output' },
      billedMicroUsd: 150_000,
    });
  });

  it('is not taken for failed when only the platform stumbles', async () => {
    complete();
    on(/^GET \/queue.*r1$/, 502, 'Bad Gateway');
    on(/by-endpoint/, 200, { items: [{ request_id: 'r1', status_code: 200 }] });
    const error = await thrownBy(fal.poll(job(), never));
    expect(fal.readFetchError(error)).toMatchObject({ category: 'transient', detail: 'server' });
  });

  it('is failed when the list says so, though the queue does not', async () => {
    complete();
    on(/^GET \/queue.*r1$/, 500, { detail: 'Internal Server Error' });
    on(/by-endpoint/, 200, { items: [{ request_id: 'r1', status_code: 500 }] });
    expect(await fal.poll(job(), never)).toMatchObject({
      kind: 'failed',
      failure: { detail: 'server' },
      billedMicroUsd: 0,
    });
  });

  it.each<[number, Record<string, string>, number, string]>([
    [422, {}, 150_000, 'a 422 may be billed'],
    [422, { 'x-fal-billable-units': '0' }, 0, 'fal says that nothing was billable'],
    [422, { 'x-fal-billable-units': '1' }, 150_000, 'fal says that something was'],
    [503, {}, 0, 'a 5xx is not billed'],
    [503, { 'x-fal-billable-units': '1' }, 150_000, 'fal says that something was'],
  ])('that failed with %i %j costs %i: %s', async (status, headers, billedMicroUsd) => {
    complete({ error: 'it failed', error_type: 'x' });
    on(/^GET \/queue.*r1$/, status, { detail: 'it failed' }, headers);
    on(/billing-events/, 403, { detail: 'not for this key' });
    expect(await fal.poll(job(), never)).toMatchObject({ kind: 'failed', billedMicroUsd });
  });

  it('costs what the billing list says before anything else', async () => {
    complete({ error: 'it failed', error_type: 'x' });
    on(/^GET \/queue.*r1$/, 422, { detail: 'it failed' });
    const event = { request_id: 'r1', cost_estimate_nano_usd: 1_234_001 };
    on(/billing-events/, 200, { billing_events: [{ ...event, request_id: 'other' }, event] });
    expect(await fal.poll(job(), never)).toMatchObject({ kind: 'failed', billedMicroUsd: 1235 });
  });

  it('that is still being written is not there yet', async () => {
    complete();
    on(/^GET \/queue.*r1$/, 400, { detail: 'Request is still in progress' });
    expect(await fal.poll(job(), never)).toMatchObject({ kind: 'pending' });
  });

  it('that fal made and lost was billed', async () => {
    complete();
    on(/^GET \/queue.*r1$/, 404, { detail: 'Request not found' });
    on(/by-endpoint/, 200, { items: [{ request_id: 'r1', status_code: 200, json_output: null }] });
    expect(await fal.poll(job(), never)).toMatchObject({
      kind: 'failed',
      failure: { category: 'permanent', detail: 'bad_output' },
      billedMicroUsd: 150_000,
    });
  });
});

describe('a doubt', () => {
  it('ends with a job that a person names, though no list has shown it', async () => {
    const adopted = fal.adopt(doubtfulAttempt('a1', request), 'from-the-dashboard');
    on(/from-the-dashboard\/status/, 200, { status: 'COMPLETED' });
    on(/^GET \/queue.*from-the-dashboard$/, 200, { images: [{ url: `${peer.url}/file.png` }] });
    expect(await fal.poll(JSON.parse(JSON.stringify(adopted)) as ProviderJob, never)).toEqual({ kind: 'done' });
    expect(adopted.data.priceMicroUsd).toBe(1_000_000);
  });

  it('is not settled by a list that does not show what was sent', async () => {
    on(/by-endpoint/, 200, { items: [{ request_id: 'r1', status_code: null }] });
    const error = await thrownBy(fal.reconcile(doubtfulAttempt('a1', request), never));
    expect(error).toBeInstanceOf(ReadFailure);
    expect(fal.readFetchError(error)).toMatchObject({ category: 'transient' });
  });

  it('is not settled by an equal request from before, though a list counts by the end of requests', async () => {
    const attempt = doubtfulAttempt('a1', request);
    const { body } = fal.payload(request, new Map());
    const sentAgo = (ms: number) => new Date(Date.parse(attempt.createdAt) - ms).toISOString();
    const listed = { request_id: 'r1', status_code: 200, json_input: body };
    on(/by-endpoint/, 200, { items: [{ ...listed, sent_at: sentAgo(60_000) }] });
    expect(await fal.reconcile(attempt, never)).toEqual({ kind: 'absent' });
    on(/by-endpoint/, 200, { items: [{ ...listed, sent_at: sentAgo(-1000) }] });
    expect(await fal.reconcile(attempt, never)).toMatchObject({ kind: 'found' });
  });

  it('is not settled by a list that has no end', async () => {
    on(/by-endpoint/, 200, { items: [], next_cursor: 'more', has_more: true });
    const error = await thrownBy(fal.reconcile(doubtfulAttempt('a1', request), never));
    expect(fal.readFetchError(error)).toMatchObject({ category: 'transient' });
  });

  it('is asked about from when the attempt began, by the clock of fal', async () => {
    const date = new Date('2026-01-01T00:00:00Z');
    on(/by-endpoint/, 200, { items: [] }, { date: date.toUTCString() });
    const now = new Date('2026-11-21T12:00:00Z');
    const late = createFalProvider({ ...bench.tools, now: () => now });
    const attempt = doubtfulAttempt('a1', request, new Date(now.getTime() - 60_000));
    expect(await late.reconcile(attempt, never)).toEqual({ kind: 'absent' });
    const asked = new URL(peer.seen.at(-1)?.url ?? '', peer.url).searchParams;
    expect(Object.fromEntries(asked)).toEqual({
      ...{ endpoint_id: 'fal-ai/nano-banana-pro', start: '2025-12-31T23:58:58.000Z', expand: 'payloads', limit: '100' },
    });
  });
});
