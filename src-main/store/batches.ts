import type { Batch, BatchConfig, BatchCounts, BatchStatus } from '../../src-shared/domain/batch.ts';
import type { BatchStore } from '../orchestrator/ports/store.ts';
import { AppError } from '../platform/app-error.ts';
import { createShotCount } from './count-shots.ts';
import { batchSpendColumns, type SpendRow, toSpend } from './ledger.ts';
import type { Flush, SqlValue } from './sql.ts';
import type { StoreContext } from './store-context.ts';
import { nowOf } from './store-context.ts';

interface BatchRow extends SpendRow {
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
  /** as it was journalled last */
  told: string;
}

/** Batches; counts and spend are derived each time, from the phases and the ledger. */
export function createBatchStore(context: StoreContext): BatchStore {
  const { sql } = context;
  const counters = new Map<string, ReturnType<typeof createShotCount>>();
  const countsOf = (row: BatchRow, config: BatchConfig): BatchCounts => {
    const count = counters.get(row.id) ?? createShotCount(config);
    counters.set(row.id, count);
    return count(context.shots.list(row.episode_id));
  };
  const whole = (row: BatchRow): Batch => {
    const config: BatchConfig = { ...(JSON.parse(row.config) as BatchConfig), budgetMicroUsd: row.budget_micro_usd };
    return toBatch(row, config, { counts: countsOf(row, config), spend: toSpend(row, row.budget_micro_usd) });
  };
  const rows = (rest: string, ...values: SqlValue[]) =>
    sql.all<BatchRow>(`SELECT b.*, ${batchSpendColumns} FROM batches b ${rest}`, ...values);
  const find = (batchId: string): BatchRow | undefined => rows('WHERE id = ?', batchId)[0];
  const require = (batchId: string): BatchRow => {
    const row = find(batchId);
    if (row) return row;
    throw new AppError({ code: 'batch.not-found', message: `There is no batch ${batchId} in this project.` });
  };
  /** Journals the batch when it is not what was told last. */
  const tell = (batchId: string, flush: Flush = 'now'): Batch => {
    const row = require(batchId);
    const batch = whole(row);
    const told = JSON.stringify(batch);
    if (told === row.told) return batch;
    sql.transact(() => {
      sql.run('UPDATE batches SET told = ? WHERE id = ?', told, batchId);
      context.tell({ type: 'batch_changed', batch });
    }, flush);
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
    batch(batchId) {
      const row = find(batchId);
      return row ? whole(row) : null;
    },
    batchStatus: (batchId) =>
      sql.get<Pick<BatchRow, 'status'>>('SELECT status FROM batches WHERE id = ?', batchId)?.status ?? null,
    batches: () => rows('ORDER BY seq').map(whole),
    activeBatch(episodeId) {
      const open = `WHERE episode_id = ? AND status NOT IN ('complete', 'failed') ORDER BY seq DESC LIMIT 1`;
      const [row] = rows(open, episodeId);
      return row ? whole(row) : null;
    },
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
    recountAutoApprovals: (batchId) => change(batchId, `auto_approved = (${autoApprovals})`),
    // figures that are derived from what is durable already
    tellProgress: (batchId) => void tell(batchId, 'with-next'),
  };
}

// By the decisions on record that were not taken back, so that the figure cannot drift from them.
const autoApprovals = `SELECT count(*) FROM attempts a JOIN reviews r ON r.shot_id = a.shot_id AND r.take_id = a.take_id
  WHERE a.batch_id = :batchId AND r.action = 'auto-approve' AND r.decided_by = 'autonomy' AND r.undone = 0`;

function toBatch(row: BatchRow, config: BatchConfig, derived: Pick<Batch, 'counts' | 'spend'>): Batch {
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
    ...derived,
    autoApproved: row.auto_approved,
  };
}
