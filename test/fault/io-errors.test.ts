/**
 * D5: the disk says EIO or ENOSPC to the nth thing that is asked of it, files and database alike, at any place of a small
 * production. Each failure is said in words that people understand, or at least in the log where it harmed nothing that is not
 * made again; nothing is paid twice, and when the disk is well again the work goes on.
 */

import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { type MadeProject, makeProject } from '../fixtures/make-project.ts';
import { type OpenStudio, openStudio } from '../fixtures/spawn-studio.ts';
import { installFailpoints, type Point } from './failpoints.ts';
import { faultSize, isLongRun, report, suiteTimeoutMs } from './fault-size.ts';
import { inspectProduction } from './inspect-production.ts';
import { faultSeed, seededChance } from './seeded-chance.ts';
import { workThrough } from './work-through.ts';

const shots = 2;
const takes = shots * 2 + 1;
const priceMicroUsd = 40_000;
const seed = faultSeed();
const chance = seededChance(seed);
const errors = ['EIO', 'ENOSPC'] as const;
type DiskError = (typeof errors)[number];

let project: MadeProject;
let restore: () => void = () => {};
afterEach(() => {
  restore();
  project.remove();
});

/** One trouble: so many calls in a row fail, from the nth on. */
interface Trouble {
  nth: number;
  error: DiskError;
  length: number;
}

interface Told {
  hit: Point[];
  /** everything that was said to people while the disk was ill */
  said: string[];
  /** what the log warned of */
  logged: string[];
}

describe(`a disk that fails at any call (CIRCLETAKE_FAULT_SEED=${seed})`, () => {
  it('is said so, costs nothing twice, and the work goes on when it is well', { timeout: suiteTimeoutMs }, async () => {
    const points = await countPoints();
    const wanted = faultSize('D5', { ci: 50, long: points.length * errors.length });
    const told = { aloud: 0, logged: 0, harmless: 0 };
    for (let round = 0; round < wanted; round++) {
      const trouble: Trouble = isLongRun
        ? {
            nth: 1 + (round % points.length),
            error: errors[round % errors.length] ?? 'EIO',
            length: 1 + chance.below(30),
          }
        : { nth: 1 + chance.below(points.length), error: chance.oneOf(errors), length: chance.oneOf([1, 1, 5, 30]) };
      const when = `${JSON.stringify(trouble)}, seed ${seed}`;
      project = makeFilm();
      const { hit, said, logged } = await liveThrough(trouble);
      const where = hit.map(({ kind, path }) => `${kind} ${path}`).join(', ');
      for (const sentence of said) expect(sentence, `${when}: ${where}`).not.toMatch(unclear);
      if (said.some((sentence) => clear.test(sentence))) told.aloud++;
      else if (logged.length > 0) told.logged++;
      else {
        expect(hit.filter(doesHarm), `${when}: nobody was told; said: ${said.join(' | ')}`).toEqual([]);
        told.harmless++;
      }
      await finish(`${when}: ${where}; said: ${said.join(' | ')}`);
      project.remove();
    }
    report(
      'D5',
      `${wanted} of ${points.length} calls failed (EIO, ENOSPC, 1–30 in a row): ${told.aloud} said to people, ${told.logged} in the log alone, ${told.harmless} without effect; seed ${seed}`,
    );
  });
});

