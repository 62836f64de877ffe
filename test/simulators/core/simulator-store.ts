/**
 * The simulator's memory: jobs, the bill, hits of faults, the clock. Owns `simulator.db` in its folder; every change is on
 * disk before the answer leaves (synchronous=FULL), so what was billed stays billed over a SIGKILL. The log of requests is
 * a file of its own that is not flushed: it is for people, not for the oracle.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type FaultPlan, faultPlanSchema } from './fault-plan.ts';
import type { BillRow, Job, ProviderName, SeenRequest } from './job.ts';
import { StartError } from './start-error.ts';

const schema = `
  CREATE TABLE IF NOT EXISTS jobs (
    id TEXT PRIMARY KEY, provider TEXT NOT NULL, endpoint TEXT NOT NULL, external_id TEXT,
    state TEXT NOT NULL, created_at INTEGER NOT NULL, data TEXT NOT NULL, input TEXT NOT NULL, UNIQUE (provider, external_id));
  CREATE INDEX IF NOT EXISTS jobs_of_endpoint ON jobs (provider, endpoint, created_at);
  CREATE TABLE IF NOT EXISTS bill (
    request_id TEXT PRIMARY KEY, provider TEXT NOT NULL, endpoint TEXT NOT NULL, external_id TEXT, request_sha256 TEXT NOT NULL,
    input_sha256s TEXT NOT NULL, prompt TEXT NOT NULL, seed INTEGER, micro_usd INTEGER NOT NULL, at TEXT NOT NULL,
    status TEXT NOT NULL, refunded INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS fault_counts (fault_id TEXT PRIMARY KEY, seen INTEGER NOT NULL DEFAULT 0, hits INTEGER NOT NULL DEFAULT 0);
  CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
`;
const logSchema =
  'CREATE TABLE IF NOT EXISTS requests (n INTEGER PRIMARY KEY, at TEXT, method TEXT, path TEXT, provider TEXT, status INTEGER, fault TEXT)';

export type SimulatorStore = ReturnType<typeof openSimulatorStore>;

/** Opens the memory in a folder, going on with whatever is there. Throws `StartError` when it cannot. */
export function openSimulatorStore(folder: string) {
  const db = openAlone(folder);
  const log = open(join(folder, 'requests.db'), ['synchronous = NORMAL'], logSchema);
  const insertJob = db.prepare(
    'INSERT INTO jobs VALUES (:id, :provider, :endpoint, :externalId, :state, :createdAt, :data, :input)',
  );
  const updateJob = db.prepare('UPDATE jobs SET state = :state, data = :data WHERE id = :id');
  const readJob = (row: unknown) => (row ? (JSON.parse((row as { data: string }).data) as Job) : null);
  const readJobs = (rows: unknown[]) => rows.flatMap((row) => readJob(row) ?? []);
  const fact = (name: string) =>
    (db.prepare('SELECT value FROM facts WHERE name = ?').get(name) as { value: string } | undefined)?.value ?? null;
  const setFact = (name: string, value: string) =>
    db.prepare('INSERT OR REPLACE INTO facts VALUES (?, ?)').run(name, value);
  const count = (faultId: string, column: 'seen' | 'hits') =>
    (
      db
        .prepare(
          `INSERT INTO fault_counts (fault_id, ${column}) VALUES (?, 1)
           ON CONFLICT (fault_id) DO UPDATE SET ${column} = ${column} + 1 RETURNING ${column} AS n`,
        )
        .get(faultId) as { n: number }
    ).n;
  return {
    /** All that happens inside is on disk together, or not at all. */
    together: <T>(work: () => T): T => db.transaction(work)(),

    job: (provider: ProviderName, id: string) =>
      readJob(db.prepare('SELECT data FROM jobs WHERE provider = ? AND id = ?').get(provider, id)),
    jobByExternalId: (provider: ProviderName, externalId: string) =>
      readJob(db.prepare('SELECT data FROM jobs WHERE provider = ? AND external_id = ?').get(provider, externalId)),
    /** In the order in which they came. */
    jobs: (provider: ProviderName) =>
      readJobs(db.prepare('SELECT data FROM jobs WHERE provider = ? ORDER BY created_at, rowid').all(provider)),
    /** The body of a submit as it came; apart from the job, because pictures in it can be large. */
    inputOf: (id: string): unknown => {
      const row = db.prepare('SELECT input FROM jobs WHERE id = ?').get(id) as { input: string } | undefined;
      return row ? JSON.parse(row.input) : null;
    },
    countJobs: (provider: ProviderName, state: Job['state']) =>
      numberIn(db.prepare('SELECT count(*) AS n FROM jobs WHERE provider = ? AND state = ?').get(provider, state)),
    /** How many wait that came before this one. */
    countAhead: (id: string) =>
      numberIn(
        db
          .prepare(
            `SELECT count(*) AS n FROM jobs, (SELECT provider AS own, rowid AS place FROM jobs WHERE id = ?)
             WHERE provider = own AND state = 'queued' AND jobs.rowid < place`,
          )
          .get(id),
      ),
    addJob: (job: Job, input: unknown) =>
      void insertJob.run({ ...pickColumns(job), data: JSON.stringify(job), input: JSON.stringify(input) ?? 'null' }),
    saveJob: (job: Job) => void updateJob.run({ id: job.id, state: job.state, data: JSON.stringify(job) }),
    deleteJob: (id: string) => void db.prepare('DELETE FROM jobs WHERE id = ?').run(id),

    addToBill: (row: Readonly<BillRow>) =>
      void db
        .prepare(
          `INSERT INTO bill VALUES (:requestId, :provider, :endpoint, :externalId, :requestSha256, :inputs, :prompt, :seed,
           :micro_usd, :at, :status, :refunded)`,
        )
        .run({ ...row, inputs: JSON.stringify(row.inputSha256s), refunded: row.refunded ? 1 : 0 }),
    settleBill: (requestId: string, status: string, refunded: boolean) =>
      void db
        .prepare('UPDATE bill SET status = ?, refunded = ? WHERE request_id = ?')
        .run(status, refunded ? 1 : 0, requestId),
    bill: (): BillRow[] => db.prepare('SELECT * FROM bill ORDER BY rowid').all().map(toBillRow),

    countSeen: (faultId: string) => count(faultId, 'seen'),
    countHit: (faultId: string) => count(faultId, 'hits'),
    hits: (faultId: string) =>
      (db.prepare('SELECT hits FROM fault_counts WHERE fault_id = ?').get(faultId) as { hits: number } | undefined)
        ?.hits ?? 0,
    forgetHits: () => void db.exec('DELETE FROM fault_counts'),

    clockOffsetMs: () => Number(fact('clock') ?? 0),
    setClockOffsetMs: (offset: number) => void setFact('clock', String(offset)),
    plan: (): FaultPlan | null => {
      const text = fact('plan');
      return text === null ? null : faultPlanSchema.parse(JSON.parse(text));
    },
    setPlan: (plan: FaultPlan) => void setFact('plan', JSON.stringify(plan)),

    sawRequest: (seen: SeenRequest) =>
      void log
        .prepare('INSERT INTO requests (at, method, path, provider, status, fault) VALUES (?, ?, ?, ?, ?, ?)')
        .run(seen.at, seen.method, seen.path, seen.provider, seen.status, seen.fault),
    requests: () =>
      log.prepare('SELECT at, method, path, provider, status, fault FROM requests ORDER BY n').all() as SeenRequest[],

    close: () => {
      db.close();
      log.close();
    },
  };
}

