import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { imageSizeOf } from '../../../../src-main/providers/openai/openai-endpoints.ts';
import { createOpenaiProvider } from '../../../../src-main/providers/openai/openai-provider.ts';
import type { GenerationRequest } from '../../../../src-shared/domain/attempt.ts';
import { type AdapterWorld, bodyOf, never, openAdapterWorld, Status } from '../../../fixtures/adapter-world.ts';
import { doubtfulAttempt, stillRequest } from '../../../fixtures/provider-bench.ts';

let world: AdapterWorld;
let request: GenerationRequest;
let picture: string;
beforeEach(async () => {
  world = await openAdapterWorld(createOpenaiProvider);
  const ref = { ...(await world.bench.picture('mara.png')), role: 'char:mara:identity/front' };
  picture = (await readFile(join(world.bench.folder, ref.path))).toString('base64');
  request = stillRequest({
    ...{ provider: 'openai', endpoint: 'gpt-image-2/edits', refs: [ref], negativePrompt: 'blur' },
    params: { quality: 'high', output_format: 'png' },
  });
});
afterEach(() => world.close());

const answered = (b64_json: string) =>
  new Status(200, { created: 1, data: [{ b64_json }] }, { 'x-request-id': 'req_1' });

test('sends references as pictures of the body, the size in sixteens, and one picture to make', async () => {
  world.says(() => answered(picture));
  await world.submit(request);
  expect(world.seen[0]?.url).toBe('/v1/images/edits');
  expect(bodyOf(world)).toEqual({
    ...{ model: 'gpt-image-2', n: 1, size: '720x1280', quality: 'high', output_format: 'png' },
    prompt: `${request.prompt}\nAvoid: blur\nImage 1 shows mara (identity/front).`,
    images: [{ image_url: `data:image/png;base64,${picture}` }],
  });
});

test('makes a picture from words alone at the other endpoint', async () => {
  world.says(() => answered(picture));
  await world.submit({ ...request, endpoint: 'gpt-image-2/generations', refs: [], negativePrompt: '' });
  expect(world.seen[0]?.url).toBe('/v1/images/generations');
  expect(bodyOf(world)).toEqual({
    ...{ model: 'gpt-image-2', prompt: request.prompt, n: 1, size: '720x1280', quality: 'high', output_format: 'png' },
  });
});

test('costs by quality, and refuses an edit without a picture', () => {
  expect(world.adapter.estimate(request)).toBe(190_000);
  expect(world.adapter.refusal({ ...request, refs: [] })).toContain('works from reference pictures');
});

test.each([
  [720, 1280, '720x1280'],
  [1080, 1920, '1088x1920'],
  [320, 180, '1104x624'],
  [7680, 4320, '3744x2112'],
  [1000, 4000, null],
])('%i×%i is made as %s', (width, height, size) => {
  expect(imageSizeOf({ width, height })).toBe(size);
});

test('the picture is kept before the submit is over, with the id of the answer', async () => {
  world.says(() => answered(picture));
  const job = await world.submit(request);
  expect(job).toEqual({ id: 'oai_att_1', data: { priceMicroUsd: 700_000, receipt: 'req_1' } });
  const restarted = createOpenaiProvider({ ...world.bench.tools, key: () => null });
  expect(await restarted.poll(job, never)).toEqual({ kind: 'done' });
  const target = join(world.bench.folder, 'still');
  expect(await restarted.fetchResult(job, target, never)).toEqual({ extension: '.png', costMicroUsd: 700_000 });
  expect((await readFile(target)).toString('base64')).toBe(picture);
});

test.each([
  [400, 'moderation_blocked', 'content_filter', 'rejected_request'],
  [400, 'billing_hard_limit_reached', 'budget', 'account'],
  [400, 'invalid_value', 'permanent', 'rejected_request'],
  [401, 'invalid_api_key', 'permanent', 'account'],
  [429, 'insufficient_quota', 'budget', 'account'],
  [429, 'billing_not_active', 'budget', 'account'],
  [403, 'unsupported_country_region_territory', 'permanent', 'account'],
  [429, 'rate_limit_exceeded', 'transient', 'rate_limit'],
])('%i %s is %s, %s', async (status, code, category, detail) => {
  world.says(() => new Status(status, { error: { message: 'why', type: 'x', param: null, code } }));
  expect(await world.refused(request)).toMatchObject({
    kind: 'rejected',
    billedMicroUsd: 0,
    failure: { category, detail },
  });
});

describe('an answer that is lost', () => {
  test('was billed and stays in doubt: there is nobody to ask', async () => {
    world.says(() => Buffer.from('half an ans'));
    expect(await world.refused(request)).toMatchObject({ kind: 'unknown' });
    expect(await world.adapter.reconcile(doubtfulAttempt('att_1', request), never)).toEqual({ kind: 'unsupported' });
    expect(world.seen).toHaveLength(1);
  });

  test('but whose picture is here is found', async () => {
    world.says(() => answered(picture));
    await world.submit(request);
    expect(await world.adapter.reconcile(doubtfulAttempt('att_1', request), never)).toMatchObject({
      kind: 'found',
      job: { id: 'oai_att_1' },
    });
  });

  test('and one without a picture in it was paid for', async () => {
    world.says(() => ({ created: 1, data: [] }));
    const failure = { category: 'transient', detail: 'bad_output' };
    expect(await world.refused(request)).toMatchObject({ kind: 'rejected', billedMicroUsd: 700_000, failure });
  });
});
