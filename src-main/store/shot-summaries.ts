import type { ShotSummary } from '../../src-shared/api/projects-contract.ts';
import { takeIdOf } from '../../src-shared/domain/ids.ts';
import { type Phase, phases } from '../../src-shared/domain/phase.ts';
import type { StoreContext } from './store-context.ts';

const inEpisode = 'IN (SELECT id FROM shots WHERE episode_id = ?)';

/** Per shot: how many takes, which one stands for it, what it has cost. Two queries, answered from indexes alone. */
export function readShotSummaries(context: StoreContext, episodeId: string): Record<string, ShotSummary> {
  const phaseRows = context.sql.all<{ id: string; phase: Phase; approved: string | null; spent: number | null }>(
    `SELECT p.shot_id AS id, p.phase, p.approved_take_id AS approved, t.settled_micro_usd AS spent FROM shot_phases p
       LEFT JOIN ledger_totals t ON t.scope = 'phase' AND t.key = p.shot_id || '/' || p.phase
       WHERE p.shot_id ${inEpisode}`,
    episodeId,
  );
  const takeRows = context.sql.all<{ id: string; count: number; newest: number }>(
    `SELECT shot_id AS id, count(*) AS count, max(number) AS newest FROM takes WHERE shot_id ${inEpisode} GROUP BY shot_id`,
    episodeId,
  );
  const summaries: Record<string, ShotSummary> = {};
  const furthest = new Map<string, number>();
  for (const { id, phase, approved, spent } of phaseRows) {
    const summary = summaries[id] ?? { takeCount: 0, posterTakeId: null, spentMicroUsd: 0 };
    summaries[id] = summary;
    summary.spentMicroUsd += spent ?? 0;
    const rank = phases.indexOf(phase);
    if (approved === null || rank < (furthest.get(id) ?? 0)) continue;
    summary.posterTakeId = approved;
    furthest.set(id, rank);
  }
  for (const { id, count, newest } of takeRows) {
    const summary = summaries[id];
    if (!summary) continue;
    summary.takeCount = count;
    summary.posterTakeId ??= takeIdOf(id, newest);
  }
  return summaries;
}
