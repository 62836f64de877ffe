/**
 * D7: folders that cannot be written or read, or that are taken away in the middle of a batch. Something is said that names
 * the file, nothing is tried without pause, nothing is paid twice; put right again, the work goes on. The program runs as a
 * user whom permissions bind: where the tests run as root, as `nobody`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { type MadeProject, makeProject } from '../fixtures/make-project.ts';
import { openStudio } from '../fixtures/spawn-studio.ts';
import { faultSize, report, suiteTimeoutMs } from './fault-size.ts';
import { inspectProduction } from './inspect-production.ts';
import { faultSeed, seededChance } from './seeded-chance.ts';
import { workThrough } from './work-through.ts';

const shots = 3;
const priceMicroUsd = 40_000;
const wanted = faultSize('D7', { ci: 6, long: 20 });
const seed = faultSeed();
const chance = seededChance(seed);
const entry = fileURLToPath(new URL('../../src-main/cli.ts', import.meta.url));
const dataFolder = mkdtempSync(join(tmpdir(), 'circletake-fault-folders-'));
chmodSync(dataFolder, 0o777);
process.env.NODE_COMPILE_CACHE = join(dataFolder, 'compiled');
afterAll(() => rmSync(dataFolder, { recursive: true, force: true }), 60_000);

/** What goes wrong, and how it is put right again. */
interface Trouble {
  title: string;
  /** while the batch runs, or before it is started */
  when: 'before' | 'during';
  provoke(dir: string): void;
  mend(dir: string): void;
  /** how it is said */
  says: RegExp;
  /** the program cannot run at all: it ends with 1 */
  opens: boolean;
}

const forbid = (path: string, mode: number, usual: number) => ({
  provoke: (dir: string) => chmodSync(join(dir, path), mode),
  mend: (dir: string) => chmodSync(join(dir, path), usual),
});
const cannot = /cannot be (read|written|read or written)|could not be (written|read)/;
const troubles: Trouble[] = [
  { title: 'a read-only state folder', when: 'before', ...forbid('state', 0o555, 0o777), says: cannot, opens: false },
  {
    title: 'an unreadable project.json',
    when: 'before',
    ...forbid('project.json', 0o000, 0o666),
    says: /project\.json/,
    opens: false,
  },
  {
    title: 'a read-only folder of takes',
    when: 'before',
    ...forbid('output/EP001/SH001', 0o555, 0o777),
    says: cannot,
    opens: true,
  },
  {
    title: 'a read-only folder of takes',
    when: 'during',
    ...forbid('output/EP001/SH003', 0o555, 0o777),
    says: cannot,
    opens: true,
  },
  {
    title: 'a hero that may not be read',
    when: 'before',
    ...forbid('assets/loc/pier', 0o000, 0o777),
    says: /pier/,
    opens: true,
  },
  {
    ...{ title: 'a project folder that is taken away', when: 'during', opens: true },
    provoke: (dir) => renameSync(dir, `${dir}-away`),
    mend(dir) {
      // what the program had put at the old place before it noticed is nothing that anybody misses
      rmSync(dir, { recursive: true, force: true });
      renameSync(`${dir}-away`, dir);
    },
    says: /taken away|not in|cannot be|no longer|missing/,
  },
];

const isRoot = process.getuid?.() === 0;
const asNobody = ['--reuid=65534', '--regid=65534', '--clear-groups'];
const hindrance = findHindrance();

describe.runIf(hindrance === null)(`${wanted} bad folders (CIRCLETAKE_FAULT_SEED=${seed})`, () => {
  it('are named, not tried without pause, and worked on when they are put right', {
    timeout: suiteTimeoutMs,
  }, async () => {
    for (let round = 0; round < wanted; round++) {
      const trouble = troubles[round % troubles.length];
      if (!trouble) break;
      const about = `${trouble.title} (${trouble.when}), round ${round}, seed ${seed}`;
      const project = makeFilm();
      const { code, said } = await liveThrough(project.dir, trouble);
      if (!trouble.opens) expect(code, `${about}: ${said}`).toBe(1);
      expect(said, about).not.toMatch(/went wrong|TypeError|undefined/);
      if (trouble.when === 'before' || code !== 3) expect(said, about).toMatch(trouble.says);
      expect(journalRows(project.dir), `${about}: moves and notes`).toBeLessThan(400);
      await finish(project.dir);
      const inspection = inspectProduction(project.dir);
      expect(inspection.faults, about).toEqual([]);
      expect(inspection.takes, about).toBeGreaterThan(shots);
      project.remove();
    }
    report('D7', `${wanted} bad folders (EACCES, taken away)${isRoot ? ', run as nobody' : ''}; seed ${seed}`);
  });
});
if (hindrance !== null) report('D7', `NOT RUN: ${hindrance}`);

