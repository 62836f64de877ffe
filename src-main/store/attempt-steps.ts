/**
 * The steps of attempts: rows that are only ever added, each in the transaction of the change that it tells of. A step that
 * moved an attempt is told by the attempt's own event; one that moved nothing has an event of its own.
 */
import type { Attempt, AttemptState } from '../../src-shared/domain/attempt.ts';
import type { AttemptStep, AttemptStepKind, NewAttemptStep } from '../../src-shared/domain/attempt-step.ts';
import type { Phase } from '../../src-shared/domain/phase.ts';
import type { AttemptStepStore } from '../orchestrator/ports/store.ts';
import type { StoreContext } from './store-context.ts';
import { nowOf } from './store-context.ts';

interface StepRow {
  seq: number;
  attempt_id: string;
  shot_id: string;
  phase: Phase;
  number: number;
  at: string;
  kind: AttemptStepKind;
  by: string | null;
  note: string | null;
  finding: AttemptStep['finding'];
  jobs: string | null;
}

const selectSteps = `SELECT s.*, a.shot_id, a.phase, a.number FROM attempt_steps s JOIN attempts a ON a.id = s.attempt_id`;

export interface AttemptSteps extends Pick<AttemptStepStore, 'recordStep' | 'stepsOf'> {
  /** An attempt has come to a state; call in the transaction that moved it. */
  reached(attempt: Attempt, from: AttemptState | null): void;
}

export function createAttemptSteps(context: StoreContext): AttemptSteps {
  const { sql } = context;
  const add = (step: NewAttemptStep): number =>
    sql.run(
      'INSERT INTO attempt_steps (attempt_id, at, kind, by, note, finding, jobs) VALUES (?, ?, ?, ?, ?, ?, ?)',
      ...[step.attemptId, nowOf(context), step.kind, step.by, step.note, step.finding ?? null],
      step.jobs === undefined || step.jobs.length === 0 ? null : JSON.stringify(step.jobs),
    ).rowId;
  return {
    reached(attempt, from) {
      const isAskedToWait = attempt.state === 'intent' && from !== null;
      add({ attemptId: attempt.id, kind: isAskedToWait ? 'waiting' : attempt.state, by: null, note: noteOf(attempt) });
    },
    recordStep: (step) =>
      sql.transact(() => {
        const row = sql.get<StepRow>(`${selectSteps} WHERE s.seq = ?`, add(step));
        if (!row) throw new Error(`There is no attempt ${step.attemptId}`);
        const recorded = toStep(row);
        context.tell({ type: 'attempt_noted', step: recorded });
        return recorded;
      }),
    stepsOf: (attemptId) =>
      sql.all<StepRow>(`${selectSteps} WHERE s.attempt_id = ? ORDER BY s.seq`, attemptId).map(toStep),
  };
}

/** What of the attempt belongs to the state it has come to. */
function noteOf(attempt: Attempt): string | null {
  switch (attempt.state) {
    case 'submitted':
      return attempt.providerJobId;
    case 'settled':
      return attempt.takeId;
    case 'intent':
    case 'in_doubt':
    case 'failed':
      return attempt.failure?.message ?? null;
    case 'submitting':
    case 'downloaded':
      return null;
  }
}

function toStep(row: StepRow): AttemptStep {
  return {
    seq: row.seq,
    attemptId: row.attempt_id,
    shotId: row.shot_id,
    phase: row.phase,
    number: row.number,
    at: row.at,
    kind: row.kind,
    by: row.by,
    note: row.note,
    finding: row.finding,
    jobs: row.jobs === null ? [] : JSON.parse(row.jobs),
  };
}
