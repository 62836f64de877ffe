import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BillRow } from '../../simulators/start-simulator.ts';
import { clipEndpoint, clipInput, falClient } from './fal-client.ts';
import { openSimulatorWorld, type SimulatorWorld } from './simulator-world.ts';

let world: SimulatorWorld;
let fal: ReturnType<typeof falClient>;

beforeAll(async () => {
  world = await openSimulatorWorld();
  fal = falClient(world);
});
afterAll(() => world.close());

/** What the bill gained while something was done. */
async function billedBy(work: () => Promise<unknown>): Promise<BillRow[]> {
  const before = (await world.simulator.bill()).length;
  await work();
  return (await world.simulator.bill()).slice(before);
}

async function firstFile(): Promise<string> {
  const { body } = await fal.submit();
  await fal.finish(body);
  return (await fal.result(body)).body.images[0]?.url ?? '';
}

describe('a fault at the submit', () => {
  test('accept-then-drop bills and says nothing', async () => {
    await world.faults({ id: 'f', kind: 'accept-then-drop' });
    const rows = await billedBy(() => expect(fal.submit()).rejects.toThrow());
    expect(rows).toMatchObject([{ status: 'queued', refunded: false }]);
  });

  test('accept-then-500 bills and answers with an error', async () => {
    await world.faults({ id: 'f', kind: 'accept-then-500', status: 502 });
    const rows = await billedBy(async () => expect((await fal.submit()).status).toBe(502));
    expect(rows).toHaveLength(1);
  });

  test.each([
    ['reject-500-unbilled', 500],
    ['insufficient-funds', 403],
    ['bad-request', 422],
    ['unauthorized', 401],
    ['content-policy', 422],
    ['rate-limit', 429],
  ] as const)('%s answers %i and bills nothing', async (kind, status) => {
    await world.faults({ id: 'f', kind });
    const rows = await billedBy(async () => expect((await fal.submit()).status).toBe(status));
    expect(rows).toEqual([]);
  });

  test('drop-unaccepted looks the same as accept-then-drop, and bills nothing', async () => {
    await world.faults({ id: 'f', kind: 'drop-unaccepted' });
    expect(await billedBy(() => expect(fal.submit()).rejects.toThrow())).toEqual([]);
  });

  test('rate-limit names the wait when it is told to', async () => {
    await world.faults(
      { id: 'named', kind: 'rate-limit', retryAfterSeconds: 7 },
      { id: 'unnamed', kind: 'rate-limit', retryAfterSeconds: null },
    );
    const waits = [await fal.submit(), await fal.submit()].map(({ headers }) => headers.get('retry-after'));
    expect(waits).toEqual(['7', null]);
  });

  test('slow-headers holds the answer to what was accepted back', async () => {
    await world.faults({ id: 'f', kind: 'slow-headers', delayMs: 600_000 });
    const { queue } = world.simulator.urls.fal;
    const abort = new AbortController();
    const asked = fetch(`${queue}/fal-ai/nano-banana-pro`, {
      ...{ method: 'POST', body: JSON.stringify({ prompt: 'SH009' }), signal: abort.signal },
      headers: { authorization: 'Key sim-test', 'content-type': 'application/json' },
    });
    const gaveUp = expect(asked).rejects.toThrow('aborted');
    while (!(await world.simulator.bill()).some(({ prompt }) => prompt === 'SH009')) await world.simulator.requests();
    abort.abort();
    await gaveUp;
  });
});

