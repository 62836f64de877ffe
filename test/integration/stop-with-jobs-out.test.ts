/** A batch that is stopped while jobs are out: what waits is called off, what runs is paid for and kept. The whole Studio, against the simulator. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { FaultJob } from '../fault/providers/fault-jobs.ts';
import { holdToBill } from '../fault/providers/hold-to-bill.ts';
import { makeFaultProject } from '../fault/providers/work-off.ts';
import { type OpenStudio, openStudio } from '../fixtures/spawn-studio.ts';
import { type FaultPlanInput, type RunningSimulator, startSimulator } from '../simulators/start-simulator.ts';

/** how long a job runs, by the simulator's clock: it ends when the test says so */
const runMs = 600_000;
const jobs = Array.from({ length: 4 }, (_, index): FaultJob => {
  const engine = { provider: 'replicate', phase: 'previs', workflowId: 'replicate-flux-1-1-pro' } as const;
  return { shotId: `EP001_SH00${index + 1}`, ...engine, trouble: { kind: 'late-result', extraMs: runMs } };
});

let folder: string;
let simulator: RunningSimulator;
let open: OpenStudio | null = null;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'circletake-stop-'));
  const settings = { pace: { queuePolls: 0, runPolls: 0 }, concurrency: 1 };
  const runs = { id: 'runs', kind: 'late-result', extraMs: runMs, extraPolls: 0, times: 'always' } as const;
  const faultPlan = { schema_version: 'fault-plan.v1', settings, faults: [runs] } satisfies FaultPlanInput;
  simulator = await startSimulator({ folder: join(folder, 'simulator'), faultPlan });
  vi.stubEnv('CIRCLETAKE_SIMULATOR', simulator.url);
});
afterEach(async () => {
  await open?.close();
  open = null;
  await simulator.stop();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

it('one that is done, one that runs, two that wait: the bill is the ledger, and both takes are kept', async () => {
  const { dir } = makeFaultProject(jobs, folder);
  open = await openStudio(dir);
  const { services, until } = open;
  const { id } = await open.start({ provider: 'replicate', maxConcurrent: 4 });
  const places = async () => (await services.attempts.jobsOut(id)).map(({ place }) => place).sort();
  const states = async () => {
    const { attempts } = await services.attempts.ofBatch({ batchId: id, cursor: null, limit: 10 });
    return attempts.map(({ state }) => state).sort();
  };
  await expect.poll(places, { timeout: 60_000 }).toEqual(['queued', 'queued', 'queued', 'running']);
  await simulator.advanceClock(runMs);
  await expect.poll(places, { timeout: 60_000 }).toEqual(['queued', 'queued', 'running']);

  await services.batches.stop(id);
  await until(async () => (await states()).filter((state) => state === 'failed').length === 2);
  const left = () => services.attempts.jobsOut(id);
  await expect.poll(left, { timeout: 60_000 }).toMatchObject([{ place: 'running', callOff: 'paid' }]);
  await simulator.advanceClock(runMs);
  await until(async () => (await services.attempts.jobsOut(id)).length === 0 && (await open?.takes())?.length === 2);

  expect(await states()).toEqual(['failed', 'failed', 'settled', 'settled']);
  const bill = await simulator.bill();
  expect(bill.map(({ refunded }) => refunded).sort()).toEqual([false, false, true, true]);
  const held = holdToBill(dir, bill);
  expect(held.faults).toEqual([]);
  const [batch] = await services.batches.list();
  expect(batch?.spend).toMatchObject({ settledMicroUsd: held.billedMicroUsd, reservedMicroUsd: 0, inDoubtMicroUsd: 0 });
  expect(held.billedMicroUsd).toBeGreaterThan(0);
});
