import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type BillRow, type FaultPlanInput, startSimulator } from '../../simulators/start-simulator.ts';
import { clipEndpoint, clipInput, type FalJob, falClient } from './fal-client.ts';
import { openSimulatorWorld, type SimulatorWorld } from './simulator-world.ts';

let world: SimulatorWorld;

beforeEach(async () => {
  world = await openSimulatorWorld();
});
afterEach(() => world.close());

/** A job of fal's by its id. */
function jobAt(id: string): FalJob {
  const response_url = `${world.simulator.urls.fal.queue}/fal-ai/nano-banana-pro/requests/${id}`;
  return { request_id: id, response_url, status_url: `${response_url}/status`, cancel_url: `${response_url}/cancel` };
}

describe('the bill', () => {
  test('names what was sent so that a request can be found again', async () => {
    const fal = falClient(world);
    const { body } = await fal.submit({ prompt: 'SH001', seed: 4 });
    await fal.submit({ seed: 4, prompt: 'SH001' });
    const [row, sameRequest] = await world.simulator.bill();
    expect(row).toEqual({
      ...{ provider: 'fal', endpoint: 'fal-ai/nano-banana-pro', requestId: body.request_id, externalId: null },
      ...{ requestSha256: expect.stringMatching(/^sha256:[0-9a-f]{64}$/), inputSha256s: [], prompt: 'SH001', seed: 4 },
      ...{ micro_usd: expect.any(Number), at: expect.any(String), status: 'queued', refunded: false },
    });
    expect(sameRequest?.requestSha256).toBe(row?.requestSha256);
  });

  test('charges by the second what the list has by the second', async () => {
    await falClient(world).submit({ ...clipInput, resolution: '720p', duration: '6' }, clipEndpoint);
    expect(await world.simulator.bill()).toMatchObject([{ micro_usd: 6 * 52_000 }]);
  });

  test('is whole after a SIGKILL right after an answer, and every job goes on', async () => {
    const fal = falClient(world);
    await world.faults({ id: 'lost', kind: 'accept-then-drop', match: { nth: 3 } });
    const jobs = [(await fal.submit()).body, (await fal.submit()).body];
    await expect(fal.submit()).rejects.toThrow();
    const billed = await world.simulator.bill();
    await world.crashAndRestart();
    expect(await world.simulator.bill()).toEqual(billed);
    expect(billed).toHaveLength(3);
    for (const job of jobs) expect((await fal.finish(job)).body.status).toBe('COMPLETED');
    expect((await world.simulator.bill()).map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'queued']);
  });

  test('keeps faults, their hits and the clock over a SIGKILL', async () => {
    const fal = falClient(world);
    await world.faults({ id: 'twice', kind: 'insufficient-funds', times: 2 });
    await fal.submit();
    await world.simulator.advanceClock(3_600_000);
    await world.crashAndRestart();
    expect([(await fal.submit()).status, (await fal.submit()).status]).toEqual([403, 200]);
    const [row] = await world.simulator.bill();
    expect(Date.parse(row?.at ?? '') - Date.now()).toBeGreaterThan(3_500_000);
  });

  test.each([1, 7, 23])(
    'holds every submit that was answered when the kill comes after %i answers',
    async (answers) => {
      const fal = falClient(world);
      const [answered, dead] = [[] as string[], Promise.withResolvers<void>()];
      const submits = Array.from({ length: 40 }, async (_, seed) => {
        const { body } = await fal.submit({ ...clipInput, seed }, clipEndpoint);
        if (answered.push(body.request_id) === answers) dead.resolve(world.simulator.kill('SIGKILL'));
      });
      await Promise.allSettled(submits);
      await dead.promise;
      await world.crashAndRestart();
      const billed = await world.simulator.bill();
      expect(billed.map(({ requestId }) => requestId)).toEqual(expect.arrayContaining(answered));
      expect(new Set(billed.map(({ seed }) => seed)).size).toBe(billed.length);
      await world.settings({ pictures: 'inputs', pace: { queuePolls: 0, runPolls: 0 } });
      const list = `${world.simulator.urls.fal.api}/v1/models/requests/by-endpoint?endpoint_id=${clipEndpoint}&limit=100`;
      const { items } = (await world.ask<{ items: { request_id: string; status_code: number }[] }>('GET', list)).body;
      expect(items.map((item) => item.request_id).sort()).toEqual(billed.map(({ requestId }) => requestId).sort());
      expect(items.every((item) => item.status_code === 200)).toBe(true);
    },
  );

  test('answers for one attempt: by provider, id, external id or a part of the prompt, with what is owed', async () => {
    const fal = falClient(world);
    await world.faults({ id: 'free', kind: 'failed-job', match: { nth: 2 } });
    const [first] = [
      (await fal.submit({ prompt: 'slate SH001.' })).body,
      (await fal.submit({ prompt: 'slate SH001.' })).body,
    ];
    const second = (await fal.submit({ prompt: 'slate SH002.' })).body;
    const ask = (query: string) =>
      world.ask<{ rows: BillRow[]; owed_micro_usd: number }>('GET', `${world.simulator.url}/_bill?${query}`);
    const idsOf = async (query: string) => (await ask(query)).body.rows.map(({ requestId }) => requestId);
    expect(await idsOf(`requestId=${second.request_id}`)).toEqual([second.request_id]);
    expect(await idsOf('prompt=SH002')).toEqual([second.request_id]);
    expect(await idsOf('provider=kling')).toEqual([]);
    expect(await idsOf('externalId=attempt-1')).toEqual([]);
    const [row] = await world.simulator.bill({ requestId: first.request_id });
    const { rows, owed_micro_usd: owed } = (await ask('prompt=SH001')).body;
    expect([rows.length, owed]).toEqual([2, 2 * (row?.micro_usd ?? 0)]);
    for (const { requestId } of rows) await fal.finish(jobAt(requestId));
    expect((await ask('prompt=SH001')).body.owed_micro_usd).toBe(row?.micro_usd);
    expect((await ask('shot=SH001')).status).toBe(400);
  });

  test('grows by one row for each of many submits at once', async () => {
    const fal = falClient(world);
    const seeds = Array.from({ length: 30 }, (_, seed) => seed);
    await Promise.all(seeds.map((seed) => fal.submit({ prompt: 'x', seed })));
    const billed = (await world.simulator.bill()).map(({ seed }) => seed ?? -1);
    expect(billed.sort((a, b) => a - b)).toEqual(seeds);
  });
});

