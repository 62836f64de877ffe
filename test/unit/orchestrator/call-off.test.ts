import { describe, expect, it } from 'vitest';
import { callOffOf } from '../../../src-shared/domain/call-off.ts';
import { settleMicrotasks } from '../../fakes/fake-clock.ts';
import { makeWorld, type ProductionWorld, scriptedGate, shotIdOf } from '../../fakes/production-world.ts';
import { reviewDesk } from '../../fakes/review-desk.ts';

const price = 100_000;
const shotId = shotIdOf(1);

/** One job is out: it waits for `inQueue` polls, and runs for one. */
async function jobOut(inQueue: number, options: Parameters<typeof makeWorld>[0] = {}) {
  const world = makeWorld({ provider: { capabilities: { freeCancel: 'queued' } }, ...options });
  world.provider.price = price;
  world.provider.pollsInQueue = inQueue;
  world.provider.pollsBeforeDone = inQueue + 1;
  const batchId = world.startBatch();
  await settleMicrotasks();
  expect(attemptOf(world).state).toBe('submitted');
  return { world, batchId };
}

function attemptOf({ store }: ProductionWorld) {
  const attempt = store.attemptsOf(shotId).at(-1);
  if (!attempt) throw new Error('no attempt');
  return attempt;
}

function stepsOf(world: ProductionWorld) {
  return world.store.stepsOf(attemptOf(world).id).filter(({ kind }) => kind.startsWith('cancel_'));
}

const kindsOf = (world: ProductionWorld) => stepsOf(world).map(({ kind }) => kind);

describe('a batch that a person stops', () => {
  it('calls off what waits in a queue: once, on record, and its money is free when the engine says so', async () => {
    const { world, batchId } = await jobOut(5);
    world.orchestrator.batches.stop(batchId, 'mara');
    expect(kindsOf(world)).toEqual(['cancel_wanted']);
    expect(world.store.batchSpend(batchId).reservedMicroUsd).toBe(price);
    await world.rest();
    expect(stepsOf(world).map(({ kind, by }) => [kind, by])).toEqual([
      ['cancel_wanted', 'mara'],
      ['cancel_asked', null],
    ]);
    expect(world.provider.cancels).toHaveLength(1);
    expect(attemptOf(world)).toMatchObject({ state: 'failed', actualMicroUsd: 0, failure: { detail: 'cancelled' } });
    expect(world.store.batchSpend(batchId)).toMatchObject({ settledMicroUsd: 0, reservedMicroUsd: 0 });
    expect(world.state(1)).toBe('queued');
  });

  it('fetches and keeps what had begun: it is paid for', async () => {
    const { world, batchId } = await jobOut(0);
    world.orchestrator.batches.stop(batchId, 'mara');
    await world.rest();
    expect(kindsOf(world)).toEqual(['cancel_wanted', 'cancel_refused']);
    expect(attemptOf(world)).toMatchObject({ state: 'settled', actualMicroUsd: price });
    expect(world.state(1)).toBe('awaiting_operator');
  });

  it('writes nothing where an engine takes nothing back', async () => {
    const { world, batchId } = await jobOut(5, { provider: { capabilities: { freeCancel: 'none' } } });
    world.orchestrator.batches.stop(batchId, 'mara');
    await world.rest();
    expect(kindsOf(world)).toEqual([]);
    expect(attemptOf(world).state).toBe('settled');
  });

  it('and a batch on hold leaves its jobs alone', async () => {
    const { world, batchId } = await jobOut(5);
    world.orchestrator.batches.pause(batchId);
    await world.rest();
    expect(world.provider.cancels).toEqual([]);
    expect(attemptOf(world).state).toBe('settled');
  });
});

describe('an engine that cannot be asked to drop a job', () => {
  it('is asked once, and the job is followed to its end', async () => {
    const { world, batchId } = await jobOut(5);
    world.provider.cancelTroubles = ['before'];
    world.orchestrator.batches.stop(batchId, 'mara');
    await world.rest();
    expect(world.provider.cancels).toHaveLength(1);
    expect(stepsOf(world).at(-1)).toMatchObject({ kind: 'cancel_refused', note: 'The engine cannot be reached.' });
    expect(attemptOf(world)).toMatchObject({ state: 'settled', actualMicroUsd: price });
  });

  it('whose answer is lost is believed when it says that the job is gone', async () => {
    const { world, batchId } = await jobOut(5);
    world.provider.cancelTroubles = ['after'];
    world.orchestrator.batches.stop(batchId, 'mara');
    await world.rest();
    expect(attemptOf(world)).toMatchObject({ state: 'failed', actualMicroUsd: 0 });
    expect(world.store.projectSpend()).toMatchObject({ settledMicroUsd: 0, reservedMicroUsd: 0 });
    expect(world.state(1)).toBe('queued');
  });
});

