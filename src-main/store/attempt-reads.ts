import type { AttemptStore } from '../orchestrator/ports/store.ts';
import { type AttemptRow, selectAttempts, toAttempt } from './attempt-rows.ts';
import type { StoreContext } from './store-context.ts';

export type AttemptReads = Pick<AttemptStore, 'attempt' | 'openAttempts' | 'endedDoubts' | 'attemptsOf'>;

/** What is asked of attempts on record; lists begin with the oldest. */
export function createAttemptReads(context: StoreContext): AttemptReads {
  const { sql } = context;
  return {
    attempt(attemptId) {
      const row = sql.get<AttemptRow>(`${selectAttempts} WHERE id = ?`, attemptId);
      return row ? toAttempt(row) : null;
    },
    openAttempts: () =>
      sql.all<AttemptRow>(`${selectAttempts} WHERE state NOT IN ('settled', 'failed') ORDER BY seq`).map(toAttempt),
    endedDoubts: (sinceIso) =>
      sql
        .all<AttemptRow>(
          `${selectAttempts} WHERE state = 'failed' AND provider_job_id IS NULL AND updated_at >= ?
             AND EXISTS (SELECT 1 FROM attempt_steps s WHERE s.attempt_id = attempts.id AND s.kind = 'in_doubt')
             ORDER BY seq DESC`,
          sinceIso,
        )
        .map(toAttempt),
    attemptsOf: (shotId, phase) =>
      (phase === undefined
        ? sql.all<AttemptRow>(`${selectAttempts} WHERE shot_id = ? ORDER BY seq`, shotId)
        : sql.all<AttemptRow>(`${selectAttempts} WHERE shot_id = ? AND phase = ? ORDER BY number`, shotId, phase)
      ).map(toAttempt),
  };
}
