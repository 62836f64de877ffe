import { expect, it } from 'vitest';
import type { RefUsed } from '../../../src-shared/domain/provenance.ts';
import { stillRequest } from '../../fixtures/provider-bench.ts';
import { tellAdapterStory } from './adapter-sim.ts';

const requests = (picture: RefUsed) => {
  const refs = [{ ...picture, role: 'char:mara:identity/front' }];
  return {
    'nano banana 2': stillRequest({
      ...{ provider: 'google', endpoint: 'gemini-3.1-flash-image', refs, seed: 7, params: { imageSize: '1K' } },
    }),
    'nano banana pro': stillRequest({
      ...{ provider: 'google', endpoint: 'gemini-3-pro-image', params: { imageSize: '2K' } },
    }),
  };
};
const world = tellAdapterStory({ id: 'google', requests, synchronous: true });
const request = (prompt: string) => ({ ...requests(world().picture)['nano banana 2'], prompt });

it.each([null, 'NO_IMAGE', 'PROMPT_BLOCKED'])('a filter that answers HTTP 200 with %s is a filter', async (code) => {
  await world().sim.faults({ id: 'f', kind: 'soft-failure', code });
  expect(await world().refused(request('filtered'))).toMatchObject({
    kind: 'rejected',
    failure: { category: 'content_filter' },
  });
});
