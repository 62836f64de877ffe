import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readWorkflowRegistry } from '../../../src-main/supervisor/workflow-registry.ts';
import type { RefUsed } from '../../../src-shared/domain/provenance.ts';
import { clipRequest, doubtfulAttempt, stillRequest } from '../../fixtures/provider-bench.ts';
import { lasting, never, tellAdapterStory } from './adapter-sim.ts';

const table = new URL('../../../resources/workflow_registry.v1.json', import.meta.url);
const registry = readWorkflowRegistry(JSON.parse(readFileSync(table, 'utf8')));
const paramsOf = (id: string) => registry.find(id)?.params ?? {};
const requests = (startFrame: RefUsed) => ({
  'the still that ships': stillRequest({
    ...{ provider: 'comfyui', endpoint: 'comfyui/still', params: paramsOf('comfyui-flux-still'), seed: 7 },
  }),
  'the clip that ships': lasting(
    clipRequest({
      ...{ provider: 'comfyui', endpoint: 'comfyui/clip', params: paramsOf('comfyui-wan-clip'), seed: 7, startFrame },
    }),
    2,
  ),
});
const world = tellAdapterStory({ id: 'comfyui', requests });
const request = (prompt: string) => ({ ...requests(world().picture)['the still that ships'], prompt });

it('a job that ComfyUI forgot at a restart is lost, never done', async () => {
  const job = await world().submit(request('forgotten'));
  await world().sim.crashAndRestart();
  expect(await world().adapter.poll(job, never)).toMatchObject({
    kind: 'failed',
    billedMicroUsd: 0,
    failure: { category: 'transient' },
  });
});

it('a submit in doubt is found by its client id, and one that never came is not there', async () => {
  await world().sim.faults({ id: 'f', kind: 'accept-then-drop' });
  await world().refused(request('lost'));
  const found = await world().adapter.reconcile(doubtfulAttempt('a-lost', request('lost')), never);
  if (found.kind !== 'found') throw new Error(`It is ${found.kind}.`);
  expect(await world().pollToEnd(found.job)).toEqual({ kind: 'done' });
  expect(await world().adapter.reconcile(doubtfulAttempt('a-x', request('x')), never)).toEqual({ kind: 'absent' });
});

it('a cancelled job leaves the queue', async () => {
  const job = await world().submit(request('cancelled'));
  expect(await world().adapter.cancel?.(job, never)).toEqual({ kind: 'asked' });
  expect(await world().adapter.poll(job, never)).toMatchObject({ kind: 'failed' });
});
