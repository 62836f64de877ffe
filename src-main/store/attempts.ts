/**
 * Attempts as the protocol moves them (architecture.md): each step names the state it leaves, and money moves in the same
 * transaction. An attempt in doubt keeps its reservation and is never sent again.
 */
import type { Attempt, AttemptState } from '../../src-shared/domain/attempt.ts';
import { isAttemptOver } from '../../src-shared/domain/attempt.ts';
import type { MicroUsd } from '../../src-shared/domain/money.ts';
import type { Take } from '../../src-shared/domain/take.ts';
import type { AttemptStore, NewTake } from '../orchestrator/ports/store.ts';
import { AppError } from '../platform/app-error.ts';
import { createAttemptReads } from './attempt-reads.ts';
import { insertAttempt } from './attempt-rows.ts';
import type { AttemptSteps } from './attempt-steps.ts';
import type { Ledger, LedgerParty } from './ledger.ts';
import type { Sql } from './sql.ts';
import type { StoreContext } from './store-context.ts';
import { nowOf } from './store-context.ts';
import { tellPhaseSpend } from './transition.ts';

/**
 * Steps that may follow each other without ending the attempt; nothing leads from doubt back to sending. A doubt that had ended
 * without a job is opened again when its job comes back.
 */
const steps: Record<AttemptState, readonly AttemptState[]> = {
  intent: ['submitting'],
  submitting: ['intent', 'submitted', 'in_doubt'],
  submitted: ['downloaded', 'in_doubt'],
  downloaded: ['submitted'],
  in_doubt: ['submitted'],
  settled: [],
  failed: ['in_doubt'],
};

export interface AttemptDeps {
  ledger: Ledger;
  steps: Pick<AttemptSteps, 'reached' | 'stepsOf'>;
  insertTake: (take: NewTake) => Take;
}

export function createAttemptStore(context: StoreContext, deps: AttemptDeps): AttemptStore {
  const { sql } = context;
  const reads = createAttemptReads(context);
  const require = (attemptId: string): Attempt => {
    const found = reads.attempt(attemptId);
    if (!found) throw new Error(`There is no attempt ${attemptId}`);
    return found;
  };
  /** Tells of an attempt as it was just written. */
  const told = (attempt: Attempt, from: AttemptState | null): Attempt => {
    deps.steps.reached(attempt, from);
    context.tell({ type: 'attempt_changed', attempt });
    return attempt;
  };
  const settleMoney = (attempt: Attempt, billedMicroUsd: MicroUsd) => {
    const party = partyOf(attempt, sql);
    deps.ledger.add('release', attempt.reservedMicroUsd, party);
    if (billedMicroUsd > 0) {
      deps.ledger.add('settle', billedMicroUsd, party);
      tellPhaseSpend(context, attempt.shotId, attempt.phase);
    }
    deps.ledger.tellSpend();
  };
  /** Money that is out is held whatever a cap says; only what nobody was billed for, and nobody found, can come back. */
  const holdAgain = (attempt: Attempt) => {
    const wasLost = attempt.providerJobId === null && attempt.actualMicroUsd === 0;
    const wasInDoubt = deps.steps.stepsOf(attempt.id).some(({ kind }) => kind === 'in_doubt');
    if (!wasLost || !wasInDoubt) throw illegalStep(attempt, 'in_doubt');
    deps.ledger.add('reserve', attempt.reservedMicroUsd, partyOf(attempt, sql));
  };

  return {
    ...reads,
    recordIntent: (draft) =>
      sql.transact(() => {
        const attempt = insertAttempt(context, draft);
        deps.ledger.add('reserve', attempt.reservedMicroUsd, partyOf(attempt, sql));
        told(attempt, null);
        deps.ledger.tellSpend();
        return attempt;
      }),
    advanceAttempt: (attemptId, from, to, patch = {}) =>
      sql.transact(() => {
        const before = require(attemptId);
        requireStep(before, from, to);
        if (from === 'failed') holdAgain(before);
        const next: Attempt = { ...before, ...patch, state: to, actualMicroUsd: null, updatedAt: nowOf(context) };
        sql.run(
          `UPDATE attempts SET state = ?, provider_job_id = ?, provider_job = ?, failure = ?, failure_category = ?,
             actual_micro_usd = NULL, updated_at = ? WHERE id = ?`,
          ...[to, next.providerJobId, jsonOrNull(next.providerJob), jsonOrNull(next.failure)],
          ...[next.failure?.category ?? null, next.updatedAt, attemptId],
        );
        told(next, from);
        // what is in doubt is told apart from what is reserved
        if (from === 'in_doubt' || to === 'in_doubt') deps.ledger.tellSpend();
        return next;
      }),
    failAttempt: (attemptId, failure, billedMicroUsd) =>
      sql.transact(() => {
        const before = require(attemptId);
        if (isAttemptOver(before.state)) throw illegalStep(before, 'failed');
        const ended = { state: 'failed' as const, failure, actualMicroUsd: billedMicroUsd, updatedAt: nowOf(context) };
        sql.run(
          `UPDATE attempts SET state = 'failed', failure = ?, failure_category = ?, actual_micro_usd = ?, updated_at = ?
             WHERE id = ?`,
          ...[JSON.stringify(failure), failure.category, billedMicroUsd, ended.updatedAt, attemptId],
        );
        settleMoney(before, billedMicroUsd);
        return told({ ...before, ...ended }, before.state);
      }),
    settleAttempt: (attemptId, draft, actualMicroUsd) =>
      sql.transact(() => {
        const before = require(attemptId);
        if (before.state !== 'downloaded' && before.state !== 'submitted') throw illegalStep(before, 'settled');
        const take = deps.insertTake({ ...draft, attemptId });
        const updatedAt = nowOf(context);
        sql.run(
          `UPDATE attempts SET state = 'settled', take_id = ?, actual_micro_usd = ?, failure = NULL,
             failure_category = NULL, updated_at = ? WHERE id = ?`,
          ...[take.id, actualMicroUsd, updatedAt, attemptId],
        );
        settleMoney(before, actualMicroUsd);
        const ended = { state: 'settled' as const, takeId: take.id, actualMicroUsd, failure: null, updatedAt };
        told({ ...before, ...ended }, before.state);
        return take;
      }),
  };
}

