import { expect, it } from 'vitest';
import type { RefUsed } from '../../../src-shared/domain/provenance.ts';
import { doubtfulAttempt, stillRequest } from '../../fixtures/provider-bench.ts';
import { never, tellAdapterStory } from './adapter-sim.ts';

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

it('an answer that is lost was billed and stays in doubt; one that came is found again', async () => {
  await world().sim.faults({ id: 'f', kind: 'truncated-download' });
  expect(await world().refused(request('half'))).toMatchObject({ kind: 'unknown' });
  expect(await world().billOf('half')).toHaveLength(1);
  expect(await world().adapter.reconcile(doubtfulAttempt('a-half', request('half')), never)).toEqual({
    kind: 'unsupported',
  });
  await world().submit(request('whole'));
  const found = await world()
    .again()
    .reconcile(doubtfulAttempt('a-whole', request('whole')), never);
  expect(found.kind).toBe('found');
});

it('a page in place of the picture was paid for and cannot be used', async () => {
  await world().sim.faults({ id: 'f', kind: 'html-as-mp4' });
  const [billedMicroUsd] = [world().adapter.estimate(request('page'))];
  expect(await world().refused(request('page'))).toMatchObject({
    kind: 'rejected',
    billedMicroUsd,
    failure: { detail: 'bad_output' },
  });
});