describe('a start', () => {
  test('with the same plan goes on counting its hits', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'circletake-simulator-'));
    const faultPlan: FaultPlanInput = {
      ...{ schema_version: 'fault-plan.v1', faults: [{ id: 'once', kind: 'unauthorized' }] },
    };
    const submit = async () => {
      const simulator = await startSimulator({ folder, faultPlan });
      const { status } = await falClient({ ...world, simulator }).submit();
      await simulator.stop();
      return status;
    };
    expect([await submit(), await submit()]).toEqual([401, 200]);
    rmSync(folder, { recursive: true, force: true });
  });

  test('that is to outlive lives on when the one who started it is killed', async () => {
    const { folder, url, pid } = await startAndKillStarter({ outlive: true });
    try {
      const bill = await fetch(`${url}/_bill`);
      expect(await bill.json()).toEqual({ rows: [], owed_micro_usd: 0 });
    } finally {
      process.kill(pid, 'SIGKILL');
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  });

  test('is over when the one who started it is killed', async () => {
    const { folder, url } = await startAndKillStarter({});
    await vi.waitFor(() => expect(fetch(`${url}/_health`)).rejects.toThrow('fetch failed'), { timeout: 60_000 });
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  test('says where every provider is', async () => {
    const health = await fetch(`${world.simulator.url}/_health`);
    expect(await health.json()).toMatchObject({ ok: true, pid: world.simulator.pid });
    const { fal, ...others } = world.simulator.urls;
    for (const url of [...Object.values(fal), ...Object.values(others)]) {
      expect(new URL(url).origin).toBe(world.simulator.url);
    }
  });
});

/** A process that starts a simulator and is killed as soon as that listens. */
async function startAndKillStarter(how: { outlive?: boolean }) {
  const folder = mkdtempSync(join(tmpdir(), 'circletake-simulator-'));
  const fixture = new URL('../../simulators/start-simulator.ts', import.meta.url);
  const script = `const { startSimulator } = await import(${JSON.stringify(fixture.href)});
    const { url, pid } = await startSimulator(${JSON.stringify({ folder, ...how })});
    process.stdout.write(JSON.stringify({ url, pid }) + '\\n');`;
  const starter = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const gone = once(starter, 'exit');
  const [line] = (await once(createInterface(starter.stdout), 'line')) as [string];
  starter.kill('SIGKILL');
  await gone;
  return { folder, ...(JSON.parse(line) as { url: string; pid: number }) };
}