async function liveThrough(dir: string, trouble: Trouble): Promise<{ code: number | null; said: string }> {
  if (trouble.when === 'before') trouble.provoke(dir);
  const program = runAs(dir);
  if (trouble.when === 'during') {
    await program.begun;
    await pause(chance.below(400));
    trouble.provoke(dir);
  }
  const code = trouble.opens ? await saidOrEnded(program, trouble.says) : (await program.ended).code;
  const said = `${(await program.ended).said}\n${saidInProject(dir)}`;
  trouble.mend(dir);
  return { code, said };
}

/** What waits with longer and longer pauses is stopped as soon as it has said why; null then. */
async function saidOrEnded(program: Program, says: RegExp): Promise<number | null> {
  const code = await Promise.race([program.says(says).then(() => null), program.ended.then((end) => end.code)]);
  program.stop();
  await program.ended;
  return code;
}

/** A person who has put things right and sends back what was given up meanwhile. */
async function finish(dir: string): Promise<void> {
  const open = await openStudio(dir);
  await workThrough(open, { phases: ['previs'] });
  await open.close();
}

interface Program {
  /** resolves with the first word about the batch, or with its end */
  begun: Promise<void>;
  ended: Promise<{ code: number | null; said: string }>;
  /** resolves when it has said so */
  says(pattern: RegExp): Promise<void>;
  stop(): void;
}

function runAs(dir: string): Program {
  const run = [entry, 'run', dir, '--episode', 'EP001', '--phase', 'previs'];
  const [command, args] = isRoot ? ['setpriv', [...asNobody, process.execPath, ...run]] : [process.execPath, run];
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, CIRCLETAKE_DATA: dataFolder, NODE_OPTIONS: '' },
  });
  let said = '';
  const begun = Promise.withResolvers<void>();
  const waiting: { pattern: RegExp; tell: () => void }[] = [{ pattern: /^batch_/m, tell: begun.resolve }];
  const listen = () => {
    for (const { pattern, tell } of waiting) if (pattern.test(said)) tell();
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      listen();
    });
  }
  const ended = new Promise<{ code: number | null; said: string }>((resolve) => {
    child.once('close', (code) => {
      begun.resolve();
      resolve({ code, said });
    });
  });
  const says = (pattern: RegExp) =>
    new Promise<void>((tell) => {
      waiting.push({ pattern, tell });
      listen();
    });
  return { begun: begun.promise, ended, says, stop: () => void child.kill('SIGINT') };
}

/** What the windows would show: problems, reasons of batches and of phases, over all that happened. */
function saidInProject(dir: string): string {
  return fromJournal(dir, 'SELECT body FROM journal').join('\n');
}

function journalRows(dir: string): number {
  return fromJournal(dir, 'SELECT body FROM journal').length;
}

function fromJournal(dir: string, text: string): string[] {
  const home = existsSync(dir) ? dir : `${dir}-away`;
  const path = join(home, 'state', 'circletake.db');
  try {
    const database = new Database(path, { readonly: true, fileMustExist: true });
    const rows = database.prepare<[], { body: string }>(text).all();
    database.close();
    return rows.flatMap(({ body }) => body.match(/"(reason|message|statusReason)":"[^"]+"/g) ?? ['']);
  } catch {
    // not there yet, or between two names
    return [];
  } finally {
    // a reader may have to make the files beside the database
    if (isRoot) spawnSync('chown', ['-R', '65534:65534', join(home, 'state')]);
  }
}

function makeFilm(): MadeProject {
  const project = makeProject({ shots });
  const rehearsal = { schema_version: 'circletake.rehearsal.v1', price_micro_usd: priceMicroUsd };
  project.write('rehearsal.json', JSON.stringify(rehearsal));
  for (const folder of ['state', ...project.shotIds.map((id) => `output/${id.replace('_', '/')}`)]) {
    mkdirSync(join(project.dir, folder), { recursive: true });
  }
  if (isRoot) spawnSync('chown', ['-R', '65534:65534', project.dir]);
  return project;
}

/** Why no user can be bound by permissions here. */
function findHindrance(): string | null {
  if (process.platform === 'win32') return 'permissions of folders are another thing on Windows';
  if (!isRoot) return null;
  const read = spawnSync('setpriv', [
    ...asNobody,
    process.execPath,
    '-e',
    `require('fs').readFileSync(${JSON.stringify(entry)})`,
  ]);
  return read.status === 0 ? null : 'these tests run as root, and nobody else may read the sources here';
}
