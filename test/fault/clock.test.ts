/**
 * D11: the machine's clock two days back, a year ahead, over the hour that summer time repeats or skips, in the middle of a
 * batch. Order is that of the journal's numbers, budgets stand, no wait gets stuck, and no doubt is ended by a clock alone.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { settleMicrotasks } from '../fakes/fake-clock.ts';
import type { FakeFault } from '../fakes/fake-provider.ts';
import { makeConfig, makeWorld, type ProductionWorld } from '../fakes/production-world.ts';
import { faultSize, report } from './fault-size.ts';
import { faultSeed, seededChance } from './seeded-chance.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const price = 100_000;
const budgetMicroUsd = 5 * price;
const jumps = [
  { name: 'two days back', ms: -2 * dayMs },
  { name: 'a year ahead', ms: 365 * dayMs },
  { name: 'an hour back (summer time ends)', ms: -hourMs },
  { name: 'an hour ahead (summer time begins)', ms: hourMs },
  { name: 'a second back (a correction)', ms: -1000 },
];
const rounds = faultSize('D11', { ci: 5, long: 20 });
const seed = faultSeed();
const chance = seededChance(seed);
let done = 0;
afterEach(() => {
  if (++done === rounds) report('D11', `${rounds} jumps of the clock in mid-batch; seed ${seed}`);
});

const faults: FakeFault[] = ['rate-limited', 'fails-later', 'accepted-then-dropped', 'ok', 'not-sent'];
const cases = Array.from({ length: rounds }, (_, round) => ({
  ...(jumps[round % jumps.length] ?? { name: 'none', ms: 0 }),
  afterSubmits: 1 + chance.below(4),
  faults: Array.from({ length: 4 }, () => chance.oneOf(faults)),
}));

describe(`a clock that jumps (CIRCLETAKE_FAULT_SEED=${seed})`, () => {
  it.each(cases)(
    '$name: order and budget stand and nothing waits for it',
    async ({ ms, afterSubmits, faults: planned }) => {
      const world = makeFilm();
      world.provider.faults = [...planned];
      world.orchestrator.batches.start(makeConfig({ phases: ['previs'], budgetMicroUsd }));
      const startedAt = world.clock.monotonicMs();
      await until(
        world,
        () => [...world.provider.posts.values()].reduce((sum, posts) => sum + posts, 0) >= afterSubmits,
      );
      world.clock.jump(ms);
      await world.rest();
      expect(world.clock.monotonicMs() - startedAt, 'how long it took').toBeLessThan(hourMs);
      expectOrder(world);
      expectBudget(world);
      expect(new Set(world.provider.acceptedPerAttempt().values())).toEqual(new Set([1]));
    },
  );

  it('believes a list that lags only after the engine’s own time, whatever the clock says', async () => {
    const world = makeFilm();
    world.provider.faults = ['accepted-then-dropped'];
    const { reconcile } = world.provider;
    let listed = false;
    world.provider.reconcile = async (attempt) =>
      listed ? reconcile.call(world.provider, attempt) : { kind: 'absent' };
    world.orchestrator.batches.start(makeConfig({ phases: ['previs'], shotFilter: ['EP001_SH001'] }));
    await until(world, () => world.state(1) === 'remediating');
    world.clock.jump(365 * dayMs);
    await world.clock.advance(30_000);
    expect(world.store.openAttempts(), 'still in doubt').toMatchObject([{ state: 'in_doubt' }]);
    listed = true;
    await world.rest();
    expect(world.store.takesOf('EP001_SH001')).toHaveLength(1);
    expect(world.provider.jobs.size).toBe(1);
  });
});

function makeFilm(): ProductionWorld {
  const world = makeWorld({ shots: 4, provider: { capabilities: { reconcile: 'byId', reconcileGraceMs: 120_000 } } });
  world.provider.price = price;
  return world;
}

async function until(world: ProductionWorld, isSo: () => boolean): Promise<void> {
  for (let step = 0; !isSo(); step++) {
    await settleMicrotasks();
    if (isSo()) return;
    const next = world.clock.nextInMs();
    if (next !== null) await world.clock.advance(next);
    if (step > 1000) throw new Error('it never came to that');
  }
}

/** The journal's numbers follow one another; what came of what is told by them and not by times. */
function expectOrder({ store, shotIds }: ProductionWorld): void {
  const seqs = store.eventsAfter(0, 100_000).map(({ seq }) => seq);
  expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
  for (const shotId of shotIds) {
    const numbers = store.attemptsOf(shotId).map(({ number }) => number);
    expect(numbers, `attempts of ${shotId}`).toEqual(numbers.map((_, index) => index + 1));
    const takes = store.takesOf(shotId).map(({ number }) => number);
    expect(takes, `takes of ${shotId}`).toEqual(takes.toSorted((a, b) => a - b));
  }
}

function expectBudget({ store, provider }: ProductionWorld): void {
  const [batch] = store.batches();
  const spend = batch?.spend ?? { settledMicroUsd: -1, reservedMicroUsd: 0, inDoubtMicroUsd: 0 };
  expect(spend.settledMicroUsd + spend.reservedMicroUsd + spend.inDoubtMicroUsd).toBeLessThanOrEqual(budgetMicroUsd);
  expect(store.projectSpend().settledMicroUsd).toBe(spend.settledMicroUsd);
  expect(spend.settledMicroUsd).toBeLessThanOrEqual(provider.jobs.size * price);
}
