import { describe, expect, it } from 'vitest';
import type { ProjectServices } from '../../../src-main/api/studio-services.ts';
import { followBatch } from '../../../src-main/cli/follow-batch.ts';
import type { Batch } from '../../../src-shared/domain/batch.ts';
import type { ProductionState } from '../../../src-shared/domain/production-state.ts';
import { sampleBatch, sampleShot } from '../../fakes/api-samples.ts';

/** Services that know one batch and one shot of it; `move` commits, `looked` resolves when the shot is looked at next. */
function scripted(status: Batch['status'], state: ProductionState) {
  const batch = sampleBatch('batch_1', { status });
  let now = state;
  let ring = () => {};
  let look = Promise.withResolvers<'looked'>();
  const services = {
    journal: {
      lastSeq: () => 0,
      eventsAfter: () => [],
      onCommit: (listener: () => void) => {
        ring = listener;
        return () => {};
      },
    },
    batches: { list: async () => [batch] },
    snapshot: async () => {
      const shot = sampleShot('EP001_SH001');
      look.resolve('looked');
      return { shots: [{ ...shot, phases: { ...shot.phases, previs: { ...shot.phases.previs, state: now } } }] };
    },
  } as unknown as ProjectServices;
  const move = (to: ProductionState) => {
    now = to;
    look = Promise.withResolvers();
    ring();
  };
  return { services, move, looked: () => look.promise };
}

describe('following a batch that has put itself on hold', () => {
  const following = (stop = new AbortController().signal) => ({ stop, say: () => {}, onChange: () => {} });

  it('waits for the jobs that are out', async () => {
    const { services, move, looked } = scripted('paused', 'assembling');
    const ended = followBatch(services, 'batch_1', following()).then(() => 'ended');
    expect(await Promise.race([looked(), ended])).toBe('looked');
    move('auditing');
    expect(await Promise.race([looked(), ended])).toBe('looked');
    move('awaiting_operator');
    expect(await ended).toBe('ended');
  });

  it.each(['queued', 'remediating', 'halted'] as const)('does not wait for a shot that is %s', async (state) => {
    const { services } = scripted('paused', state);
    await expect(followBatch(services, 'batch_1', following())).resolves.toMatchObject({ status: 'paused' });
  });

  it('does not wait either where a cap stopped it: nothing is out then', async () => {
    const { services } = scripted('budget_exhausted', 'assembling');
    await expect(followBatch(services, 'batch_1', following())).resolves.toMatchObject({ status: 'budget_exhausted' });
  });
});
