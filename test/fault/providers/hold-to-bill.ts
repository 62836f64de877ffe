/** Holds a ledger to the bill of its providers, attempt by attempt, with nothing of the program's but its database. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { BillRow } from '../../simulators/start-simulator.ts';
import { slateOf } from './fault-jobs.ts';

interface AttemptRow {
  id: string;
  shotId: string;
  state: string;
  jobId: string | null;
  reserved: number;
  actual: number | null;
  provider: string;
  createdAt: string;
}

export interface BillReport {
  /** sentences; empty when the ledger is the bill, but for what it holds in doubt */
  faults: string[];
  attempts: number;
  settledMicroUsd: number;
  /** of attempts that are not in doubt */
  billedMicroUsd: number;
  /** what attempts in doubt hold, and what of it their providers have really billed */
  doubtMicroUsd: number;
  doubtBilledMicroUsd: number;
  inDoubt: string[];
}

/** Every billed submit belongs to one attempt and no attempt has two; what is over cost what the bill says. */
export function holdToBill(dir: string, bill: readonly BillRow[]): BillReport {
  const attempts = readAttempts(dir);
  const faults: string[] = [];
  const rowOf = new Map<string, BillRow>();
  for (const row of bill) {
    const attempt = attempts.find(({ jobId }) => jobId === row.requestId) ?? sentBefore(attempts, row);
    if (!attempt) faults.push(`${row.provider} bills ${row.requestId}, which no attempt knows`);
    else if (rowOf.has(attempt.id)) faults.push(`${attempt.id} of ${attempt.shotId} was billed twice`);
    else rowOf.set(attempt.id, row);
  }
  const owedOf = ({ id }: AttemptRow) => {
    const row = rowOf.get(id);
    return row === undefined || row.refunded ? 0 : row.micro_usd;
  };
  for (const attempt of attempts) {
    const { id, shotId, provider, state, actual, reserved } = attempt;
    const owed = owedOf(attempt);
    const about = `${id} (${shotId}, ${provider}, ${state})`;
    if (state === 'in_doubt' ? reserved < owed : actual !== owed) {
      faults.push(`${about}: ledger ${state === 'in_doubt' ? `holds ${reserved}` : actual}, bill ${owed}`);
    }
    if (!['settled', 'failed', 'in_doubt'].includes(state)) faults.push(`${about} was left open`);
  }
  const doubtful = attempts.filter(({ state }) => state === 'in_doubt');
  const sum = (rows: readonly AttemptRow[], of: (row: AttemptRow) => number) =>
    rows.reduce((total, row) => total + of(row), 0);
  return {
    faults,
    attempts: attempts.length,
    settledMicroUsd: sum(attempts, ({ actual }) => actual ?? 0),
    billedMicroUsd: sum(attempts, owedOf) - sum(doubtful, owedOf),
    doubtMicroUsd: sum(doubtful, ({ reserved }) => reserved),
    doubtBilledMicroUsd: sum(doubtful, owedOf),
    inDoubt: doubtful.map(({ id }) => id),
  };
}

/** A submit whose id is ours alone, or whose answer never came: a shot's attempts follow each other, so the last one before. */
function sentBefore(attempts: readonly AttemptRow[], row: BillRow): AttemptRow | undefined {
  return attempts.findLast(
    ({ provider, shotId, createdAt }) =>
      provider === row.provider && row.prompt.includes(slateOf(shotId)) && createdAt <= row.at,
  );
}

function readAttempts(dir: string): AttemptRow[] {
  const database = new Database(join(dir, 'state', 'circletake.db'), { readonly: true });
  try {
    return database
      .prepare<[], AttemptRow>(
        `SELECT id, shot_id AS shotId, state, provider_job_id AS jobId, reserved_micro_usd AS reserved,
           actual_micro_usd AS actual, request ->> '$.provider' AS provider, created_at AS createdAt
         FROM attempts ORDER BY seq`,
      )
      .all();
  } finally {
    database.close();
  }
}
