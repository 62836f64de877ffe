import type { ShotSummary } from '../../src-shared/api/projects-contract.ts';
import { takeIdOf } from '../../src-shared/domain/ids.ts';
import type { StoreContext } from './store-context.ts';

interface SummaryRow {
  id: string;
  take_count: number;
  newest: number | null;
  approved: string | null;
  spent: number;
}

/** Per shot: how many takes, which one stands for it, what it has cost. One query. */
export function readShotSummaries(context: StoreContext, episodeId: string): Record<string, ShotSummary> {
  const rows = context.sql.all<SummaryRow>(
    `SELECT s.id,
       (SELECT count(*) FROM takes t WHERE t.shot_id = s.id) AS take_count,
       (SELECT max(number) FROM takes t WHERE t.shot_id = s.id) AS newest,
       (SELECT p.approved_take_id FROM shot_phases p WHERE p.shot_id = s.id AND p.approved_take_id IS NOT NULL
          ORDER BY CASE p.phase WHEN 'video' THEN 0 WHEN 'keyframe' THEN 1 ELSE 2 END LIMIT 1) AS approved,
       (SELECT coalesce(sum(settled_micro_usd), 0) FROM ledger_totals WHERE scope = 'phase'
          AND key IN (s.id || '/previs', s.id || '/keyframe', s.id || '/video')) AS spent
     FROM shots s WHERE s.episode_id = ?`,
    episodeId,
  );
  return Object.fromEntries(
    rows.map((row): [string, ShotSummary] => [
      row.id,
      {
        takeCount: row.take_count,
        posterTakeId: row.approved ?? (row.newest === null ? null : takeIdOf(row.id, row.newest)),
        spentMicroUsd: row.spent,
      },
    ]),
  );
}
