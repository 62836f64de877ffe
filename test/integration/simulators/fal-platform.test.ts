import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { clipEndpoint, clipInput, falClient, keyframeEndpoint } from './fal-client.ts';
import { openSimulatorWorld, pngPicture, type SimulatorWorld } from './simulator-world.ts';

let world: SimulatorWorld;
let fal: ReturnType<typeof falClient>;

// A world for each: listings show everything that was ever sent.
beforeEach(async () => {
  world = await openSimulatorWorld();
  fal = falClient(world);
});
afterEach(() => world.close());

interface Listing {
  items: { request_id: string }[];
  next_cursor: string | null;
  has_more: boolean;
}

const list = (query = '') =>
  world.ask<Listing>(
    'GET',
    `${world.simulator.urls.fal.api}/v1/models/requests/by-endpoint?endpoint_id=${keyframeEndpoint}${query}`,
  );

describe("fal's list of requests", () => {
  test('shows a submit whose answer was lost, with what was sent', async () => {
    await world.faults({ id: 'lost', kind: 'accept-then-drop' });
    await expect(fal.submit({ prompt: 'SH003', seed: 11 })).rejects.toThrow();
    const { body } = await list('&expand=payloads');
    expect(body.items).toHaveLength(1);
    expect(body.items[0]).toMatchObject({
      ...{ endpoint_id: keyframeEndpoint, status_code: null, ended_at: null },
      json_input: { prompt: 'SH003', seed: 11 },
    });
    const status = `${world.simulator.urls.fal.queue}/fal-ai/nano-banana-pro/requests/${body.items[0]?.request_id}/status`;
    expect((await world.ask('GET', status)).status).toBe(202);
  });

  test('lags behind by as much as it was told', async () => {
    await world.settings({ listingLagMs: 60_000 });
    await fal.submit();
    expect((await list()).body.items).toHaveLength(0);
    await world.simulator.advanceClock(60_000);
    expect((await list()).body.items).toHaveLength(1);
  });

  test('may know of a request only when it has ended', async () => {
    await world.settings({ lists: 'ended', pace: { queuePolls: 0, runPolls: 0, runMs: 60_000 } });
    const { body } = await fal.submit();
    await fal.status(body);
    expect((await list()).body.items).toEqual([]);
    await world.simulator.advanceClock(60_000);
    expect((await list()).body.items.map((item) => item.request_id)).toEqual([body.request_id]);
  });

  test('gives pages by cursor, the newest first', async () => {
    const ids: string[] = [];
    for (let seed = 0; seed < 3; seed += 1) ids.push((await fal.submit({ prompt: 'x', seed })).body.request_id);
    const first = await list('&limit=2');
    const second = await list(`&limit=2&cursor=${first.body.next_cursor}`);
    const listed = [first, second].flatMap(({ body }) => body.items.map((item) => item.request_id));
    expect(listed).toEqual(ids.reverse());
    expect([first.body.has_more, second.body.has_more, second.body.next_cursor]).toEqual([true, false, null]);
  });

  test('can be narrowed by outcome, id and time', async () => {
    await world.faults({ id: 'filter', kind: 'content-policy', at: 'result', match: { nth: 1 } });
    const [bad, good] = [(await fal.submit()).body, (await fal.submit()).body];
    for (const job of [bad, good]) await fal.finish(job);
    const ids = async (query: string) => (await list(query)).body.items.map((item) => item.request_id);
    expect(await ids('&status=success')).toEqual([good.request_id]);
    expect(await ids('&status=user_error')).toEqual([bad.request_id]);
    expect(await ids(`&request_id=${bad.request_id}`)).toEqual([bad.request_id]);
    expect(await ids('&end=2020-01-01T00:00:00Z')).toEqual([]);
  });

  test('leaves payloads out unless they are asked for, and wants an endpoint', async () => {
    await fal.submit();
    expect((await list()).body.items[0]).not.toHaveProperty('json_input');
    const none = await world.ask('GET', `${world.simulator.urls.fal.api}/v1/models/requests/by-endpoint`);
    expect(none.status).toBe(400);
  });
});

