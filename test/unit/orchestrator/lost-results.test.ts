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
