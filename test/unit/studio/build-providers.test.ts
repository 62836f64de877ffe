import { expect, it } from 'vitest';
import type { PollAnswer, ProviderAdapter } from '../../../src-main/orchestrator/ports/provider.ts';
import { pollAtLeastEvery } from '../../../src-main/studio/build-providers.ts';
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
