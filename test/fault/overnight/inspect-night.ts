/** Holds the ledger to the provider's own bill, row by row, with nothing of the program's but its database. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { BillRow } from '../../simulators/start-simulator.ts';
import { markOf } from './night-plan.ts';

interface AttemptRow {
  id: string;
  shotId: string;
  phase: string;
  state: string;
  jobId: string | null;
  actual: number | null;
  seed: number | null;
  createdAt: string;
  provider: string;
  category: string | null;
}

export interface NightReport {
  /** sentences; empty when the ledger is the bill */
  faults: string[];
  attempts: number;
  settledMicroUsd: number;
  billedMicroUsd: number;
  /** failures by category */
  categories: Record<string, number>;
  /** most POSTs that were accepted for one attempt */
  mostBilled: number;
  /** takes that a gate rejected, by gate */
  rejections: Record<string, number>;
}

/** Every billed submit belongs to one attempt, each attempt has one at most, and the ledger has what the bill has. */
export function inspectNight(dir: string, bill: readonly BillRow[]): NightReport {
  const database = new Database(join(dir, 'state', 'circletake.db'), { readonly: true });
  try {
    const attempts = readAttempts(database);
    const faults: string[] = [];
    const byJob = new Map(attempts.flatMap((attempt) => (attempt.jobId === null ? [] : [[attempt.jobId, attempt]])));
    const billed = new Map<string, number>();
    const listed = new Set(bill.map(({ requestId }) => requestId));
    const isTaken = ({ id, jobId }: AttemptRow) => billed.has(id) || (jobId !== null && listed.has(jobId));
    for (const row of bill) {
      const attempt = byJob.get(row.requestId) ?? bySlate(attempts, row, isTaken);
      if (!attempt) {
        faults.push(`${row.provider} bills ${row.requestId} (${row.prompt.slice(0, 40)}), which no attempt knows`);
        continue;
      }
      billed.set(attempt.id, (billed.get(attempt.id) ?? 0) + 1);
      const owed = row.refunded ? 0 : row.micro_usd;
      if ((attempt.actual ?? 0) !== owed) {
        faults.push(
          `${attempt.id} (${attempt.shotId} ${attempt.phase} ${attempt.state}): ledger ${attempt.actual}, bill ${owed}`,
        );
      }
    }
    for (const attempt of attempts) {
      const count = billed.get(attempt.id) ?? 0;
      if (count > 1) faults.push(`${attempt.id} was billed ${count} times`);
      if (count === 0 && (attempt.actual ?? 0) > 0)
        faults.push(`${attempt.id} cost ${attempt.actual} and is on no bill`);
      if (attempt.state !== 'settled' && attempt.state !== 'failed')
        faults.push(`${attempt.id} is left ${attempt.state}`);
    }
    return {
      faults,
      attempts: attempts.length,
      settledMicroUsd: attempts.reduce((sum, { actual }) => sum + (actual ?? 0), 0),
      billedMicroUsd: bill.reduce((sum, row) => sum + (row.refunded ? 0 : row.micro_usd), 0),
      categories: countBy(attempts.flatMap(({ category }) => category ?? [])),
      rejections: countBy(readRejections(database)),
      mostBilled: Math.max(0, ...billed.values()),
    };
  } finally {
    database.close();
  }
}

/** A submit whose job id is ours alone, or whose answer never came back: found by its slate, its seed and its time. */
function bySlate(
  attempts: readonly AttemptRow[],
  row: BillRow,
  isTaken: (attempt: AttemptRow) => boolean,
): AttemptRow | undefined {
  const fits = attempts.filter(
    (attempt) =>
      !isTaken(attempt) &&
      attempt.provider === row.provider &&
      row.prompt.includes(markOf(attempt.shotId)) &&
      (row.seed === null || attempt.seed === row.seed) &&
      attempt.createdAt <= row.at,
  );
  return fits.findLast(({ actual }) => (actual ?? 0) === row.micro_usd) ?? fits.at(-1);
}

function readAttempts(database: Database.Database): AttemptRow[] {
  return database
    .prepare<[], AttemptRow>(
      `SELECT id, shot_id AS shotId, phase, state, provider_job_id AS jobId, actual_micro_usd AS actual,
         request ->> '$.seed' AS seed, created_at AS createdAt, request ->> '$.provider' AS provider,
         failure_category AS category
       FROM attempts ORDER BY seq`,
    )
    .all();
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function readRejections(database: Database.Database): string[] {
  const failed = `SELECT gate FROM gate_results WHERE result ->> '$.status' = 'fail'`;
  return database
    .prepare<[], { gate: string }>(failed)
    .all()
    .map(({ gate }) => gate);
}
