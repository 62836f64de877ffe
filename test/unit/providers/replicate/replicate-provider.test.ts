import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createReplicateProvider } from '../../../../src-main/providers/replicate/replicate-provider.ts';
import type { GenerationRequest } from '../../../../src-shared/domain/attempt.ts';
import { type AdapterWorld, bodyOf, never, openAdapterWorld, Status } from '../../../fixtures/adapter-world.ts';
import { doubtfulAttempt, plantedKey, stillRequest } from '../../../fixtures/provider-bench.ts';

let world: AdapterWorld;
let request: GenerationRequest;
beforeEach(async () => {
  world = await openAdapterWorld(createReplicateProvider);
  const ref = { ...(await world.bench.picture('mara.png')), role: 'char:mara:identity/front' };
  request = stillRequest({
    ...{ provider: 'replicate', endpoint: 'black-forest-labs/flux-kontext-pro', refs: [ref], seed: 4711 },
    ...{ params: { output_format: 'png' }, negativePrompt: 'blur' },
  });
});
afterEach(() => world.close());

const png = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47]), Buffer.alloc(64)]);
const job = { id: 'pred1', data: { priceMicroUsd: 40_000 } };
const ofStatus = (status: string, more = {}) => ({ id: 'pred1', status, error: null, output: null, ...more });
const uploaded = () => ({ id: 'f1', urls: { get: `${world.url}/v1/files/f1` }, expires_at: '2099-01-01T00:00:00Z' });

test('sends each picture once and the model its input', async () => {
  world.says(({ url }) => (url === '/v1/files' ? uploaded() : new Status(201, ofStatus('starting'))));
  expect(await world.submit(request)).toEqual({ id: 'pred1', data: { priceMicroUsd: 700_000 } });
  await world.submit(request, 'att_2');
  expect(world.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
    'POST /v1/files',
    'POST /v1/models/black-forest-labs/flux-kontext-pro/predictions',
    'POST /v1/models/black-forest-labs/flux-kontext-pro/predictions',
  ]);
  expect(bodyOf(world, 1)).toEqual({
    input: {
      ...{ prompt: `${request.prompt}\nAvoid: blur`, aspect_ratio: '9:16', output_format: 'png', seed: 4711 },
      input_image: `${world.url}/v1/files/f1`,
    },
  });
  expect(world.seen[0]?.headers['content-type']).toMatch(/^multipart\/form-data/);
});

test.each([
  ['starting', { kind: 'pending' }],
  ['processing', { kind: 'pending' }],
  ['succeeded', { kind: 'done' }],
  ['canceled', { kind: 'failed', billedMicroUsd: 40_000, failure: { detail: 'cancelled' } }],
  ['aborted', { kind: 'failed', billedMicroUsd: 0, failure: { category: 'transient' } }],
  ['failed', { kind: 'failed', billedMicroUsd: 0, failure: { category: 'transient', detail: 'server' } }],
])('a prediction that is %s is told so; one cancelled while it ran is charged', async (status, expected) => {
  world.says(() => ofStatus(status));
  expect(await world.adapter.poll(job, never)).toMatchObject(expected);
});

test('a prediction that the filter ended is a filter', async () => {
  world.says(() => ofStatus('failed', { error: 'The input or output was flagged as sensitive (E005).' }));
  expect(await world.adapter.poll(job, never)).toMatchObject({
    kind: 'failed',
    failure: { category: 'content_filter' },
  });
});

test.each([
  [401, 'Unauthenticated', 'permanent', 'account'],
  [402, 'You have insufficient credit to run this model.', 'budget', 'account'],
  [403, 'You do not have permission to perform this action.', 'permanent', 'account'],
  [403, 'You do not have access to this model.', 'permanent', 'rejected_request'],
  [422, 'The input or output was flagged as sensitive (E005).', 'content_filter', 'rejected_request'],
  [422, '- input: seed must be an integer', 'permanent', 'rejected_request'],
  [429, 'Request was throttled.', 'transient', 'rate_limit'],
])('%i “%s” is %s, %s', async (status, detailText, category, detail) => {
  world.says(({ url }) =>
    url === '/v1/files' ? uploaded() : new Status(status, { title: 't', detail: detailText, status }),
  );
  expect(await world.refused(request)).toMatchObject({ kind: 'rejected', failure: { category, detail } });
});

