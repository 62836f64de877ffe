import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { budgetRefusal, createBudgetGuard } from '../../../src-main/orchestrator/budget-guard.ts';
import type { NewAttempt } from '../../../src-main/orchestrator/ports/store.ts';
import { committedMicroUsd, type Spend } from '../../../src-shared/domain/batch.ts';
import { hashText } from '../../fakes/memory-files.ts';
import { makeConfig, makeWorld, type ProductionWorld, shotIdOf } from '../../fakes/production-world.ts';

const spend = (part: Partial<Spend> = {}): Spend => ({
  ...{ settledMicroUsd: 0, reservedMicroUsd: 0, inDoubtMicroUsd: 0, capMicroUsd: 1000 },
  ...part,
});

describe('what may be reserved', () => {
  const room = { batch: spend(), project: spend(), retry: null };

  it('refuses a price that is not known', () => {
    expect(budgetRefusal({ ...room, costMicroUsd: null })?.limit).toBe('price');
  });

  it('allows up to the cap and not one millionth more', () => {
    expect(budgetRefusal({ ...room, costMicroUsd: 1000 })).toBeNull();
    expect(budgetRefusal({ ...room, costMicroUsd: 1001 })?.limit).toBe('batch');
  });

  it('counts what is reserved and what is in doubt as spent', () => {
    const batch = spend({ settledMicroUsd: 300, reservedMicroUsd: 300, inDoubtMicroUsd: 300 });
    expect(budgetRefusal({ ...room, batch, costMicroUsd: 100 })).toBeNull();
    expect(budgetRefusal({ ...room, batch, costMicroUsd: 101 })).toMatchObject({ limit: 'batch' });
    expect(budgetRefusal({ ...room, batch, costMicroUsd: 101 })?.reason).toContain('in doubt');
  });

  it('holds the project to its own ceiling', () => {
    const project = spend({ settledMicroUsd: 950 });
    expect(budgetRefusal({ ...room, project, costMicroUsd: 51 })?.limit).toBe('project');
  });

  it('holds further takes of a shot to their cap', () => {
    const retry = { spentMicroUsd: 90, capMicroUsd: 100 };
    expect(budgetRefusal({ ...room, retry, costMicroUsd: 10 })).toBeNull();
    expect(budgetRefusal({ ...room, retry, costMicroUsd: 11 })?.limit).toBe('retry');
  });
});

describe('the guard', () => {
  it('reserves and records in one transaction: when what belongs to it does not succeed, nothing is reserved', () => {
    const { world, guard, batchId } = makeGuard(1000, 5000);
    expect(() =>
      guard.reserve(draft(world, batchId, 1), 400, () => {
        throw new Error('the phase has moved');
      }),
    ).toThrow('the phase has moved');
    expect(world.store.openAttempts()).toEqual([]);
    expect(guard.remaining(batchId)).toBe(1000);
  });

  it('gives no token for an attempt that may have been sent', () => {
    const { world, guard, batchId } = makeGuard(1000, 5000);
    const reserved = guard.reserve(draft(world, batchId, 1), 400, () => {});
    if (reserved.kind !== 'reserved') throw new Error('refused');
    const sent = world.store.advanceAttempt(reserved.attempt.id, 'intent', 'submitting');
    expect(() => guard.tokenOf(sent)).toThrow();
  });

  it('never lets any order of reserving, settling, losing and doubting pass a cap', () => {
    const step = fc.record({
      shot: fc.integer({ min: 1, max: 4 }),
      cost: fc.integer({ min: 0, max: 600 }),
      end: fc.constantFrom('settle', 'lose', 'doubt', 'leave'),
      billedShare: fc.integer({ min: 0, max: 100 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), fc.integer({ min: 0, max: 1500 }), (steps, cap) => {
        const { world, guard, batchId } = makeGuard(cap, 1200);
        for (const { shot, cost, end, billedShare } of steps) {
          const reserved = guard.reserve(draft(world, batchId, shot), cost, () => {});
          if (reserved.kind === 'reserved')
            endAttempt(world, reserved.attempt.id, end, Math.floor((cost * billedShare) / 100));
          const batch = world.store.batchSpend(batchId);
          expect(committedMicroUsd(batch)).toBeLessThanOrEqual(cap);
          expect(committedMicroUsd(world.store.projectSpend())).toBeLessThanOrEqual(1200);
        }
      }),
      { numRuns: 60 },
    );
  });
});

function makeGuard(batchCap: number, projectCap: number) {
  const world = makeWorld({ shots: 4, store: 'memory' });
  const caps = { ...world.project.caps, project_micro_usd: projectCap };
  const guard = createBudgetGuard(world.store, () => ({ project: { ...world.project, caps } }));
  const batchId = world.store.insertBatch('batch_EP001_00000001', makeConfig({ budgetMicroUsd: batchCap })).id;
  return { world, guard, batchId };
}

let made = 0;

function draft(world: ProductionWorld, batchId: string, shotNumber: number): NewAttempt {
  return {
    ...{ id: `att_${++made}`, batchId, shotId: shotIdOf(shotNumber), phase: 'previs', series: 0 },
    request: {
      ...{ shotId: shotIdOf(shotNumber), phase: 'previs', workflowId: 'w', provider: 'embedded', model: 'm' },
      ...{ endpoint: 'e', prompt: 'p', negativePrompt: '', seed: 1, params: {}, refs: [], startFrame: null },
      output: {
        ...{ kind: 'still', width: 64, height: 64, frameRate: world.project.fps, durationSeconds: null, audio: false },
      },
    },
    ...{ requestSha256: hashText('r'), priceVersion: 'v', reservedMicroUsd: 0, parentTakeId: null, changeReason: null },
  };
}

function endAttempt(world: ProductionWorld, id: string, end: string, billed: number): void {
  const { store } = world;
  if (end === 'leave') return;
  store.advanceAttempt(id, 'intent', 'submitting');
  const failure = { category: 'transient', detail: 'server', message: 'lost', retryAfterMs: null } as const;
  if (end === 'doubt') store.advanceAttempt(id, 'submitting', 'in_doubt', { failure });
  else store.failAttempt(id, failure, billed);
}