it('a job that its engine finishes although it took the question is paid for and kept', async () => {
  const { world, batchId } = await jobOut(5);
  world.provider.cancelTroubles = ['ignored'];
  world.orchestrator.batches.stop(batchId, 'mara');
  await world.rest();
  expect(kindsOf(world)).toEqual(['cancel_wanted', 'cancel_asked']);
  expect(attemptOf(world)).toMatchObject({ state: 'settled', actualMicroUsd: price });
  expect(world.store.takesOf(shotId)).toHaveLength(1);
  expect(world.store.projectSpend()).toMatchObject({ settledMicroUsd: price, reservedMicroUsd: 0 });
});

describe('an app that ends', () => {
  it('before the engine was asked asks it at the next start', async () => {
    const { world, batchId } = await jobOut(5);
    world.orchestrator.batches.stop(batchId, 'mara');
    await world.orchestrator.close();
    expect(kindsOf(world)).toEqual(['cancel_wanted']);
    await world.restart();
    await world.rest();
    expect(kindsOf(world)).toEqual(['cancel_wanted', 'cancel_asked']);
    expect(world.provider.cancelled.size).toBe(1);
  });

  it('after the engine was asked does not ask again', async () => {
    const { world, batchId } = await jobOut(5);
    world.orchestrator.batches.stop(batchId, 'mara');
    await world.clock.advance(1000);
    expect(kindsOf(world)).toEqual(['cancel_wanted', 'cancel_asked']);
    await world.orchestrator.close();
    await world.restart();
    await world.rest();
    expect(world.provider.cancels).toHaveLength(1);
    expect(attemptOf(world).failure?.detail).toBe('cancelled');
  });
});

describe('one job that a person calls off', () => {
  it('awaits them and is not sent again, though its batch runs on', async () => {
    const { world } = await jobOut(5);
    world.orchestrator.callOff({ attemptId: attemptOf(world).id, person: 'mara' });
    await world.rest();
    expect(world.state(1)).toBe('awaiting_operator');
    expect(world.store.shotPhase(shotId, 'previs').reason).toBe('mara called it off.');
    expect(world.store.attemptsOf(shotId)).toHaveLength(1);
  });

  it('and is done nevertheless: its take is kept, and not repeated when a gate refuses it', async () => {
    const { world } = await jobOut(0, {
      ...{ gates: [scriptedGate('gate_1', ['fail'])], provider: { capabilities: { freeCancel: 'queued' } } },
    });
    world.orchestrator.callOff({ attemptId: attemptOf(world).id, person: 'mara' });
    await world.rest();
    expect(attemptOf(world)).toMatchObject({ number: 1, state: 'settled' });
    expect(world.state(1)).toBe('awaiting_operator');
    expect(world.store.shotPhase(shotId, 'previs').reason).toMatch(/mara had called it off: it is not tried again\.$/);
  });

  it('and is charged all the same: it counts as a try, and is not repeated', async () => {
    const { world } = await jobOut(5);
    world.provider.cancelledBilled = price;
    world.orchestrator.callOff({ attemptId: attemptOf(world).id, person: 'mara' });
    await world.rest();
    expect(attemptOf(world)).toMatchObject({ number: 1, state: 'failed', actualMicroUsd: price });
    expect(attemptOf(world).failure?.detail).toBe('server');
    expect(world.state(1)).toBe('awaiting_operator');
  });

  it('is called off once, however often it is said', async () => {
    const { world } = await jobOut(5);
    const order = { attemptId: attemptOf(world).id, person: 'mara' };
    world.orchestrator.callOff(order);
    world.orchestrator.callOff(order);
    await world.rest();
    expect(kindsOf(world)).toEqual(['cancel_wanted', 'cancel_asked']);
    expect(() => world.orchestrator.callOff(order)).toThrow('This attempt is over.');
  });

  it('is refused where the engine takes nothing back', async () => {
    const { world } = await jobOut(5, { provider: { capabilities: { freeCancel: 'none' } } });
    const order = { attemptId: attemptOf(world).id, person: 'mara' };
    expect(() => world.orchestrator.callOff(order)).toThrow(/takes no job back for nothing/);
  });
});

it('a decision that overtakes a job calls it off, unless it had begun', async () => {
  for (const [inQueue, kinds] of [
    [5, ['cancel_asked']],
    [0, ['cancel_refused']],
  ] as const) {
    const { world } = await jobOut(inQueue);
    await reviewDesk(world).override(1);
    await world.rest();
    expect(kindsOf(world)).toEqual(kinds);
    expect(world.state(1)).toBe('stabilized');
  }
});

it('a job that is called off again after the engine refused is asked about again', () => {
  const steps = (kinds: ('cancel_wanted' | 'cancel_asked' | 'cancel_refused' | 'trouble')[]) =>
    callOffOf(kinds.map((kind) => ({ kind })));
  expect(steps([])).toBeNull();
  expect(steps(['cancel_wanted', 'trouble'])).toBe('wanted');
  expect(steps(['cancel_wanted', 'cancel_refused'])).toBe('refused');
  expect(steps(['cancel_wanted', 'cancel_refused', 'cancel_wanted'])).toBe('wanted');
  expect(steps(['cancel_wanted', 'cancel_asked', 'trouble'])).toBe('asked');
});
