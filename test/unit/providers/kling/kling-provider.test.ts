import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createKlingProvider } from '../../../../src-main/providers/kling/kling-provider.ts';
import type { GenerationRequest } from '../../../../src-shared/domain/attempt.ts';
import { type AdapterWorld, bodyOf, never, openAdapterWorld, Status } from '../../../fixtures/adapter-world.ts';
import { clipRequest, doubtfulAttempt } from '../../../fixtures/provider-bench.ts';

let world: AdapterWorld;
let request: GenerationRequest;
beforeEach(async () => {
  world = await openAdapterWorld(createKlingProvider);
  request = clipRequest({
    ...{ provider: 'kling', endpoint: 'kling-v3/image2video', negativePrompt: 'blur' },
    ...{ params: { mode: 'pro', sound: 'off' }, startFrame: await world.bench.picture('start.png') },
  });
});
afterEach(() => world.close());

const envelope = (code: number, message: string, data?: unknown) => ({ code, message, request_id: 'r', data });
const task = (task_status: string, more = {}) => envelope(0, 'SUCCEED', { task_id: 't1', task_status, ...more });
const job = { id: 't1', data: { priceMicroUsd: 560_000 } };

test('sends bare base64, seconds as a word, and the attempt as external id', async () => {
  world.says(() => task('submitted'));
  expect(await world.submit(request)).toEqual({ id: 't1', data: { priceMicroUsd: 700_000 } });
  const base64 = (await readFile(join(world.bench.folder, 'assets/start.png'))).toString('base64');
  expect(bodyOf(world)).toEqual({
    ...{ model_name: 'kling-v3', mode: 'pro', sound: 'off', duration: '5', image: base64 },
    ...{ prompt: request.prompt, negative_prompt: 'blur', external_task_id: 'ct_att_1' },
  });
  expect(world.seen[0]).toMatchObject({ method: 'POST', url: '/v1/videos/image2video' });
  expect(world.seen[0]?.headers.authorization).toMatch(/^Bearer /);
});

test('costs seconds by mode and sound, and is refused where no price is known', () => {
  expect(world.adapter.estimate(request)).toBe(5 * 112_000);
  expect(world.adapter.estimate({ ...request, params: { mode: '4k', sound: 'off' } })).toBeNull();
});

test('refuses lengths that the model does not make, and a prompt that is too long', () => {
  const longer = { ...request, output: { ...request.output, durationSeconds: 7 } };
  expect(world.adapter.refusal({ ...longer, endpoint: 'kling-v2-6/image2video' })).toContain('5, 10 s here');
  expect(world.adapter.refusal(longer)).toBeNull();
  expect(world.adapter.refusal({ ...request, prompt: 'x'.repeat(2501) })).toContain('2501 characters');
  expect(world.adapter.refusal({ ...request, seed: 7 })).toContain('no seed');
});

describe('codes, whatever the HTTP status', () => {
  test.each([
    [1000, 'rejected', 'permanent', 'account'],
    [1002, 'rejected', 'permanent', 'account'],
    [1004, 'rejected', 'permanent', 'account'],
    [1100, 'rejected', 'permanent', 'account'],
    [1101, 'rejected', 'budget', 'account'],
    [1102, 'rejected', 'budget', 'account'],
    [1103, 'rejected', 'permanent', 'rejected_request'],
    [1200, 'rejected', 'permanent', 'rejected_request'],
    [1201, 'rejected', 'permanent', 'rejected_request'],
    [1202, 'rejected', 'permanent', 'rejected_request'],
    [1203, 'rejected', 'permanent', 'rejected_request'],
    [1300, 'rejected', 'content_filter', 'rejected_request'],
    [1301, 'rejected', 'content_filter', 'rejected_request'],
    [1302, 'rejected', 'transient', 'rate_limit'],
    [1303, 'rejected', 'transient', 'rate_limit'],
    [1304, 'rejected', 'permanent', 'account'],
    [5000, 'unknown', 'transient', 'server'],
    [5001, 'unknown', 'transient', 'server'],
    [5002, 'unknown', 'transient', 'server'],
    [9999, 'unknown', 'transient', 'server'],
  ])('%i is %s: %s, %s', async (code, kind, category, detail) => {
    world.says(() => envelope(code, 'why'));
    const expected = { kind, failure: { category, detail } };
    expect(await world.refused(request)).toMatchObject(expected);
    world.says(
      () => new Status(code >= 5000 ? 500 : code === 1302 || code === 1101 ? 429 : 400, envelope(code, 'why')),
    );
    expect(await world.refused(request)).toMatchObject(expected);
  });

  test('an envelope without a task says nothing about the money', async () => {
    world.says(() => envelope(0, 'SUCCEED'));
    expect(await world.refused(request)).toMatchObject({ kind: 'unknown' });
  });
});

