/**
 * Jobs that an engine lists only after they were given up, and the app killed before every effect of what then happens: the
 * ledger is the bill in the end, whatever the moment.
 */
import { describe, expect, it } from 'vitest';
import { isInFlight } from '../../src-shared/domain/production-state.ts';
import type { FakeFault } from '../fakes/fake-provider.ts';
import { keepLaggingList, type LaggingList } from '../fakes/lagging-list.ts';
import { Life } from '../fakes/mortal.ts';
import { makeWorld, type ProductionWorld, scriptedGate, shotIdOf } from '../fakes/production-world.ts';
import { suiteTimeoutMs } from './fault-size.ts';
import { liveOnce } from './live-once.ts';

const price = 120_000;
const shotId = shotIdOf(1);

interface Late {
  world: ProductionWorld;
  list: LaggingList;
}

/** One shot with an engine that loses answers and whose list shows nothing yet. */
function makeLate(faults: FakeFault[], store: 'memory' | 'sqlite' = 'memory'): Late {
  const world = makeWorld({
    ...{ shots: 1, store },
    gates: [scriptedGate('gate_1', ['pass'])],
    provider: { capabilities: { reconcile: 'list', reconcileGraceMs: 30_000 } },
  });
  world.provider.price = price;
  world.provider.faults = [...faults];
  return { world, list: keepLaggingList(world) };
}

const whole = () => new Life(Number.POSITIVE_INFINITY);

function expectTrueLedger({ world }: Late, when: string): void {
  const { store, provider } = world;
  for (const [attemptId, posts] of provider.posts) expect(posts, `${when}: submits of ${attemptId}`).toBe(1);
  const bill = provider.jobs.size * price;
  expect(store.projectSpend(), `${when}: the ledger is the bill`).toMatchObject({
    ...{ settledMicroUsd: bill, reservedMicroUsd: 0, inDoubtMicroUsd: 0 },
  });
  const [batch] = store.batches();
  if (batch) expect(batch.spend.settledMicroUsd, when).toBe(bill);
  expect(store.takesOf(shotId).length, `${when}: a take for each job`).toBe(provider.jobs.size);
  const owners = store.attemptsOf(shotId).flatMap(({ providerJobId }) => providerJobId ?? []);
  expect(new Set(owners).size, `${when}: one owner for each job`).toBe(owners.length);
  for (const [id, { attemptId }] of provider.jobs) {
    expect(store.attempt(attemptId)?.providerJobId, `${when}: whose ${id} is`).toBe(id);
  }
  const { state } = store.shotPhase(shotId, 'previs');
  expect(isInFlight(state) || state === 'remediating', `${when}: ${state}`).toBe(false);
}

const nights: { name: string; faults: FakeFault[] }[] = [
  { name: 'one job that was given up, and its repeat', faults: ['accepted-then-dropped'] },
  { name: 'two with the same words that were given up', faults: ['accepted-then-dropped', 'accepted-then-dropped'] },
];

describe.each(nights)('$name', ({ faults }) => {
  it('killed before every effect of finding them', { timeout: suiteTimeoutMs }, async () => {
    const measured = makeLate(faults);
    await liveOnce(measured.world, whole());
    expect(measured.world.store.projectSpend().settledMicroUsd).toBe(price);
    measured.list.hidden.clear();
    const life = whole();
    await liveOnce(measured.world, life);
    expectTrueLedger(measured, 'without a kill');
    expect(life.effects).toBeGreaterThan(10);
    for (let point = 1; point <= life.effects; point++) {
      const late = makeLate(faults);
      await liveOnce(late.world, whole());
      late.list.hidden.clear();
      await liveOnce(late.world, new Life(point));
      await liveOnce(late.world, whole());
      expectTrueLedger(late, `killed before effect ${point}`);
    }
  });

  it('listed while the repeat is at work, killed before and after', { timeout: suiteTimeoutMs }, async () => {
    const life = whole();
    await liveOnce(makeLate(faults).world, life);
    for (let first = 2; first <= life.effects; first += 3) {
      for (let second = 1; second <= 17; second += 4) {
        const late = makeLate(faults);
        await liveOnce(late.world, new Life(first));
        late.list.hidden.clear();
        await liveOnce(late.world, new Life(second));
        await liveOnce(late.world, whole());
        // what these lives have sent, too
        late.list.hidden.clear();
        await liveOnce(late.world, whole());
        expectTrueLedger(late, `killed before effect ${first}, listed, killed before effect ${second}`);
      }
    }
  });
});

it('killed with the real store', { timeout: suiteTimeoutMs }, async () => {
  for (let point = 2; point < 30; point += 6) {
    const late = makeLate(['accepted-then-dropped'], 'sqlite');
    await liveOnce(late.world, whole());
    late.list.hidden.clear();
    await liveOnce(late.world, new Life(point));
    await liveOnce(late.world, whole());
    expectTrueLedger(late, `killed before effect ${point}`);
  }
});
