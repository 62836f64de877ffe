import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { clipEndpoint, clipInput, falClient, keyframeEndpoint } from './fal-client.ts';
import { openSimulatorWorld, type SimulatorWorld } from './simulator-world.ts';

let world: SimulatorWorld;
let fal: ReturnType<typeof falClient>;

beforeAll(async () => {
  world = await openSimulatorWorld();
  fal = falClient(world);
});
afterAll(() => world.close());
beforeEach(() => world.settings({}));

describe("fal's queue", () => {
  test('answers a submit with the id and with urls that drop the sub-path', async () => {
    const { status, body } = await fal.submit(clipInput, clipEndpoint);
    const app = `${world.simulator.urls.fal.queue}/fal-ai/bytedance/requests/${body.request_id}`;
    expect(status).toBe(200);
    expect(body).toEqual({
      ...{ status: 'IN_QUEUE', request_id: expect.stringMatching(/^[0-9a-f-]{36}$/), queue_position: 0 },
      ...{ response_url: app, status_url: `${app}/status`, cancel_url: `${app}/cancel` },
    });
    await fal.cancel(body);
  });

  test('knows no request under an url that keeps the sub-path', async () => {
    const { body } = await fal.submit(clipInput, clipEndpoint);
    const kept = `${world.simulator.urls.fal.queue}/${clipEndpoint}/requests/${body.request_id}/status`;
    expect((await world.ask('GET', kept)).status).toBe(405);
    await fal.cancel(body);
  });

  test('says 202 while a request waits and runs, 200 when it is over', async () => {
    const { body } = await fal.submit();
    const answers = [await fal.status(body), await fal.status(body), await fal.status(body)];
    expect(answers.map((answer) => [answer.status, answer.body.status])).toEqual([
      [202, 'IN_QUEUE'],
      [202, 'IN_PROGRESS'],
      [200, 'COMPLETED'],
    ]);
    expect(answers.map((answer) => 'queue_position' in answer.body)).toEqual([true, false, false]);
    expect(answers[2]?.body.metrics).toEqual({ inference_time: expect.any(Number) });
  });

  test('gives logs only to who asks for them', async () => {
    const { body } = await fal.submit();
    await fal.finish(body);
    const silent = await fal.status(body);
    const told = await fal.status(body, '?logs=1');
    expect(silent.body.logs).toBeNull();
    expect(told.body.logs).toContainEqual({
      ...{ message: 'Done', level: 'INFO', source: 'app', timestamp: expect.any(String) },
    });
  });

  test('has no result before the end, and then the model’s own body with what was billed in a header', async () => {
    const { body } = await fal.submit({ prompt: 'SH002', seed: 7, num_images: 2 });
    expect((await fal.result(body)).status).toBe(400);
    await fal.finish(body);
    const result = await fal.result(body);
    expect(result.status).toBe(200);
    expect(result.body.seed).toBe(7);
    expect(result.body.images).toHaveLength(2);
    expect(result.headers.get('x-fal-billable-units')).toBe('2');
    expect(result.headers.get('x-fal-request-id')).toBe(body.request_id);
  });

  test('forgets a result after its hour', async () => {
    const { body } = await fal.submit();
    await fal.finish(body);
    await world.simulator.advanceClock(3_599_000);
    expect((await fal.result(body)).status).toBe(200);
    await world.simulator.advanceClock(2_000);
    expect((await fal.result(body)).status).toBe(404);
  });

  test('forgets a large result after six minutes, and lists it all the same', async () => {
    await world.faults({ id: 'large', kind: 'large-result' });
    const { body } = await fal.submit();
    await fal.finish(body);
    await world.simulator.advanceClock(359_000);
    const result = await fal.result(body);
    expect([result.status, JSON.stringify(result.body).length >= 10_000]).toEqual([200, true]);
    await world.simulator.advanceClock(2_000);
    expect((await fal.result(body)).status).toBe(404);
    const query = `endpoint_id=${keyframeEndpoint}&request_id=${body.request_id}&expand=payloads`;
    const list = `${world.simulator.urls.fal.api}/v1/models/requests/by-endpoint?${query}`;
    const { items } = (await world.ask<{ items: { json_output: object }[] }>('GET', list)).body;
    expect(items[0]?.json_output).toHaveProperty('images');
  });

  test('tries a runner that broke off again by itself, up to ten times, unless it is told not to', async () => {
    const outcomeOf = async (times: number | 'always', headers: Record<string, string>) => {
      await world.faults({ id: 'broken', kind: 'failed-job', code: 'runner_disconnected', times });
      const { body } = await fal.submit({ prompt: 'x' }, keyframeEndpoint, headers);
      await fal.finish(body);
      const { status } = await fal.result(body);
      return [status, (await world.simulator.faultHits()).broken];
    };
    expect(await outcomeOf(2, {})).toEqual([200, 2]);
    expect(await outcomeOf(2, { 'x-fal-no-retry': '1' })).toEqual([503, 1]);
    expect(await outcomeOf('always', {})).toEqual([503, 11]);
  });

  test('tells a failed request COMPLETED, with the error beside it', async () => {
    await world.faults({ id: 'fails', kind: 'failed-job', code: 'request_timeout' });
    const { body } = await fal.submit();
    const status = await fal.finish(body);
    const result = await fal.result(body);
    expect(status.body).toMatchObject({ status: 'COMPLETED', error_type: 'request_timeout' });
    expect(result.status).toBe(504);
    expect(result.headers.get('x-fal-error-type')).toBe('request_timeout');
    expect(result.body).toEqual({ detail: expect.any(String), error_type: 'request_timeout' });
    expect(result.headers.get('x-fal-billable-units')).toBe('0');
  });

  test('words a content policy as the model does, in a list', async () => {
    await world.faults({ id: 'filter', kind: 'content-policy', at: 'result' });
    const { body } = await fal.submit();
    await fal.finish(body);
    const result = await fal.result(body);
    expect(result.status).toBe(422);
    expect(result.body.detail[0]).toMatchObject({ loc: ['body', 'prompt'], type: 'content_policy_violation' });
  });

  test('cancels what waits, and then calls it COMPLETED with an error', async () => {
    const { body } = await fal.submit();
    const cancelled = await fal.cancel(body);
    expect([cancelled.status, cancelled.body.status]).toEqual([202, 'CANCELLATION_REQUESTED']);
    const status = await fal.finish(body);
    expect(status.body).toMatchObject({ status: 'COMPLETED', error_type: 'client_cancelled' });
    expect((await fal.result(body)).status).toBe(499);
  });

  test('lets a cancel lose the race against the result', async () => {
    await world.faults({ id: 'too late', kind: 'cancel-too-late' });
    const { body } = await fal.submit();
    await fal.status(body);
    await fal.status(body);
    expect((await fal.cancel(body)).body.status).toBe('CANCELLATION_REQUESTED');
    await fal.finish(body);
    expect((await fal.result(body)).status).toBe(200);
    const again = await fal.cancel(body);
    expect([again.status, again.body.status]).toEqual([400, 'ALREADY_COMPLETED']);
  });

  test('has nothing to cancel any more when the request has ended by itself', async () => {
    await world.settings({ pace: { queuePolls: 0, runPolls: 0, runMs: 1_000 } });
    const { body } = await fal.submit();
    expect((await fal.status(body)).body.status).toBe('IN_PROGRESS');
    await world.simulator.advanceClock(1_000);
    expect((await fal.cancel(body)).body.status).toBe('ALREADY_COMPLETED');
    expect((await fal.result(body)).status).toBe(200);
  });

  test('has nothing to say of an id it never gave', async () => {
    const unknown = `${world.simulator.urls.fal.queue}/fal-ai/nano-banana-pro/requests/nobody`;
    expect((await world.ask('GET', `${unknown}/status`)).status).toBe(404);
    const cancelled = await world.ask('PUT', `${unknown}/cancel`);
    expect([cancelled.status, cancelled.body.status]).toEqual([404, 'NOT_FOUND']);
  });

  test('lets only keys in that can be nobody’s real one', async () => {
    const url = `${world.simulator.urls.fal.queue}/${keyframeEndpoint}`;
    for (const authorization of ['Key 0a1b2c3d:4e5f6a7b', 'Bearer sim-test', '']) {
      expect((await world.ask('POST', url, { prompt: 'x' }, { authorization })).status).toBe(401);
    }
  });

  test('reads a body as JSON only when it is said to be', async () => {
    const url = `${world.simulator.urls.fal.queue}/${keyframeEndpoint}`;
    expect((await world.ask('POST', url, { prompt: 'x' }, { 'content-type': 'text/plain' })).status).toBe(422);
  });

  test('gives files to everybody and takes no key for them', async () => {
    const { body } = await fal.submit();
    await fal.finish(body);
    const url = (await fal.result(body)).body.images[0]?.url ?? '';
    expect([(await world.download(url)).status, (await world.download(url, { withKey: true })).status]).toEqual([
      200, 400,
    ]);
  });

  test('takes no longer queue than the client wants to wait in', async () => {
    const { body } = await fal.submit();
    const url = `${world.simulator.urls.fal.queue}/${keyframeEndpoint}?fal_max_queue_length=1`;
    expect((await world.ask('POST', url, { prompt: 'x' })).status).toBe(429);
    await fal.cancel(body);
  });

  test('runs no more at once than the account may', async () => {
    await world.settings({ concurrency: 1, pace: { queuePolls: 0, runPolls: 3 } });
    const [first, second] = [(await fal.submit()).body, (await fal.submit()).body];
    expect((await fal.status(first)).body.status).toBe('IN_PROGRESS');
    expect((await fal.status(second)).body.status).toBe('IN_QUEUE');
    await fal.finish(first);
    expect((await fal.status(second)).body.status).toBe('IN_PROGRESS');
  });
});

