import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createArkProvider } from '../../../../src-main/providers/ark/ark-provider.ts';
import type { GenerationRequest } from '../../../../src-shared/domain/attempt.ts';
import { type AdapterWorld, bodyOf, never, openAdapterWorld, Status } from '../../../fixtures/adapter-world.ts';
import { clipRequest, doubtfulAttempt } from '../../../fixtures/provider-bench.ts';

let world: AdapterWorld;
let request: GenerationRequest;
beforeEach(async () => {
  world = await openAdapterWorld(createArkProvider);
  request = clipRequest({
    ...{ provider: 'ark', endpoint: 'seedance-1-5-pro-251215', seed: 4711, negativePrompt: 'blur' },
    ...{ params: { resolution: '720p', generate_audio: true }, startFrame: await world.bench.picture('start.png') },
  });
});
afterEach(() => world.close());

const tasks = '/api/v3/contents/generations/tasks';
const job = { id: 'cgt-1', data: { priceMicroUsd: 260_000 } };
const ofStatus = (status: string, more = {}) => ({ id: 'cgt-1', status, ...more });

test('sends words and first frame as content, with the shape by name', async () => {
  world.says(() => ({ id: 'cgt-1' }));
  expect(await world.submit(request)).toEqual({ id: 'cgt-1', data: { priceMicroUsd: 700_000 } });
  expect(bodyOf(world)).toEqual({
    model: 'seedance-1-5-pro-251215',
    content: [
      { type: 'text', text: `${request.prompt}\nAvoid: blur` },
      { type: 'image_url', image_url: { url: expect.stringMatching(/^data:image\/png;base64,/) }, role: 'first_frame' },
    ],
    ...{ resolution: '720p', generate_audio: true, ratio: '9:16', duration: 5, seed: 4711 },
  });
});

test('sends references instead of a first frame where the endpoint works from them', async () => {
  const ref = {
    ...(await world.bench.picture('mara.png', { width: 64, height: 64 })),
    role: 'char:mara:identity/front',
  };
  const endpoint = 'dreamina-seedance-2-0-260128/references';
  const body = world.adapter.payload(
    { ...request, endpoint, seed: null, refs: [ref], startFrame: null, negativePrompt: '' },
    new Map(),
  ).body;
  expect(body).toMatchObject({
    model: 'dreamina-seedance-2-0-260128',
    content: [
      { type: 'text', text: `${request.prompt}\nImage 1 shows mara (identity/front).` },
      { type: 'image_url', image_url: { url: ref.hash }, role: 'reference_image' },
    ],
  });
  expect(body).not.toHaveProperty('seed');
});

test('sends the opening frame as the first of the references, and counts it', async () => {
  const ref = {
    ...(await world.bench.picture('mara.png', { width: 64, height: 64 })),
    role: 'char:mara:identity/front',
  };
  const endpoint = 'dreamina-seedance-2-0-260128/references';
  const asked = { ...request, endpoint, seed: null, refs: [ref], negativePrompt: '' };
  expect(world.adapter.payload(asked, new Map()).body).toMatchObject({
    content: [
      { text: `${request.prompt}\nImage 1 is the opening frame. Image 2 shows mara (identity/front).` },
      { image_url: { url: request.startFrame?.hash }, role: 'reference_image' },
      { image_url: { url: ref.hash }, role: 'reference_image' },
    ],
  });
  expect(world.adapter.endpoint(endpoint)?.maxRefs).toBe(8);
});

test('refuses a shape that Seedance does not make', () => {
  const odd = { ...request, output: { ...request.output, width: 1000, height: 1300 } };
  expect(world.adapter.refusal(odd)).toContain('the project is 1000×1300');
});

test.each([
  [400, 'InputTextSensitiveContentDetected', 'content_filter', 'rejected_request'],
  [400, 'InputImageSensitiveContentDetected.PrivacyInformation', 'content_filter', 'rejected_request'],
  [400, 'InvalidParameter', 'permanent', 'rejected_request'],
  [401, 'AuthenticationError', 'permanent', 'account'],
  [403, 'AccountOverdueError', 'budget', 'account'],
  [403, 'OperationDenied.ServiceOverdue', 'budget', 'account'],
  [429, 'SetLimitExceeded', 'budget', 'account'],
  [403, 'AccessDenied', 'permanent', 'account'],
  [403, 'OperationDenied.ServiceNotOpen', 'permanent', 'rejected_request'],
  [404, 'ModelNotOpen', 'permanent', 'rejected_request'],
  [429, 'RateLimitExceeded.EndpointRPMExceeded', 'transient', 'rate_limit'],
  [429, 'ServerOverloaded', 'transient', 'rate_limit'],
])('a submit refused with %i %s is %s, %s', async (status, code, category, detail) => {
  world.says(() => new Status(status, { error: { code, message: 'why', param: '', type: 'x' } }));
  expect(await world.refused(request)).toMatchObject({ kind: 'rejected', failure: { category, detail } });
});

test.each([
  ['queued', { kind: 'pending' }],
  ['running', { kind: 'pending' }],
  ['succeeded', { kind: 'done' }],
  ['cancelled', { kind: 'failed', failure: { category: 'transient', detail: 'cancelled' } }],
  ['expired', { kind: 'failed', failure: { category: 'transient', detail: 'timeout' } }],
])('a task that is %s is told so', async (status, expected) => {
  world.says(() => ofStatus(status));
  expect(await world.adapter.poll(job, never)).toMatchObject(expected);
});

