import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type FaultPlanInput, startSimulator } from '../../simulators/start-simulator.ts';
import { clipEndpoint, clipInput, falClient } from './fal-client.ts';
import { openSimulatorWorld, type SimulatorWorld } from './simulator-world.ts';

let world: SimulatorWorld;

beforeEach(async () => {
  world = await openSimulatorWorld();
});
afterEach(() => world.close());

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
      expect(await bill.json()).toEqual({ rows: [] });
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
