import { describe, expect, it } from 'vitest';
import { createOrchestrator } from '../../src-main/orchestrator/orchestrator.ts';
import { isInFlight } from '../../src-shared/domain/production-state.ts';
import { settleMicrotasks } from '../fakes/fake-clock.ts';
import type { FakeFault } from '../fakes/fake-provider.ts';
import { hashText } from '../fakes/memory-files.ts';
import { Life } from '../fakes/mortal.ts';
import { makeConfig, makeWorld, type ProductionWorld, scriptedGate } from '../fakes/production-world.ts';
import { suiteTimeoutMs } from './fault-size.ts';

const price = 120_000;

interface Scenario {
  name: string;
  faults: FakeFault[];
  reconcile: 'none' | 'byId';
  /** how long the engine's listing may lag; two minutes where it is not said */
  graceMs?: number;
  shots: number;
}

const scenarios: Scenario[] = [
  { name: 'everything goes well', faults: [], reconcile: 'none', shots: 2 },
  {
    name: 'an engine that is busy, then loses a job',
    faults: ['rate-limited', 'fails-later'],
    reconcile: 'none',
    shots: 1,
  },
  { name: 'a first file that cannot be read', faults: ['bad-file'], reconcile: 'none', shots: 1 },
  {
    name: 'a cut connection and an engine that can be asked',
    faults: ['accepted-then-dropped'],
    reconcile: 'byId',
    shots: 1,
  },
  {
    name: 'a cut connection and an engine that knows at once',
    faults: ['accepted-then-dropped'],
    reconcile: 'byId',
    graceMs: 0,
    shots: 1,
  },
  {
    name: 'an account that is refused at the submit, then while a job is out',
    faults: ['account', 'locked-out'],
    reconcile: 'none',
    shots: 1,
  },
  { name: 'a cut connection and nobody to ask', faults: ['accepted-then-dropped'], reconcile: 'none', shots: 1 },
];

describe.each(scenarios)('killed before every effect: $name', (scenario) => {
  it('pays each attempt once at most, loses no take and leaves nothing stuck', {
    timeout: suiteTimeoutMs,
  }, async () => {
    const whole = new Life(Number.POSITIVE_INFINITY);
    await live(makeScenario(scenario), whole);
    expect(whole.effects).toBeGreaterThan(10);
    for (let point = 1; point <= whole.effects; point++) {
      const world = makeScenario(scenario);
      await live(world, new Life(point));
      await goOn(world);
      expectNothingLost(world, `killed before effect ${point}`);
    }
  });
});

describe('killed with the real store', () => {
  it('loses nothing either', { timeout: suiteTimeoutMs }, async () => {
    const [scenario] = scenarios;
    if (!scenario) throw new Error('no scenario');
    for (let point = 3; point < 60; point += 7) {
      const world = makeScenario({ ...scenario, shots: 1 }, 'sqlite');
      await live(world, new Life(point));
      await goOn(world);
      expectNothingLost(world, `killed before effect ${point}`);
    }
  });
});

describe('killed twice', () => {
  it('recovers from a death during the recovery', { timeout: suiteTimeoutMs }, async () => {
    const [scenario] = scenarios;
    if (!scenario) throw new Error('no scenario');
    for (let point = 4; point <= 30; point += 2) {
      for (let second = 1; second <= 8; second++) {
        const world = makeScenario(scenario);
        await live(world, new Life(point));
        await live(world, new Life(second));
        await goOn(world);
        expectNothingLost(world, `killed before effect ${point}, then before effect ${second}`);
      }
    }
  });
});

function makeScenario(
  { faults, reconcile, graceMs, shots }: Scenario,
  store: 'memory' | 'sqlite' = 'memory',
): ProductionWorld {
  const world = makeWorld({
    shots,
    store,
    gates: [scriptedGate('gate_1', ['fail', 'pass'])],
    provider: { capabilities: { reconcile, reconcileGraceMs: graceMs } },
    project: { auto_advance_phases: ['previs'] },
  });
  world.provider.price = price;
  world.provider.faults = [...faults];
  return world;
}

/** One process from its start to its death, or to its rest. */
async function live(world: ProductionWorld, life: Life): Promise<void> {
  world.disk.emptyTemporary();
  const orchestrator = createOrchestrator(life.inhabit(world.deps));
  try {
    await orchestrator.recover();
    // whatever puts the batch on hold, a person has it go on
    do {
      goOnWithBatch(world, orchestrator);
      await world.clock.runUntil(Promise.race([orchestrator.idle(), life.died]));
    } while (!life.dead && world.store.batches()[0]?.status === 'paused');
  } catch (error) {
    if (!life.dead) throw error;
  }
  await settleMicrotasks();
  if (!life.dead) await orchestrator.close();
  life.dead = true;
}

/** The next start, with a person who resumes. */
async function goOn(world: ProductionWorld): Promise<void> {
  await live(world, new Life(Number.POSITIVE_INFINITY));
}

function goOnWithBatch(world: ProductionWorld, orchestrator: ReturnType<typeof createOrchestrator>): void {
  const batch = world.store.batches()[0];
  if (!batch) orchestrator.batches.start(makeConfig({ phases: ['previs', 'keyframe'] }));
  else if (batch.status === 'paused') orchestrator.batches.resume(batch.id);
}

function expectNothingLost(world: ProductionWorld, when: string): void {
  const { store, provider, disk, shotIds } = world;
  for (const [attemptId, accepted] of provider.acceptedPerAttempt()) {
    expect(accepted, `${when}: accepted submits of ${attemptId}`).toBe(1);
  }
  const attempts = shotIds.flatMap((shotId) => store.attemptsOf(shotId));
  const takes = shotIds.flatMap((shotId) => store.takesOf(shotId));
  for (const job of provider.jobs.values()) {
    const attempt = store.attempt(job.attemptId);
    const isTaken = (job.fault === 'ok' || job.fault === 'locked-out') && attempt?.state !== 'in_doubt';
    if (isTaken) expect(attempt?.state, `${when}: attempt ${job.attemptId}`).toBe('settled');
  }
  for (const take of takes) {
    expect(hashText(disk.contents.get(`/p/${take.path}`) ?? 'missing'), `${when}: ${take.path}`).toBe(take.sha256);
  }
  expect(new Set(takes.map((take) => take.path)).size, when).toBe(takes.length);
  const spend = store.projectSpend();
  const settled = attempts.reduce((sum, attempt) => sum + (attempt.actualMicroUsd ?? 0), 0);
  expect(spend.settledMicroUsd, when).toBe(settled);
  expect(spend.settledMicroUsd, when).toBeLessThanOrEqual(provider.jobs.size * price);
  expect(spend.reservedMicroUsd, `${when}: nothing is left reserved`).toBe(0);
  for (const shotId of shotIds) {
    for (const phase of ['previs', 'keyframe'] as const) {
      const row = store.shotPhase(shotId, phase);
      expect(isInFlight(row.state) || row.state === 'remediating', `${when}: ${shotId} ${phase} ${row.state}`).toBe(
        false,
      );
    }
  }
}
