/** A key that is revoked in the middle of a batch: one pause, no shot lost, nothing paid twice. The whole Studio, against the simulator. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Attempt } from '../../src-shared/domain/attempt.ts';
import type { Batch } from '../../src-shared/domain/batch.ts';
import type { ProductionState } from '../../src-shared/domain/production-state.ts';
import { type FaultJob, slateOf } from '../fault/providers/fault-jobs.ts';
import { holdToBill } from '../fault/providers/hold-to-bill.ts';
import { makeFaultProject } from '../fault/providers/work-off.ts';
import { type OpenStudio, openStudio } from '../fixtures/spawn-studio.ts';
import { type FaultPlanInput, type RunningSimulator, startSimulator } from '../simulators/start-simulator.ts';

const jobs = Array.from({ length: 5 }, (_, index): FaultJob => {
  const shotId = `EP001_SH00${index + 1}`;
  const engine = { provider: 'fal', phase: 'previs', workflowId: 'fal-nano-banana-pro-edit' } as const;
  return { shotId, ...engine, trouble: { kind: 'unauthorized' } };
});
const settings = { pace: { queuePolls: 0, runPolls: 0 } };

let folder: string;
let dir: string;
let simulator: RunningSimulator;
let open: OpenStudio | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'circletake-account-'));
});
afterEach(async () => {
  await open?.close();
  open = null;
  await simulator.stop();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function startWith(faults: FaultPlanInput['faults']) {
  const faultPlan = { schema_version: 'fault-plan.v1', settings, faults } as const;
  simulator = await startSimulator({ folder: join(folder, 'simulator'), faultPlan });
  vi.stubEnv('CIRCLETAKE_SIMULATOR', simulator.url);
  dir = makeFaultProject(jobs, folder).dir;
  open = await openStudio(dir);
  const batch = await open.start({ provider: 'fal', maxConcurrent: 2 });
  return { studio: open, batchId: batch.id };
}

const attemptsOf = ({ services }: OpenStudio, batchId: string) =>
  services.attempts.ofBatch({ batchId, cursor: null, limit: 100 }).then(({ attempts }) => attempts);

/** Resolves when the batch is on hold and every shot stands in one of these states. */
function atRest({ services, until }: OpenStudio, states: readonly ProductionState[]): Promise<true> {
  return until(async () => {
    const [batch] = await services.batches.list();
    const { shots } = await services.snapshot('EP001');
    return batch?.status === 'paused' && shots.every(({ phases }) => states.includes(phases.previs.state));
  });
}

/** How often the batch was put on hold, and with what words. */
function pauses({ services }: OpenStudio): (string | null)[] {
  const told = services.journal
    .eventsAfter(0, 5000)
    .flatMap(({ body }) => (body.type === 'batch_changed' ? [body.batch] : []));
  return told.flatMap(({ status, statusReason }, index) =>
    status === 'paused' && told[index - 1]?.status !== 'paused' ? [statusReason] : [],
  );
}

async function mendAndResume({ services, rest }: OpenStudio, batchId: string): Promise<Batch> {
  await simulator.setFaults({ settings, faults: [] });
  await services.batches.resume(batchId);
  return rest(batchId);
}

const words = /^fal answered 401: .*key.* Settings.*\. Then resume the batch\.$/;

describe('a key that is revoked in the middle of a batch', () => {
  it('is one pause; with the key mended all shots are made, and the ledger is the bill', async () => {
    const { studio, batchId } = await startWith(
      jobs.slice(2).map(({ shotId }) => ({
        ...({ id: shotId, kind: 'unauthorized', times: 'always' } as const),
        match: { prompt: slateOf(shotId) },
      })),
    );
    // what was out when the key went is still fetched, and what was on its way is still refused
    await atRest(studio, ['awaiting_operator', 'queued']);
    const [paused] = await studio.services.batches.list();
    expect(paused).toMatchObject({ status: 'paused', statusReason: expect.stringMatching(words) });
    expect(paused?.counts).toMatchObject({ halted: 0, inReview: 2, pending: 3 });
    const refused = (await attemptsOf(studio, batchId)).filter(({ failure }) => failure?.detail === 'account');
    expect(refused.length).toBeGreaterThanOrEqual(1);
    expect(refused.length).toBeLessThanOrEqual(2);

    const done = await mendAndResume(studio, batchId);
    expect(done).toMatchObject({ awaitingOperator: true, counts: { inReview: 5, halted: 0, pending: 0 } });
    expect(pauses(studio)).toHaveLength(1);
    expect(await studio.takes()).toHaveLength(5);
    const attempts = await attemptsOf(studio, batchId);
    expect(attempts.filter(({ state }) => state === 'settled')).toHaveLength(5);
    expect(attempts).toHaveLength(5 + refused.length);
    const bill = await simulator.bill();
    expect(bill).toHaveLength(5);
    const held = holdToBill(dir, bill);
    expect(held.faults).toEqual([]);
    expect(done.spend).toMatchObject({ settledMicroUsd: held.billedMicroUsd, reservedMicroUsd: 0, inDoubtMicroUsd: 0 });
  });

  it('loses no job that is out: its money is held until it can be asked about again', async () => {
    const { studio, batchId } = await startWith([
      { id: 'polls', kind: 'revoked-key', path: '/requests/', times: 'always' },
    ]);
    await atRest(studio, ['remediating', 'queued']);
    const out = (list: readonly Pick<Attempt, 'state'>[]) => list.filter(({ state }) => state === 'submitted');
    const attempts = await attemptsOf(studio, batchId);
    const billed = (await simulator.bill()).length;
    expect(billed).toBeGreaterThanOrEqual(1);
    expect(out(attempts)).toHaveLength(billed);
    expect(attempts.filter(({ state }) => state === 'failed')).toEqual([]);
    expect(pauses(studio)).toEqual([expect.stringMatching(words)]);

    const done = await mendAndResume(studio, batchId);
    expect(done.counts).toMatchObject({ inReview: 5, halted: 0 });
    expect(await attemptsOf(studio, batchId)).toHaveLength(5);
    const bill = await simulator.bill();
    expect(bill).toHaveLength(5);
    expect(holdToBill(dir, bill).faults).toEqual([]);
  });
});
