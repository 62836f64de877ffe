import { describe, expect, it } from 'vitest';
import { approve, reject } from '../../../src-main/review/decide.ts';
import type { ReviewDeps } from '../../../src-main/review/review-deps.ts';
import { undo } from '../../../src-main/review/undo.ts';
import type { GateResult } from '../../../src-shared/domain/verdict.ts';
import { settleMicrotasks } from '../../fakes/fake-clock.ts';
import { makeWorld, type ProductionWorld } from '../../fakes/production-world.ts';

const takeId = 'EP001_SH001_T1';

function reviewIn(world: ProductionWorld): ReviewDeps {
  const { store, clock, ids, paths, files, media, gates } = world.deps;
  const project = () => world.project;
  const wake = () => world.orchestrator.wake();
  return { store, clock, ids, paths, files, media: media as ReviewDeps['media'], gates, project, person: 'mara', wake };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await settleMicrotasks();
}

describe('a recorded request that is overtaken while its batch is on hold', () => {
  it('gives its money back, although nothing comes by its phase any more', async () => {
    const world = makeWorld();
    world.provider.price = 100_000;
    const batchId = world.startBatch();
    await world.rest();
    world.provider.upload = async () => {
      world.orchestrator.batches.pause(batchId);
      return new Map();
    };
    reject({ takeId, reasons: [], note: '' }, reviewIn(world));
    await world.rest();
    expect(world.store.openAttempts().map(({ state }) => state)).toEqual(['intent']);
    approve({ takeId, note: '' }, reviewIn(world));
    await world.rest();
    expect(world.store.openAttempts()).toEqual([]);
    expect(world.store.projectSpend()).toMatchObject({ settledMicroUsd: 100_000, reservedMicroUsd: 0 });
  });
});

describe('a decision that was made while its shot was being worked on, taken back', () => {
  it('brings a take whose audit has ended meanwhile to the director, not back to a station where nobody works', async () => {
    const measuring = Promise.withResolvers<void>();
    const world = makeWorld({
      store: 'memory',
      gates: [{ name: 'gate_1', measure: async () => measuring.promise.then(() => passed) }],
    });
    const batchId = world.startBatch();
    await until(() => world.state(1) === 'auditing');
    approve({ takeId, note: '' }, reviewIn(world));
    world.orchestrator.batches.stop(batchId);
    measuring.resolve();
    await world.rest();
    undo(undefined, reviewIn(world));
    await world.rest();
    expect(world.state(1)).toBe('awaiting_operator');
    expect(world.store.take(takeId)?.review).toBe('unreviewed');
  });

  it('puts the shot back to the queue when there is nothing to wait for', async () => {
    const world = makeWorld({ store: 'memory' });
    world.startBatch();
    await world.rest();
    const deps = reviewIn(world);
    reject({ takeId, note: '', reasons: ['motion'] }, deps);
    const row = world.store.shotPhase('EP001_SH001', 'previs');
    const move = { shotId: row.shotId, phase: row.phase, to: 'binding', cause: 'work-started' } as const;
    world.store.transition({ ...move, expectedVersion: row.version });
    approve({ takeId, note: 'it will do' }, deps);
    undo(undefined, deps);
    expect(world.state(1)).toBe('queued');
    expect(world.store.take(takeId)?.review).toBe('rejected');
  });
});

const passed: GateResult = {
  ...{ gate: 'gate_1', status: 'pass', reason: 'fine', measurements: [], findings: [] },
  ...{ costMicroUsd: 0, durationMs: 1, policyVersion: 'test' },
};
