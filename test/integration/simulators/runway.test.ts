import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pictureUrl } from './fal-client.ts';
import { openSimulatorWorld, type SimulatorWorld } from './simulator-world.ts';

interface Task {
  id: string;
  status: string;
  output?: string[];
  failureCode?: string;
}

let world: SimulatorWorld;
let base: string;
const input = {
  ...{ model: 'gen4_turbo', promptImage: pictureUrl, promptText: 'SH001 slow push in', ratio: '1280:720' },
  ...{ duration: 5, seed: 9 },
};

beforeAll(async () => {
  world = await openSimulatorWorld({ authorization: 'Bearer sim-test', 'x-runway-version': '2024-11-06' });
  base = `${world.simulator.urls.runway}/v1`;
});
afterAll(() => world.close());
beforeEach(() => world.settings({}));

const submit = (changes: object = {}) => world.ask<Task>('POST', `${base}/image_to_video`, { ...input, ...changes });
const read = (id: string) => world.ask<Task>('GET', `${base}/tasks/${id}`);

describe('Runway', () => {
  test('goes from PENDING over RUNNING to SUCCEEDED with an output', async () => {
    const { id } = (await submit()).body;
    const words = [await read(id), await read(id), await read(id)].map(({ body }) => body.status);
    expect(words).toEqual(['PENDING', 'RUNNING', 'SUCCEEDED']);
    expect((await world.download((await read(id)).body.output?.[0] ?? '')).status).toBe(200);
  });

  test('throttles what is more than the account may run', async () => {
    await world.settings({ concurrency: 1, pace: { queuePolls: 0, runPolls: 3 } });
    const [first, second] = [(await submit()).body.id, (await submit()).body.id];
    await read(first);
    expect((await read(second)).body.status).toBe('THROTTLED');
  });

  test('marks a filtered task as one that is never to be tried again', async () => {
    await world.faults({ id: 'soft', kind: 'soft-failure' });
    const { id } = (await submit()).body;
    for (const _ of [1, 2]) await read(id);
    const { body } = await read(id);
    expect([body.status, body.failureCode?.startsWith('SAFETY.')]).toEqual(['FAILED', true]);
  });

  test('cancels what is not over by DELETE', async () => {
    const { id } = (await submit()).body;
    expect((await world.ask('DELETE', `${base}/tasks/${id}`)).status).toBe(204);
    expect((await read(id)).body.status).toBe('CANCELLED');
  });

  test('answers nobody who does not name the version', async () => {
    const answer = await world.ask('POST', `${base}/image_to_video`, input, { 'x-runway-version': '' });
    expect(answer.status).toBe(400);
  });

  test.each([
    ['a duration as text', { duration: '5' }],
    ['a field that is not there', { fps: 24 }],
    ['no picture', { promptImage: undefined }],
  ])('refuses %s', async (_what, changes) => {
    expect((await submit(changes)).status).toBe(400);
  });
});
