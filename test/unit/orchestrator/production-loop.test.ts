import { describe, expect, it } from 'vitest';
import { makeWorld, scriptedGate } from '../../fakes/production-world.ts';

describe('the production loop', () => {
  it('takes a queued shot to the director', async () => {
    const world = makeWorld({ gates: [scriptedGate('gate_1', ['pass'])] });
    const batchId = world.startBatch();
    await world.rest();
    expect(world.state(1)).toBe('awaiting_operator');
    expect(world.store.takesOf('EP001_SH001')).toHaveLength(1);
    expect(world.store.batch(batchId)).toMatchObject({ status: 'running', awaitingOperator: true });
  });
});
