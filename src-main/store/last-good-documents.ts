import type { ProjectStore } from '../orchestrator/ports/project-store.ts';
import type { StoreContext } from './store-context.ts';
import { nowOf } from './store-context.ts';

/** Documents as they last were valid, for the time in which the file is broken. */
export function createLastGoodDocuments(
  context: StoreContext,
): Pick<ProjectStore, 'lastGoodDocument' | 'keepLastGoodDocument'> {
  const { sql } = context;
  return {
    lastGoodDocument(key) {
      const row = sql.get<{ document: string }>('SELECT document FROM last_good_documents WHERE key = ?', key);
      return row ? (JSON.parse(row.document) as unknown) : null;
    },
    keepLastGoodDocument(key, document) {
      sql.transact(() =>
        sql.run(
          `INSERT INTO last_good_documents (key, document, kept_at) VALUES (?, ?, ?)
           ON CONFLICT (key) DO UPDATE SET document = excluded.document, kept_at = excluded.kept_at
             WHERE document <> excluded.document`,
          ...[key, JSON.stringify(document), nowOf(context)],
        ),
      );
    },
  };
}
