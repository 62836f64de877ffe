import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pictureUrl } from './fal-client.ts';
import { openSimulatorWorld, pngPicture, type SimulatorWorld } from './simulator-world.ts';

interface Prediction {
  id: string;
  status: string;
  output: string | null;
  error: string | null;
  urls: { get: string; cancel: string };
}

let world: SimulatorWorld;
let base: string;
const model = 'black-forest-labs/flux-kontext-pro';
const input = { prompt: 'SH001 a quay at dawn', input_image: pictureUrl, seed: 5 };

beforeAll(async () => {
  world = await openSimulatorWorld({ authorization: 'Bearer sim-test' });
  base = `${world.simulator.urls.replicate}/v1`;
});
afterAll(() => world.close());
beforeEach(() => world.settings({}));

const submit = (changes: object = {}) =>
  world.ask<Prediction>('POST', `${base}/models/${model}/predictions`, { input: { ...input, ...changes } });
const read = (prediction: Prediction) => world.ask<Prediction>('GET', prediction.urls.get);
const billOf = async ({ id }: Prediction) => (await world.simulator.bill()).find(({ requestId }) => requestId === id);

describe('Replicate', () => {
  test('goes from starting over processing to succeeded with an output', async () => {
    const { status, body } = await submit();
    expect([status, body.status]).toEqual([201, 'starting']);
    const words = [await read(body), await read(body), await read(body)].map((answer) => answer.body.status);
    expect(words).toEqual(['starting', 'processing', 'succeeded']);
    expect((await world.download((await read(body)).body.output ?? '')).status).toBe(200);
  });

  test('aborts what has not begun for nothing, and charges what is cancelled while it runs', async () => {
    const [waiting, running] = [(await submit()).body, (await submit()).body];
    for (const _ of [1, 2]) await read(running);
    for (const prediction of [waiting, running]) await world.ask('POST', prediction.urls.cancel);
    expect([(await read(waiting)).body.status, (await read(running)).body.status]).toEqual(['aborted', 'canceled']);
    expect([(await billOf(waiting))?.refunded, (await billOf(running))?.refunded]).toEqual([true, false]);
  });

  test('has thrown the data away after an hour', async () => {
    const { body } = await submit();
    for (const _ of [1, 2, 3]) await read(body);
    await world.simulator.advanceClock(3_601_000);
    expect((await read(body)).body).toMatchObject({ status: 'succeeded', output: null, input: {}, data_removed: true });
  });

  test('lists a prediction whose answer was lost', async () => {
    await world.faults({ id: 'lost', kind: 'accept-then-drop' });
    await expect(submit({ seed: 77 })).rejects.toThrow();
    const { body } = await world.ask<{ results: { input: { seed: number } }[] }>('GET', `${base}/predictions`);
    expect(body.results[0]?.input.seed).toBe(77);
  });

  test('fails a filtered prediction in words', async () => {
    await world.faults({ id: 'soft', kind: 'soft-failure' });
    const { body } = await submit();
    for (const _ of [1, 2]) await read(body);
    expect((await read(body)).body).toMatchObject({ status: 'failed', error: expect.stringContaining('sensitive') });
  });

  test.each([
    ['a field that is not there', { style: 'noir' }],
    ['a seed as text', { seed: '5' }],
    ['a picture it cannot fetch', { input_image: 'https://example.com/a.png' }],
  ])('refuses %s', async (_what, changes) => {
    expect((await submit(changes)).status).toBe(422);
  });

  test('keeps files for its models, behind the key', async () => {
    const form = new FormData();
    form.append('content', new Blob([new Uint8Array(pngPicture)]), 'hero.png');
    const kept = await world.ask<{ urls: { get: string } }>('POST', `${base}/files`, form);
    const url = kept.body.urls.get;
    expect([kept.status, (await submit({ input_image: url })).status]).toEqual([201, 201]);
    await submit();
    const [uploaded, inline] = (await world.simulator.bill()).slice(-2);
    expect(uploaded?.inputSha256s).toEqual(inline?.inputSha256s);
    expect([(await world.download(url, { withKey: true })).status, (await fetch(url)).status]).toEqual([200, 401]);
  });

  test('wants to be paid', async () => {
    await world.faults({ id: 'f', kind: 'insufficient-funds' });
    expect((await submit()).status).toBe(402);
  });
});
