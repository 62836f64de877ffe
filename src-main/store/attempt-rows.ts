import type { Attempt, AttemptState } from '../../src-shared/domain/attempt.ts';
import type { Phase } from '../../src-shared/domain/phase.ts';
import type { NewAttempt } from '../orchestrator/ports/store.ts';
import type { StoreContext } from './store-context.ts';
import { nowOf } from './store-context.ts';

export interface AttemptRow {
  id: string;
  batch_id: string | null;
  shot_id: string;
  phase: Phase;
  series: number;
  number: number;
  state: AttemptState;
  request: string;
  request_sha256: string;
  price_version: string;
  reserved_micro_usd: number;
  actual_micro_usd: number | null;
  provider_job_id: string | null;
  provider_job: string | null;
  parent_take_id: string | null;
  change_reason: string | null;
  take_id: string | null;
  failure: string | null;
  created_at: string;
  updated_at: string;
}

export const selectAttempts = 'SELECT * FROM attempts';

/** A row of `attempts` as the attempt that it keeps. */
export function toAttempt(row: AttemptRow): Attempt {
  return {
    id: row.id,
    batchId: row.batch_id,
    shotId: row.shot_id,
    phase: row.phase,
    series: row.series,
    number: row.number,
    state: row.state,
    request: JSON.parse(row.request),
    requestSha256: row.request_sha256,
    priceVersion: row.price_version,
    reservedMicroUsd: row.reserved_micro_usd,
    actualMicroUsd: row.actual_micro_usd,
    providerJobId: row.provider_job_id,
    providerJob: row.provider_job === null ? null : JSON.parse(row.provider_job),
    parentTakeId: row.parent_take_id,
    changeReason: row.change_reason,
    takeId: row.take_id,
    failure: row.failure === null ? null : JSON.parse(row.failure),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** Writes a new intent with the next number of its shot and phase. */
export function insertAttempt(context: StoreContext, draft: NewAttempt): Attempt {
  const last = context.sql.get<{ number: number }>(
    'SELECT coalesce(max(number), 0) AS number FROM attempts WHERE shot_id = ? AND phase = ?',
    draft.shotId,
    draft.phase,
  );
  const at = nowOf(context);
  const attempt: Attempt = {
    ...draft,
    number: (last?.number ?? 0) + 1,
    state: 'intent',
    takeId: null,
    failure: null,
    actualMicroUsd: null,
    providerJobId: null,
    providerJob: null,
    createdAt: at,
    updatedAt: at,
  };
  context.sql.run(
    `INSERT INTO attempts (id, batch_id, shot_id, phase, series, number, state, request, request_sha256, price_version,
       reserved_micro_usd, parent_take_id, change_reason, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[attempt.id, attempt.batchId, attempt.shotId, attempt.phase, attempt.series, attempt.number, attempt.state],
    ...[JSON.stringify(attempt.request), attempt.requestSha256, attempt.priceVersion, attempt.reservedMicroUsd],
    ...[attempt.parentTakeId, attempt.changeReason, at, at],
  );
  return attempt;
}
