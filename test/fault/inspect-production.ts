/**
 * Looks at a project folder that no process has open, with nothing of the program's own but its schemas: the database by
 * SQL, the files by their bytes, the engine's bill by its job files. Says everything that is not as promised.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { manifestSchema, provenanceRecordSchema } from '../../src-shared/domain/provenance.ts';

export interface Inspection {
  /** sentences; empty when all is as promised */
  faults: string[];
  takes: number;
  attempts: number;
  /** attempts that ended without a take and that the engine never had */
  neverSent: number;
  settledMicroUsd: number;
}

interface AttemptRow {
  id: string;
  shot_id: string;
  phase: string;
  state: string;
  actual: number | null;
  job: string | null;
  take_id: string | null;
}

interface TakeRow {
  id: string;
  path: string;
  sha256: string;
  attempt_id: string | null;
}

interface World {
  dir: string;
  database: Database.Database;
  attempts: AttemptRow[];
  takes: TakeRow[];
  jobs: z.infer<typeof jobFileSchema>[];
  say: (fault: string) => void;
}

const jobFileSchema = z.object({
  ...{ id: z.string(), attemptId: z.string(), priceMicroUsd: z.number(), acceptedAt: z.string() },
});
const takeFile = /^SH\d+_T\d+_(previs|keyframe|video)\.(png|mp4)$/;

/** Inspects a project at rest that the embedded engine made: every batch has run to its end, the last process has closed it. */
export function inspectProduction(dir: string): Inspection {
  return lookInto(dir, readJobs(dir), (world) => {
    for (const check of [checkDatabase, checkTakes, checkJobs, checkLedger, checkManifests, checkLeftovers])
      check(world);
  });
}

/** What holds whoever the engine was: the database, the takes, their records, nothing left behind. Answers what is not so. */
export function inspectRecords(dir: string): string[] {
  const inspection = lookInto(dir, [], (world) => {
    for (const check of [checkDatabase, checkTakes, checkManifests, checkLeftovers]) check(world);
  });
  return inspection.faults;
}

function lookInto(dir: string, jobs: World['jobs'], check: (world: World) => void): Inspection {
  const faults: string[] = [];
  const database = new Database(join(dir, 'state', 'circletake.db'), { readonly: true });
  try {
    const world: World = {
      dir,
      database,
      attempts: database
        .prepare<[], AttemptRow>(
          `SELECT id, shot_id, phase, state, actual_micro_usd AS actual, provider_job_id AS job, take_id FROM attempts`,
        )
        .all(),
      takes: database.prepare<[], TakeRow>('SELECT id, path, sha256, attempt_id FROM takes ORDER BY path').all(),
      jobs,
      say: (fault) => void faults.push(fault),
    };
    check(world);
    return {
      faults,
      takes: world.takes.length,
      attempts: world.attempts.length,
      neverSent: world.attempts.filter(({ job }) => job === null).length,
      settledMicroUsd: sumOf(
        database,
        `SELECT coalesce(sum(amount_micro_usd), 0) AS sum FROM ledger WHERE kind = 'settle'`,
      ),
    };
  } finally {
    database.close();
  }
}

function checkDatabase({ database, say }: World): void {
  const integrity = database.pragma('integrity_check', { simple: true });
  if (integrity !== 'ok') say(`the database is damaged: ${integrity}`);
  for (const lost of database.pragma('foreign_key_check') as { table: string }[])
    say(`a lost reference in ${lost.table}`);
  const gaps = sumOf(database, 'SELECT max(seq) - count(*) AS sum FROM journal');
  if (gaps !== 0) say(`the journal has ${gaps} gaps`);
}

