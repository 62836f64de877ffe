import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createGoogleProvider } from '../../../../src-main/providers/google/google-provider.ts';
import type { GenerationRequest } from '../../../../src-shared/domain/attempt.ts';
import { type AdapterWorld, bodyOf, never, openAdapterWorld, Status } from '../../../fixtures/adapter-world.ts';
import { doubtfulAttempt, plantedKey } from '../../../fixtures/provider-bench.ts';
import { providerSamples } from '../../../fixtures/provider-samples.ts';

let world: AdapterWorld;
let video: GenerationRequest;
let image: GenerationRequest;
let picture: string;
beforeEach(async () => {
  world = await openAdapterWorld(createGoogleProvider);
  const ref = await world.bench.picture('start.png');
  picture = (await readFile(join(world.bench.folder, ref.path))).toString('base64');
  const [videoSample, imageSample] = [providerSamples['google video'], providerSamples['google image']];
  if (!videoSample || !imageSample) throw new Error('There are samples for both.');
  video = { ...videoSample.request(ref), negativePrompt: 'blur' };
  image = { ...imageSample.request(ref), negativePrompt: 'blur' };
});
afterEach(() => world.close());

const name = 'models/veo-3.1-generate-preview/operations/op-1';
const operation = { id: name, data: { priceMicroUsd: 1_600_000 } };
const done = (generateVideoResponse: unknown) => ({ name, done: true, response: { generateVideoResponse } });
const answered = (parts: unknown[], more = {}) => ({
  candidates: [{ content: { parts }, ...more }],
  responseId: 'resp-1',
});
const inline = (data: string, more = {}) => ({ inlineData: { mimeType: 'image/png', data }, ...more });

describe('clips', () => {
  test('are asked for with the first frame inside and the key in a header', async () => {
    world.says(() => ({ name }));
    expect(await world.submit(video)).toEqual({ id: name, data: { priceMicroUsd: 700_000 } });
    expect(world.seen[0]?.url).toBe('/v1beta/models/veo-3.1-generate-preview:predictLongRunning');
    expect(world.seen[0]?.headers['x-goog-api-key']).toBe(plantedKey);
    expect(bodyOf(world)).toEqual({
      instances: [{ prompt: video.prompt, image: { bytesBase64Encoded: picture, mimeType: 'image/png' } }],
      parameters: {
        ...{ aspectRatio: '9:16', durationSeconds: 4, resolution: '720p', negativePrompt: 'blur', seed: 4711 },
      },
    });
  });

  test('are refused at lengths and shapes that Veo does not make', () => {
    const lasting = (durationSeconds: number) => ({ ...video.output, durationSeconds });
    expect(world.adapter.refusal({ ...video, output: lasting(5) })).toContain('4, 6, 8 s');
    expect(world.adapter.refusal({ ...video, params: { resolution: '1080p' } })).toContain('8 s only');
    expect(world.adapter.refusal({ ...video, params: { resolution: '1080p' }, output: lasting(8) })).toBeNull();
    expect(world.adapter.refusal({ ...video, output: { ...lasting(4), width: 1000, height: 1000 } })).toContain(
      '16:9, 9:16',
    );
  });

  test('an operation that leads elsewhere is not taken for one', async () => {
    world.says(() => ({ name: '../../v1/files/secret' }));
    expect(await world.refused(video)).toMatchObject({ kind: 'unknown' });
  });

  test.each([
    ['runs', { name }, { kind: 'pending' }],
    ['is made', done({ generatedSamples: [{ video: { uri: 'https://x/y' } }] }), { kind: 'done' }],
    [
      'was filtered',
      done({ raiMediaFilteredCount: 1, raiMediaFilteredReasons: ['It may show a child.'] }),
      {
        kind: 'failed',
        billedMicroUsd: 0,
        failure: {
          category: 'content_filter',
          message: 'Google filtered the clip: It may show a child. Rewrite the prompt or take other pictures.',
        },
      },
    ],
    ['names nothing', done({}), { kind: 'failed', failure: { category: 'transient', detail: 'bad_output' } }],
    [
      'was a bad request',
      { name, done: true, error: { code: 3, message: 'no' } },
      { kind: 'failed', failure: { category: 'permanent' } },
    ],
    [
      'met a limit',
      { name, done: true, error: { code: 8, message: 'no' } },
      { kind: 'failed', failure: { detail: 'rate_limit' } },
    ],
    [
      'broke',
      { name, done: true, error: { code: 13, message: 'no' } },
      { kind: 'failed', failure: { category: 'transient', detail: 'server' } },
    ],
    [
      'was refused by policy',
      { name, done: true, error: { code: 3, message: 'It violates our usage guidelines.' } },
      { kind: 'failed', failure: { category: 'content_filter' } },
    ],
  ])('an operation that %s is told so', async (_what, answer, expected) => {
    world.says(() => answer);
    expect(await world.adapter.poll(operation, never)).toMatchObject(expected);
  });

  test('are fetched with the key from Google itself, and without it from anywhere else', async () => {
    const clip = Buffer.concat([Buffer.from('....ftypisom'), Buffer.alloc(64)]);
    const other = world.url.replace('127.0.0.1', 'localhost');
    for (const [base, key] of [
      [world.url, plantedKey],
      [other, undefined],
    ]) {
      const uri = `${base}/v1beta/files/f:download?alt=media`;
      world.says(({ url }) => (url.includes('/files/') ? clip : done({ generatedSamples: [{ video: { uri } }] })));
      const fetched = await world.adapter.fetchResult(operation, join(world.bench.folder, 'clip'), never);
      expect(fetched).toEqual({ extension: '.mp4', costMicroUsd: 1_600_000 });
      expect(world.seen.at(-1)?.headers['x-goog-api-key']).toBe(key);
    }
  });

  test('in doubt are for a person: Google lists nothing', async () => {
    expect(await world.adapter.reconcile(doubtfulAttempt('att_1', video), never)).toEqual({ kind: 'unsupported' });
    expect(world.seen).toHaveLength(0);
  });
});

