import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRunwayProvider } from '../../../../src-main/providers/runway/runway-provider.ts';
import type { GenerationRequest } from '../../../../src-shared/domain/attempt.ts';
import { type AdapterWorld, bodyOf, never, openAdapterWorld, Status } from '../../../fixtures/adapter-world.ts';
import { clipRequest, doubtfulAttempt } from '../../../fixtures/provider-bench.ts';

let world: AdapterWorld;
let request: GenerationRequest;
beforeEach(async () => {
  world = await openAdapterWorld(createRunwayProvider);
  const startFrame = await world.bench.picture('start.png');
  request = clipRequest({ provider: 'runway', endpoint: 'gen4_turbo/image_to_video', seed: 4711, startFrame });
});
afterEach(() => world.close());

const job = { id: 'task1', data: { priceMicroUsd: 250_000 } };
const ofStatus = (status: string, more = {}) => ({ id: 'task1', createdAt: '2026-11-21T10:00:00Z', status, ...more });

test('names the version, and sends the shape in pixels', async () => {
  world.says(() => ({ id: 'task1' }));
  expect(await world.submit(request)).toEqual({ id: 'task1', data: { priceMicroUsd: 700_000 } });
  expect(world.seen[0]).toMatchObject({ url: '/v1/image_to_video', headers: { 'x-runway-version': '2024-11-06' } });
  expect(bodyOf(world)).toEqual({
    ...{ model: 'gen4_turbo', promptText: request.prompt, ratio: '720:1280', duration: 5, seed: 4711 },
    promptImage: expect.stringMatching(/^data:image\/png;base64,/),
  });
});

test('refuses what is too much for it: words, seconds, megabytes', async () => {
  expect(world.adapter.refusal({ ...request, prompt: 'x'.repeat(1001) })).toContain('Runway takes 1000');
  expect(world.adapter.refusal({ ...request, output: { ...request.output, durationSeconds: 12 } })).toContain('12 s');
  const noise = { width: 1300, height: 1300 };
  const big = await world.bench.picture('big.png', { ...noise, noise: true });
  const outcome = await world.adapter
    .upload({ ...request, startFrame: big }, never)
    .catch((error: unknown) => world.adapter.readFetchError(error));
  expect(outcome).toMatchObject({ category: 'permanent', message: expect.stringContaining('Runway takes 3.7 MB') });
  expect(world.seen).toHaveLength(0);
});

test.each([
  ['PENDING', { kind: 'pending', pollAgainMs: 5000 }],
  ['THROTTLED', { kind: 'pending', pollAgainMs: 15_000 }],
  ['RUNNING', { kind: 'pending', progress: 0.4, pollAgainMs: 5000 }],
  ['SUCCEEDED', { kind: 'done' }],
  ['CANCELLED', { kind: 'failed', billedMicroUsd: 250_000, failure: { detail: 'cancelled' } }],
])('a task that is %s is told so, and asked about every five seconds at most', async (status, expected) => {
  world.says(() => ofStatus(status, status === 'RUNNING' ? { progress: 0.4 } : {}));
  expect(await world.adapter.poll(job, never)).toMatchObject(expected);
});

test.each([
  ['SAFETY.INPUT.TEXT', 'content_filter'],
  ['SAFETY.OUTPUT.VIDEO', 'content_filter'],
  ['INPUT_PREPROCESSING.SAFETY.TEXT', 'content_filter'],
  ['INPUT_PREPROCESSING.INTERNAL', 'transient'],
  ['ASSET.INVALID', 'permanent'],
  ['INTERNAL.BAD_OUTPUT.CODE01', 'transient'],
  ['', 'transient'],
])('a task that failed with “%s” is %s', async (failureCode, category) => {
  world.says(() => ofStatus('FAILED', { failure: 'why', failureCode }));
  expect(await world.adapter.poll(job, never)).toMatchObject({
    kind: 'failed',
    billedMicroUsd: 0,
    failure: { category },
  });
});

test.each([
  [400, 'The input did not pass content moderation.', 'content_filter', 'rejected_request'],
  [400, 'You do not have enough credits to run this task.', 'budget', 'account'],
  [400, 'Not enough API credits.', 'budget', 'account'],
  [403, 'This model is not available on your plan.', 'permanent', 'rejected_request'],
  [400, 'Validation of body failed', 'permanent', 'rejected_request'],
  [401, 'The API key is not valid.', 'permanent', 'account'],
  [429, 'You have been rate limited.', 'transient', 'rate_limit'],
])('%i “%s” is %s, %s', async (status, error, category, detail) => {
  world.says(() => new Status(status, { error }));
  expect(await world.refused(request)).toMatchObject({ kind: 'rejected', failure: { category, detail } });
});

test('fetches the clip by the url of the task', async () => {
  const clip = Buffer.concat([Buffer.from('....ftypisom'), Buffer.alloc(64)]);
  world.says(({ url }) => (url === '/file' ? clip : ofStatus('SUCCEEDED', { output: [`${world.url}/file`] })));
  const fetched = await world.adapter.fetchResult(job, join(world.bench.folder, 'clip'), never);
  expect(fetched).toEqual({ extension: '.mp4', costMicroUsd: 250_000 });
});

test('nothing is cancelled: Runway does not say what it costs', () => {
  expect(world.adapter.cancel).toBeUndefined();
});

test('a submit in doubt is for a person: Runway lists nothing', async () => {
  expect(world.adapter.capabilities.reconcile).toBe('none');
  expect(await world.adapter.reconcile(doubtfulAttempt('att_1', request), never)).toEqual({ kind: 'unsupported' });
});