/** No file without its record, no record without its file. */
function checkTakes({ dir, takes, attempts, say }: World): void {
  for (const take of takes) {
    const path = join(dir, take.path);
    if (!existsSync(path)) say(`${take.path} is recorded and not there`);
    else if (sha256Of(path) !== take.sha256) say(`${take.path} is not the file that was recorded`);
  }
  const recorded = new Set(takes.map(({ path }) => path));
  for (const path of filesIn(join(dir, 'output'))) {
    const name = relative(dir, path).replaceAll('\\', '/');
    if (takeFile.test(basename(path)) && !name.startsWith('output/selects/') && !recorded.has(name))
      say(`${name} is there and not recorded`);
  }
  const makers = new Set<string>();
  for (const { id, attempt_id } of takes) {
    if (attempt_id === null) say(`${id} has no attempt: it was taken for a file from outside`);
    else if (makers.has(attempt_id)) say(`${attempt_id} has made two takes`);
    else makers.add(attempt_id);
  }
  for (const attempt of attempts) {
    if (attempt.state === 'settled' && !takes.some(({ id }) => id === attempt.take_id))
      say(`${attempt.id} is settled without a take`);
  }
}

/** The engine's own bill: each job is one attempt's, was sent once, and what it made was taken. */
function checkJobs({ database, attempts, jobs, say }: World): void {
  const byId = new Map(attempts.map((attempt) => [attempt.id, attempt]));
  const billed = new Set<string>();
  for (const job of jobs) {
    const attempt = byId.get(job.attemptId);
    if (billed.has(job.attemptId)) say(`${job.attemptId} has two jobs`);
    billed.add(job.attemptId);
    if (!attempt) say(`job ${job.id} belongs to no attempt`);
    else if (attempt.job !== job.id) say(`${attempt.id} does not know its job ${job.id}`);
    else if (attempt.state !== 'settled') say(`job ${job.id} was accepted and its attempt is ${attempt.state}`);
  }
  for (const { id, job, state } of attempts) {
    if (state !== 'settled' && state !== 'failed') say(`${id} is left ${state}`);
    if (job !== null && !billed.has(id)) say(`${id} has job ${job}, which the engine does not know`);
  }
  const sends = database
    .prepare<[], { id: string; times: number }>(
      `SELECT body ->> '$.attempt.id' AS id, count(*) AS times FROM journal
         WHERE type = 'attempt_changed' AND body ->> '$.attempt.state' = 'submitting' GROUP BY 1 HAVING count(*) > 1`,
    )
    .all();
  for (const { id, times } of sends) say(`${id} was sent ${times} times`);
  checkNotSentAgain({ database, jobs, say });
}

/** The engine had a job in the life of the process that first sent it: no later process has sent it once more. */
function checkNotSentAgain({ database, jobs, say }: Pick<World, 'database' | 'jobs' | 'say'>): void {
  const restartBetween = database.prepare<{ attemptId: string; acceptedAt: string }, { at: string }>(
    `SELECT restart.at FROM journal restart JOIN journal sent
         ON sent.type = 'attempt_changed' AND sent.body ->> '$.attempt.id' = :attemptId
         AND sent.body ->> '$.attempt.state' = 'submitting' AND restart.seq > sent.seq
       WHERE restart.type = 'batch_changed' AND restart.body ->> '$.batch.statusReason' LIKE 'The app closed%'
         AND restart.at < :acceptedAt LIMIT 1`,
  );
  for (const { attemptId, acceptedAt } of jobs) {
    if (restartBetween.get({ attemptId, acceptedAt })) say(`${attemptId} was sent again after a restart`);
  }
}