describe('a fault on the way to the result', () => {
  test('unknown-id and status-500 hide a job that is there', async () => {
    await world.faults({ id: 'a', kind: 'unknown-id' }, { id: 'b', kind: 'status-500', status: 503 });
    const { body } = await fal.submit();
    const statuses = [await fal.status(body), await fal.status(body), await fal.status(body)];
    expect(statuses.map(({ status }) => status)).toEqual([404, 503, 202]);
    await fal.cancel(body);
  });

  test('cut-status breaks off in the middle of the answer', async () => {
    await world.faults({ id: 'f', kind: 'cut-status' });
    const { body } = await fal.submit();
    await expect(fal.status(body)).rejects.toThrow();
    expect((await fal.status(body)).status).toBe(202);
    await fal.cancel(body);
  });

  test('late-result keeps a job running for longer', async () => {
    await world.faults({ id: 'f', kind: 'late-result', extraPolls: 3 });
    const { body } = await fal.submit();
    const statuses: string[] = [];
    for (let question = 0; question < 6; question += 1) statuses.push((await fal.status(body)).body.status);
    expect(statuses.at(-2)).toBe('IN_PROGRESS');
    expect(statuses.at(-1)).toBe('COMPLETED');
  });

  test('late-result also counts by the clock', async () => {
    await world.faults({ id: 'f', kind: 'late-result', extraPolls: 0, extraMs: 60_000 });
    const { body } = await fal.submit();
    for (let question = 0; question < 5; question += 1) await fal.status(body);
    expect((await fal.status(body)).status).toBe(202);
    await world.simulator.advanceClock(60_000);
    expect((await fal.status(body)).status).toBe(200);
  });

  test.each([
    [false, true],
    [true, false],
  ])('a failed job that is billed (%s) is refunded (%s)', async (billed, refunded) => {
    await world.faults({ id: 'f', kind: 'soft-failure', billed });
    const rows = await billedBy(async () => fal.finish((await fal.submit()).body));
    expect(rows).toMatchObject([{ status: 'failed', refunded }]);
  });

  test('cost-differs bills another sum than the price list has', async () => {
    await world.faults({ id: 'f', kind: 'cost-differs', factor: 2 });
    const [dear, usual] = await billedBy(async () => {
      await fal.submit();
      await fal.submit();
    });
    expect(dear?.micro_usd).toBe(2 * (usual?.micro_usd ?? 0));
  });
});

describe('a fault in front of the provider', () => {
  const listing = () =>
    world.ask('GET', `${world.simulator.urls.fal.api}/v1/models/requests/by-endpoint?endpoint_id=${clipEndpoint}`);

  test('gateway-error answers any call whose path it names, in no provider’s words', async () => {
    await world.faults(
      { id: 'list', kind: 'gateway-error', path: 'by-endpoint', status: 502 },
      { id: 'upload', kind: 'gateway-error', path: 'upload/initiate', status: 503 },
      { id: 'cancel', kind: 'gateway-error', path: '/cancel', status: 504 },
    );
    const { body } = await fal.submit();
    const upload = await world.ask('POST', `${world.simulator.urls.fal.rest}/storage/upload/initiate`, {});
    const answers = [await listing(), upload, await fal.cancel(body)];
    expect(answers.map(({ status }) => status)).toEqual([502, 503, 504]);
    expect(answers.map(({ headers }) => headers.get('content-type'))).toEqual(Array(3).fill('text/html'));
    expect((await listing()).status).toBe(200);
    expect((await fal.status(body)).status).toBe(202);
    await fal.cancel(body);
  });

  test('gateway-error without a status cuts the line, and keeps to the provider that it names', async () => {
    await world.faults({ id: 'cut', kind: 'gateway-error', path: 'by-endpoint', match: { provider: 'fal' } });
    await expect(listing()).rejects.toThrow();
    await world.faults({ id: 'cut', kind: 'gateway-error', path: 'by-endpoint', match: { provider: 'ark' } });
    expect((await listing()).status).toBe(200);
  });

  test('gateway-error on a submit is before anything is billed', async () => {
    await world.faults({ id: 'gate', kind: 'gateway-error', path: 'fal-queue', status: 502 });
    expect(await billedBy(async () => expect((await fal.submit()).status).toBe(502))).toEqual([]);
  });

  test('revoked-key refuses every call, or those whose path it names, as the provider refuses a key', async () => {
    const { body } = await fal.submit();
    await world.faults({ id: 'polls', kind: 'revoked-key', path: '/requests/', times: 2 });
    expect([await fal.status(body), await fal.status(body)].map(({ status }) => status)).toEqual([401, 401]);
    expect((await fal.status(body)).status).toBe(202);
    await world.faults({ id: 'all', kind: 'revoked-key', match: { provider: 'fal' }, times: 'always' });
    expect((await listing()).status).toBe(401);
    expect(await billedBy(async () => expect((await fal.submit()).status).toBe(401))).toEqual([]);
    await world.faults({ id: 'all', kind: 'revoked-key', match: { provider: 'ark' }, times: 'always' });
    expect((await fal.cancel(body)).status).toBe(202);
  });
});