describe('the inputs of fal’s endpoints', () => {
  const veo = 'fal-ai/veo3.1/image-to-video';
  const kling = 'fal-ai/kling-video/v3/pro/image-to-video';
  const seedance2 = 'bytedance/seedance-2.0/image-to-video';
  const gpt = 'openai/gpt-image-2';
  const flux = 'fal-ai/flux-2-pro/edit';
  const references = 'bytedance/seedance-2.0/reference-to-video';
  const page = `data:image/png;base64,${Buffer.from('<html>').toString('base64')}`;
  const { image_url } = clipInput;

  test.each([
    ['a field that is not there', clipEndpoint, { ...clipInput, style: 'noir' }, 'extra_forbidden'],
    ['a duration as a number', clipEndpoint, { ...clipInput, duration: 4 }, 'value_error'],
    ['a duration without its s', veo, { prompt: 'x', image_url, duration: '4' }, 'value_error'],
    ['a duration the model does not have', seedance2, { prompt: 'x', image_url, duration: '3' }, 'value_error'],
    ['a seed where there is none', seedance2, { prompt: 'x', image_url, seed: 1 }, 'extra_forbidden'],
    ['no picture', veo, { prompt: 'x' }, 'missing'],
    ['prompt and multi_prompt', kling, { start_image_url: image_url, prompt: 'x', multi_prompt: [] }, 'value_error'],
    ['a size that is not in sixteens', gpt, { prompt: 'x', image_size: { width: 1000, height: 1000 } }, 'value_error'],
    ['a size of too few pixels', gpt, { prompt: 'x', image_size: { width: 512, height: 512 } }, 'value_error'],
    ['more references than fit', flux, { prompt: 'x', image_urls: Array(10).fill(image_url) }, 'value_error'],
    ['a tolerance as a number', flux, { prompt: 'x', image_urls: [image_url], safety_tolerance: 2 }, 'value_error'],
    ['references of nothing', references, { prompt: 'x', duration: '4' }, 'value_error'],
    ['a picture that is none', veo, { prompt: 'x', image_url: page }, 'file_download_error'],
    ['a picture nobody can fetch', veo, { prompt: 'x', image_url: 'https://example.com/a.png' }, 'file_download_error'],
  ])('refuse %s with 422', async (_what, endpoint, input, type) => {
    const { status, body } = await fal.submit(input, endpoint);
    expect([status, body.detail[0]?.type]).toEqual([422, type]);
  });

  test.each([
    [seedance2, { prompt: 'x', image_url, duration: 'auto', resolution: '480p', generate_audio: false }],
    [veo, { prompt: 'x', image_url, duration: '4s', seed: 3, safety_tolerance: '4' }],
    [kling, { start_image_url: image_url, multi_prompt: [{ prompt: 'x', duration: '3' }], duration: '3' }],
    ['bytedance/seedance-2.0/reference-to-video', { prompt: '@Image1', image_urls: [image_url], duration: '4' }],
    ['openai/gpt-image-2/edit', { prompt: 'x', image_urls: [image_url], image_size: { width: 1280, height: 720 } }],
    ['fal-ai/flux-2-pro', { prompt: 'x', image_size: 'landscape_16_9', seed: 5 }],
  ])('are taken as %s has them', async (endpoint, input) => {
    const { status, body } = await fal.submit(input, endpoint);
    expect(status).toBe(200);
    await fal.cancel(body);
  });

  test('show what is wrong in the result when the runner reads them first', async () => {
    await world.settings({ falValidates: 'runner' });
    const billed = (await world.simulator.bill()).length;
    const { status, body } = await fal.submit({ ...clipInput, duration: 4 }, clipEndpoint);
    await fal.finish(body);
    expect([status, (await fal.result(body)).status]).toEqual([200, 422]);
    expect(await world.simulator.bill()).toHaveLength(billed);
  });
});
