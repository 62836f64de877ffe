import { describe, expect, it } from 'vitest';
import { lineageOfDecision, troubleOf } from '../../../../src-main/orchestrator/request/next-recipe.ts';
import type { Attempt } from '../../../../src-shared/domain/attempt.ts';
import type { Review } from '../../../../src-shared/domain/review.ts';
import { gateResult } from '../../../fakes/production-world.ts';

const made = (takeId: string | null, part: Partial<Attempt> = {}) => ({ takeId, failure: null, ...part }) as Attempt;
const decided = (part: Partial<Review>): Review => ({
  ...{ id: 'rev', shotId: 'EP001_SH001', phase: 'previs', takeId: 'EP001_SH001_T1', action: 'reject' },
  ...{ reasons: [], note: '', workflowId: null, decidedBy: 'mara', decidedAt: '2026-11-21T09:00:00.000Z' },
  ...{ undoes: null, gateDisagreement: null, undone: false },
  ...part,
});
const lineage = (reviews: Review[], attempts = [made('EP001_SH001_T1'), made('EP001_SH001_T2'), made(null)]) =>
  lineageOfDecision({ phase: 'previs', attempts, reviews });

describe('why another take is made', () => {
  it('is the director’s reasons and note, against the take that they decided on', () => {
    expect(lineage([decided({ reasons: ['motion', 'lighting'], note: ' Slower. ' })])).toEqual({
      ...{ parentTakeId: 'EP001_SH001_T1', changeReason: 'rejected: motion, lighting — Slower.' },
    });
    expect(lineage([decided({})]).changeReason).toBe('rejected');
  });

  it('is the engine that they chose, against the latest take where they named none', () => {
    expect(lineage([decided({ action: 'reroute', takeId: null, workflowId: 'ink', note: 'Less grey.' })])).toEqual({
      ...{ parentTakeId: 'EP001_SH001_T2', changeReason: 'rerouted to ink: Less grey.' },
    });
  });

  it('is their latest word on this phase that still stands', () => {
    const first = decided({ note: 'first' });
    expect(lineage([first, decided({ note: 'second' })]).changeReason).toBe('rejected: second');
    expect(lineage([first, decided({ note: 'taken back', undone: true })]).changeReason).toBe('rejected: first');
    expect(lineage([first, decided({ note: 'of the clip', phase: 'video' })]).changeReason).toBe('rejected: first');
    expect(lineage([first, decided({ note: 'fine', action: 'approve' })]).changeReason).toBe('rejected: first');
  });

  it('is nothing for the first take, and simply another one where nobody said why', () => {
    expect(lineage([], [])).toEqual({ parentTakeId: null, changeReason: null });
    expect(lineage([])).toEqual({ parentTakeId: 'EP001_SH001_T2', changeReason: 'Another take' });
  });
});

describe('what went wrong with an attempt', () => {
  const failure = { category: 'transient', detail: 'server', message: 'Busy.', retryAfterMs: null } as const;

  it('is what the gate that rejected its take says, else why there is none', () => {
    const gate = gateResult('gate_2a_identity', 'fail');
    expect(troubleOf(made('EP001_SH001_T1'), () => [gate])).toEqual({
      ...{ category: 'gate_identity', detail: null, gate, why: 'gate_2a_identity: gate_2a_identity says fail.' },
    });
    expect(troubleOf(made(null, { failure }), () => [])).toEqual({
      ...{ category: 'transient', detail: 'server', gate: null, why: 'Busy.' },
    });
  });

  it('is nothing for a take that no gate rejected, or an attempt that is not over', () => {
    expect(troubleOf(made('EP001_SH001_T1', { failure }), () => [gateResult('gate_1', 'review')])).toBeNull();
    expect(troubleOf(made(null), () => [])).toBeNull();
  });
});