function numberIn(row: unknown): number {
  return (row as { n: number }).n;
}

/** One simulator a folder: two would each take the other's jobs for their own. The lock ends with the process, however that ends. */
function openAlone(folder: string) {
  try {
    mkdirSync(folder, { recursive: true });
    return open(join(folder, 'simulator.db'), ['locking_mode = EXCLUSIVE', 'synchronous = FULL'], schema);
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    const why = code === 'SQLITE_BUSY' ? 'Another simulator is at work in it.' : `${message}.`;
    throw new StartError(`The folder ${folder} cannot be used. ${why} Name another one with --folder.`);
  }
}

function open(path: string, pragmas: readonly string[], tables: string) {
  const db = new Database(path);
  for (const pragma of [...pragmas, 'journal_mode = WAL']) db.pragma(pragma);
  db.exec(tables);
  return db;
}

function pickColumns({ id, provider, endpoint, externalId, state, createdAt }: Job) {
  return { id, provider, endpoint, externalId, state, createdAt };
}

function toBillRow(row: unknown): BillRow {
  const read = row as Record<string, string> & { micro_usd: number; seed: number | null; refunded: number };
  return {
    provider: read.provider as ProviderName,
    endpoint: String(read.endpoint),
    requestId: String(read.request_id),
    externalId: read.external_id ?? null,
    requestSha256: String(read.request_sha256),
    inputSha256s: JSON.parse(String(read.input_sha256s)) as string[],
    prompt: String(read.prompt),
    seed: read.seed,
    micro_usd: read.micro_usd,
    at: String(read.at),
    status: read.status as BillRow['status'],
    refunded: read.refunded === 1,
  };
}