describe('pictures', () => {
  test('are asked for with the references inside and who they show', async () => {
    world.says(() => answered([inline(picture)]));
    await world.submit(image);
    expect(world.seen[0]?.url).toBe('/v1beta/models/gemini-3.1-flash-image:generateContent');
    expect(bodyOf(world)).toEqual({
      contents: [
        {
          role: 'user',
          parts: [
            { text: `${image.prompt}\nAvoid: blur\nImage 1 shows mara (identity/front).` },
            { inlineData: { mimeType: 'image/png', data: picture } },
          ],
        },
      ],
      generationConfig: {
        responseModalities: ['IMAGE'],
        imageConfig: { aspectRatio: '9:16', imageSize: '1K' },
        seed: 4711,
      },
    });
  });

  test('are on the disk before the submit is over, and fetched from there after a restart', async () => {
    const sketch = inline(Buffer.from('sketch').toString('base64'), { thought: true });
    world.says(() => answered([sketch, inline(picture), sketch]));
    const job = await world.submit(image);
    expect(job).toEqual({ id: 'goo_att_1', data: { priceMicroUsd: 700_000, receipt: 'resp-1' } });
    expect(await readdir(world.bench.tools.jobsFolder)).toEqual(['goo_att_1.result.png']);
    const restarted = createGoogleProvider({ ...world.bench.tools, key: () => null });
    expect(await restarted.poll(job, never)).toEqual({ kind: 'done' });
    const target = join(world.bench.folder, 'still');
    expect(await restarted.fetchResult(job, target, never)).toEqual({ extension: '.png', costMicroUsd: 700_000 });
    expect((await readFile(target)).toString('base64')).toBe(picture);
    expect(world.seen).toHaveLength(1);
  });

  test.each([
    ['the prompt was blocked', { promptFeedback: { blockReason: 'SAFETY' } }, 'content_filter', 'rejected_request'],
    ['IMAGE_SAFETY', { candidates: [{ finishReason: 'IMAGE_SAFETY' }] }, 'content_filter', 'rejected_request'],
    ['NO_IMAGE', { candidates: [{ finishReason: 'NO_IMAGE' }] }, 'content_filter', 'rejected_request'],
    [
      'PROHIBITED_CONTENT',
      { candidates: [{ finishReason: 'PROHIBITED_CONTENT' }] },
      'content_filter',
      'rejected_request',
    ],
    ['words only', answered([{ text: 'I cannot.' }], { finishReason: 'STOP' }), 'transient', 'bad_output'],
    ['nothing', {}, 'transient', 'bad_output'],
  ])('an answer with HTTP 200 and %s is no picture', async (_what, answer, category, detail) => {
    world.says(() => answer);
    expect(await world.refused(image)).toMatchObject({
      kind: 'rejected',
      billedMicroUsd: 0,
      failure: { category, detail },
    });
  });

  test('something that is no picture was paid for and cannot be used', async () => {
    world.says(() => answered([inline(Buffer.from('<html>busy</html>').toString('base64'))]));
    const failure = { category: 'gate_mechanical', detail: 'bad_output' };
    expect(await world.refused(image)).toMatchObject({ kind: 'rejected', billedMicroUsd: 700_000, failure });
  });

  test('in doubt are found when they are here already, else for a person', async () => {
    const attempt = doubtfulAttempt('att_1', image);
    expect(await world.adapter.reconcile(attempt, never)).toEqual({ kind: 'unsupported' });
    world.says(() => answered([inline(picture)]));
    await world.submit(image);
    const data = { priceMicroUsd: 1_000_000 };
    expect(await world.adapter.reconcile(attempt, never)).toEqual({ kind: 'found', job: { id: 'goo_att_1', data } });
  });

  test('that are gone from this machine were paid for', async () => {
    const job = { id: 'goo_gone', data: { priceMicroUsd: 80_000 } };
    expect(await world.adapter.poll(job, never)).toMatchObject({ kind: 'failed', billedMicroUsd: 80_000 });
  });
});

test.each([
  [400, 'API key not valid. Please pass a valid API key.', 'permanent', 'account'],
  [400, 'The prompt could not be submitted: it violates the usage guidelines.', 'content_filter', 'rejected_request'],
  [400, 'Request contains an invalid argument.', 'permanent', 'rejected_request'],
  [403, 'Billing is not enabled for this project.', 'budget', 'account'],
  [400, 'Imagen is only accessible to billed users at this time.', 'budget', 'account'],
  [429, 'Your prepayment credits are depleted.', 'budget', 'account'],
  [400, 'User location is not supported for the API use.', 'permanent', 'account'],
  [403, 'Permission denied.', 'permanent', 'account'],
  [403, 'Permission denied: Consumer x has been suspended.', 'permanent', 'account'],
  [403, 'You do not have permission to access this model.', 'permanent', 'rejected_request'],
  [429, 'Quota exceeded.', 'transient', 'rate_limit'],
])('%i “%s” is %s, %s', async (status, message, category, detail) => {
  world.says(() => new Status(status, { error: { code: status, message, status: 'X' } }));
  const expected = { kind: 'rejected', failure: { category, detail } };
  expect(await world.refused(image)).toMatchObject(expected);
  expect(await world.refused(video)).toMatchObject(expected);
});