describe('a fault at the download', () => {
  test('truncated-download breaks off, or ends too soon in good order', async () => {
    await world.faults(
      { id: 'broken', kind: 'truncated-download' },
      { id: 'clean', kind: 'truncated-download', clean: true },
    );
    const url = await firstFile();
    await expect(world.download(url)).rejects.toThrow();
    const half = await world.download(url);
    const whole = await world.download(url);
    expect(half.bytes.byteLength).toBe(Math.floor(whole.bytes.byteLength / 2));
  });

  test.each([
    ['zero-byte-file', 200, 0],
    ['html-as-mp4', 200, 90],
  ] as const)('%s is said to be a picture', async (kind, status, length) => {
    await world.faults({ id: 'f', kind });
    const answer = await fetch(await firstFile());
    expect(answer.headers.get('content-type')).toBe('image/png');
    expect([answer.status, (await answer.arrayBuffer()).byteLength]).toEqual([status, length]);
  });

  test('expired-url is refused, and so is every url when its time is over', async () => {
    await world.faults({ id: 'f', kind: 'expired-url' });
    const url = await firstFile();
    expect([(await world.download(url)).status, (await world.download(url)).status]).toEqual([403, 200]);
    await world.simulator.advanceClock(86_400_001);
    expect((await world.download(url)).status).toBe(403);
  });
});

describe('the plan', () => {
  test('hits by provider, endpoint, prompt, seed and place in the row', async () => {
    const always = { kind: 'insufficient-funds', times: 'always' } as const;
    await world.faults(
      { ...always, id: 'other', match: { provider: 'kling' } },
      { ...always, id: 'shot', match: { prompt: 'SH011' } },
      { ...always, id: 'seed', match: { seed: 99 } },
      { ...always, id: 'endpoint', match: { endpoint: 'seedance' } },
      { ...always, id: 'second', match: { prompt: 'SH012', nth: 2 } },
    );
    const submit = async (input: object, endpoint?: string) => (await fal.submit(input, endpoint)).status;
    expect(await submit({ prompt: 'SH010' })).toBe(200);
    expect(await submit({ prompt: 'keyframe of SH011, dusk' })).toBe(403);
    expect(await submit({ prompt: 'SH010', seed: 99 })).toBe(403);
    expect(await submit(clipInput, clipEndpoint)).toBe(403);
    const inARow: number[] = [];
    for (const prompt of ['SH012', 'SH012', 'SH012']) inARow.push(await submit({ prompt }));
    expect(inARow).toEqual([200, 403, 200]);
  });

  test('hits as often as it says and counts that', async () => {
    await world.faults({ id: 'twice', kind: 'insufficient-funds', times: 2 });
    const statuses = [await fal.submit(), await fal.submit(), await fal.submit()].map(({ status }) => status);
    expect(statuses).toEqual([403, 403, 200]);
    expect(await world.simulator.faultHits()).toEqual({ twice: 2 });
  });

  test('that is not one is refused with the field that is wrong', async () => {
    const plan = { faults: [{ id: 'f', kind: 'explode' }] };
    await expect(world.simulator.setFaults(plan as never)).rejects.toThrow('faults[0].kind');
  });

  test('shows in the log of requests, which holds no key', async () => {
    await world.faults({ id: 'seen in the log', kind: 'insufficient-funds' });
    await fal.submit();
    const requests = await world.simulator.requests();
    expect(requests.at(-1)).toMatchObject({ method: 'POST', status: 403, fault: 'seen in the log' });
    expect(JSON.stringify(requests)).not.toContain('sim-test');
  });
});
