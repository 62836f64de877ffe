import { describe, expect, it } from 'vitest';
import { phases } from '../../../src-shared/domain/phase.ts';
import {
  flatStatuses,
  fromFlatStatus,
  isInFlight,
  isLegalMove,
  isSettled,
  legalMovesFrom,
  outcomeSchema,
  productionStates,
  stationOf,
  toFlatStatus,
} from '../../../src-shared/domain/production-state.ts';

describe('the state machine of a phase', () => {
  it('lets the director settle a phase in any state, and nothing stay where it is', () => {
    for (const state of productionStates) {
      if (state !== 'stabilized') expect(isLegalMove(state, 'stabilized')).toBe(true);
      expect(isLegalMove(state, state)).toBe(false);
    }
  });

  it('has no state without a way to it and one back to work', () => {
    for (const state of productionStates) {
      expect(productionStates.some((from) => isLegalMove(from, state))).toBe(true);
      const reached = new Set([state]);
      for (const here of reached) for (const next of legalMovesFrom(here)) reached.add(next);
      expect(reached).toContain('queued');
    }
  });

  it('starts production only from the queue or a remediation', () => {
    const starts = productionStates.filter((from) => isLegalMove(from, 'binding'));
    expect(starts).toEqual(['queued', 'remediating', 'stabilized']);
    expect(isLegalMove('blocked', 'binding')).toBe(false);
    expect(isLegalMove('halted', 'binding')).toBe(false);
  });

  it('reaches escalated from a halt alone', () => {
    expect(productionStates.filter((from) => isLegalMove(from, 'escalated'))).toEqual(['halted']);
  });

  it('is at a station exactly while a station works on it', () => {
    expect(productionStates.filter((state) => stationOf(state) !== null)).toEqual([
      ...['binding', 'assembling', 'auditing', 'remediating'],
    ]);
    for (const state of productionStates) expect(isInFlight(state) && isSettled(state)).toBe(false);
  });
});

describe('the flat statuses of exports', () => {
  it('are written for every phase, state and outcome, and read back as the same class of standing', () => {
    for (const phase of phases) {
      for (const state of productionStates) {
        for (const outcome of [null, ...outcomeSchema.options]) {
          const flat = toFlatStatus(phase, state, outcome);
          expect(flatStatuses).toContain(flat);
          const read = fromFlatStatus(flat);
          expect(read.phase === null || read.phase === phase).toBe(true);
          expect(isSettled(read.state)).toBe(isSettled(state));
          expect(read.state === 'awaiting_operator').toBe(state === 'awaiting_operator');
        }
      }
    }
  });

  it('come back unchanged when what they say is written again', () => {
    const lossy = ['keyframe_semantic_failed', 'video_semantic_failed', 'video_submitted', 'video_downloading'];
    lossy.push('video_mechanical_failed', 'failed', 'approved');
    for (const flat of flatStatuses) {
      const { phase, state, outcome } = fromFlatStatus(flat);
      const again = toFlatStatus(phase ?? 'keyframe', state, outcome);
      if (!lossy.includes(flat)) expect(again).toBe(flat);
      expect(fromFlatStatus(again).state).toBe(state);
    }
  });

  it('never call a take that only waits for review a finished one', () => {
    expect(fromFlatStatus('video_ready').state).toBe('awaiting_operator');
    expect(toFlatStatus('video', 'awaiting_operator', null)).toBe('video_ready');
    expect(fromFlatStatus('rejected').state).toBe('halted');
  });
});
