import { type FailureCategory, failureCategories } from '../../src-shared/domain/failure.ts';
import type { AttemptStore } from '../orchestrator/ports/store.ts';
import { type AttemptRow, selectAttempts, toAttempt } from './attempt-rows.ts';
import type { StoreContext } from './store-context.ts';

export type AttemptReads = Pick<AttemptStore, 'attempt' | 'openAttempts' | 'attemptsOf' | 'retriesInSeries'>;

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
    attemptsOf: (shotId, phase) =>
      (phase === undefined
        ? sql.all<AttemptRow>(`${selectAttempts} WHERE shot_id = ? ORDER BY seq`, shotId)
        : sql.all<AttemptRow>(`${selectAttempts} WHERE shot_id = ? AND phase = ? ORDER BY seq`, shotId, phase)
      ).map(toAttempt),
    retriesInSeries(shotId, phase, series) {
      const rows = sql.all<{ category: FailureCategory; count: number }>(
        `SELECT failure_category AS category, count(*) AS count FROM attempts
           WHERE shot_id = ? AND phase = ? AND series = ? AND state = 'failed' GROUP BY failure_category`,
        ...[shotId, phase, series],
      );
      const counts = Object.fromEntries(failureCategories.map((category) => [category, 0]));
      for (const row of rows) counts[row.category] = row.count;
      return counts as Record<FailureCategory, number>;
    },
  };
}
