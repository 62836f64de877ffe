import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { budgetRefusal, createBudgetGuard } from '../../../src-main/orchestrator/budget-guard.ts';
import type { SubmitOrder } from '../../../src-main/orchestrator/ports/provider.ts';
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

  it('lets go on what costs nothing, also when a bill has passed the cap', () => {
    const passed = spend({ settledMicroUsd: 1300 });
    expect(budgetRefusal({ batch: passed, project: passed, retry: null, costMicroUsd: 0 })).toBeNull();
    expect(budgetRefusal({ batch: passed, project: passed, retry: null, costMicroUsd: 1 })?.limit).toBe('batch');
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

  it('alone makes the token that a submit asks for: spending without a reservation does not compile', () => {
    const { world, guard, batchId } = makeGuard(1000, 5000);
    const reserved = guard.reserve(draft(world, batchId, 1), 400, () => {});
    if (reserved.kind !== 'reserved') throw new Error('refused');
    const { token, attempt } = reserved;
    expect(token).toEqual({ attemptId: attempt.id, amountMicroUsd: 400 });
    const order: SubmitOrder = { reservation: token, inputs: new Map() };
    // @ts-expect-error what merely looks like a token is none
    order.reservation = { attemptId: attempt.id, amountMicroUsd: 400 };
    // @ts-expect-error and none may be left out
    const without: SubmitOrder = { inputs: new Map() };
    expect(without).not.toHaveProperty('reservation');
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

  it('lets no interleaving of batches, bills, doubts and restarts pass a cap by more than bills above their quote', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 40 }), fc.tuple(anyCap, anyCap, anyCap), (steps, caps) => {
        const ledger = new LedgerModel(caps);
        for (const step of steps) ledger.take(step);
        ledger.expectCapsHold();
      }),
      { numRuns: 60 },
    );
  });

  it('passes a cap by one difference at most where a batch has one take out at a time', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 30 }), anyCap, (steps, cap) => {
        const ledger = new LedgerModel([cap, cap, 10_000]);
        let largest = 0;
        for (const step of steps) {
          const { quote, billed } = ledger.oneByOne(step);
          largest = Math.max(largest, billed - quote);
          expect(ledger.committed(0) - cap).toBeLessThanOrEqual(largest);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('counts only repeats of the machine against the cap on repeats, not takes that the director asked for', () => {
    const { world, guard, batchId } = makeGuard(1e9, 1e9, 100);
    const inSeries = (series: number) => ({ ...draft(world, batchId, 1), series });
    const reserve = (series: number) => {
      const reserved = guard.reserve(inSeries(series), 80, () => {});
      if (reserved.kind === 'reserved') endAttempt(world, reserved.attempt.id, 'lose', 80);
      return reserved.kind;
    };
    expect([reserve(0), reserve(0), reserve(0)]).toEqual(['reserved', 'reserved', 'refused']);
    expect([reserve(1), reserve(2), reserve(2)]).toEqual(['reserved', 'reserved', 'refused']);
  });

  it('does not count what was called off before it was sent: the next one is still the first', () => {
    const { world, guard, batchId } = makeGuard(1e9, 1e9, 100);
    const first = guard.reserve(draft(world, batchId, 1), 80, () => {});
    if (first.kind !== 'reserved') throw new Error('refused');
    const failure = { category: 'permanent', detail: 'cancelled', message: 'Stopped.', retryAfterMs: null } as const;
    world.store.failAttempt(first.attempt.id, failure, 0);
    expect(guard.reserve(draft(world, batchId, 1), 101, () => {}).kind).toBe('reserved');
    expect(guard.refusalOf(draft(world, batchId, 1), 101)).toMatchObject({ limit: 'retry' });
  });
});

