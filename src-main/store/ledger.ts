/**
 * Money as rows that are only ever added: `reserve` when an intent is recorded, `release` when the attempt is over,
 * `settle` for what was billed. The running totals are kept by a trigger on these rows.
 */
import type { Spend } from '../../src-shared/domain/batch.ts';
import type { MicroUsd } from '../../src-shared/domain/money.ts';
import type { Phase } from '../../src-shared/domain/phase.ts';
import type { LedgerStore } from '../orchestrator/ports/store.ts';
import { AppError } from '../platform/app-error.ts';
import type { StoreContext } from './store-context.ts';
import { nowOf } from './store-context.ts';

/** For whom money moves. */
export interface LedgerParty {
  /** null for a cost that no attempt made */
  attemptId: string | null;
  /** its place in its series: from 2 on it is a repeat */
  attemptNumber: number;
  batchId: string | null;
  shotId: string;
  phase: Phase;
}

export interface Ledger extends LedgerStore {
  add(kind: 'reserve' | 'release' | 'settle', amountMicroUsd: MicroUsd, party: LedgerParty): void;
  /** Journals the project's spend when it is not what was told last. */
  tellSpend(): void;
  /** Sentences on totals that are not the sums of their rows; empty when all add up. */
  faults(): string[];
}

/** Sums as a statement reads them; null where nothing has moved yet. */
export interface SpendRow {
  settled: number | null;
  held: number | null;
  doubt: number | null;
}

const selectProjectSpend = `SELECT settled_micro_usd AS settled, held_micro_usd AS held,
  (SELECT sum(reserved_micro_usd) FROM attempts WHERE state = 'in_doubt') AS doubt
  FROM ledger_totals WHERE scope = 'project' AND key = ''`;
/** Columns beside a batch `b`. Each is a search of its own: joined, the statement would be prepared anew at every call. */
export const batchSpendColumns = `
  (SELECT settled_micro_usd FROM ledger_totals WHERE scope = 'batch' AND key = b.id) AS settled,
  (SELECT held_micro_usd FROM ledger_totals WHERE scope = 'batch' AND key = b.id) AS held,
  (SELECT sum(reserved_micro_usd) FROM attempts INDEXED BY attempts_in_doubt
     WHERE state = 'in_doubt' AND batch_id = b.id) AS doubt`;
const selectBatchSpend = `SELECT b.budget_micro_usd AS cap, ${batchSpendColumns} FROM batches b WHERE b.id = ?`;

export function createLedger(context: StoreContext): Ledger {
  const { sql } = context;
  const projectSpend = (): Spend => toSpend(sql.get<SpendRow>(selectProjectSpend), context.projectCapMicroUsd);

  const told = createToldSpend(context);

  return {
    add(kind, amountMicroUsd, party) {
      sql.run(
        `INSERT INTO ledger (at, kind, amount_micro_usd, attempt_id, attempt_number, batch_id, shot_id, phase)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        ...[nowOf(context), kind, amountMicroUsd, party.attemptId, party.attemptNumber],
        ...[party.batchId, party.shotId, party.phase],
      );
    },
    tellSpend: () => told.tell(projectSpend()),
    batchSpend(batchId) {
      const row = sql.get<SpendRow & { cap: number }>(selectBatchSpend, batchId);
      if (!row) throw new AppError({ code: 'batch.not-found', message: `There is no batch ${batchId}.` });
      return toSpend(row, row.cap);
    },
    projectSpend,
    retrySpend: (shotId) =>
      sql.get<{ amount: number }>(
        `SELECT settled_micro_usd + held_micro_usd AS amount FROM ledger_totals WHERE scope = 'retries' AND key = ?`,
        shotId,
      )?.amount ?? 0,
    faults: () =>
      sql
        .all<{ scope: string; key: string }>(
          `SELECT scope, key FROM (
             SELECT scope, key, settled_micro_usd AS settled, held_micro_usd AS held FROM ledger_totals
             EXCEPT SELECT scope, key, sum(settled), sum(held) FROM ledger_shares GROUP BY scope, key)`,
        )
        .map(({ scope, key }) => `the total of ${scope} ${key} is not the sum of its rows`),
  };
}

/** The sums of a project or batch against its cap. */
export function toSpend(row: SpendRow | undefined, capMicroUsd: MicroUsd): Spend {
  const doubt = row?.doubt ?? 0;
  return {
    settledMicroUsd: row?.settled ?? 0,
    reservedMicroUsd: (row?.held ?? 0) - doubt,
    inDoubtMicroUsd: doubt,
    capMicroUsd,
  };
}

/** The last spend in the journal lives there alone, so that a rollback takes it back too. */
function createToldSpend(context: StoreContext) {
  const key = 'told_spend';
  return {
    tell(project: Spend) {
      const text = JSON.stringify(project);
      const changed = context.sql.run(
        `INSERT INTO meta (key, value) VALUES (?, ?)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE value <> excluded.value`,
        key,
        text,
      ).changes;
      if (changed > 0) context.tell({ type: 'spend_changed', project });
    },
  };
}
