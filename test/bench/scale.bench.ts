// What the line costs in size: planning a batch of 9,999 shots (the most an episode can number), how long starting one keeps
// the main thread, and the memory and time that 10,000 attempts take. Real store; its files are in memory where the machine
// has such a disk, because flushing is measured in loop.bench.ts.
// Plain Node: `node test/bench/scale.bench.ts [attempts]`.
import { existsSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { planStateOf, releaseMended } from '../../src-main/orchestrator/batch/batch-plan.ts';
import { planNextWork } from '../../src-main/orchestrator/batch/plan-next-work.ts';
import { createBudgetGuard } from '../../src-main/orchestrator/budget-guard.ts';
import { RunSet } from '../../src-main/orchestrator/loop/run-set.ts';
import { createOrchestrator } from '../../src-main/orchestrator/orchestrator.ts';
import type { TakeGate } from '../../src-main/orchestrator/ports/gate.ts';
import { WaitTimes } from '../../src-main/orchestrator/retry/wait-times.ts';
import type { StationDeps } from '../../src-main/orchestrator/stations/station-deps.ts';
import { systemClock } from '../../src-main/platform/clock.ts';
import type { OpenedProject } from '../../src-main/projects/open-project.ts';
import { batchConfigSchema } from '../../src-shared/domain/batch.ts';
import { instantProduction } from '../fixtures/instant-production.ts';
import { type MakeProjectOptions, makeProject } from '../fixtures/make-project.ts';
import { openTestProject } from '../fixtures/open-test-project.ts';
import { median, printTable, type Row, stretchRow, watchStretch } from './measure.ts';

const memoryDisk = '/dev/shm';
if (existsSync(memoryDisk)) process.env.TMPDIR = memoryDisk;
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const attemptsWanted = Number(process.argv[2] ?? 10_000);
const attemptsPerShot = 10;

printTable('The line at size', [await planning(9999), await memory(attemptsWanted)]);
printTable('Starting 9999 shots in three phases', await starting(9999));

/** One pass of the loop over a batch of which nothing has begun, and over one in which everything waits for a person. */
async function planning(shots: number): Promise<Row> {
  return inProject({ shots }, async (opened) => {
    const deps = instantProduction(opened);
    const { store } = opened;
    const station: StationDeps = {
      ...deps,
      guard: createBudgetGuard(store, deps.documents),
      places: new Map(),
      ...{
        signal: new AbortController().signal,
        submitSignal: new AbortController().signal,
        coolDown: () => {},
        isStraggler: () => false,
      },
    };
    const config = batchConfigSchema.parse({ episodeId: 'EP001', maxConcurrent: 2 });
    store.insertBatch('batch_EP001_00000001', config);
    const batch = store.setBatchStatus('batch_EP001_00000001', 'running', null);
    const waits = new WaitTimes(systemClock);
    const once = () => {
      const startedAt = performance.now();
      const runs = new RunSet();
      const world = { shots: store.shots('EP001'), runs, coolDowns: new Map<string, number>(), waits };
      releaseMended(station, batch, { shots: world.shots, busy: runs.busyShots() });
      const { start } = planNextWork(planStateOf(station, batch, world), Date.now());
      if (start.length !== 2) throw new Error(`${start.length} shots would be started`);
      return performance.now() - startedAt;
    };
    once();
    const ms = median(Array.from({ length: 9 }, once));
    return {
      ...{
        what: `planning ${shots} shots in three phases`,
        figure: `${ms.toFixed(0)} ms`,
        beside: 'one pass of the loop',
      },
      ...{ ratio: '', goal: '≤ 250 ms', met: ms <= 250 },
    };
  });
}

/** Everything that a person waits for around a start, and a start of which everything is refused. */
async function starting(shots: number): Promise<Row[]> {
  const config = batchConfigSchema.parse({ episodeId: 'EP001', maxConcurrent: 2, budgetMicroUsd: 0 });
  const rows = await inProject({ shots }, async (opened) => {
    const { batches, recover, idle, close } = createOrchestrator(instantProduction(opened));
    await recover();
    const found: Row[] = [];
    const measure = async (what: string, work: () => unknown) => found.push(stretchRow(what, await watchStretch(work)));
    const first = () => batches.list()[0]?.id ?? '';
    const aWhile = () => new Promise((resolve) => setTimeout(resolve, 1000));
    await measure('preflight', () => batches.estimate(config));
    await measure('start, and the first second', () => batches.start(config) && aWhile());
    await measure('pause', () => batches.pause(first()) && idle());
    await measure('resume, and a second', () => batches.resume(first()) && aWhile());
    await measure('stop', () => batches.stop(first()) && idle());
    await close();
    return found;
  });
  const refused = await inProject({ shots, refs: false }, async (opened) => {
    const { batches, close } = createOrchestrator(instantProduction(opened));
    const stretch = await watchStretch(async () => {
      const found = await batches.search(config);
      mustThrow(() => batches.start(config, found));
    });
    await close();
    return stretchRow('start of which everything is refused', stretch);
  });
  return [...rows, refused];
}

function mustThrow(work: () => unknown): void {
  try {
    work();
  } catch {
    return;
  }
  throw new Error('It should have been refused.');
}

async function memory(attempts: number): Promise<Row> {
  const shots = Math.ceil(attempts / attemptsPerShot);
  return inProject({ shots }, async (opened) => {
    const rejecting: TakeGate = {
      name: 'gate_1',
      measure: async () => ({
        ...{ gate: 'gate_1', status: 'fail', reason: 'Rejected by the benchmark.', measurements: [], findings: [] },
        ...{ costMicroUsd: 0, durationMs: 0, policyVersion: 'bench' },
      }),
    };
    const orchestrator = createOrchestrator({ ...instantProduction(opened), gates: [rejecting] });
    const config = batchConfigSchema.parse({
      ...{ episodeId: 'EP001', phases: ['previs'], maxConcurrent: 4, budgetMicroUsd: 0 },
      maxAttemptsPerShot: attemptsPerShot,
      retryPolicies: { gate_mechanical: { maxRetries: attemptsPerShot } },
    });
    collect();
    const before = process.memoryUsage();
    const startedAt = performance.now();
    orchestrator.batches.start(config);
    await orchestrator.idle();
    const seconds = (performance.now() - startedAt) / 1000;
    collect();
    const after = process.memoryUsage();
    const made = opened.store.takesOfEpisode('EP001').length;
    await orchestrator.close();
    const grownMb = (after.heapUsed - before.heapUsed) / 2 ** 20;
    const residentMb = after.rss / 2 ** 20;
    return {
      ...{ what: `memory after ${made} attempts`, figure: `${grownMb.toFixed(1)} MB of heap more` },
      beside: `${residentMb.toFixed(0)} MB resident; ${((seconds * 1000) / made).toFixed(1)} ms an attempt`,
      ...{ ratio: `${((grownMb * 1024) / made).toFixed(2)} KB each`, goal: '≤ 64 MB', met: grownMb <= 64 },
    };
  });
}

async function inProject<T>(options: MakeProjectOptions, work: (opened: OpenedProject) => Promise<T>): Promise<T> {
  const project = makeProject(options);
  const opened = await openTestProject(project.dir, { clock: systemClock });
  try {
    return await work(opened);
  } finally {
    await opened.close();
    project.remove();
  }
}