describe('fetching', () => {
  const fetch = () => world.adapter.fetchResult(job, join(world.bench.folder, 'still'), never);

  test.each(['one url', 'a list'])('takes %s', async (form) => {
    const url = () => `${world.url}/out.png`;
    world.says((call) =>
      call.url === '/out.png' ? png : ofStatus('succeeded', { output: form === 'a list' ? [url()] : url() }),
    );
    expect(await fetch()).toEqual({ extension: '.png', costMicroUsd: 40_000 });
  });

  test('says that a file is lost for good an hour after its end', async () => {
    world.says(() => ofStatus('succeeded', { data_removed: true }));
    const failure = await fetch().catch((error: unknown) => world.adapter.readFetchError(error));
    expect(failure).toMatchObject({ category: 'permanent', detail: 'bad_output' });
  });
});

describe('cancelling', () => {
  test('asks for one that has not begun', async () => {
    world.says(() => ofStatus('starting'));
    expect(await world.adapter.cancel?.(job, never)).toEqual({ kind: 'asked' });
    expect(world.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /v1/predictions/pred1',
      'POST /v1/predictions/pred1/cancel',
    ]);
  });

  test.each(['processing', 'succeeded', 'failed', 'canceled'])('leaves one alone that is %s', async (status) => {
    world.says(() => ofStatus(status));
    expect(await world.adapter.cancel?.(job, never)).toMatchObject({ kind: 'too-late' });
    expect(world.seen.map(({ method }) => method)).toEqual(['GET']);
  });

  test.each([
    [null, 0],
    ['2026-11-21T10:00:05Z', 40_000],
    [undefined, 40_000],
  ])('one that began at %s is billed %i', async (started_at, billedMicroUsd) => {
    world.says(() => ofStatus('canceled', { started_at }));
    expect(await world.adapter.poll(job, never)).toMatchObject({ kind: 'failed', billedMicroUsd });
  });
});

describe('a submit in doubt', () => {
  const at = new Date('2026-11-21T10:00:00Z');
  const listed = (id: string, more = {}) => ({
    ...ofStatus('processing'),
    ...{ id, model: request.endpoint, created_at: '2026-11-21T10:00:02.123Z' },
    input: { prompt: `${request.prompt}\nAvoid: blur`, seed: 4711 },
    ...more,
  });
  const reconcile = (results: unknown[], next: string | null = null) => {
    world.says(() => ({ previous: null, next, results }));
    return world.adapter.reconcile(doubtfulAttempt('att_1', request, at), never);
  };

  test('is the only one with its model, prompt and seed', async () => {
    const others = [
      listed('x1', { input: { prompt: 'another', seed: 4711 } }),
      listed('x2', { model: 'someone/else' }),
      listed('x3', { input: { prompt: `${request.prompt}\nAvoid: blur`, seed: 1 } }),
    ];
    expect(await reconcile([...others, listed('pred1')])).toMatchObject({ kind: 'found', job: { id: 'pred1' } });
    expect(await reconcile(others)).toEqual({ kind: 'absent' });
  });

  test('is for a person when one of that minute has lost its input', async () => {
    const wiped = listed('pred9', { data_removed: true, input: {} });
    expect(await reconcile([wiped])).toMatchObject({
      kind: 'ambiguous',
      jobs: [{ job: { id: 'pred9' }, note: 'processing, its input is wiped' }],
    });
  });

  test('follows the list on its own address only, so that the key goes nowhere else', async () => {
    expect(await reconcile([], 'http://127.0.0.1:9/steal')).toEqual({ kind: 'unsupported' });
    expect(world.seen).toHaveLength(1);
    world.says(({ url }) => ({
      ...{ results: url.includes('cursor') ? [listed('pred1')] : [] },
      next: url.includes('cursor') ? null : `${world.url}/v1/predictions?cursor=c`,
    }));
    expect(await world.adapter.reconcile(doubtfulAttempt('att_1', request, at), never)).toMatchObject({
      kind: 'found',
    });
    expect(world.seen.at(-1)?.headers.authorization).toBe(`Bearer ${plantedKey}`);
  });
});
