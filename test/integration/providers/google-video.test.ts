import { expect, it } from 'vitest';
import type { RefUsed } from '../../../src-shared/domain/provenance.ts';
import { clipRequest, doubtfulAttempt } from '../../fixtures/provider-bench.ts';
import { lasting, never, tellAdapterStory } from './adapter-sim.ts';

const requests = (startFrame: RefUsed) => ({
  fast: lasting(
    clipRequest({
      ...{ provider: 'google', endpoint: 'veo-3.1-fast-generate-preview', startFrame, seed: 4711 },
      ...{ params: { resolution: '720p', personGeneration: 'allow_adult' }, negativePrompt: 'blur' },
    }),
    4,
  ),
  veo: lasting(
    clipRequest({
      ...{ provider: 'google', endpoint: 'veo-3.1-generate-preview', startFrame },
      params: { resolution: '720p' },
    }),
    4,
  ),
});
const world = tellAdapterStory({ id: 'google', requests });
const request = (prompt: string) => ({ ...requests(world().picture).fast, prompt });

it('a clip that the filter emptied is done with HTTP 200 and is a filter', async () => {
  await world().sim.faults({ id: 'f', kind: 'soft-failure' });
  const job = await world().submit(request('filtered'));
  const failure = { category: 'content_filter', message: expect.stringContaining('usage guidelines') };
  expect(await world().pollToEnd(job)).toMatchObject({ kind: 'failed', billedMicroUsd: 0, failure });
});

it('a submit in doubt is for a person', async () => {
  await world().sim.faults({ id: 'f', kind: 'accept-then-drop' });
  await world().refused(request('lost'));
  expect(await world().adapter.reconcile(doubtfulAttempt('a-lost', request('lost')), never)).toEqual({
    kind: 'unsupported',
  });
});
