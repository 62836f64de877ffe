import { describe, expect, it } from 'vitest';
import type { AttemptFailure } from '../../../../src-shared/domain/attempt.ts';
import { makeWorld, type ProductionWorld, scriptedGate, type WorldOptions } from '../../../fakes/production-world.ts';

const shotId = 'EP001_SH001';
const row = (world: ProductionWorld) => world.store.shotPhase(shotId, 'previs');

/** An engine that refuses the first requests with this, one each, and takes the rest. */
function refusing(failure: Partial<AttemptFailure>, options: WorldOptions = {}): ProductionWorld {
  const world = makeWorld(options);
  world.provider.readSubmitError = () => ({
    ...{ kind: 'rejected', billedMicroUsd: 0 },
    failure: { category: 'transient', detail: 'server', message: 'Busy.', retryAfterMs: null, ...failure },
  });
  world.provider.faults = ['rejected'];
  return world;
}

describe('a repeat that is planned', () => {
  it.each([
    [0, 4500],
    [1000, 5000],
    [2000, 5500],
    [2001 * 7 + 1500, 5250],
  ])('waits for five seconds, spread by the draw %i: %i ms', async (drawn, waitMs) => {
    const world = refusing({});
    await world.restart({ ids: { ...world.deps.ids, randomSeed: () => drawn } });
    world.startBatch();
    await world.clock.advance(1000);
    expect(Date.parse(row(world).retryAt ?? '') - Date.parse('2026-11-21T09:00:00.000Z')).toBe(waitMs);
  });

  it.each([
    ['Out of capacity', 'Out of capacity. The same request: the engine was at fault, not the picture.'],
    ['Why not?', 'Why not? The same request: the engine was at fault, not the picture.'],
  ])('after "%s" says in whole sentences what happened and what changes', async (message, reason) => {
    const world = refusing({ message });
    world.startBatch();
    await world.clock.advance(1000);
    expect(row(world)).toMatchObject({ state: 'remediating', reason });
  });
});

describe('a request that the engine did not take yet', () => {
  it('is said to be the same, whatever a next one would change', async () => {
    const world = refusing({ detail: 'rate_limit', message: 'Slow down.' });
    world.startBatch();
    await world.clock.advance(1000);
    expect(row(world).reason).toBe('Slow down. The same request: it was not taken yet.');
  });
});

describe('how a phase moves by a decision', () => {
  const moves = async (world: ProductionWorld) => {
    world.startBatch({ retryPolicies: { gate_mechanical: { maxRetries: 1 } } });
    await world.rest();
    return world.store
      .eventsAfter(0, 1000)
      .flatMap(({ body }) => (body.type === 'station_transition' ? [`${body.shotPhase.state}: ${body.cause}`] : []))
      .filter((move) => !/^(binding|assembling|auditing)/.test(move));
  };

  it('tells a rejected take from a lost attempt, and what was given up after repeats from what was at once', async () => {
    expect(await moves(makeWorld({ gates: [scriptedGate('gate_1', ['fail'])] }))).toEqual([
      ...['remediating: audit-rejected', 'halted: retries-exhausted'],
    ]);
    expect(await moves(makeWorld({ gates: [scriptedGate('gate_3', ['fail'])] }))).toEqual([
      'awaiting_operator: audit-needs-eyes',
    ]);
    expect(await moves(refusing({}))).toEqual(['remediating: retry-planned', 'awaiting_operator: audit-passed']);
    expect(await moves(refusing({ category: 'content_filter' }))).toEqual(['awaiting_operator: attempt-lost']);
    expect(await moves(refusing({ category: 'permanent' }))).toEqual(['halted: attempt-lost']);
  });
});