describe("fal's prices", () => {
  const listedClip = { ...clipInput, resolution: '720p' };

  test('are those of the app’s list', async () => {
    const { body } = await world.ask(
      'GET',
      `${world.simulator.urls.fal.api}/v1/models/pricing?endpoint_id=${clipEndpoint}`,
    );
    expect(body.prices).toEqual([{ endpoint_id: clipEndpoint, unit_price: 0.052, unit: 'second', currency: 'USD' }]);
  });

  test('make up an estimate', async () => {
    const { body } = await world.ask('POST', `${world.simulator.urls.fal.api}/v1/models/pricing/estimate`, {
      ...{ estimate_type: 'unit_price', endpoints: { [clipEndpoint]: { unit_quantity: 5 } } },
    });
    expect(body.total_cost).toBeCloseTo(0.26);
  });

  test('show in the billing events of what was owed, and only there', async () => {
    await world.faults(
      { id: 'dear', kind: 'cost-differs', factor: 1.5, match: { nth: 1 } },
      { id: 'fails', kind: 'failed-job', match: { nth: 2 } },
    );
    const [dear, failed] = [(await fal.submit(listedClip, clipEndpoint)).body, (await fal.submit()).body];
    for (const job of [dear, failed]) await fal.finish(job);
    const { body } = await world.ask('GET', `${world.simulator.urls.fal.api}/v1/models/billing-events`);
    expect(body.billing_events).toMatchObject([
      { request_id: dear.request_id, output_units: 6, unit_price: 0.052, cost_estimate_nano_usd: 312_000_000 },
    ]);
    expect((await fal.result(dear)).headers.get('x-fal-billable-units')).toBe('6');
  });
});

describe("fal's uploads", () => {
  const initiate = (kind = 'initiate') =>
    world.ask<{ upload_url: string; file_url: string }>(
      'POST',
      `${world.simulator.urls.fal.rest}/storage/upload/${kind}?storage_type=fal-cdn-v3`,
      {
        ...{ content_type: 'image/png', file_name: 'hero front.png' },
      },
    );

  test('go to one address and are read from the other', async () => {
    const { body } = await initiate();
    const put = await fetch(body.upload_url, { method: 'PUT', body: pngPicture });
    expect(put.status).toBe(200);
    const file = await fetch(body.file_url);
    expect(file.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await file.arrayBuffer()).equals(pngPicture)).toBe(true);
  });

  test('are what a model is given, by the hash in the bill', async () => {
    const { body } = await initiate();
    await fetch(body.upload_url, { method: 'PUT', body: pngPicture });
    const submitted = await fal.submit({ ...clipInput, image_url: body.file_url }, clipEndpoint);
    const inline = await fal.submit(clipInput, clipEndpoint);
    expect([submitted.status, inline.status]).toEqual([200, 200]);
    const [uploaded, sent] = await world.simulator.bill();
    expect(uploaded?.inputSha256s).toHaveLength(1);
    expect(uploaded?.inputSha256s).toEqual(sent?.inputSha256s);
  });

  test('of large files go in parts', async () => {
    const { body } = await initiate('initiate-multipart');
    const url = new URL(body.upload_url);
    const part = async (partNumber: number, bytes: Buffer) => {
      const address = `${url.origin}${url.pathname}/${partNumber}${url.search}`;
      const answer = await fetch(address, { method: 'PUT', body: new Uint8Array(bytes) });
      return { partNumber, etag: String(answer.headers.get('etag')) };
    };
    const parts = [await part(1, pngPicture.subarray(0, 20)), await part(2, pngPicture.subarray(20))];
    const complete = (all: object[]) =>
      world.ask('POST', `${url.origin}${url.pathname}/complete${url.search}`, { parts: all }, { authorization: '' });
    const wrong = parts.map((one) => ({ ...one, etag: '"another"' }));
    expect([(await complete(wrong)).status, (await complete(parts)).status]).toEqual([400, 200]);
    expect((await world.download(body.file_url)).bytes.equals(pngPicture)).toBe(true);
  });

  test('need a signed address and a known storage', async () => {
    const { body } = await initiate();
    const unsigned = await fetch(String(body.upload_url).split('?')[0] ?? '', { method: 'PUT', body: pngPicture });
    const elsewhere = await world.ask('POST', `${world.simulator.urls.fal.rest}/storage/upload/initiate`, {
      ...{ content_type: 'image/png', file_name: 'a.png' },
    });
    expect([unsigned.status, elsewhere.status]).toEqual([403, 400]);
  });
});
