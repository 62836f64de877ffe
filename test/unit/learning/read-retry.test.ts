import { describe, expect, it } from 'vitest';
import type { PhaseMemory, Retry } from '../../../src-main/learning/phase-memory.ts';
import { endsRetry, outcomeOf, retryBegunBy } from '../../../src-main/learning/read-retry.ts';
import type { EventBody } from '../../../src-shared/domain/journal.ts';
import type { ProductionState, TransitionCause } from '../../../src-shared/domain/production-state.ts';
import { sampleShotPhase } from '../../fakes/api-samples.ts';

type Move = Extract<EventBody, { type: 'station_transition' }>;

const move = (cause: TransitionCause, from: ProductionState = 'auditing', state: ProductionState = 'queued'): Move => ({
  ...{ type: 'station_transition', from, cause, station: null, elapsedMs: 1000 },
  shotPhase: { ...sampleShotPhase('previs'), state, remediationCount: 2 },
});
const remedy: Retry = { seq: 9, category: 'gate_mechanical', number: 1, before: 'att_1' };
const again: Retry = { ...remedy, category: 'transient' };
const memory = (part: Partial<PhaseMemory> = {}): PhaseMemory => ({
  ...{ attempt: { id: 'att_2', state: 'settled' }, fault: { category: 'gate_mechanical', attemptId: 'att_1' } },
  retry: null,
  ...part,
});

describe('a repeat', () => {
  it.each<[string, Move, Retry, boolean | null]>([
    ['brought its take after a provider’s fault', move('take-arrived', 'assembling', 'auditing'), again, true],
    ['passed the gates', move('audit-passed'), remedy, true],
    ['brought a take for people to see', move('audit-needs-eyes'), remedy, true],
    ['was approved by autonomy', move('approved', 'auditing'), remedy, true],
    ['was overtaken by an approval of a person', move('approved', 'assembling'), remedy, null],
    ['was rejected by the gates again', move('audit-rejected'), remedy, false],
    ['is to be repeated once more', move('retry-planned'), remedy, false],
    ['used up the repeats', move('retries-exhausted', 'auditing'), remedy, false],
    ['was not begun, its repeats being used up', move('retries-exhausted', 'binding'), remedy, null],
    ['was lost for good', move('attempt-lost', 'assembling'), remedy, false],
    ['is in doubt', move('attempt-in-doubt', 'assembling'), remedy, null],
    ['was rejected by a person meanwhile', move('rejected', 'assembling'), remedy, null],
    ['lacks a reference', move('refs-missing', 'binding'), remedy, null],
  ])('that %s', (_what, ended, retry, succeeded) => {
    expect(outcomeOf(ended, retry, memory())).toBe(succeeded);
  });

  it('whose remedy was cut off, by a fault or by a provider that asked for patience, was not tried', () => {
    const busy = { category: 'transient' as const, attemptId: 'att_2' };
    const planned = move('retry-planned', 'assembling', 'remediating');
    expect(outcomeOf(planned, remedy, memory({ fault: busy }))).toBeNull();
    expect(outcomeOf(planned, remedy, memory({ attempt: { id: 'att_2', state: 'submitted' } }))).toBeNull();
    expect(outcomeOf(planned, again, memory({ fault: busy }))).toBe(false);
  });

  it('after a provider’s fault is over when the take arrives; one that mends a take waits for the gates', () => {
    const arrived = move('take-arrived', 'assembling', 'auditing');
    expect([endsRetry(arrived, again), endsRetry(arrived, remedy)]).toEqual([true, false]);
    expect(endsRetry(move('audit-passed', 'auditing', 'awaiting_operator'), remedy)).toBe(true);
    expect(endsRetry(move('annotated', 'queued', 'queued'), remedy)).toBe(false);
  });

  it('is told by what went wrong with the attempt before it, else as asking once more', () => {
    const started = move('retry-started', 'remediating', 'binding');
    const gate = { category: 'gate_identity' as const, attemptId: 'att_2' };
    expect(retryBegunBy(started, 12, memory({ fault: gate }))).toEqual({
      ...{ seq: 12, category: 'gate_identity', number: 2, before: 'att_2' },
    });
    expect(retryBegunBy(started, 12, memory())).toMatchObject({ category: 'transient', before: 'att_2' });
    expect(retryBegunBy(move('work-started'), 12, memory())).toBeNull();
  });
});