test.each([
  ['OutputVideoSensitiveContentDetected', 'content_filter'],
  ['OutputAudioSensitiveContentDetected', 'content_filter'],
  ['InternalServiceError', 'transient'],
  ['InvalidParameter', 'permanent'],
  ['', 'transient'],
])('a task that failed with “%s” is %s and costs nothing', async (code, category) => {
  world.says(() => ofStatus('failed', { error: { code, message: 'why' } }));
  expect(await world.adapter.poll(job, never)).toMatchObject({
    kind: 'failed',
    billedMicroUsd: 0,
    failure: { category },
  });
});

test('fetches the clip by the url of the task', async () => {
  const clip = Buffer.concat([Buffer.from('....ftypisom'), Buffer.alloc(64)]);
  world.says(({ url }) =>
    url === '/file' ? clip : ofStatus('succeeded', { content: { video_url: `${world.url}/file` } }),
  );
  const fetched = await world.adapter.fetchResult(job, join(world.bench.folder, 'clip'), never);
  expect(fetched).toEqual({ extension: '.mp4', costMicroUsd: 260_000 });
});

describe('cancelling', () => {
  test.each(['running', 'succeeded', 'failed'])('never deletes the record of a task that is %s', async (status) => {
    world.says(() => ofStatus(status));
    expect(await world.adapter.cancel?.(job, never)).toMatchObject({ kind: 'too-late' });
    expect(world.seen.map(({ method }) => method)).toEqual(['GET']);
  });

  test('deletes one that waits', async () => {
    world.says(() => ofStatus('queued'));
    expect(await world.adapter.cancel?.(job, never)).toEqual({ kind: 'asked' });
    expect(world.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `GET ${tasks}/cgt-1`,
      `DELETE ${tasks}/cgt-1`,
    ]);
  });
});

describe('a submit in doubt', () => {
  const at = new Date('2026-11-21T10:00:00Z');
  const listed = (id: string, seed: number, secondsLater = 1) => ({
    ...{ id, seed, status: 'running', created_at: at.getTime() / 1000 + secondsLater },
  });
  const reconcile = (items: unknown[]) => {
    world.says(() => ({ items, total: items.length }));
    return world.adapter.reconcile(doubtfulAttempt('att_1', request, at), never);
  };

  test('is the only task with its seed, sent when it was sent', async () => {
    const answer = await reconcile([listed('cgt-2', 1), listed('cgt-1', 4711)]);
    expect(answer).toEqual({ kind: 'found', job: { id: 'cgt-1', data: { priceMicroUsd: 1_000_000 } } });
    expect(world.seen[0]?.url).toContain('filter.model=seedance-1-5-pro-251215');
  });

  test('is absent when no task has its seed', async () => {
    expect(await reconcile([listed('cgt-2', 1)])).toEqual({ kind: 'absent' });
  });

  test.each([
    ['two have its seed', [listed('cgt-1', 4711), listed('cgt-2', 4711, 3)]],
    ['the one with its seed is of another hour', [listed('cgt-1', 4711, 3600)]],
  ])('is for a person when %s', async (_why, items) => {
    expect(await reconcile(items)).toMatchObject({
      kind: 'ambiguous',
      jobs: [{ job: { id: 'cgt-1' }, note: 'running' }, ...items.slice(1).map(() => ({}))],
    });
  });

  test('tells of several which could be it alone: what is known to be another attempt’s does not count then', async () => {
    const answer = await reconcile([listed('cgt-1', 4711), listed('cgt-0', 4711, -3600)]);
    expect(answer).toMatchObject({
      jobs: [
        { job: { id: 'cgt-1' }, isExact: true },
        { job: { id: 'cgt-0' }, isExact: false },
      ],
    });
  });

  test('is for a person where the model takes no seed', async () => {
    request = { ...request, endpoint: 'dreamina-seedance-2-0-260128', seed: null };
    expect(await reconcile([listed('cgt-1', -1)])).toMatchObject({
      kind: 'ambiguous',
      jobs: [{ sentAt: '2026-11-21T10:00:01.000Z' }],
    });
    expect(await reconcile([listed('cgt-1', -1, 7200)])).toEqual({ kind: 'absent' });
  });

  test('is looked for by the clock of Ark when ours is wrong, where nothing but the time tells tasks apart', async () => {
    request = { ...request, endpoint: 'dreamina-seedance-2-0-260128', seed: null };
    const ahead = { date: new Date(Date.now() + 7_200_000).toUTCString() };
    world.says(() => new Status(200, { items: [listed('cgt-1', -1, 7200), listed('cgt-0', -1)], total: 2 }, ahead));
    const answer = await world.adapter.reconcile(doubtfulAttempt('att_1', request, at), never);
    expect(answer).toMatchObject({ kind: 'ambiguous', jobs: [{ job: { id: 'cgt-1' } }] });
  });

  test('reads on until the list reaches back far enough, and does not conclude when it does not', async () => {
    const full = Array.from({ length: 100 }, (_, index) => listed(`cgt-${index}`, 1));
    world.says(({ url }) => ({ items: url.includes('page_num=2') ? [listed('cgt-x', 4711)] : full }));
    const attempt = doubtfulAttempt('att_1', request, at);
    expect(await world.adapter.reconcile(attempt, never)).toMatchObject({ kind: 'found', job: { id: 'cgt-x' } });
    world.says(() => ({ items: full }));
    expect(await world.adapter.reconcile(attempt, never)).toEqual({ kind: 'unsupported' });
  });
});
