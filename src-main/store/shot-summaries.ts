import type { ShotSummary } from '../../src-shared/api/projects-contract.ts';
import { takeIdOf } from '../../src-shared/domain/ids.ts';
import { phases } from '../../src-shared/domain/phase.ts';
import type { Shot } from '../../src-shared/domain/shot.ts';
import type { StoreContext } from './store-context.ts';

/** Per shot: how many takes, which one stands for it, what it has cost. The shots are known; two indexes have the rest. */
export function readShotSummaries({ sql, shots }: StoreContext, episodeId: string): Record<string, ShotSummary> {
  const range = { from: `${episodeId}_`, to: `${episodeId}\`` };
  const spentRows = sql.all<{ key: string; spent: number }>(
    `SELECT key, settled_micro_usd AS spent FROM ledger_totals
       WHERE scope = 'phase' AND key > :from AND key < :to AND settled_micro_usd > 0`,
    range,
  );
  const takeRows = sql.all<{ id: string; count: number; newest: number }>(
    `SELECT shot_id AS id, count(*) AS count, max(number) AS newest FROM takes
       WHERE shot_id > :from AND shot_id < :to GROUP BY shot_id`,
    range,
  );
  const spent = new Map(spentRows.map((row) => [row.key, row.spent]));
  const takes = new Map(takeRows.map((row) => [row.id, row]));
  const summaries: Record<string, ShotSummary> = {};
  for (const shot of shots.list(episodeId)) {
    const { count, newest } = takes.get(shot.id) ?? { count: 0, newest: 0 };
    summaries[shot.id] = {
      takeCount: count,
      posterTakeId: furthestApproved(shot) ?? (count > 0 ? takeIdOf(shot.id, newest) : null),
      spentMicroUsd: phases.reduce((sum, phase) => sum + (spent.get(`${shot.id}/${phase}`) ?? 0), 0),
    };
  }
  return summaries;
}

function furthestApproved(shot: Shot): string | null {
  const { video, keyframe, previs } = shot.phases;
  return video.approvedTakeId ?? keyframe.approvedTakeId ?? previs.approvedTakeId;
}
