import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openSimulatorWorld, pngPicture, type SimulatorWorld } from './simulator-world.ts';

interface Operation {
  name: string;
  done?: boolean;
  error?: { code: number };
  response?: {
    generateVideoResponse: { generatedSamples?: { video: { uri: string } }[]; raiMediaFilteredCount?: number };
  };
}

interface Generated {
  candidates?: { finishReason: string; content?: { parts: { inlineData: { mimeType: string; data: string } }[] } }[];
  promptFeedback?: { blockReason: string };
}

let world: SimulatorWorld;
let models: string;
const picture = { bytesBase64Encoded: pngPicture.toString('base64'), mimeType: 'image/png' };
const video = {
  instances: [{ prompt: 'SH001 slow push in', image: picture }],
  parameters: { aspectRatio: '16:9', durationSeconds: 4, resolution: '720p', seed: 2 },
};
const referenceImages = [{ image: picture, referenceType: 'asset' }];
const still = {
  contents: [{ role: 'user', parts: [{ text: 'SH001 a quay at dawn' }] }],
  generationConfig: { responseModalities: ['IMAGE'], imageConfig: { aspectRatio: '16:9', imageSize: '1K' } },
};

beforeAll(async () => {
  world = await openSimulatorWorld({ 'x-goog-api-key': 'sim-test' });
  models = `${world.simulator.urls.google}/v1beta/models`;
});
afterAll(() => world.close());
beforeEach(() => world.settings({}));

const startVideo = (body: object = video) =>
  world.ask<Operation>('POST', `${models}/veo-3.1-generate-preview:predictLongRunning`, body);
const makeStill = (body: object = still) =>
  world.ask<Generated>('POST', `${models}/gemini-3-pro-image:generateContent`, body);
const readOperation = (name: string) => world.ask<Operation>('GET', `${models.replace('/models', '')}/${name}`);

async function finishVideo() {
  const { name } = (await startVideo()).body;
  for (const _ of [1, 2]) expect((await readOperation(name)).body).toEqual({ name });
  return readOperation(name);
}

describe('Google’s videos', () => {
  test('are operations that are done with an address, which wants the key too', async () => {
    const { body } = await finishVideo();
    const uri = body.response?.generateVideoResponse.generatedSamples?.[0]?.video.uri ?? '';
    expect(body.done).toBe(true);
    const home = await fetch(uri, { redirect: 'manual', headers: { 'x-goog-api-key': 'sim-test' } });
    const elsewhere = home.headers.get('location') ?? '';
    expect([home.status, (await fetch(uri, { redirect: 'manual' })).status]).toEqual([302, 400]);
    expect((await world.download(elsewhere, { withKey: true })).status).toBe(400);
    expect((await world.download(elsewhere)).bytes.subarray(4, 8).toString()).toBe('ftyp');
    expect((await fetch(uri)).status).toBe(400);
  });

  test('that a filter emptied are done with HTTP 200 and no sample', async () => {
    await world.faults({ id: 'soft', kind: 'soft-failure' });
    const { status, body } = await finishVideo();
    expect([status, body.done, body.error]).toEqual([200, true, undefined]);
    expect(body.response?.generateVideoResponse).toEqual({
      ...{ raiMediaFilteredCount: 1, raiMediaFilteredReasons: [expect.any(String)] },
    });
  });

  test('that failed are done with an error', async () => {
    await world.faults({ id: 'f', kind: 'failed-job' });
    const { body } = await finishVideo();
    expect([body.done, body.error?.code, body.response]).toEqual([true, 13, undefined]);
  });

  test.each([
    ['a duration as text', { ...video, parameters: { durationSeconds: '4' } }],
    ['a field that is not there', { ...video, webhook: 'x' }],
    ['no instance', { instances: [] }],
    [
      'a picture that is none',
      { ...video, instances: [{ prompt: 'x', image: { ...picture, bytesBase64Encoded: 'AAAA' } }] },
    ],
    ['a last frame without a first', { ...video, instances: [{ prompt: 'x', lastFrame: picture }] }],
    ['a first frame beside references', { ...video, instances: [{ prompt: 'x', image: picture, referenceImages }] }],
  ])('refuse %s', async (_what, body) => {
    expect((await startVideo(body)).status).toBe(400);
  });
});

describe('Google’s images', () => {
  test('come in the answer', async () => {
    const { body } = await makeStill();
    const [candidate] = body.candidates ?? [];
    const { mimeType, data } = candidate?.content?.parts[0]?.inlineData ?? { mimeType: '', data: '' };
    expect([candidate?.finishReason, mimeType]).toEqual(['STOP', 'image/png']);
    expect(Buffer.from(data, 'base64').toString('latin1', 1, 4)).toBe('PNG');
  });

  test.each([[null, 'IMAGE_SAFETY'] as const, ['NO_IMAGE', 'NO_IMAGE'] as const])(
    'that are filtered answer HTTP 200 without one',
    async (code, finishReason) => {
      await world.faults({ id: 'soft', kind: 'soft-failure', code });
      const { status, body } = await makeStill();
      expect([status, body.candidates?.[0]?.finishReason, body.candidates?.[0]?.content]).toEqual([
        ...[200, finishReason, undefined],
      ]);
    },
  );

  test('have no shape that Google does not name', async () => {
    const generationConfig = { imageConfig: { aspectRatio: '2:1' } };
    expect((await makeStill({ ...still, generationConfig })).status).toBe(400);
  });

  test('whose prompt is blocked have no candidate at all', async () => {
    await world.faults({ id: 'soft', kind: 'soft-failure', code: 'PROMPT_BLOCKED' });
    const { status, body } = await makeStill();
    expect([status, body.candidates, body.promptFeedback?.blockReason]).toEqual([200, undefined, 'SAFETY']);
  });

  test('are billed although the answer is lost, and cannot be asked for again', async () => {
    await world.faults({ id: 'lost', kind: 'accept-then-drop' });
    const billed = (await world.simulator.bill()).length;
    await expect(makeStill()).rejects.toThrow();
    const rows = (await world.simulator.bill()).slice(billed);
    expect(rows).toMatchObject([{ status: 'succeeded', refunded: false, endpoint: 'gemini-3-pro-image' }]);
  });

  test('can come as nothing, as half a file, or as a page', async () => {
    await world.faults({ id: 'a', kind: 'zero-byte-file' }, { id: 'b', kind: 'html-as-mp4' });
    const answers = [await makeStill(), await makeStill()];
    const files = answers.map(({ body }) => body.candidates?.[0]?.content?.parts[0]?.inlineData.data ?? '-');
    expect(files[0]).toBe('');
    expect(Buffer.from(files[1] ?? '', 'base64').toString()).toContain('<!doctype html>');
  });
});

test('Google takes a key in the address as well, and only a simulator’s', async () => {
  const statusOf = async (query: string) => (await fetch(`${models}${query}`)).status;
  expect([await statusOf('?key=sim-test'), await statusOf('?key=AIzaReal'), await statusOf('')]).toEqual([
    ...[200, 400, 400],
  ]);
  expect(JSON.stringify(await world.simulator.requests())).not.toContain('AIzaReal');
});
