import { expect, it } from 'vitest';
import type { RefUsed } from '../../../src-shared/domain/provenance.ts';
import { clipRequest } from '../../fixtures/provider-bench.ts';
import { lasting, tellAdapterStory } from './adapter-sim.ts';

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