/** Ledger = sum of attempts = the engine's bill, in total and attempt by attempt. */
function checkLedger({ database, attempts, jobs, say }: World): void {
  const rows = database
    .prepare<[], { id: string | null; settled: number; held: number }>(
      `SELECT attempt_id AS id, sum(CASE kind WHEN 'settle' THEN amount_micro_usd ELSE 0 END) AS settled,
         sum(CASE kind WHEN 'reserve' THEN amount_micro_usd WHEN 'release' THEN -amount_micro_usd ELSE 0 END) AS held
       FROM ledger GROUP BY attempt_id`,
    )
    .all();
  const byAttempt = new Map(rows.map((row) => [row.id, row]));
  for (const { id, actual } of attempts) {
    const row = byAttempt.get(id);
    if (!row) say(`${id} is not in the ledger`);
    else if (row.settled !== (actual ?? 0)) say(`${id} cost ${actual}, the ledger has ${row.settled}`);
    else if (row.held !== 0) say(`${id} is over and ${row.held} of its money is still held`);
  }
  const settled = rows.reduce((sum, row) => sum + row.settled, 0);
  const bill = jobs.reduce((sum, job) => sum + job.priceMicroUsd, 0);
  if (settled !== bill) say(`the ledger has ${settled}, the engine's bill is ${bill}`);
  const total = sumOf(database, `SELECT settled_micro_usd AS sum FROM ledger_totals WHERE scope = 'project'`);
  if (total !== settled) say(`the project's running total is ${total}, its rows add up to ${settled}`);
}

function checkManifests({ dir, takes, database, say }: World): void {
  const folder = join(dir, 'output', 'manifests');
  const manifest = readJson(join(folder, 'EP001_manifest.json'), manifestSchema, say);
  const lines = readFileSync(join(folder, 'provenance_manifest.jsonl'), 'utf8').split('\n').filter(Boolean);
  const inLines = new Map(
    lines.map((line) => provenanceRecordSchema.parse(JSON.parse(line))).map((row) => [row.take_id, row]),
  );
  const inManifest = new Map(manifest?.takes.map((row) => [row.take_id, row]));
  if (manifest && manifest.total_takes !== takes.length)
    say(`the manifest has ${manifest.total_takes} of ${takes.length} takes`);
  for (const { id, path } of takes) {
    const kept = database
      .prepare<[string], { record: string }>('SELECT record FROM take_records WHERE take_id = ?')
      .get(id);
    const record = JSON.stringify(provenanceRecordSchema.parse(JSON.parse(kept?.record ?? 'null')));
    const sidecar = readJson(join(dir, path.replace(/\.[a-z0-9]+$/, '.json')), provenanceRecordSchema, say);
    if (JSON.stringify(sidecar) !== record) say(`the sidecar of ${id} is not its record`);
    if (JSON.stringify(inManifest.get(id)) !== record) say(`the manifest of the episode has not the record of ${id}`);
    if (JSON.stringify(inLines.get(id)) !== record) say(`the manifest in lines has not the record of ${id}`);
  }
}

/** What a crash may leave and the next start must clear away. */
function checkLeftovers({ dir, say }: World): void {
  for (const path of filesIn(dir)) {
    const name = relative(dir, path).replaceAll('\\', '/');
    const isRubbish = /\.part$|\.partial$|\.scratch\.|\.new$|project\.lock$|^\.circletake\/work\//.test(name);
    if (isRubbish) say(`${name} was left behind`);
  }
  for (const line of programsAt(dir)) say(`still running: ${line}`);
}

/** Command lines of processes that have to do with a folder. */
export function programsAt(dir: string): string[] {
  const listed = spawnSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' });
  if (listed.status !== 0) throw new Error('ps does not list the processes of this machine');
  return listed.stdout.split('\n').filter((line) => line.includes(dir));
}

function readJobs(dir: string): z.infer<typeof jobFileSchema>[] {
  const folder = join(dir, '.circletake', 'embedded');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.job.json'))
    .map((name) => jobFileSchema.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))));
}

function readJson<T>(path: string, schema: z.ZodType<T>, say: (fault: string) => void): T | null {
  if (!existsSync(path)) {
    say(`${basename(path)} was not written`);
    return null;
  }
  const read = schema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!read.success) say(`${basename(path)} is not valid: ${z.prettifyError(read.error)}`);
  return read.success ? read.data : null;
}

function sumOf(database: Database.Database, text: string): number {
  return database.prepare<[], { sum: number | null }>(text).get()?.sum ?? 0;
}

function sha256Of(path: string): string {
  return `sha256:${createHash('sha256').update(readFileSync(path)).digest('hex')}`;
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
