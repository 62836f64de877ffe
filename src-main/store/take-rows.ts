import type { Phase } from '../../src-shared/domain/phase.ts';
import type { Take, TakeReviewState, TakeSource } from '../../src-shared/domain/take.ts';
import type { GateStatus } from '../../src-shared/domain/verdict.ts';

export interface TakeRow {
  id: string;
  shot_id: string;
  phase: Phase;
  number: number;
  source: TakeSource;
  path: string;
  sha256: string;
  probe: string;
  prepared: string | null;
  attempt_id: string | null;
  parent_take_id: string | null;
  provider: string | null;
  model: string | null;
  seed: number | null;
  cost_micro_usd: number;
  review: TakeReviewState;
  gate_status: GateStatus | null;
  made_with_old_hero: number;
  created_at: string;
}

export const selectTakes = 'SELECT takes.* FROM takes';

/** A row of `takes` as the take that it keeps. */
export function toTake(row: TakeRow): Take {
  return {
    id: row.id,
    shotId: row.shot_id,
    phase: row.phase,
    number: row.number,
    source: row.source,
    path: row.path,
    sha256: row.sha256,
    probe: JSON.parse(row.probe),
    prepared: row.prepared === null ? null : JSON.parse(row.prepared),
    attemptId: row.attempt_id,
    parentTakeId: row.parent_take_id,
    provider: row.provider,
    model: row.model,
    seed: row.seed,
    costMicroUsd: row.cost_micro_usd,
    review: row.review,
    gateStatus: row.gate_status,
    madeWithOldHero: row.made_with_old_hero === 1,
    createdAt: row.created_at,
  };
}
