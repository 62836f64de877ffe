/**
 * Takes: rows that are only ever added. What a take is cannot change afterwards (the database refuses it); what is said
 * of it (review, gates, prepared pictures, old heroes) can, and each change is journalled with the whole take.
 */
import { takeIdOf } from '../../src-shared/domain/ids.ts';
import type { Take } from '../../src-shared/domain/take.ts';
import type { GateResult, GateStatus } from '../../src-shared/domain/verdict.ts';
import type { ProjectStore } from '../orchestrator/ports/project-store.ts';
import type { NewTake, TakeStore } from '../orchestrator/ports/store.ts';
import { AppError } from '../platform/app-error.ts';
import type { Ledger } from './ledger.ts';
import type { Flush, SqlValue } from './sql.ts';
import type { StoreContext } from './store-context.ts';
import { nowOf } from './store-context.ts';
import { createTakeReads, takeNotFound } from './take-reads.ts';
import { requireSameFacts, writeRecord } from './take-records.ts';
import { tellPhaseSpend } from './transition.ts';

export interface TakeRepository extends TakeStore, Pick<ProjectStore, 'takeByHash' | 'isTakeNumberHeld'> {
  /** Adds the take with its record, inside the caller's transaction. */
  insertTake(take: NewTake): Take;
}

export function createTakeStore(context: StoreContext, ledger: Ledger): TakeRepository {
  const { sql } = context;
  const reads = createTakeReads(context);
  const { take, takeByHash } = reads;
  const require = (takeId: string): Take => {
    const found = take(takeId);
    if (found) return found;
    throw takeNotFound(takeId);
  };
  /** Sets a column of a take and journals it, unless it was so already. */
  const change = (takeId: string, column: string, value: SqlValue, flush?: Flush): Take =>
    sql.transact(() => {
      require(takeId);
      const text = `UPDATE takes SET ${column} = :value WHERE id = :takeId AND ${column} IS NOT :value`;
      const { changes } = sql.run(text, { takeId, value });
      const now = require(takeId);
      if (changes > 0) context.tell({ type: 'take_changed', take: now });
      return now;
    }, flush);
  const insertTake = (draft: NewTake): Take => {
    insertRow(context, draft);
    writeRecord(context, takeIdOf(draft.shotId, draft.number), draft.provenance);
    const recorded = require(takeIdOf(draft.shotId, draft.number));
    context.tell({ type: 'take_recorded', take: recorded });
    return recorded;
  };
  return {
    ...reads,
    insertTake,
    nextTakeNumber: (shotId) => handOutNumber(context, shotId),
    isTakeNumberHeld: (shotId, takeNumber) => isNumberHeld(context, shotId, takeNumber),
    recordTake: (draft) =>
      sql.transact(() => {
        const same = takeByHash(draft.shotId, draft.sha256);
        if (same) throw recordedAlready(same);
        return insertTake(draft);
      }),
    updateProvenance: (takeId, record) =>
      sql.transact(() => {
        const before = sql.get<{ record: string }>('SELECT record FROM take_records WHERE take_id = ?', takeId);
        const recorded = require(takeId);
        requireSameFacts(JSON.parse(before?.record ?? 'null'), record);
        const text = JSON.stringify(record);
        if (text === before?.record) return;
        sql.run('UPDATE take_records SET record = ? WHERE take_id = ?', text, takeId);
        context.tell({ type: 'take_changed', take: recorded });
      }),
    recordGates: (takeId, results) =>
      sql.transact(() => {
        const before = require(takeId);
        replaceGates(context, takeId, results);
        payGates(context, ledger, before, results);
        sql.run('UPDATE takes SET gate_status = ? WHERE id = ?', worstStatus(results), takeId);
        const now = require(takeId);
        context.tell({ type: 'take_changed', take: now });
        return now;
      }),
    setTakeReview: (takeId, review) => change(takeId, 'review', review),
    // the pictures can be made again
    setPrepared: (takeId, prepared) => change(takeId, 'prepared', JSON.stringify(prepared), 'with-next'),
    markMadeWithOldHero: (takeIds, old) =>
      sql.transact(() => {
        for (const id of takeIds) change(id, 'made_with_old_hero', old ? 1 : 0);
      }),
  };
}

