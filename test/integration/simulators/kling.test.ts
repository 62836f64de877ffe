import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openSimulatorWorld, pngPicture, type SimulatorWorld } from './simulator-world.ts';

interface Envelope {
  code: number;
  message: string;
  data: { task_id: string; task_status: string; task_status_msg?: string; task_result?: { videos: { url: string }[] } };
}

let world: SimulatorWorld;
let url: string;
const image = pngPicture.toString('base64');
const input = { model_name: 'kling-v2-6', mode: 'std', duration: '5', image, prompt: 'SH001 slow push in' };

beforeAll(async () => {
  world = await openSimulatorWorld({ authorization: 'Bearer sim-test' });
  url = `${world.simulator.urls.kling}/v1/videos/image2video`;
});
afterAll(() => world.close());
beforeEach(() => world.settings({}));

const submit = (changes: object = {}) => world.ask<Envelope>('POST', url, { ...input, ...changes });
const read = (id: string) => world.ask<Envelope>('GET', `${url}/${id}`);

describe('Kling', () => {
  test('answers in an envelope and goes from submitted over processing to succeed', async () => {
    const { status, body } = await submit();
    expect([status, body.code, body.data.task_status]).toEqual([200, 0, 'submitted']);
    const id = body.data.task_id;
    const words = [await read(id), await read(id), await read(id)].map((answer) => answer.body.data.task_status);
    expect(words).toEqual(['submitted', 'processing', 'succeed']);
    const { task_result } = (await read(id)).body.data;
    expect(task_result?.videos).toEqual([{ id: expect.any(String), url: expect.any(String), duration: '5' }]);
    expect((await world.download(task_result?.videos[0]?.url ?? '')).status).toBe(200);
  });

  test('refuses a second submit with an external id, and finds the first by it', async () => {
    const first = await submit({ external_task_id: 'attempt-1' });
    const second = await submit({ external_task_id: 'attempt-1' });
    expect([second.status, second.body.code]).toEqual([400, 1201]);
    expect((await read('attempt-1')).body.data.task_id).toBe(first.body.data.task_id);
    const billed = await world.simulator.bill();
    expect(billed.filter(({ externalId }) => externalId === 'attempt-1')).toHaveLength(1);
  });

  test('finds a submit whose answer was lost by its external id', async () => {
    await world.faults({ id: 'lost', kind: 'accept-then-drop' });
    await expect(submit({ external_task_id: 'attempt-2' })).rejects.toThrow();
    expect((await read('attempt-2')).body.code).toBe(0);
    expect((await read('attempt-3')).body.code).toBe(1203);
  });

  test('calls an error HTTP 200 with another code than 0', async () => {
    await world.faults({ id: 'soft', kind: 'soft-failure', at: 'submit', code: '1301' });
    const billed = (await world.simulator.bill()).length;
    const { status, body } = await submit();
    expect([status, body.code]).toEqual([200, 1301]);
    expect(await world.simulator.bill()).toHaveLength(billed);
  });

  test('ends a filtered task as failed, with its reason', async () => {
    await world.faults({ id: 'soft', kind: 'soft-failure' });
    const { task_id: id } = (await submit()).body.data;
    for (const _ of [1, 2]) await read(id);
    expect((await read(id)).body.data).toMatchObject({
      ...{ task_status: 'failed', task_status_msg: 'Failure to pass the risk control system' },
    });
  });

  test.each([
    ['a duration as a number', { duration: 5 }],
    ['a duration that the model does not have', { duration: '7' }],
    ['a picture that is none', { image: Buffer.from('<html></html>').toString('base64') }],
    ['a field that is not there', { seed: 1 }],
    ['a data url where bare base64 is wanted', { image: `data:image/png;base64,${image}` }],
    ['no picture', { image: undefined }],
  ])('refuses %s', async (_what, changes) => {
    const { status, body } = await submit(changes);
    expect([status, body.code]).toEqual([400, 1201]);
  });

  test.each([
    ['insufficient-funds', 429, 1102],
    ['rate-limit', 429, 1302],
    ['unauthorized', 401, 1002],
    ['content-policy', 400, 1301],
    ['reject-500-unbilled', 500, 5000],
  ] as const)('words %s in its own codes', async (kind, status, code) => {
    await world.faults({ id: 'f', kind });
    const answer = await submit();
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  test('takes no more tasks at once than the account may run', async () => {
    // what other tests left open has ended by now
    await world.settings({ pace: { queuePolls: 0, runPolls: 0 } });
    await world.ask('GET', `${url}?pageSize=500`);
    await world.settings({ concurrency: 1, pace: { queuePolls: 0, runPolls: 1 } });
    const { task_id: id } = (await submit()).body.data;
    const billed = (await world.simulator.bill()).length;
    const second = await submit();
    expect([second.status, second.body.code]).toEqual([429, 1303]);
    expect(await world.simulator.bill()).toHaveLength(billed);
    for (const _ of [1, 2]) await read(id);
    expect((await submit()).body.code).toBe(0);
  });

  test('takes one of many submits with the same external id', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => submit({ external_task_id: 'attempt-8' })));
    expect(answers.filter(({ body }) => body.code === 0)).toHaveLength(1);
    const billed = await world.simulator.bill();
    expect(billed.filter(({ externalId }) => externalId === 'attempt-8')).toHaveLength(1);
  });

  test('lists tasks, the newest first', async () => {
    const { task_id: id } = (await submit()).body.data;
    const { body } = await world.ask<{ data: { task_id: string }[] }>('GET', `${url}?pageNum=1&pageSize=2`);
    expect(body.data).toHaveLength(2);
    expect(body.data[0]?.task_id).toBe(id);
  });

  test('takes a token that is signed and young enough', async () => {
    const now = Math.floor(Date.now() / 1000);
    const tokenFor = (claims: object, secret: string) => {
      const parts = [{ alg: 'HS256', typ: 'JWT' }, claims].map((part) =>
        Buffer.from(JSON.stringify(part)).toString('base64url'),
      );
      const signature = createHmac('sha256', secret).update(parts.join('.')).digest('base64url');
      return { authorization: `Bearer ${[...parts, signature].join('.')}` };
    };
    const claims = { iss: 'sim-access', exp: now + 1800, nbf: now - 5 };
    const statusWith = async (auth: Record<string, string>) => (await world.ask('GET', url, undefined, auth)).status;
    expect(await statusWith(tokenFor(claims, 'sim-access-secret'))).toBe(200);
    expect(await statusWith(tokenFor(claims, 'another'))).toBe(401);
    expect(await statusWith(tokenFor({ ...claims, exp: now - 1 }, 'sim-access-secret'))).toBe(401);
    expect(await statusWith(tokenFor({ ...claims, iss: 'access' }, 'access-secret'))).toBe(401);
  });
});
