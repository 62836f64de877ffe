import { describe, expect, it } from 'vitest';
import type { RefUsed } from '../../../src-shared/domain/provenance.ts';
import { clipRequest, doubtfulAttempt } from '../../fixtures/provider-bench.ts';
import { lasting, never, tellAdapterStory } from './adapter-sim.ts';

const params = { resolution: '720p', generate_audio: true };
const requests = (startFrame: RefUsed) => ({
  'v1.5': lasting(
    clipRequest({ provider: 'ark', endpoint: 'seedance-1-5-pro-251215', params, startFrame, seed: 4711 }),
    4,
  ),
  'v2.0': lasting(clipRequest({ provider: 'ark', endpoint: 'dreamina-seedance-2-0-260128', params, startFrame }), 4),
  'v2.0 from references': lasting(
    clipRequest({
      ...{ provider: 'ark', endpoint: 'dreamina-seedance-2-0-260128/references', params },
      refs: [{ ...startFrame, role: 'char:mara:identity/front' }],
    }),
    4,
  ),
});
const world = tellAdapterStory({ id: 'ark', requests });
const request = (prompt: string, seed: number) => ({ ...requests(world().picture)['v1.5'], prompt, seed });

describe('a submit in doubt', () => {
  it('is found in the list by its seed', async () => {
    await world().submit(request('another', 1));
    await world().sim.faults({ id: 'f', kind: 'accept-then-500' });
    await world().refused(request('lost', 99));
    const found = await world().adapter.reconcile(doubtfulAttempt('a-lost', request('lost', 99)), never);
    if (found.kind !== 'found') throw new Error(`It is ${found.kind}.`);
    const [row] = await world().billOf('lost');
    expect(found.job.id).toBe(row?.requestId);
    expect(await world().pollToEnd(found.job)).toEqual({ kind: 'done' });
  });

  it('is absent when nothing has its seed, and for a person where there is no seed', async () => {
    expect(await world().adapter.reconcile(doubtfulAttempt('a-x', request('x', 12_345)), never)).toEqual({
      kind: 'absent',
    });
    const seedless = { ...requests(world().picture)['v2.0'], prompt: 'seedless' };
    await world().submit(seedless);
    const answer = await world().adapter.reconcile(doubtfulAttempt('a-y', seedless), never);
    expect(answer.kind).toBe('ambiguous');
  });
});

it('a cancel takes a waiting task out and never wipes the record of one that is over', async () => {
  const waiting = await world().submit(request('waiting', 2));
  expect(await world().adapter.cancel?.(waiting, never)).toEqual({ kind: 'asked' });
  expect(await world().pollToEnd(waiting)).toMatchObject({
    kind: 'failed',
    billedMicroUsd: 0,
    failure: { detail: 'cancelled' },
  });
  expect(await world().billOf('waiting')).toMatchObject([{ refunded: true }]);
  const over = await world().submit(request('over', 3));
  expect(await world().pollToEnd(over)).toEqual({ kind: 'done' });
  expect(await world().adapter.cancel?.(over, never)).toMatchObject({ kind: 'too-late' });
  expect((await world().fetch(over)).extension).toBe('.mp4');
});

it('a task that the filter ended is a filter and costs nothing', async () => {
  await world().sim.faults({ id: 'f', kind: 'content-policy', at: 'result' });
  const job = await world().submit(request('filtered', 4));
  expect(await world().pollToEnd(job)).toMatchObject({
    kind: 'failed',
    billedMicroUsd: 0,
    failure: { category: 'content_filter' },
  });
});
