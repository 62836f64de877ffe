import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pictureUrl } from './fal-client.ts';
import { openSimulatorWorld, type SimulatorWorld } from './simulator-world.ts';

interface Task {
  id: string;
  status: string;
  error: { code: string } | null;
  content?: { video_url: string };
}

let world: SimulatorWorld;
let url: string;
const model = 'seedance-1-5-pro-251215';
const page = `data:image/png;base64,${Buffer.from('<html>').toString('base64')}`;
const as = (role: string) => ({ type: 'image_url', image_url: { url: pictureUrl }, role });
const input = {
  ...{ model, resolution: '480p', ratio: 'adaptive', duration: 5, seed: 3, generate_audio: false },
  content: [
    { type: 'text', text: 'SH001 slow push in' },
    { type: 'image_url', image_url: { url: pictureUrl }, role: 'first_frame' },
  ],
};

beforeAll(async () => {
  world = await openSimulatorWorld({ authorization: 'Bearer sim-test' });
  url = `${world.simulator.urls.ark}/api/v3/contents/generations/tasks`;
});
afterAll(() => world.close());
beforeEach(() => world.settings({}));

const submit = async (changes: object = {}) => (await world.ask<Task>('POST', url, { ...input, ...changes })).body.id;
const read = (id: string) => world.ask<Task>('GET', `${url}/${id}`);
const remove = (id: string) => world.ask('DELETE', `${url}/${id}`);
const billOf = async (id: string) => (await world.simulator.bill()).find(({ requestId }) => requestId === id);

describe('Ark', () => {
  test('goes from queued over running to succeeded with a video', async () => {
    const id = await submit();
    const tasks = [await read(id), await read(id), await read(id)].map(({ body }) => body);
    expect(tasks.map(({ status }) => status)).toEqual(['queued', 'running', 'succeeded']);
    expect((await world.download(tasks[2]?.content?.video_url ?? '')).status).toBe(200);
    expect(await billOf(id)).toMatchObject({ endpoint: model, prompt: 'SH001 slow push in', seed: 3 });
  });

  test('cancels a task that waits, and refunds it', async () => {
    const id = await submit();
    expect((await remove(id)).status).toBe(200);
    expect((await read(id)).body.status).toBe('cancelled');
    expect(await billOf(id)).toMatchObject({ status: 'cancelled', refunded: true });
  });

  test('wipes the record of a task that runs, and keeps the bill', async () => {
    const id = await submit();
    for (const _ of [1, 2]) await read(id);
    await remove(id);
    expect((await read(id)).status).toBe(404);
    expect(await billOf(id)).toMatchObject({ status: 'running', refunded: false });
  });

  test('lists what it was sent, by status and id, after its lag', async () => {
    const id = await submit();
    const list = async (query: string) =>
      (await world.ask<{ items: Task[]; total: number }>('GET', `${url}?${query}`)).body.items.map((task) => task.id);
    expect(await list(`filter.task_ids=${id}`)).toEqual([id]);
    expect(await list('filter.status=queued&page_size=1')).toEqual([id]);
    expect(await list(`filter.model=${model}&filter.status=failed`)).toEqual([]);
    await world.settings({ listingLagMs: 3_600_000 });
    expect(await list(`filter.task_ids=${id}`)).toEqual([]);
  });

  test('names a filtered video in the error of a failed task', async () => {
    await world.faults({ id: 'soft', kind: 'soft-failure' });
    const id = await submit();
    for (const _ of [1, 2]) await read(id);
    expect((await read(id)).body).toMatchObject({
      ...{ status: 'failed', error: { code: 'OutputVideoSensitiveContentDetected' } },
    });
  });

  test('drops a task to which it did not come in time', async () => {
    await world.faults({ id: 'dropped', kind: 'failed-job', code: 'expired' });
    const id = await submit();
    for (const _ of [1, 2]) await read(id);
    expect((await read(id)).body.status).toBe('expired');
    expect(await billOf(id)).toMatchObject({ refunded: true });
  });

  test('bills a request with references under a name of its own', async () => {
    const content = [{ type: 'image_url', image_url: { url: pictureUrl }, role: 'reference_image' }];
    expect(await billOf(await submit({ content }))).toMatchObject({ endpoint: `${model}/references` });
  });

  test.each([
    ['a duration as text', { duration: '5' }],
    ['a field that is not there', { fps: 24 }],
    ['a ratio it does not have', { ratio: '2:1' }],
    ['a seed where there is none', { model: 'dreamina-seedance-2-0-260128', seed: 3 }],
    ['a first frame beside references', { content: [as('first_frame'), as('reference_image')] }],
    ['a picture that is none', { content: [{ ...as('first_frame'), image_url: { url: page } }] }],
    ['two first frames', { content: [as('first_frame'), as('first_frame')] }],
    ['a last frame without a first one', { content: [as('last_frame')] }],
  ])('refuses %s', async (_what, changes) => {
    const { status, body } = await world.ask<Task>('POST', url, { ...input, ...changes });
    expect([status, body.error?.code]).toEqual([400, 'InvalidParameter']);
  });

  test.each([
    ['insufficient-funds', 403, 'AccountOverdueError'],
    ['content-policy', 400, 'InputTextSensitiveContentDetected'],
    ['unauthorized', 401, 'AuthenticationError'],
  ] as const)('words %s in its own codes', async (kind, status, code) => {
    await world.faults({ id: 'f', kind });
    const answer = await world.ask<Task>('POST', url, input);
    expect([answer.status, answer.body.error?.code]).toEqual([status, code]);
  });
});
