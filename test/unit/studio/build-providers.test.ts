import { expect, it } from 'vitest';
import type { PollAnswer, ProviderAdapter } from '../../../src-main/orchestrator/ports/provider.ts';
import { believeListAfter, pollAtLeastEvery } from '../../../src-main/studio/build-providers.ts';
import { rehearsalAccess } from '../../../src-main/studio/rehearsal-access.ts';
import { FakeProvider } from '../../fakes/fake-provider.ts';
import { MemoryDisk } from '../../fakes/memory-files.ts';

const never = new AbortController().signal;

it.each([
  [
    { kind: 'pending', progress: 0.5, pollAgainMs: 10_000 },
    { kind: 'pending', progress: 0.5, pollAgainMs: 500 },
  ],
  [
    { kind: 'pending', progress: null, pollAgainMs: 0 },
    { kind: 'pending', progress: null, pollAgainMs: 0 },
  ],
  [{ kind: 'done' }, { kind: 'done' }],
] satisfies [PollAnswer, PollAnswer][])(
  'a poll that says %j is %j where nobody need wait long',
  async (said, heard) => {
    const adapter: ProviderAdapter = new FakeProvider(new MemoryDisk());
    adapter.poll = async () => said;
    pollAtLeastEvery(adapter, rehearsalAccess(() => null).longestPollMs ?? Number.NaN);
    expect(await adapter.poll({ id: 'job', data: {} }, never)).toEqual(heard);
  },
);

it.each([
  [1_800_000, 60_000],
  [undefined, 60_000],
  [0, 0],
])(
  'a list that is believed after %s ms by the engine is believed after %s ms where it is known to be quick',
  (own, believed) => {
    const adapter = new FakeProvider(new MemoryDisk(), { capabilities: { reconcile: 'list', reconcileGraceMs: own } });
    expect(believeListAfter(adapter, 60_000).capabilities).toEqual({
      ...adapter.capabilities,
      reconcileGraceMs: believed,
    });
    expect(adapter.capabilities.reconcileGraceMs).toBe(own);
  },
);
