import { readFile, stat } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { falDefinition } from '../../../src-main/providers/fal/fal-definition.ts';
import { falEndpointIds } from '../../../src-main/providers/fal/fal-endpoints.ts';
import { clipRequest, stillRequest } from '../../fixtures/provider-bench.ts';
import { type FalWorld, never, openFalWorld, simulatorKey, thrownBy } from './fal-world.ts';

let world: FalWorld;
beforeAll(async () => {
  world = await openFalWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.sim.faults();
});

const submitOutcome = async (promise: Promise<unknown>) => world.fal.readSubmitError(await thrownBy(promise));
const fetchFailure = async (promise: Promise<unknown>) => world.fal.readFetchError(await thrownBy(promise));

describe('a request to fal', () => {
  it('brings a picture, for what fal charges', async () => {
    const request = world.still('harbour');
    const job = await world.submit(request);
    expect(await world.fal.poll(job, never)).toMatchObject({ kind: 'pending' });
    expect(await world.pollToEnd(job)).toEqual({ kind: 'done' });
    const got = await world.fetchTo(job, 'harbour.png');
    expect(got).toMatchObject({ extension: '.png', costMicroUsd: 150_000 });
    const bytes = await readFile(got.path);
    expect(bytes.subarray(1, 4).toString()).toBe('PNG');
    expect(await world.billOf('harbour')).toMatchObject([{ requestId: job.id, micro_usd: 150_000, refunded: false }]);
  });

  it('brings a clip from the start frame', async () => {
    const request = await world.clip('push in');
    const job = await world.submit(request);
    expect(await world.pollToEnd(job)).toEqual({ kind: 'done' });
    const got = await world.fetchTo(job, 'clip.mp4');
    expect(got).toMatchObject({ extension: '.mp4', costMicroUsd: 5 * 302_400 });
    const [row] = await world.billOf('push in');
    expect(row?.inputSha256s).toEqual([request.startFrame?.hash]);
  });

  it('keeps the addresses that fal named, which lack the end of the endpoint', async () => {
    const job = await world.submit(await world.clip('addresses'));
    const base = `${world.sim.simulator.urls.fal.queue}/bytedance/seedance-2.0/requests/${job.id}`;
    expect(job.data).toMatchObject({ status_url: `${base}/status`, response_url: base, cancel_url: `${base}/cancel` });
  });

  it('is followed by another process that knows its job only', async () => {
    const job = await world.submit(world.still('restart'));
    const kept = JSON.parse(JSON.stringify(job)) as typeof job;
    await world.sim.crashAndRestart();
    expect(await world.pollToEnd(kept)).toEqual({ kind: 'done' });
    expect((await world.again().fetchResult(kept, `${world.bench.folder}/again.png`, never)).extension).toBe('.png');
  });

  it.each(falEndpointIds)('is taken by %s as the strict schema wants it', async (endpoint) => {
    const row = world.fal.endpoint(endpoint);
    const isClip = row?.phases.includes('video');
    const hero = await world.bench.picture('hero.png', { width: 90, height: 160 });
    const params = {
      ...(endpoint.includes('veo') || endpoint.includes('seedance')
        ? { resolution: '720p', generate_audio: true }
        : {}),
      ...(endpoint.includes('kling') ? { generate_audio: false, cfg_scale: 0.4 } : {}),
      ...(endpoint.includes('banana') ? { resolution: '2K' } : {}),
      ...(endpoint.includes('gpt') ? { quality: 'low' } : {}),
      ...(endpoint.includes('flux') ? { image_size: 'portrait_16_9' } : {}),
    };
    const given = { provider: 'fal', endpoint, params, prompt: `strict ${endpoint}`, negativePrompt: 'rain' };
    const refs = (row?.maxRefs ?? 0) > 0 ? [{ ...hero, role: 'char:mara:identity/front' }] : [];
    const seed = row?.seedSupported ? 11 : null;
    const startFrame = await world.bench.picture('start.png', { width: 180, height: 320 });
    const base = isClip ? clipRequest({ ...given, startFrame }) : stillRequest(given);
    const durationSeconds = isClip ? (row?.durationsSeconds?.[1] ?? null) : null;
    const request = { ...base, refs, seed, output: { ...base.output, durationSeconds } };
    expect(world.fal.refusal(request)).toBeNull();
    const job = await world.submit(request);
    expect(await world.pollToEnd(job)).toEqual({ kind: 'done' });
    const [billed, ...more] = (await world.sim.simulator.bill()).filter(({ requestId }) => requestId === job.id);
    expect(more).toEqual([]);
    expect(billed?.endpoint).toBe(endpoint);
  });
});