describe('a second submit of the same attempt', () => {
  const taken = () => new Status(400, envelope(1201, 'external_task_id ct_att_1 already exists'));

  test('is refused by Kling and read as the task that is there', async () => {
    world.says(({ method }) => (method === 'POST' ? taken() : task('processing')));
    expect(await world.submit(request)).toEqual({ id: 't1', data: { priceMicroUsd: 700_000 } });
    expect(world.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST /v1/videos/image2video',
      'GET /v1/videos/image2video/ct_att_1',
    ]);
  });

  test('stays in doubt when the task cannot be asked for', async () => {
    world.says(({ method }) => (method === 'POST' ? taken() : new Status(404, envelope(1203, 'not found'))));
    expect(await world.refused(request)).toMatchObject({ kind: 'unknown' });
  });
});

test.each([
  ['submitted', 'pending'],
  ['processing', 'pending'],
  ['succeed', 'done'],
])('a task that is %s is %s', async (status, kind) => {
  world.says(() => task(status));
  expect(await world.adapter.poll(job, never)).toMatchObject({ kind });
});

test.each([
  ['Failure to pass the risk control system', 'content_filter', 'rejected_request'],
  ['Internal error, please try again', 'transient', 'server'],
])('a task that failed with “%s” is %s and costs nothing', async (task_status_msg, category, detail) => {
  world.says(() => task('failed', { task_status_msg }));
  const failure = {
    category,
    detail,
    message: expect.stringContaining(`Kling did not make the clip: ${task_status_msg}. `),
  };
  expect(await world.adapter.poll(job, never)).toMatchObject({ kind: 'failed', billedMicroUsd: 0, failure });
});

test('fetches the clip without showing its key to the address of the file', async () => {
  const clip = Buffer.concat([Buffer.from('....ftypisom'), Buffer.alloc(64)]);
  world.says(({ url }) =>
    url === '/file' ? clip : task('succeed', { task_result: { videos: [{ id: 'v', url: `${world.url}/file` }] } }),
  );
  const target = join(world.bench.folder, 'clip');
  expect(await world.adapter.fetchResult(job, target, never)).toEqual({ extension: '.mp4', costMicroUsd: 560_000 });
  expect(await readFile(target)).toEqual(clip);
  expect(world.seen.at(-1)?.headers.authorization).toBeUndefined();
});

describe('a submit in doubt', () => {
  test('is found by its external id', async () => {
    world.says(() => task('processing'));
    const found = { kind: 'found', job: { id: 't1', data: { priceMicroUsd: 1_000_000 } } };
    expect(await world.adapter.reconcile(doubtfulAttempt('att_9', request), never)).toEqual(found);
    expect(world.seen[0]?.url).toBe('/v1/videos/image2video/ct_att_9');
  });

  test('is absent when Kling does not know it, and undecided when Kling cannot say', async () => {
    const attempt = doubtfulAttempt('att_9', request);
    world.says(() => new Status(404, envelope(1203, 'The requested resource does not exist')));
    expect(await world.adapter.reconcile(attempt, never)).toEqual({ kind: 'absent' });
    for (const other of [envelope(1202, 'The requested method is invalid'), { page: 'not here' }]) {
      world.says(() => new Status(404, other));
      await expect(world.adapter.reconcile(attempt, never)).rejects.toThrow('404');
    }
    world.says(() => new Status(503, envelope(5001, 'busy')));
    await expect(world.adapter.reconcile(attempt, never)).rejects.toThrow('503');
  });
});

test('a token made from an older key is scrubbed from what echoes it', async () => {
  const old = createKlingProvider({ ...world.bench.tools, key: () => 'access-key-7:secret-key-7' });
  world.says(({ headers }) => new Status(400, envelope(1201, `bad ${headers.authorization}`)));
  const error = await old.poll(job, never).catch((thrown: unknown) => thrown);
  const sent = String(world.seen[0]?.headers.authorization).replace('Bearer ', '');
  expect(sent.split('.')).toHaveLength(3);
  expect(JSON.parse(Buffer.from(sent.split('.')[1] ?? '', 'base64url').toString())).toMatchObject({
    iss: 'access-key-7',
  });
  expect(JSON.stringify(old.readFetchError(error))).not.toContain(sent);
});
