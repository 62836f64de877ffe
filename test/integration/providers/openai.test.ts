import { expect, it } from 'vitest';
import type { RefUsed } from '../../../src-shared/domain/provenance.ts';
import { stillRequest } from '../../fixtures/provider-bench.ts';
import { tellAdapterStory } from './adapter-sim.ts';

const params = { quality: 'low', output_format: 'png' };
const requests = (picture: RefUsed) => ({
  edits: stillRequest({
    ...{ provider: 'openai', endpoint: 'gpt-image-2/edits', params },
    refs: [{ ...picture, role: 'char:mara:identity/front' }],
  }),
  generations: stillRequest({ provider: 'openai', endpoint: 'gpt-image-2/generations', params }),
});
const world = tellAdapterStory({ id: 'openai', requests, synchronous: true });
const request = (prompt: string) => ({ ...requests(world().picture).edits, prompt });

it('a page in place of the picture was paid for and cannot be used', async () => {
  await world().sim.faults({ id: 'f', kind: 'html-as-mp4' });
  const [billedMicroUsd] = [world().adapter.estimate(request('page'))];
  expect(await world().refused(request('page'))).toMatchObject({
    kind: 'rejected',
    billedMicroUsd,
    failure: { detail: 'bad_output' },
  });
});
