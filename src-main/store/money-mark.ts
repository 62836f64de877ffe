import type { ProjectStore } from '../orchestrator/ports/project-store.ts';
import type { StoreContext } from './store-context.ts';

const key = 'money';

/** Whose money the ledger tells of: a rehearsal's is play money. */
export function createMoneyMark({ sql }: StoreContext): Pick<ProjectStore, 'money' | 'markMoney'> {
  return {
    money() {
      const row = sql.get<{ value: string }>('SELECT value FROM meta WHERE key = ?', key);
      return row === undefined ? null : row.value === 'play' ? 'play' : 'real';
    },
    markMoney: (kind) =>
      void sql.run(
        `INSERT INTO meta (key, value) VALUES (?, ?)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE value <> excluded.value`,
        ...[key, kind],
      ),
  };
}
