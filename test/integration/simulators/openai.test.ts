import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pictureUrl } from './fal-client.ts';
import { openSimulatorWorld, pngPicture, type SimulatorWorld } from './simulator-world.ts';

interface Images {
  data: { b64_json: string }[];
  error?: { code: string };
}

let world: SimulatorWorld;
let images: string;
const input = { model: 'gpt-image-2', prompt: 'SH001 a quay at dawn', size: '1536x1024', quality: 'low' };

beforeAll(async () => {
  world = await openSimulatorWorld({ authorization: 'Bearer sim-test' });
  images = `${world.simulator.urls.openai}/v1/images`;
});
afterAll(() => world.close());
beforeEach(() => world.settings({}));

const generate = (changes: object = {}) => world.ask<Images>('POST', `${images}/generations`, { ...input, ...changes });

function editForm(fields: Record<string, string>, files: [string, Buffer][]) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const [name, bytes] of files) form.append(name, new Blob([new Uint8Array(bytes)]), `${name}.png`);
  return form;
}

describe('OpenAI’s images', () => {
  test('come in the answer, of the size that was asked for', async () => {
    const { status, body } = await generate({ n: 2 });
    const files = body.data.map((picture) => Buffer.from(picture.b64_json, 'base64'));
    expect(status).toBe(200);
    expect(files.map((file) => [file.readUInt32BE(16), file.readUInt32BE(20)])).toEqual([
      [1536, 1024],
      [1536, 1024],
    ]);
    expect(files[0]?.equals(files[1] ?? Buffer.alloc(0))).toBe(false);
  });

  test('are edited from a form with pictures', async () => {
    const form = editForm({ ...input, n: '1' }, [
      ['image[]', pngPicture],
      ['image[]', pngPicture],
      ['mask', pngPicture],
    ]);
    const { status, body } = await world.ask<Images>('POST', `${images}/edits`, form);
    expect([status, body.data.length]).toEqual([200, 1]);
    const row = (await world.simulator.bill()).at(-1);
    expect(row).toMatchObject({ endpoint: 'gpt-image-2/edits', prompt: input.prompt });
    expect(row?.inputSha256s).toHaveLength(3);
  });

  test('are edited from JSON with urls of pictures', async () => {
    const reference = { image_url: pictureUrl };
    const body = { ...input, images: [reference, reference], mask: reference };
    expect((await world.ask<Images>('POST', `${images}/edits`, body)).body.data).toHaveLength(1);
    expect((await world.simulator.bill()).at(-1)?.inputSha256s).toHaveLength(3);
    const elsewhere = { ...input, images: [{ image_url: 'https://example.com/a.png' }] };
    expect((await world.ask('POST', `${images}/edits`, elsewhere)).status).toBe(400);
  });

  test('are not edited without a picture', async () => {
    expect((await world.ask('POST', `${images}/edits`, editForm(input, []))).status).toBe(400);
  });

  test.each([
    ['a field that is not there', { seed: 1 }],
    ['a count as text', { n: '1' }],
    ['a size that is none', { size: 'wide' }],
    ['a size that is not in sixteens', { size: '1000x1000' }],
    ['a size longer than three to one', { size: '3200x640' }],
  ])('refuse %s', async (_what, changes) => {
    expect((await generate(changes)).status).toBe(400);
  });

  test.each([
    ['content-policy', 400, 'moderation_blocked'],
    ['insufficient-funds', 429, 'insufficient_quota'],
    ['rate-limit', 429, 'rate_limit_exceeded'],
    ['unauthorized', 401, 'invalid_api_key'],
  ] as const)('word %s in their own codes and bill nothing', async (kind, status, code) => {
    await world.faults({ id: 'f', kind });
    const billed = (await world.simulator.bill()).length;
    const answer = await generate();
    expect([answer.status, answer.body.error?.code]).toEqual([status, code]);
    expect(await world.simulator.bill()).toHaveLength(billed);
  });

  test('are billed when the answer is lost', async () => {
    await world.faults({ id: 'lost', kind: 'accept-then-drop' });
    const billed = (await world.simulator.bill()).length;
    await expect(generate()).rejects.toThrow();
    expect((await world.simulator.bill()).slice(billed)).toMatchObject([{ status: 'succeeded', refunded: false }]);
  });
});