const anyCap = fc.integer({ min: 0, max: 2000 });
const anyStep = fc.record({
  batch: fc.integer({ min: 0, max: 1 }),
  shot: fc.integer({ min: 1, max: 4 }),
  quote: fc.integer({ min: 0, max: 600 }),
  billedShare: fc.integer({ min: 0, max: 150 }),
  act: fc.constantFrom('reserve', 'reserve', 'settle', 'lose', 'doubt', 'restart'),
});
type Step = typeof anyStep extends fc.Arbitrary<infer S> ? S : never;

/** Two batches of one project that reserve and end their attempts in any order; the guard may be made anew at any time. */
class LedgerModel {
  readonly #caps: readonly number[];
  readonly #world = makeWorld({ shots: 4, store: 'memory' });
  readonly #batches: string[];
  #guard;
  readonly #open: { id: string; batch: number; quote: number }[] = [];
  /** what bills above their quotes have added since the last reservation: of each batch, and of the project */
  readonly #above = [0, 0, 0];

  constructor(caps: readonly number[]) {
    this.#caps = caps;
    const configs = [makeConfig({ budgetMicroUsd: caps[0] }), makeConfig({ budgetMicroUsd: caps[1] })];
    this.#batches = configs.map((config, n) => this.#world.store.insertBatch(`batch_EP001_0000000${n}`, config).id);
    this.#guard = this.#makeGuard();
  }

  committed(scope: number): number {
    const batchId = this.#batches[scope];
    const { store } = this.#world;
    return committedMicroUsd(batchId === undefined ? store.projectSpend() : store.batchSpend(batchId));
  }

  take({ batch, shot, quote, billedShare, act }: Step): void {
    if (act === 'reserve') this.#reserve(batch, shot, quote);
    if (act === 'restart') this.#guard = this.#makeGuard();
    if (act === 'reserve' || act === 'restart') return;
    const [ended] = this.#open.splice(0, 1);
    if (!ended) return;
    const billed = Math.floor((ended.quote * billedShare) / 100);
    if (act === 'doubt') endAttempt(this.#world, ended.id, 'doubt', 0);
    else {
      endAttempt(this.#world, ended.id, 'lose', billed);
      for (const scope of [ended.batch, 2])
        this.#above[scope] = (this.#above[scope] ?? 0) + Math.max(0, billed - ended.quote);
    }
    this.expectCapsHold();
  }

  oneByOne(step: Step): { quote: number; billed: number } {
    this.take({ ...step, batch: 0, act: 'reserve' });
    const quote = this.#open[0]?.quote ?? 0;
    this.take({ ...step, batch: 0, act: 'settle' });
    return { quote, billed: Math.floor((quote * step.billedShare) / 100) };
  }

  expectCapsHold(): void {
    for (const [scope, cap] of this.#caps.entries()) {
      expect(this.committed(scope)).toBeLessThanOrEqual(cap + (this.#above[scope] ?? 0));
    }
  }

  #reserve(batch: number, shot: number, quote: number): void {
    const batchId = this.#batches[batch] ?? '';
    const reserved = this.#guard.reserve(draft(this.#world, batchId, shot), quote, () => {});
    if (reserved.kind === 'refused') return;
    this.#open.push({ id: reserved.attempt.id, batch, quote });
    // what costs nothing may go on when a cap is passed
    for (const scope of quote > 0 ? [batch, 2] : []) {
      expect(this.committed(scope)).toBeLessThanOrEqual(this.#caps[scope] ?? 0);
      this.#above[scope] = 0;
    }
  }

  #makeGuard() {
    const caps = { batch_micro_usd: 0, retry_micro_usd_per_shot: 1e9, project_micro_usd: this.#caps[2] ?? 0 };
    return createBudgetGuard(this.#world.store, () => ({ project: { ...this.#world.project, caps } }));
  }
}

function makeGuard(batchCap: number, projectCap: number, retryCap = 6_000_000) {
  const world = makeWorld({ shots: 4, store: 'memory' });
  const caps = { ...world.project.caps, project_micro_usd: projectCap, retry_micro_usd_per_shot: retryCap };
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