const clear = /disk is full|cannot be ((read|watched) or )?(written|read)|could not be/i;
/** A leftover that is cleared away later, a heartbeat that the next one makes good. */
const doesHarm = ({ kind, path }: Point) => kind !== 'remove' && !path.startsWith('state/project.lock');
const unclear = /went wrong|undefined|\[object|TypeError/;

async function countPoints(): Promise<Point[]> {
  const points: Point[] = [];
  project = makeFilm();
  restore = await installFailpoints({ folder: project.dir, before: (point) => void points.push(point) });
  const open = await openStudio(project.dir);
  await workThrough(open, { phases: ['previs', 'keyframe'] });
  await open.close();
  restore();
  project.remove();
  return points;
}

/** A person who tries again when something is said, a few times. */
async function liveThrough(trouble: Trouble): Promise<Told> {
  const told: Told = { hit: [], said: [], logged: [] };
  let calls = 0;
  restore = await installFailpoints({
    folder: project.dir,
    before(point) {
      calls++;
      if (calls < trouble.nth || calls >= trouble.nth + trouble.length) return;
      told.hit.push(point);
      throw diskError(trouble.error, point);
    },
  });
  for (let tries = 0; tries < 8 && !(await work(told)); tries++);
  restore();
  return told;
}

async function work(told: Told): Promise<boolean> {
  let open: OpenStudio | null = null;
  try {
    open = await openStudio(project.dir);
    const worked = workThrough(open, { phases: ['previs', 'keyframe'] });
    return await Promise.race([worked.then(() => true), outcome(open, worked)]);
  } catch (error) {
    told.said.push(error instanceof Error ? error.message : String(error));
    return false;
  } finally {
    if (open) await endWork(open, told);
  }
}

/** What waits a minute to be tried again, or cannot even be recorded: this person starts the app again instead. */
function outcome(open: OpenStudio, worked: Promise<void>): Promise<false> {
  return new Promise((resolve) => {
    const look = setInterval(async () => {
      const isStuck = open.log.some(({ message }) => message === 'a stopped run could not be recorded');
      const { shots: rows } = await open.services.snapshot('EP001').catch(() => ({ shots: [] }));
      const soon = new Date(Date.now() + 10_000).toISOString();
      const isWaiting = rows.some(({ phases }) => Object.values(phases).some(({ retryAt }) => (retryAt ?? '') > soon));
      if (isStuck || isWaiting) resolve(false);
    }, 100);
    worked.catch(() => undefined).finally(() => clearInterval(look));
  });
}

async function endWork(open: OpenStudio, { said, logged }: Told): Promise<void> {
  for (const { body } of open.services.journal.eventsAfter(0, 100_000)) {
    if (body.type === 'batch_changed' && body.batch.statusReason) said.push(body.batch.statusReason);
    if (body.type === 'station_transition' && body.shotPhase.reason) said.push(body.shotPhase.reason);
    if (body.type === 'attempt_noted' && body.step.note) said.push(body.step.note);
    if (body.type === 'problem_raised') said.push(body.problem.message);
  }
  await open.close().catch((error: Error) => said.push(error.message));
  for (const { level, message, error } of open.log) {
    if (level === 'error') said.push(String(Reflect.get(Object(error), 'message')));
    if (level === 'error' || level === 'warn') logged.push(message);
  }
}

async function finish(when: string): Promise<void> {
  const open = await openStudio(project.dir);
  await workThrough(open, { phases: ['previs', 'keyframe'] });
  await open.close();
  const inspection = inspectProduction(project.dir);
  expect(inspection.faults, when).toEqual([]);
  expect(inspection.takes, when).toBeGreaterThanOrEqual(takes);
  expect(inspection.settledMicroUsd, when).toBe(inspection.takes * priceMicroUsd);
}

function diskError(code: DiskError, { kind, path }: Point): Error {
  if (kind === 'change' || kind === 'commit') {
    return code === 'EIO'
      ? new Database.SqliteError('disk I/O error', 'SQLITE_IOERR_WRITE')
      : new Database.SqliteError('database or disk is full', 'SQLITE_FULL');
  }
  const words = code === 'EIO' ? 'i/o error' : 'no space left on device';
  return Object.assign(new Error(`${code}: ${words}, ${kind} '${path}'`), { code, syscall: kind, path });
}

function makeFilm(): MadeProject {
  const made = makeProject({ shots });
  made.write(
    'rehearsal.json',
    JSON.stringify({ schema_version: 'circletake.rehearsal.v1', price_micro_usd: priceMicroUsd }),
  );
  return made;
}