describe('files of a request', () => {
  it('are sent once for each hash, also when several requests want them at once', async () => {
    const requests = await Promise.all(['one', 'two', 'three'].map((prompt) => world.clip(prompt)));
    const startFrame = await world.bench.picture('shared.png', { width: 200, height: 356 });
    const before = (await world.sim.simulator.requests()).filter(({ method }) => method === 'PUT').length;
    const urls = await Promise.all(requests.map((request) => world.fal.upload({ ...request, startFrame }, never)));
    await world.fal.upload({ ...(requests[0] ?? expect.fail()), startFrame }, never);
    expect(new Set(urls.map((inputs) => inputs.get(startFrame.hash))).size).toBe(1);
    const after = (await world.sim.simulator.requests()).filter(({ method }) => method === 'PUT').length;
    expect(after - before).toBe(1);
  });

  it('are sent anew when fal cannot read them any more', async () => {
    const request = await world.clip('forgotten');
    const hash = request.startFrame?.hash ?? expect.fail();
    world.bench.tools.uploads.record({
      ...{ provider: 'fal', sha256: hash, url: 'https://v3.fal.media/files/gone.png', expiresAt: null },
    });
    expect(await submitOutcome(world.submit(request))).toMatchObject({
      kind: 'rejected',
      failure: { category: 'transient' },
      billedMicroUsd: 0,
    });
    const job = await world.submit(request);
    expect(await world.pollToEnd(job)).toEqual({ kind: 'done' });
  });
});

describe('a submit that goes wrong', () => {
  it.each([
    ['accept-then-drop', 1],
    ['accept-then-500', 1],
    ['drop-unaccepted', 0],
    ['reject-500-unbilled', 0],
  ] as const)('%s leaves a doubt, and is not sent again', async (kind, billed) => {
    await world.sim.faults({ id: `f-${kind}`, kind });
    expect(await submitOutcome(world.submit(world.still(`doubt ${kind}`)))).toMatchObject({
      kind: 'unknown',
      failure: { category: 'transient' },
    });
    expect(await world.billOf(`doubt ${kind}`)).toHaveLength(billed);
    const posts = (await world.sim.simulator.requests()).filter(({ fault }) => fault === `f-${kind}`);
    expect(posts).toHaveLength(1);
  });

  it.each([
    [{ kind: 'unauthorized' }, { category: 'permanent', detail: 'account' }],
    [{ kind: 'insufficient-funds' }, { category: 'budget', detail: 'account' }],
    [{ kind: 'bad-request' }, { category: 'permanent', detail: 'rejected_request' }],
    [{ kind: 'content-policy' }, { category: 'content_filter', detail: 'rejected_request' }],
    [
      { kind: 'rate-limit', retryAfterSeconds: 9 },
      { category: 'transient', detail: 'rate_limit', retryAfterMs: 9000 },
    ],
    [{ kind: 'rate-limit' }, { category: 'transient', detail: 'rate_limit', retryAfterMs: null }],
  ] as const)('%j is a refusal that costs nothing', async (fault, failure) => {
    await world.sim.faults({ id: 'refused', ...fault });
    const prompt = `refused ${JSON.stringify(fault)}`;
    const outcome = await submitOutcome(world.submit(world.still(prompt)));
    expect(outcome).toMatchObject({ kind: 'rejected', failure, billedMicroUsd: 0 });
    expect(await world.billOf(prompt)).toEqual([]);
  });

  it('is not sent without a key', async () => {
    world.key = null;
    try {
      const request = world.still('keyless');
      expect(world.fal.refusal(request)).toBe('No key for fal: add one in Settings.');
      expect(await submitOutcome(world.submit(request))).toMatchObject({
        kind: 'not-sent',
        failure: { category: 'permanent', detail: 'account' },
      });
    } finally {
      world.key = simulatorKey;
    }
  });

  it('is not sent when a file of it was not brought to fal', async () => {
    const request = await world.clip('no inputs');
    const order = { reservation: { attemptId: 'x', amountMicroUsd: 1 } as never, inputs: new Map() };
    expect(await submitOutcome(world.fal.submit(request, order, never))).toMatchObject({ kind: 'not-sent' });
    expect(await world.billOf('no inputs')).toEqual([]);
  });
});

