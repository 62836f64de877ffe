import type { Phase } from '../../src-shared/domain/phase.ts';
import { phases } from '../../src-shared/domain/phase.ts';
import type { Outcome, ProductionState } from '../../src-shared/domain/production-state.ts';
import type { ShotPhase } from '../../src-shared/domain/shot.ts';
import { AppError } from '../platform/app-error.ts';
import type { Sql, SqlValue } from './sql.ts';
import type { StoreContext } from './store-context.ts';

interface ShotPhaseRow {
  shot_id: string;
  phase: Phase;
  state: ProductionState;
  outcome: Outcome | null;
  version: number;
  entered_at: string;
  reason: string | null;
  approved_take_id: string | null;
  workflow_id: string | null;
  series: number;
  attempts: number;
  remediation_count: number;
  remediation_limit: number;
  retry_at: string | null;
  spent: number | null;
}

const selectPhases = `SELECT p.*, t.settled_micro_usd AS spent FROM shot_phases p
  LEFT JOIN ledger_totals t ON t.scope = 'phase' AND t.key = p.shot_id || '/' || p.phase`;

/** Rows are frozen: all who ask share them. */
export type PhasesOfShot = Readonly<Record<Phase, Readonly<ShotPhase>>>;

/** One phase as it stands; throws shot.not-found. */
export function requireShotPhase(context: StoreContext, shotId: string, phase: Phase): ShotPhase {
  const shot = context.shots.find(shotId);
  if (shot) return shot.phases[phase];
  throw new AppError({ code: 'shot.not-found', message: `There is no shot ${shotId} in this project.` });
}

/** From the database: the three phases of each shot that `where` selects (a condition on `p.shot_id`). */
export function readPhases(sql: Sql, where: string, ...values: SqlValue[]): Map<string, PhasesOfShot> {
  const rows = sql.all<ShotPhaseRow>(`${selectPhases} WHERE ${where}`, ...values);
  const found = new Map<string, Partial<Record<Phase, ShotPhase>>>();
  for (const row of rows) {
    const known = found.get(row.shot_id) ?? {};
    known[row.phase] = Object.freeze(toShotPhase(row));
    found.set(row.shot_id, known);
  }
  for (const phasesOfShot of found.values()) Object.freeze(phasesOfShot);
  return found as Map<string, PhasesOfShot>;
}

/** A new shot starts with previs queued; the other phases wait for the one before them. */
export function insertShotPhases(context: StoreContext, shotId: string, at: string): void {
  for (const phase of phases) {
    context.sql.run(
      `INSERT INTO shot_phases
         (shot_id, phase, state, version, entered_at, series, attempts, remediation_count, remediation_limit)
       VALUES (?, ?, ?, 0, ?, 0, 0, 0, 0)`,
      ...[shotId, phase, phase === 'previs' ? 'queued' : 'blocked', at],
    );
  }
}

function toShotPhase(row: ShotPhaseRow): ShotPhase {
  return {
    shotId: row.shot_id,
    phase: row.phase,
    state: row.state,
    outcome: row.outcome,
    version: row.version,
    enteredAt: row.entered_at,
    reason: row.reason,
    approvedTakeId: row.approved_take_id,
    workflowId: row.workflow_id,
    series: row.series,
    attempts: row.attempts,
    remediationCount: row.remediation_count,
    remediationLimit: row.remediation_limit,
    retryAt: row.retry_at,
    spentMicroUsd: row.spent ?? 0,
  };
}
