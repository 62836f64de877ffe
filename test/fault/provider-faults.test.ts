/**
 * D8 and D9: providers that charge and say nothing, answer late, twice, with half a body or a page; and those that cannot
 * recognise a second submit. The whole Studio with the real adapters, against the simulator, whose bill is the oracle.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type OpenStudio, openStudio } from '../fixtures/spawn-studio.ts';
import { type RunningSimulator, startSimulator } from '../simulators/start-simulator.ts';
import { faultSize, report, suiteTimeoutMs } from './fault-size.ts';
import { type FaultJob, faultJobs, planOf, withoutIdempotency } from './providers/fault-jobs.ts';
import { holdToBill } from './providers/hold-to-bill.ts';
import { makeFaultProject, startFaultBatch, workOff } from './providers/work-off.ts';

let folder: string;
let simulator: RunningSimulator;
let open: OpenStudio | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'circletake-providers-'));
});
afterEach(async () => {
  await open?.close();
  open = null;
  await simulator.stop();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** Starts the simulator, makes the project and opens it. */
async function openFaulty(jobs: readonly FaultJob[], settings: Parameters<typeof planOf>[1] = {}) {
  simulator = await startSimulator({ folder: join(folder, 'simulator'), faultPlan: planOf(jobs, settings) });
  vi.stubEnv('CIRCLETAKE_SIMULATOR', simulator.url);
  const { dir } = makeFaultProject(jobs, folder);
  open = await openStudio(dir);
  return { dir, open };
}

async function reopen(dir: string): Promise<OpenStudio> {
  await open?.close();
  open = await openStudio(dir);
  return open;
}

/** What the batch shows of its money, and what the screen of doubts shows. */
async function shown({ services }: OpenStudio) {
  const [batch] = await services.batches.list();
  const { doubts } = await services.attempts.inDoubt();
  return { spend: batch?.spend, inDoubt: doubts.map(({ attempt }) => attempt.id) };
}

const jobCount = faultSize('D8', { ci: 40, long: 400 });

describe('providers that misbehave (D8)', () => {
  it(`${jobCount} jobs are billed at most once each, and the ledger is the bill or holds the difference in doubt`, {
    timeout: suiteTimeoutMs,
  }, async () => {
    const jobs = faultJobs(jobCount);
    const { dir, open } = await openFaulty(jobs);
    await startFaultBatch(open, jobs);
    await workOff(open, jobs);
    const bill = await simulator.bill();
    const held = holdToBill(dir, bill);
    const { spend, inDoubt } = await shown(open);
    const missed = Object.entries(await simulator.faultHits()).filter(([, hits]) => hits === 0);
    report(
      'D8',
      `${jobs.length} jobs, ${held.attempts} attempts, ${bill.length} billed, ledger ${held.settledMicroUsd}, ` +
        `bill ${held.billedMicroUsd}, ${inDoubt.length} in doubt hold ${held.doubtMicroUsd} of which ` +
        `${held.doubtBilledMicroUsd} is billed; faults without a hit: ${missed.map(([id]) => id).join(', ') || 'none'}`,
    );
    expect(held.faults).toEqual([]);
    expect(bill.length).toBeLessThanOrEqual(held.attempts);
    expect(held.settledMicroUsd).toBe(held.billedMicroUsd);
    expect(inDoubt).toEqual(held.inDoubt);
    expect(spend).toMatchObject({ settledMicroUsd: held.settledMicroUsd, inDoubtMicroUsd: held.doubtMicroUsd });
  });
});

const doubtCount = faultSize('D9', { ci: 10, long: 50 });
const restarts = 2;

describe('providers that cannot recognise a second submit (D9)', () => {
  it(`${doubtCount} submits whose answers are lost are held in doubt, and none is repeated, over ${restarts} restarts`, {
    timeout: suiteTimeoutMs,
  }, async () => {
    const jobs = faultJobs(doubtCount, withoutIdempotency);
    // fal lists requests; here it takes longer to than anybody waits
    const { dir, open } = await openFaulty(jobs, { listingLagMs: 10 * 3_600_000 });
    await startFaultBatch(open, jobs);
    await workOff(open, jobs);
    const before = await standing(dir, open);
    for (let turn = 0; turn < restarts; turn++) {
      const again = await reopen(dir);
      const [batch] = await again.services.batches.list();
      if (batch?.status === 'paused') await again.services.batches.resume(batch.id);
      await workOff(again, jobs);
      expect(await standing(dir, again)).toEqual(before);
    }
    const { held, spend, inDoubt, charges } = before;
    report(
      'D9',
      `${jobs.length} lost answers over ${restarts} restarts, ${charges} charged, ${inDoubt.length} in doubt hold ` +
        `${held.doubtMicroUsd} of which ${held.doubtBilledMicroUsd} is billed`,
    );
    expect(held.faults).toEqual([]);
    expect(held.attempts).toBe(jobs.length);
    expect(inDoubt).toHaveLength(jobs.length);
    expect(charges).toBe(jobs.filter(({ trouble }) => trouble.kind.startsWith('accept')).length);
    expect(spend).toMatchObject({ settledMicroUsd: 0, reservedMicroUsd: 0, inDoubtMicroUsd: held.doubtMicroUsd });
  });
});

/** Attempts, money and charges: what no restart may change. */
async function standing(dir: string, studio: OpenStudio) {
  const bill = await simulator.bill();
  return { held: holdToBill(dir, bill), charges: bill.length, ...(await shown(studio)) };
}