describe('a request that ends badly', () => {
  it.each([
    [{ kind: 'content-policy', at: 'result' }, 'content_filter', 'rejected_request', 0],
    [{ kind: 'content-policy', at: 'result', billed: true }, 'content_filter', 'rejected_request', 150_000],
    [{ kind: 'failed-job' }, 'transient', 'server', 0],
    [{ kind: 'failed-job', code: 'request_timeout' }, 'transient', 'timeout', 0],
    [{ kind: 'failed-job', code: 'startup_timeout' }, 'transient', 'timeout', 0],
    [{ kind: 'failed-job', code: 'runner_scheduling_failure' }, 'transient', 'server', 0],
    [{ kind: 'failed-job', cause: 'input' }, 'permanent', 'rejected_request', 0],
    [{ kind: 'failed-job', cause: 'input', billed: true }, 'permanent', 'rejected_request', 150_000],
  ] as const)('%j is read by its type', async (fault, category, detail, billedMicroUsd) => {
    await world.sim.faults({ id: 'ends', ...fault });
    const job = await world.submit(world.still(`ends ${JSON.stringify(fault)}`));
    expect(await world.pollToEnd(job)).toMatchObject({ kind: 'failed', failure: { category, detail }, billedMicroUsd });
  });

  it('shows a bad input that its runner found', async () => {
    await world.sim.settings({ falValidates: 'runner' });
    const request = world.still('runner', { params: { resolution: '1K' } });
    const { body } = world.fal.payload(request, new Map());
    const { body: taken } = await world.sim.ask<Record<string, string>>(
      'POST',
      `${world.sim.simulator.urls.fal.queue}/${request.endpoint}`,
      { ...body, colour: 'red' },
    );
    const data = { endpoint: request.endpoint, sentAt: new Date().toISOString(), priceMicroUsd: 150_000 };
    const job = { id: taken.request_id ?? '', data: { ...data, ...taken } };
    expect(await world.pollToEnd(job)).toMatchObject({
      kind: 'failed',
      failure: { category: 'permanent', detail: 'rejected_request' },
      billedMicroUsd: 0,
    });
  });

  it('is cancelled without a bill, and a cancel that is too late is no error', async () => {
    const job = await world.submit(world.still('cancelled'));
    expect(await world.fal.cancel?.(job, never)).toEqual({ kind: 'asked' });
    expect(await world.pollToEnd(job)).toMatchObject({
      kind: 'failed',
      failure: { category: 'permanent', detail: 'cancelled' },
      billedMicroUsd: 0,
    });
    expect(await world.fal.cancel?.(job, never)).toMatchObject({ kind: 'too-late' });
    const unknown = { ...job, id: '00000000-0000-0000-0000-000000000000' };
    expect(await world.fal.cancel?.(unknown, never)).toMatchObject({ kind: 'too-late' });
  });

  it('costs what fal says when that is not what was expected', async () => {
    await world.sim.faults({ id: 'dear', kind: 'cost-differs', factor: 1.5 });
    const job = await world.submit(world.still('dear'));
    expect(await world.pollToEnd(job)).toEqual({ kind: 'done' });
    expect((await world.fetchTo(job, 'dear.png')).costMicroUsd).toBe(225_000);
  });
});

