/**
 * The only writer of a state. A move must be legal and must be made on the version that was read; it and its journal row
 * are one transaction.
 */
import { shortShotId } from '../../src-shared/domain/ids.ts';
import type { Phase } from '../../src-shared/domain/phase.ts';
import {
  isLegalMove,
  isSettled,
  type ProductionState,
  stationOf,
  type TransitionCause,
} from '../../src-shared/domain/production-state.ts';
import type { ShotPhase } from '../../src-shared/domain/shot.ts';
import type { ShotPhasePatch, ShotStore, Transition } from '../orchestrator/ports/store.ts';
import { AppError } from '../platform/app-error.ts';
import { requireShotPhase } from './shot-phases.ts';
import type { Flush } from './sql.ts';
import type { StoreContext } from './store-context.ts';
import { nowOf } from './store-context.ts';

export type PhaseWriter = Pick<ShotStore, 'transition' | 'annotate'>;

/** Makes the writer; it remembers when phases were entered by the monotonic clock, which a clock set back cannot fool. */
export function createPhaseWriter(context: StoreContext): PhaseWriter {
  const entered = new Map<string, { version: number; atMs: number }>();
  const keyOf = (row: ShotPhase) => `${row.shotId}/${row.phase}`;

  const elapsedIn = (row: ShotPhase): number => {
    const known = entered.get(keyOf(row));
    if (known?.version === row.version) return Math.max(0, context.clock.monotonicMs() - known.atMs);
    return Math.max(0, context.clock.now().getTime() - Date.parse(row.enteredAt));
  };

  return {
    transition: (move) =>
      context.sql.transact(() => {
        const from = requireShotPhase(context, move.shotId, move.phase);
        requireVersion(from, move.expectedVersion);
        requireLegal(from, move);
        const elapsedMs = elapsedIn(from);
        const patch: ShotPhasePatch = isSettled(move.to) ? { ...move.patch } : { outcome: null, ...move.patch };
        const now = write(context, from, { patch, state: move.to, enteredAt: nowOf(context) });
        entered.set(keyOf(now), { version: now.version, atMs: context.clock.monotonicMs() });
        tellPhase(context, { shotPhase: now, from: from.state, cause: move.cause, elapsedMs });
        return now;
      }, flushOf(move.to)),
    annotate: (shotId, phase, expectedVersion, patch) =>
      context.sql.transact(() => {
        const before = requireShotPhase(context, shotId, phase);
        requireVersion(before, expectedVersion);
        const now = write(context, before, { patch, state: before.state, enteredAt: before.enteredAt });
        const known = entered.get(keyOf(before));
        if (known?.version === before.version) entered.set(keyOf(now), { version: now.version, atMs: known.atMs });
        tellPhase(context, { shotPhase: now, from: now.state, cause: 'annotated', elapsedMs: 0 });
        return now;
      }),
  };
}

/** That work has begun binds nobody: lost with the power, the phase is queued or due as before. */
function flushOf(to: ProductionState): Flush {
  return to === 'binding' ? 'with-next' : 'now';
}

/** Tells that money was settled on a phase: its state and version stay. */
export function tellPhaseSpend(context: StoreContext, shotId: string, phase: Phase): void {
  const row = requireShotPhase(context, shotId, phase);
  const total = context.sql.get<{ spent: number }>(
    `SELECT settled_micro_usd AS spent FROM ledger_totals WHERE scope = 'phase' AND key = ?`,
    `${shotId}/${phase}`,
  );
  const shotPhase = { ...row, spentMicroUsd: total?.spent ?? 0 };
  tellPhase(context, { shotPhase, from: shotPhase.state, cause: 'annotated', elapsedMs: 0 });
}

function tellPhase(
  context: StoreContext,
  move: { shotPhase: ShotPhase; from: ProductionState; cause: TransitionCause; elapsedMs: number },
): void {
  context.tell({ type: 'station_transition', ...move, station: stationOf(move.shotPhase.state) });
}

function write(
  context: StoreContext,
  before: ShotPhase,
  change: { patch: ShotPhasePatch; state: ProductionState; enteredAt: string },
): ShotPhase {
  const given = Object.fromEntries(Object.entries(change.patch).filter(([, value]) => value !== undefined));
  const { state, enteredAt } = change;
  const next: ShotPhase = { ...before, ...(given as ShotPhasePatch), state, enteredAt, version: before.version + 1 };
  context.sql.run(
    `UPDATE shot_phases SET state = ?, version = ?, entered_at = ?, outcome = ?, reason = ?,
       approved_take_id = ?, workflow_id = ?, series = ?, attempts = ?, remediation_count = ?, remediation_limit = ?,
       retry_at = ? WHERE shot_id = ? AND phase = ?`,
    ...[state, next.version, enteredAt, next.outcome, next.reason, next.approvedTakeId, next.workflowId, next.series],
    ...[next.attempts, next.remediationCount, next.remediationLimit, next.retryAt, before.shotId, before.phase],
  );
  return next;
}

function requireVersion(row: ShotPhase, expected: number): void {
  if (row.version === expected) return;
  throw new AppError({
    code: 'state.stale',
    message: `${shortShotId(row.shotId)} (${row.phase}) has changed since it was looked at.`,
    hint: 'Look at it again, then decide.',
    detail: { expected, version: row.version, state: row.state },
    retry: true,
  });
}

function requireLegal(row: ShotPhase, move: Transition): void {
  if (isLegalMove(row.state, move.to)) return;
  throw new AppError({
    code: 'state.illegal-move',
    message: `${shortShotId(row.shotId)} (${row.phase}) cannot go from ${row.state} to ${move.to}.`,
    hint: 'Look at the shot again: it may have moved on.',
    detail: { cause: move.cause },
  });
}
