import { describe, expect, it } from 'vitest';
import type { RefUsed } from '../../../src-shared/domain/provenance.ts';
import { doubtfulAttempt, stillRequest } from '../../fixtures/provider-bench.ts';
import { never, tellAdapterStory } from './adapter-sim.ts';

const params = { output_format: 'png', safety_tolerance: 2 };
const requests = (picture: RefUsed) => ({
  'flux kontext': stillRequest({
    ...{ provider: 'replicate', endpoint: 'black-forest-labs/flux-kontext-pro', params, seed: 4711 },
    refs: [{ ...picture, role: 'char:mara:identity/front' }],
  }),
  'flux 1.1': stillRequest({ provider: 'replicate', endpoint: 'black-forest-labs/flux-1.1-pro', params, seed: 4711 }),
});
const world = tellAdapterStory({ id: 'replicate', requests });
const request = (prompt: string, seed = 4711) => ({ ...requests(world().picture)['flux kontext'], prompt, seed });

it('sends a picture once for all requests', async () => {
  await world().submit(request('one'));
  await world().submit(request('two'));
  const seen = await world().sim.simulator.requests();
  expect(seen.filter(({ path }) => path === '/replicate/v1/files')).toHaveLength(1);
});

describe('a submit in doubt', () => {
  it('is found in the list by prompt and seed', async () => {
    await world().sim.faults({ id: 'f', kind: 'accept-then-drop' });
    await world().refused(request('lost', 99));
    const found = await world().adapter.reconcile(doubtfulAttempt('a-lost', request('lost', 99)), never);
    if (found.kind !== 'found') throw new Error(`It is ${found.kind}.`);
    expect(await world().pollToEnd(found.job)).toEqual({ kind: 'done' });
    expect(await world().adapter.reconcile(doubtfulAttempt('a-x', request('never sent', 5)), never)).toEqual({
      kind: 'absent',
    });
  });
});

it('one that runs is left to its end, one that had not begun is cancelled for nothing', async () => {
  const running = await world().submit(request('running'));
  await world().adapter.poll(running, never);
  await world().adapter.poll(running, never);
  expect(await world().adapter.cancel?.(running, never)).toMatchObject({ kind: 'too-late' });
  expect(await world().pollToEnd(running)).toEqual({ kind: 'done' });
  expect(await world().billOf('running')).toMatchObject([{ refunded: false }]);
  const waiting = await world().submit(request('waiting'));
  expect(await world().adapter.cancel?.(waiting, never)).toEqual({ kind: 'asked' });
  expect(await world().adapter.poll(waiting, never)).toMatchObject({ kind: 'failed', billedMicroUsd: 0 });
  expect(await world().billOf('waiting')).toMatchObject([{ refunded: true }]);
});

it('an hour after its end the file is lost for good', async () => {
  const job = await world().submit(request('late'));
  expect(await world().pollToEnd(job)).toEqual({ kind: 'done' });
  await world().sim.simulator.advanceClock(3_700_000);
  const failure = await world()
    .fetch(job)
    .catch((error: unknown) => world().adapter.readFetchError(error));
  expect(failure).toMatchObject({ category: 'permanent', detail: 'bad_output' });
});
