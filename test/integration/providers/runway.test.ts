import { expect, it } from 'vitest';
import type { RefUsed } from '../../../src-shared/domain/provenance.ts';
import { clipRequest } from '../../fixtures/provider-bench.ts';
import { lasting, never, tellAdapterStory } from './adapter-sim.ts';

const requests = (startFrame: RefUsed) => ({
  turbo: lasting(clipRequest({ provider: 'runway', endpoint: 'gen4_turbo/image_to_video', startFrame, seed: 4711 }), 2),
  'gen-4.5': lasting(clipRequest({ provider: 'runway', endpoint: 'gen4.5/image_to_video', startFrame }), 2),
});
const world = tellAdapterStory({ id: 'runway', requests });
const request = (prompt: string) => ({ ...requests(world().picture).turbo, prompt });

it.each([
  [null, 'content_filter'],
  ['SAFETY.INPUT.IMAGE', 'content_filter'],
])('a task that ended with %s is a filter and is never tried again', async (code, category) => {
  await world().sim.faults({ id: 'f', kind: 'soft-failure', code });
  const job = await world().submit(request('filtered'));
  expect(await world().pollToEnd(job)).toMatchObject({ kind: 'failed', failure: { category } });
});

it('a task that is cancelled while it runs is charged', async () => {
  const job = await world().submit(request('cancelled'));
  // the cancel itself looks once more, and finds it running
  await world().adapter.poll(job, never);
  await world().adapter.cancel(job, never);
  expect(await world().adapter.poll(job, never)).toMatchObject({
    kind: 'failed',
    billedMicroUsd: 100_000,
    failure: { detail: 'cancelled' },
  });
  expect(await world().billOf('cancelled')).toMatchObject([{ micro_usd: 100_000, refunded: false }]);
});
