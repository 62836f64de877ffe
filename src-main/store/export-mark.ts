import type { ProjectStore } from '../orchestrator/ports/project-store.ts';
import type { StoreContext } from './store-context.ts';

const key = 'exported_seq';

/** How far the exports of this project have followed its journal. */
export function createExportMark({ sql }: StoreContext): Pick<ProjectStore, 'exportedSeq' | 'markExported'> {
  return {
    exportedSeq: () => Number(sql.get<{ value: string }>('SELECT value FROM meta WHERE key = ?', key)?.value ?? 0),
    markExported: (seq) =>
      void sql.run(
        `INSERT INTO meta (key, value) VALUES (?, ?)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE value <> excluded.value`,
        ...[key, String(seq)],
      ),
  };
}
