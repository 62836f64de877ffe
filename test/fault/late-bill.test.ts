/**
 * A bill that comes late, with fal's real adapter and the simulator's bill as the oracle: the list shows a request only after
 * it was asked about for long enough (here minutes instead of half an hour), and the repeat has been paid for by then. Time is
 * the test's for both of them.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ProviderAdapter } from '../../src-main/orchestrator/ports/provider.ts';
import { falDefinition } from '../../src-main/providers/fal/fal-definition.ts';
import { settleMicrotasks } from '../fakes/fake-clock.ts';
import { makeWorld, type ProductionWorld } from '../fakes/production-world.ts';
import { memoryUploads, shippedPrices } from '../fixtures/provider-bench.ts';
import { type FaultPlanInput, type RunningSimulator, startSimulator } from '../simulators/start-simulator.ts';
import { suiteTimeoutMs } from './fault-size.ts';

const minuteMs = 60_000;
const graceMs = 3 * minuteMs;
/** longer than fal is asked about a request that it does not list */
const lagMs = 5 * minuteMs;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'circletake-late-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

interface Night {
  world: ProductionWorld;
  simulator: RunningSimulator;
  providers: Map<string, ProviderAdapter>;
  /** lets both clocks go on until it is so */
  until(isSo: () => boolean): Promise<void>;
}

async function withNight(faults: FaultPlanInput['faults'], work: (night: Night) => Promise<void>): Promise<void> {
  const settings = { listingLagMs: lagMs };
  const simulator = await startSimulator({ folder, faultPlan: { schema_version: 'fault-plan.v1', settings, faults } });
  const world = makeWorld({
    project: { default_provider: 'fal', provider_strategy: { previs: 'fal-nano-banana-pro' } },
  });
  world.refs = { refs: [], missing: [] };
  const calls = new Set<Promise<unknown>>();
  const adapter = falDefinition.build({
    ...{
      key: () => simulator.key,
      baseUrl: (part) => simulator.urls.fal[part as 'api'],
      prices: await shippedPrices(),
    },
    ...{ uploads: memoryUploads(), resolvePath: (path) => join(folder, path), jobsFolder: join(folder, 'jobs') },
    now: () => world.clock.now(),
  });
  const providers = new Map([['fal', countCalls(intoMemory(adapter, world), calls)]]);
  const night: Night = {
    ...{ world, simulator, providers },
    async until(isSo) {
      for (;;) {
        await settleMicrotasks();
        if (calls.size > 0) {
          await Promise.allSettled(calls);
          continue;
        }
        if (isSo()) return;
        const nextMs = world.clock.nextInMs();
        if (nextMs === null) throw new Error('Nothing is left to happen.');
        if (nextMs > 0) await simulator.advanceClock(nextMs);
        await world.clock.advance(nextMs);
      }
    },
  };
  try {
    await world.restart({ providers });
    await work(night);
  } finally {
    await world.orchestrator.close();
    await simulator.stop();
  }
}

/** What is fetched is kept where this world keeps its files. */
function intoMemory(adapter: ProviderAdapter, { disk }: ProductionWorld): ProviderAdapter {
  return {
    ...adapter,
    capabilities: { ...adapter.capabilities, reconcileGraceMs: graceMs },
    async fetchResult(job, temporaryPath, signal) {
      const fetched = await adapter.fetchResult(job, join(folder, 'fetched'), signal);
      await disk.files.write(temporaryPath, `still of ${job.id}`);
      return fetched;
    },
  };
}

/** Time stands still while an engine is being asked. */
function countCalls(adapter: ProviderAdapter, calls: Set<Promise<unknown>>): ProviderAdapter {
  return new Proxy(adapter, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        const answer: unknown = Reflect.apply(value, target, args);
        if (!(answer instanceof Promise)) return answer;
        const done: Promise<unknown> = answer.then(
          () => calls.delete(done),
          () => calls.delete(done),
        );
        calls.add(done);
        return answer;
      };
    },
  });
}

const attemptsOf = ({ world }: Night) => world.store.attemptsOf('EP001_SH001');
const statesOf = (night: Night) => attemptsOf(night).map(({ state }) => state);

async function expectLedgerIsBill(night: Night, jobs: number): Promise<void> {
  const rows = await night.simulator.bill();
  expect(rows).toHaveLength(jobs);
  const billed = rows.reduce((sum, row) => sum + row.micro_usd, 0);
  expect(billed).toBeGreaterThan(0);
  expect(night.world.store.projectSpend()).toMatchObject({
    ...{ settledMicroUsd: billed, reservedMicroUsd: 0, inDoubtMicroUsd: 0 },
  });
  expect(night.world.store.takesOf('EP001_SH001')).toHaveLength(jobs);
}

it('a request that fal lists too late was paid for beside its repeat, and the ledger is the bill in the end', {
  timeout: suiteTimeoutMs,
}, async () => {
  await withNight([{ id: 'lost', kind: 'accept-then-drop', match: { nth: 1 } }], async (night) => {
    night.world.startBatch({ provider: 'fal' });
    await night.until(() => statesOf(night)[1] === 'settled');
    expect(statesOf(night)).toEqual(['failed', 'settled']);
    expect(await night.simulator.bill()).toHaveLength(2);
    await night.until(() => statesOf(night)[0] === 'settled');
    await expectLedgerIsBill(night, 2);
  });
});

it('one that a person let go is found at the next start, although its repeat is the same in every word', {
  timeout: suiteTimeoutMs,
}, async () => {
  await withNight([{ id: 'lost', kind: 'accept-then-drop', match: { nth: 1 } }], async (night) => {
    const { world, simulator, providers } = night;
    world.startBatch({ provider: 'fal' });
    await night.until(() => world.store.shotPhase('EP001_SH001', 'previs').state === 'remediating');
    const [doubt] = attemptsOf(night);
    world.orchestrator.doubts.settle({ attemptId: doubt?.id ?? '', answer: { kind: 'release' }, person: 'dana' });
    await night.until(() => statesOf(night)[1] === 'settled');
    await world.orchestrator.close();
    await simulator.advanceClock(lagMs);
    await world.clock.advance(lagMs);
    await world.restart({ providers });
    await night.until(() => statesOf(night)[0] === 'settled');
    await expectLedgerIsBill(night, 2);
  });
});
