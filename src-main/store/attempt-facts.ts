import type { AttemptFailure, AttemptState } from '../../src-shared/domain/attempt.ts';
import type { AttemptFact } from '../../src-shared/domain/attempt-step.ts';
import type { Phase } from '../../src-shared/domain/phase.ts';
import type { AttemptStepStore } from '../orchestrator/ports/store.ts';
import { type AttemptRow, selectAttempts, toAttempt } from './attempt-rows.ts';
import type { StoreContext } from './store-context.ts';

interface FactRow {
  seq: number;
  id: string;
  batch_id: string | null;
  shot_id: string;
  phase: Phase;
  series: number;
  number: number;
  state: AttemptState;
  take_id: string | null;
  reserved_micro_usd: number;
  actual_micro_usd: number | null;
  provider_job_id: string | null;
  change_reason: string | null;
  failure: string | null;
  created_at: string;
  updated_at: string;
  provider: string;
  model: string;
  doubt_end: AttemptFact['doubtEnd'];
  refusal: string | null;
}

// A request is by far the largest part of an attempt; lists do without it.
const selectFacts = `SELECT a.seq, a.id, a.batch_id, a.shot_id, a.phase, a.series, a.number, a.state, a.take_id,
  a.reserved_micro_usd, a.actual_micro_usd, a.provider_job_id, a.change_reason, a.failure, a.created_at, a.updated_at,
  json_extract(a.request, '$.provider') AS provider, json_extract(a.request, '$.model') AS model,
  (SELECT s.kind FROM attempt_steps s WHERE s.attempt_id = a.id AND s.kind IN ('released', 'charged', 'reopened')
     ORDER BY s.seq DESC LIMIT 1) AS doubt_end,
  (SELECT json_object('gate', g.gate, 'reason', json_extract(g.result, '$.reason')) FROM gate_results g
     WHERE g.take_id = a.take_id AND json_extract(g.result, '$.status') = 'fail' ORDER BY g.position LIMIT 1) AS refusal
  FROM attempts a`;

export type AttemptFacts = Pick<AttemptStepStore, 'factsOfBatch' | 'factsOfShots' | 'attemptByJob'>;

/** Attempts as lists and explanations read them. */
export function createAttemptFacts({ sql }: StoreContext): AttemptFacts {
  return {
    factsOfBatch(batchId, { before, limit }) {
      const rows = sql.all<FactRow>(
        `${selectFacts} WHERE a.batch_id = ? AND a.seq < ? ORDER BY a.seq DESC LIMIT ?`,
        ...[batchId, before ?? Number.MAX_SAFE_INTEGER, limit],
      );
      return { facts: rows.map(toFact), next: rows.length < limit ? null : (rows.at(-1)?.seq ?? null) };
    },
    factsOfShots: (shotIds) =>
      sql
        .all<FactRow>(
          `${selectFacts} WHERE a.shot_id IN (SELECT value FROM json_each(?)) ORDER BY a.seq`,
          JSON.stringify(shotIds),
        )
        .map(toFact),
    attemptByJob(provider, jobId) {
      const rows = sql.all<AttemptRow>(`${selectAttempts} WHERE provider_job_id = ? ORDER BY seq`, jobId);
      return rows.map(toAttempt).find((attempt) => attempt.request.provider === provider) ?? null;
    },
  };
}

function toFact(row: FactRow): AttemptFact {
  return {
    id: row.id,
    batchId: row.batch_id,
    shotId: row.shot_id,
    phase: row.phase,
    series: row.series,
    number: row.number,
    state: row.state,
    reservedMicroUsd: row.reserved_micro_usd,
    actualMicroUsd: row.actual_micro_usd,
    providerJobId: row.provider_job_id,
    changeReason: row.change_reason,
    takeId: row.take_id,
    failure: row.failure === null ? null : (JSON.parse(row.failure) as AttemptFailure),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    provider: row.provider,
    model: row.model,
    doubtEnd: row.doubt_end,
    refusal: row.refusal === null ? null : (JSON.parse(row.refusal) as AttemptFact['refusal']),
  };
}
