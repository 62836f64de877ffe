import type { Problem } from '../../src-shared/domain/journal.ts';
import type { ProblemStore } from '../orchestrator/ports/store.ts';
import type { StoreContext } from './store-context.ts';
import { nowOf } from './store-context.ts';

/** What is wrong now. A problem that is raised again as it stands makes no noise. */
export function createProblemStore(context: StoreContext): ProblemStore {
  const { sql } = context;
  return {
    raiseProblem: (draft) =>
      sql.transact(() => {
        const known = sql.get<{ problem: string }>('SELECT problem FROM problems WHERE key = ?', draft.key);
        const before = known ? (JSON.parse(known.problem) as Problem) : null;
        const problem: Problem = { ...draft, raisedAt: before?.raisedAt ?? nowOf(context) };
        if (before && sameProblem(before, problem)) return;
        sql.run(
          'INSERT INTO problems (key, problem) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET problem = excluded.problem',
          ...[problem.key, JSON.stringify(problem)],
        );
        context.tell({ type: 'problem_raised', problem });
      }),
    clearProblem: (key) =>
      sql.transact(() => {
        const { changes } = sql.run('DELETE FROM problems WHERE key = ?', key);
        if (changes > 0) context.tell({ type: 'problem_cleared', key });
      }),
    problems: () =>
      sql
        .all<{ problem: string }>('SELECT problem FROM problems ORDER BY key')
        .map((row) => JSON.parse(row.problem) as Problem),
  };
}

function sameProblem(a: Problem, b: Problem): boolean {
  return (
    a.severity === b.severity &&
    a.file === b.file &&
    a.where === b.where &&
    a.message === b.message &&
    a.hint === b.hint
  );
}
