import { timedStates } from '../../src-shared/domain/learning.ts';
import type { Phase } from '../../src-shared/domain/phase.ts';
import { phases } from '../../src-shared/domain/phase.ts';
import type { TakeSource } from '../../src-shared/domain/take.ts';
import type { GateStatus } from '../../src-shared/domain/verdict.ts';
import type { ApprovedOutput, ChosenTake, StationTimes } from '../orchestrator/ports/learning-store.ts';
import type { StoreContext } from './store-context.ts';

/** What was approved of each engine's work, from the circled takes alone. */
export function readApprovedOutput({ sql }: StoreContext): ApprovedOutput[] {
  return sql.all<ApprovedOutput>(
    `SELECT phase, model, CASE json_extract(probe, '$.kind') WHEN 'clip' THEN 'clip' ELSE 'still' END AS output,
       count(*) AS takes, coalesce(sum(json_extract(probe, '$.durationSeconds')), 0) AS seconds
     FROM takes INDEXED BY takes_approved WHERE review = 'approved' AND model IS NOT NULL
     GROUP BY phase, model, output`,
  );
}

const timed = 'FROM learning_times WHERE state = :state AND phase = :phase';

/** Median and 95th percentile (nearest rank) of the time in each state, by phase; states never left are not listed. */
export function readStationTimes({ sql }: StoreContext): StationTimes[] {
  return timedStates.flatMap((state) =>
    phases.flatMap((phase): StationTimes[] => {
      const n = sql.get<{ n: number }>(`SELECT count(*) AS n ${timed}`, { state, phase })?.n ?? 0;
      if (n === 0) return [];
      const at = (rank: number) =>
        sql.get<{ ms: number }>(`SELECT elapsed_ms AS ms ${timed} ORDER BY elapsed_ms LIMIT 1 OFFSET :skip`, {
          ...{ state, phase },
          skip: rank - 1,
        })?.ms ?? 0;
      const medianMs = (at(Math.ceil(n / 2)) + at(Math.floor(n / 2) + 1)) / 2;
      return [{ state, phase, n, medianMs, p95Ms: at(Math.ceil(0.95 * n)) }];
    }),
  );
}

interface ChosenRow {
  take_id: string;
  shot_id: string;
  phase: Phase;
  source: TakeSource;
  gate_status: GateStatus | null;
  newer_pass: number;
  note: string;
  decided_at: string;
}

/** Takes that are circled by a person's decision, in the order in which they were decided. */
export function readChosenTakes({ sql }: StoreContext): ChosenTake[] {
  return sql
    .all<ChosenRow>(
      `SELECT t.id AS take_id, t.shot_id, t.phase, t.source, t.gate_status, r.note, r.decided_at,
         EXISTS (SELECT 1 FROM takes n WHERE n.shot_id = t.shot_id AND n.phase = t.phase AND n.number > t.number
           AND n.gate_status = 'pass' AND n.created_at < r.decided_at) AS newer_pass
       FROM takes t INDEXED BY takes_approved
       JOIN reviews r ON r.seq = (SELECT max(x.seq) FROM reviews x WHERE x.shot_id = t.shot_id AND x.take_id = t.id
         AND x.undone = 0 AND x.action IN ('approve', 'auto-approve', 'override'))
       WHERE t.review = 'approved' AND r.action <> 'auto-approve' ORDER BY r.seq`,
    )
    .map((row) => ({
      takeId: row.take_id,
      shotId: row.shot_id,
      phase: row.phase,
      source: row.source,
      gateStatus: row.gate_status,
      hadNewerPass: row.newer_pass === 1,
      note: row.note,
      decidedAt: row.decided_at,
    }));
}
