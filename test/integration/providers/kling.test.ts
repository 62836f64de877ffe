import { expect, it } from 'vitest';
import { clipRequest, doubtfulAttempt } from '../../fixtures/provider-bench.ts';
import { lasting, never, tellAdapterStory } from './adapter-sim.ts';

const clip = (startFrame: ReturnType<typeof clipRequest>['startFrame']) => ({
  v3: lasting(
    clipRequest({
      ...{ provider: 'kling', endpoint: 'kling-v3/image2video', startFrame, negativePrompt: 'blur' },
      params: { mode: 'std', sound: 'off', cfg_scale: 0.4 },
    }),
    3,
  ),
  'v2.6 with sound': clipRequest({
    ...{ provider: 'kling', endpoint: 'kling-v2-6/image2video', startFrame },
    params: { mode: 'pro', sound: 'on' },
  }),
});
const world = tellAdapterStory({ id: 'kling', requests: clip });
const request = (prompt: string) => ({ ...clip(world().picture).v3, prompt });

it('a submit in doubt is found by its external id, and one that never came is not there', async () => {
  await world().sim.faults({ id: 'f', kind: 'accept-then-drop' });
  await world().refused(request('lost'));
  const found = await world().adapter.reconcile(doubtfulAttempt('a-lost', request('lost')), never);
  expect(found).toMatchObject({ kind: 'found' });
  if (found.kind !== 'found') return;
  expect(await world().pollToEnd(found.job)).toEqual({ kind: 'done' });
  expect(await world().adapter.reconcile(doubtfulAttempt('a-never', request('never')), never)).toEqual({
    kind: 'absent',
  });
});

it('a second submit of the same attempt is refused by Kling, read as found and billed once', async () => {
  const job = await world().submit(request('twice'));
  expect(await world().submit(request('twice'))).toEqual(job);
  expect(await world().billOf('twice')).toHaveLength(1);
});

it('a filter that hides behind HTTP 200 is a filter', async () => {
  await world().sim.faults({ id: 'f', kind: 'soft-failure' });
  const job = await world()
    .submit(request('soft'))
    .catch((error: unknown) => world().adapter.readSubmitError(error));
  const answer = 'id' in job ? await world().pollToEnd(job) : job;
  expect(answer).toMatchObject({ failure: { category: 'content_filter' } });
});

it('an older key of two words signs a token of half an hour, and neither is shown', async () => {
  const tools = { ...world().bench.tools, key: () => 'sim-access:sim-access-secret' };
  expect(await world().definition.testKey(tools, never)).toEqual({ kind: 'accepted', detail: 'Kling knows this key.' });
  const wrong = { ...tools, key: () => 'sim-access:another-secret' };
  const refused = await world().definition.testKey(wrong, never);
  expect(refused).toMatchObject({ kind: 'refused' });
  expect(JSON.stringify(refused)).not.toMatch(/sim-access|another-secret/);
});
