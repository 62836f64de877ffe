import { describe, expect, it } from 'vitest';
import type { PollAnswer } from '../../../src-main/orchestrator/ports/provider.ts';
import { makeWorld } from '../../fakes/production-world.ts';

const shotId = 'EP001_SH001';

describe('an engine that does not know a job that it has just taken', () => {
  it('is asked for a while before a paid take counts as lost', async () => {
    const world = makeWorld();
    world.provider.price = 100_000;
    const answer = world.provider.poll.bind(world.provider);
    let polls = 0;
    // its questions go to a copy of its books that is some seconds behind
    world.provider.poll = async (job): Promise<PollAnswer> => {
      if (++polls <= 3) throw new Error('404');
      return answer(job);
    };
    world.provider.readFetchError = () => ({
      ...{ category: 'permanent', detail: 'rejected_request', message: 'No such job.', retryAfterMs: null },
    });
    world.startBatch();
    await world.rest();
    expect(world.store.attemptsOf(shotId)).toMatchObject([{ state: 'settled', actualMicroUsd: 100_000 }]);
    expect(world.store.takesOf(shotId)).toHaveLength(1);
  });
});

describe('an engine that asks to be left alone while its job is followed', () => {
  it.each([
    [20_000, 20_000],
    [3_600_000, 60_000],
  ])('for %i ms is asked again after %i ms: a slot is not held longer', async (retryAfterMs, waitedMs) => {
    const world = makeWorld();
    const answer = world.provider.poll.bind(world.provider);
    const pollsAt: number[] = [];
    world.provider.poll = async (job): Promise<PollAnswer> => {
      pollsAt.push(world.clock.now().getTime());
      if (pollsAt.length === 1) throw new Error('429');
      return answer(job);
    };
    world.provider.readFetchError = () => ({
      ...{ category: 'transient', detail: 'rate_limit', message: 'Too many questions.', retryAfterMs },
    });
    world.startBatch();
    await world.rest();
    expect((pollsAt[1] ?? 0) - (pollsAt[0] ?? 0)).toBe(waitedMs);
    expect(world.store.takesOf(shotId)).toHaveLength(1);
  });
});