describe('polling', () => {
  it.each(['cut-status', 'status-500'] as const)('%s is trouble that passes', async (kind) => {
    const job = await world.submit(world.still(`poll ${kind}`));
    await world.sim.faults({ id: kind, kind });
    expect(await fetchFailure(world.fal.poll(job, never))).toMatchObject({ category: 'transient' });
    expect(await world.pollToEnd(job)).toEqual({ kind: 'done' });
  });

  it('hands on how long a 429 asks to wait', async () => {
    const job = await world.submit(world.still('poll 429'));
    await world.sim.faults({ id: 'slow', kind: 'rate-limit', on: 'status', retryAfterSeconds: 4 });
    const failure = await fetchFailure(world.fal.poll(job, never));
    expect(failure).toMatchObject({ category: 'transient', detail: 'rate_limit', retryAfterMs: 4000 });
    expect(await world.pollToEnd(job)).toEqual({ kind: 'done' });
  });

  it('finds in the list what the queue does not know', async () => {
    const job = await world.submit(world.still('unknown id'));
    await world.sim.faults({ id: 'lost', kind: 'unknown-id', times: 'always' });
    expect(await world.fal.poll(job, never)).toMatchObject({ kind: 'pending' });
  });

  it('gives up what neither knows, as billed, when the list has had its time', async () => {
    const job = await world.submit(world.still('nobody knows'));
    const { endpoint, sentAt, priceMicroUsd } = job.data;
    const lost = { id: '00000000-0000-0000-0000-000000000000', data: { endpoint, sentAt, priceMicroUsd } };
    expect(await world.fal.poll(lost, never)).toMatchObject({ kind: 'pending' });
    await world.advance(31 * 60_000);
    expect(await world.fal.poll(lost, never)).toMatchObject({
      kind: 'failed',
      failure: { category: 'permanent' },
      billedMicroUsd: 150_000,
    });
  });

  it('loses no job because the key is wrong for a while', async () => {
    const job = await world.submit(world.still('rotated key'));
    world.key = 'wrong-key-0000';
    const failure = await fetchFailure(world.fal.poll(job, never));
    world.key = null;
    const without = await fetchFailure(world.fal.poll(job, never));
    world.key = simulatorKey;
    expect([failure, without]).toMatchObject([
      { category: 'transient', detail: 'account' },
      { category: 'transient', detail: 'account' },
    ]);
    expect(await world.pollToEnd(job)).toEqual({ kind: 'done' });
  });
});

describe('a download', () => {
  it.each([
    [{ kind: 'truncated-download' }, 'network'],
    [{ kind: 'zero-byte-file' }, 'bad_output'],
    [{ kind: 'html-as-mp4' }, 'bad_output'],
    [{ kind: 'rate-limit', on: 'download', retryAfterSeconds: 2 }, 'rate_limit'],
  ] as const)('%j leaves no file and can be asked for again', async (fault, detail) => {
    const job = await world.submit(await world.clip(`down ${fault.kind}`));
    expect(await world.pollToEnd(job)).toEqual({ kind: 'done' });
    await world.sim.faults({ id: 'down', ...fault });
    const failure = await fetchFailure(world.fetchTo(job, 'down.mp4'));
    expect(failure).toMatchObject({ category: 'transient', detail });
    await expect(stat(`${world.bench.folder}/down.mp4`)).rejects.toThrow('ENOENT');
    expect((await world.fetchTo(job, 'down.mp4')).extension).toBe('.mp4');
  });

  it('asks again where the file is when its address has expired', async () => {
    const job = await world.submit(world.still('expired once'));
    expect(await world.pollToEnd(job)).toEqual({ kind: 'done' });
    await world.sim.faults({ id: 'gone', kind: 'expired-url' });
    expect((await world.fetchTo(job, 'expired.png')).extension).toBe('.png');
  });

  it('tells a file that is gone for good', async () => {
    const job = await world.submit(world.still('expired for good'));
    expect(await world.pollToEnd(job)).toEqual({ kind: 'done' });
    await world.sim.faults({ id: 'gone', kind: 'expired-url', times: 'always' });
    const failure = await fetchFailure(world.fetchTo(job, 'gone.png'));
    expect(failure).toMatchObject({ category: 'permanent', detail: 'bad_output' });
  });

  it('is still there after the result itself has expired', async () => {
    const job = await world.submit(world.still('slept over it'));
    expect(await world.pollToEnd(job)).toEqual({ kind: 'done' });
    await world.advance(3 * 3_600_000);
    expect(await world.fal.poll(job, never)).toEqual({ kind: 'done' });
    expect((await world.fetchTo(job, 'late.png')).costMicroUsd).toBe(150_000);
  });
});

describe('a key', () => {
  const tools = () => world.bench.tools;

  it('is accepted, refused or cannot be tried', async () => {
    expect(await falDefinition.testKey(tools(), never)).toMatchObject({ kind: 'accepted' });
    expect(await falDefinition.testKey({ ...tools(), key: () => 'other' }, never)).toMatchObject({ kind: 'refused' });
    expect(await falDefinition.testKey({ ...tools(), key: () => null }, never)).toMatchObject({ kind: 'refused' });
    const baseUrl = () => 'http://127.0.0.1:9';
    expect(await falDefinition.testKey({ ...tools(), baseUrl }, never)).toMatchObject({ kind: 'unreachable' });
  });
});
