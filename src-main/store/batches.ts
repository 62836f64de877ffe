import type { Batch, BatchConfig, BatchStatus } from '../../src-shared/domain/batch.ts';
import type { BatchStore } from '../orchestrator/ports/store.ts';
import { AppError } from '../platform/app-error.ts';
import { countShots, type PhaseStates } from './count-shots.ts';
import type { Ledger } from './ledger.ts';
import type { SqlValue } from './sql.ts';
import type { StoreContext } from './store-context.ts';
import { nowOf } from './store-context.ts';

interface BatchRow {
  id: string;
  episode_id: string;
  status: BatchStatus;
  config: string;
  budget_micro_usd: number;
  awaiting_operator: number;
  auto_approved: number;
  status_reason: string | null;
  created_at: string;
  started_at: string | null;
  completed_at: string | null;
}

/** Batches; counts and spend are derived each time, from the phases and the ledger. */
export function createBatchStore(context: StoreContext, ledger: Ledger): BatchStore {
  const { sql } = context;
  const many = (rest: string, ...values: SqlValue[]): Batch[] =>
    sql
      .all<BatchRow>(`SELECT * FROM batches ${rest}`, ...values)
      .map((row) => toBatch(row, context.phases.listedStates(row.episode_id), ledger));
  const find = (batchId: string): Batch | null => many('WHERE id = ?', batchId)[0] ?? null;
  const require = (batchId: string): Batch => {
    const batch = find(batchId);
    if (batch) return batch;
    throw new AppError({ code: 'batch.not-found', message: `There is no batch ${batchId} in this project.` });
  };
  /** Journals the batch when it is not what was told last. */
  const tell = (batchId: string): Batch => {
    const batch = require(batchId);
    const told = sql.run('UPDATE batches SET told = :told WHERE id = :batchId AND told <> :told', {
      batchId,
      told: JSON.stringify(batch),
    });
    if (told.changes > 0) context.tell({ type: 'batch_changed', batch });
    return batch;
  };
  const change = (batchId: string, columns: string, values: Record<string, SqlValue> = {}): Batch =>
    sql.transact(() => {
      require(batchId);
      sql.run(`UPDATE batches SET ${columns} WHERE id = :batchId`, { ...values, batchId });
      return tell(batchId);
    });

  return {
    insertBatch: (id, config) =>
      sql.transact(() => {
        sql.run(
          `INSERT INTO batches (id, episode_id, status, config, budget_micro_usd, created_at)
           VALUES (?, ?, 'created', ?, ?, ?)`,
          ...[id, config.episodeId, JSON.stringify(config), config.budgetMicroUsd, nowOf(context)],
        );
        return tell(id);
      }),
    batch: find,
    batches: () => many('ORDER BY seq'),
    activeBatch: (episodeId) =>
      many(`WHERE episode_id = ? AND status NOT IN ('complete', 'failed') ORDER BY seq DESC LIMIT 1`, episodeId)[0] ??
      null,
    setBatchStatus: (batchId, status, reason) =>
      change(
        batchId,
        `status = :status, status_reason = :reason,
         awaiting_operator = CASE WHEN :status = 'running' THEN awaiting_operator ELSE 0 END,
         started_at = CASE WHEN :status = 'running' THEN coalesce(started_at, :now) ELSE started_at END,
         completed_at = CASE WHEN :status IN ('complete', 'failed') THEN coalesce(completed_at, :now) END`,
        { status, reason, now: nowOf(context) },
      ),
    setAwaitingOperator: (batchId, awaiting) =>
      change(batchId, 'awaiting_operator = :awaiting', { awaiting: awaiting ? 1 : 0 }),
    setBudget: (batchId, budgetMicroUsd) => change(batchId, 'budget_micro_usd = :budgetMicroUsd', { budgetMicroUsd }),
    countAutoApproval: (batchId) => change(batchId, 'auto_approved = auto_approved + 1'),
    recountAutoApprovals: (batchId) => change(batchId, `auto_approved = (${autoApprovals})`),
    tellProgress: (batchId) => void sql.transact(() => tell(batchId)),
  };
}

// By the decisions on record that were not taken back, so that the figure cannot drift from them.
const autoApprovals = `SELECT count(*) FROM attempts a JOIN reviews r ON r.shot_id = a.shot_id AND r.take_id = a.take_id
  WHERE a.batch_id = :batchId AND r.action = 'auto-approve' AND r.decided_by = 'autonomy' AND r.undone = 0`;

function toBatch(row: BatchRow, states: ReadonlyMap<string, PhaseStates>, ledger: Ledger): Batch {
  const saved = JSON.parse(row.config) as BatchConfig;
  const config: BatchConfig = { ...saved, budgetMicroUsd: row.budget_micro_usd };
  return {
    id: row.id,
    episodeId: row.episode_id,
    status: row.status,
    config,
    awaitingOperator: row.awaiting_operator === 1,
    createdAt: row.created_at,
    startedAt: row.started_at,
    completedAt: row.completed_at,
    statusReason: row.status_reason,
    counts: countShots(config, states),
    spend: ledger.batchSpend(row.id),
    autoApproved: row.auto_approved,
  };
}