function insertRow(context: StoreContext, draft: NewTake): void {
  const held = context.sql.run(
    'INSERT INTO take_numbers (shot_id, number, session) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    ...[draft.shotId, draft.number, context.session],
  );
  if (held.changes > 0) context.logger.debug('a take number was used that nobody had asked for', { path: draft.path });
  context.sql.run(
    `INSERT INTO takes (id, shot_id, phase, number, source, path, sha256, probe, attempt_id, parent_take_id, provider,
       model, seed, cost_micro_usd, review, made_with_old_hero, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'unreviewed', 0, ?)`,
    ...[takeIdOf(draft.shotId, draft.number), draft.shotId, draft.phase, draft.number, draft.source, draft.path],
    ...[draft.sha256, JSON.stringify(draft.probe), draft.attemptId, draft.parentTakeId, draft.provider, draft.model],
    ...[draft.seed, draft.costMicroUsd, nowOf(context)],
  );
}

function handOutNumber(context: StoreContext, shotId: string): number {
  return context.sql.transact(() => {
    const last = context.sql.get<{ number: number }>(
      'SELECT coalesce(max(number), 0) AS number FROM take_numbers WHERE shot_id = ?',
      shotId,
    );
    const number = (last?.number ?? 0) + 1;
    context.sql.run(
      'INSERT INTO take_numbers (shot_id, number, session) VALUES (?, ?, ?)',
      ...[shotId, number, context.session],
    );
    return number;
  });
}

function isNumberHeld(context: StoreContext, shotId: string, takeNumber: number): boolean {
  const found = context.sql.get<{ held: number }>(
    `SELECT 1 AS held FROM take_numbers n WHERE n.shot_id = :shotId AND n.number = :takeNumber
       AND NOT EXISTS (SELECT 1 FROM takes t WHERE t.shot_id = :shotId AND t.number = :takeNumber)
       AND (n.session = :session OR EXISTS (
         SELECT 1 FROM attempts a WHERE a.shot_id = :shotId AND a.state NOT IN ('settled', 'failed')))`,
    { shotId, takeNumber, session: context.session },
  );
  return found !== undefined;
}

function replaceGates(context: StoreContext, takeId: string, results: readonly GateResult[]): void {
  context.sql.run('DELETE FROM gate_results WHERE take_id = ?', takeId);
  results.forEach((result, position) => {
    context.sql.run(
      'INSERT INTO gate_results (take_id, gate, position, result) VALUES (?, ?, ?, ?)',
      ...[takeId, result.gate, position, JSON.stringify(result)],
    );
  });
}

/** Measuring that costs money is money of the take's attempt, batch and project like any other. */
function payGates(context: StoreContext, ledger: Ledger, take: Take, results: readonly GateResult[]): void {
  const cost = results.reduce((sum, result) => sum + result.costMicroUsd, 0);
  if (cost === 0) return;
  const reserved = context.sql.get<{ place: number; batch_id: string | null }>(
    `SELECT attempt_number AS place, batch_id FROM ledger WHERE attempt_id = ? AND kind = 'reserve'`,
    take.attemptId,
  );
  ledger.add('settle', cost, {
    attemptId: take.attemptId,
    attemptNumber: reserved?.place ?? 1,
    batchId: reserved?.batch_id ?? null,
    shotId: take.shotId,
    phase: take.phase,
  });
  tellPhaseSpend(context, take.shotId, take.phase);
  ledger.tellSpend();
}

const byWeight: readonly GateStatus[] = ['fail', 'review', 'unmeasurable', 'deferred', 'pass', 'skipped'];

/** The status that weighs most over the gates; null when none ran. */
function worstStatus(results: readonly GateResult[]): GateStatus | null {
  return byWeight.find((status) => results.some((result) => result.status === status)) ?? null;
}

function recordedAlready(same: Take): AppError {
  return new AppError({
    code: 'take.protected',
    message: `These bytes are on record already, as ${same.id} (${same.path}).`,
    hint: 'Use that take; a recorded take is never written over.',
  });
}