function partyOf(attempt: Attempt, sql: Sql): LedgerParty {
  const { id, batchId, shotId, phase } = attempt;
  return { attemptId: id, attemptNumber: placeInSeries(attempt, sql), batchId, shotId, phase };
}

/**
 * 1 for the first attempt of a series, which a person's decision or the plan asked for; from 2 on it is the machine's repeat
 * and counts against the cap on repeats. All rows of an attempt carry what its reservation did.
 */
function placeInSeries(attempt: Attempt, sql: Sql): number {
  const reserved = sql.get<{ place: number }>(
    `SELECT attempt_number AS place FROM ledger WHERE attempt_id = ? AND kind = 'reserve'`,
    attempt.id,
  );
  if (reserved) return reserved.place;
  const before = sql.get<{ count: number }>(
    `SELECT count(*) AS count FROM attempts WHERE shot_id = ? AND phase = ? AND series = ? AND number < ?
       AND coalesce(json_extract(failure, '$.detail'), '') <> 'cancelled'
       AND (coalesce(json_extract(failure, '$.detail'), '') <> 'account' OR actual_micro_usd > 0)`,
    ...[attempt.shotId, attempt.phase, attempt.series, attempt.number],
  );
  return (before?.count ?? 0) + 1;
}

function jsonOrNull(value: Attempt['providerJob'] | Attempt['failure']): string | null {
  return value === null ? null : JSON.stringify(value);
}

function requireStep(attempt: Attempt, from: AttemptState, to: AttemptState): void {
  if (attempt.state !== from || !steps[from].includes(to)) throw illegalStep(attempt, to);
}

function illegalStep(attempt: Attempt, to: AttemptState): AppError {
  return new AppError({
    code: 'state.illegal-move',
    message: `Attempt ${attempt.number} of ${attempt.shotId} (${attempt.phase}) is ${attempt.state} and cannot become ${to}.`,
    hint: 'Look at the shot again: it may have moved on.',
  });
}
