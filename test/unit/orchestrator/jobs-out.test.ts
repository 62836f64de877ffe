import { describe, expect, it } from 'vitest';
import { settleMicrotasks } from '../../fakes/fake-clock.ts';
import { makeWorld, shotIdOf } from '../../fakes/production-world.ts';

const hourMs = 3_600_000;

async function jobOut(
  capabilities: NonNullable<NonNullable<Parameters<typeof makeWorld>[0]>['provider']>['capabilities'],
) {
  const world = makeWorld({ provider: { capabilities: { resultTtlMs: hourMs, ...capabilities } } });
  world.provider.price = 100_000;
  world.provider.pollsInQueue = 2;
  world.provider.pollsBeforeDone = 4;
  const batchId = world.startBatch();
  await settleMicrotasks();
  return { world, batchId, job: () => world.orchestrator.jobsOut(batchId)[0] };
}

describe('a job that is out', () => {
  it('is told with where its engine saw it last, what it holds, and until when its result is kept', async () => {
    const { world, job } = await jobOut({ freeCancel: 'queued' });
    const seenAt = world.clock.now().getTime();
    expect(job()).toMatchObject({ place: 'queued', callOff: 'can', heldMicroUsd: 100_000, inDoubt: false });
    expect(job()?.keptUntil).toBe(new Date(seenAt + hourMs).toISOString());
    await world.clock.advance(2000);
    expect(job()).toMatchObject({ place: 'running', callOff: 'paid' });
    expect(job()?.keptUntil).toBe(new Date(seenAt + 2000 + hourMs).toISOString());
    await world.rest();
    expect(job()).toBeUndefined();
  });

  it('can be called off while it runs where an engine takes that too, and never where it takes nothing', async () => {
    const any = await jobOut({ freeCancel: 'any' });
    await any.world.clock.advance(2000);
    expect(any.job()).toMatchObject({ place: 'running', callOff: 'can' });
    const none = await jobOut({ freeCancel: 'none' });
    expect(none.job()).toMatchObject({ place: 'queued', callOff: 'paid' });
  });

  it('is told as being called off once somebody wants it', async () => {
    const { world, batchId, job } = await jobOut({ freeCancel: 'queued' });
    world.orchestrator.batches.stop(batchId, 'mara');
    expect(job()?.callOff).toBe('wanted');
  });

  it('after a start is kept for as long as it was known to be before', async () => {
    const { world, batchId } = await jobOut({ freeCancel: 'queued' });
    const sentAt = Date.parse(world.store.attemptsOf(shotIdOf(1))[0]?.updatedAt ?? '');
    await world.orchestrator.close();
    expect(world.orchestrator.jobsOut(batchId)).toMatchObject([
      { place: null, callOff: 'can', keptUntil: new Date(sentAt + hourMs).toISOString() },
    ]);
  });
});

it('a result that its engine had dropped when the app came back is told as expired and paid for', async () => {
  const { world } = await jobOut({ freeCancel: 'queued' });
  await world.orchestrator.close();
  await world.clock.advance(2 * hourMs);
  world.provider.pollsBeforeDone = 0;
  const gone = { category: 'permanent', detail: 'bad_output', message: 'There is no such file.', retryAfterMs: null };
  Object.assign(world.provider, {
    fetchResult: () => Promise.reject(new Error('404')),
    readFetchError: () => gone,
  });
  await world.restart();
  await world.rest();
  expect(world.store.attemptsOf(shotIdOf(1))[0]).toMatchObject({
    ...{ state: 'failed', actualMicroUsd: 100_000 },
    failure: {
      message:
        'The result had expired: embedded keeps what it makes for an hour. $0.10 was paid for it. There is no such file.',
    },
  });
});
