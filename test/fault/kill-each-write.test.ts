/**
 * D1: the end of the process at each write, flush, rename and commit of a small production, decisions included. Most ends
 * are seen in pictures: SIGKILL leaves what the system has been told, so a copy of the folder taken at that moment is what
 * the next start finds. Some are real. The same points again: CIRCLETAKE_FAULT_SEED. D4: what was flushed when.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { temporarySuffix } from '../../src-main/platform/atomic-file.ts';
import { type MadeProject, makeProject } from '../fixtures/make-project.ts';
import { openStudio } from '../fixtures/spawn-studio.ts';
import type { Point } from './failpoints.ts';
import { faultSize, report, suiteTimeoutMs } from './fault-size.ts';
import { inspectProduction } from './inspect-production.ts';
import { faultSeed, seededChance } from './seeded-chance.ts';
import { type Deed, workThrough } from './work-through.ts';

const program = fileURLToPath(new URL('../fixtures/work-under-fire.ts', import.meta.url));
const phases = ['previs', 'keyframe'] as const;
const priceMicroUsd = 40_000;
const jobs = faultSize('D1', { ci: 4, long: 20 });
const shots = jobs / phases.length;
/** one take is sent back and made again */
const takes = jobs + 1;
const realKills = faultSize('D1_KILLS', { ci: 8, long: 100 });
const every = faultSize('D1_EVERY', { ci: 5, long: 1 });
const recoveryLimitMs = 5000;
const seed = faultSeed();
const chance = seededChance(seed);
const folder = mkdtempSync(join(tmpdir(), 'circletake-each-write-'));
const slowest = { ms: 0, cpuMs: 0 };
afterAll(() => rmSync(folder, { recursive: true, force: true }), 60_000);

describe(`a production of ${jobs} jobs killed at each write (CIRCLETAKE_FAULT_SEED=${seed})`, () => {
  let points: Point[] = [];

  it('loses no take, decision or note and pays nothing twice, wherever it is killed', {
    timeout: suiteTimeoutMs,
  }, async () => {
    const project = makeFilm();
    const pictures = join(folder, 'pictures');
    const run = await start(project, 'picture', pictures, String(every), String(chance.below(every)));
    expect(run.code, run.err).toBe(0);
    points = run.points;
    for (const name of readdirSync(pictures).sort()) {
      const picture = join(pictures, name);
      const told: { point: Point; decided: Deed[] } = JSON.parse(readFileSync(join(picture, 'told.json'), 'utf8'));
      rmSync(project.dir, { recursive: true });
      cpSync(join(picture, 'project'), project.dir, { recursive: true });
      await goOn(project, told.decided, `picture ${name}, ${told.point.kind} ${told.point.path}, seed ${seed}`);
      rmSync(picture, { recursive: true });
    }
    project.remove();
  });

  it('nor when it is really killed there', { timeout: suiteTimeoutMs }, async () => {
    const killedAt: string[] = [];
    for (let round = 0; round < realKills; round++) {
      const project = makeFilm();
      const nth = 1 + chance.below(points.length);
      const run = await start(project, 'kill', String(nth));
      if (run.signal === 'SIGKILL') killedAt.push(String(nth));
      await goOn(project, run.decided, `really killed at ${nth}, seed ${seed}`);
      project.remove();
    }
    const pictured = Math.floor(points.length / every);
    const kinds = Object.entries(Object.groupBy(points, ({ kind }) => kind)).map(
      ([kind, of]) => `${of.length} ${kind}`,
    );
    const told = `${jobs} jobs, ${points.length} points (${kinds.join(', ')}): ${pictured} pictured, commits also cut off`;
    report('D1', `${told}; ${killedAt.length} real kills; slowest recovery ${slowest.ms} ms; seed ${seed}`);
  });

  it('flushes each file before it gets its name, and the folder after it', () => {
    const renames = points.flatMap((point, index) => (isNaming(point) ? [{ ...point, index }] : []));
    const unflushed = renames.filter(({ from, index }) => lastEffectOn(points.slice(0, index), from) !== 'flush');
    const unnamed = renames.filter(
      ({ path, index }) => !points.slice(index).some(({ kind, path: at }) => kind === 'flush' && at === dirname(path)),
    );
    expect(unflushed.map(({ path }) => path)).toEqual([]);
    expect(unnamed.map(({ path }) => path)).toEqual([]);
    report('D4', `${renames.length} renames: the file flushed before, its folder after`);
  });
});

/** A rename, or the link by which a take gets its place. SQLite flushes its own file; a lock is news of this process only. */
function isNaming({ kind, path }: Point): boolean {
  const isName = kind === 'rename' || (kind === 'link' && !path.endsWith(temporarySuffix));
  return isName && path !== 'state/circletake.db' && path !== 'state/project.lock';
}

function lastEffectOn(points: readonly Point[], path: string | null): string | undefined {
  return points.findLast((point) => point.path === path)?.kind;
}

function makeFilm(): MadeProject {
  const project = makeProject({ shots });
  const rehearsal = { schema_version: 'circletake.rehearsal.v1', price_micro_usd: priceMicroUsd };
  project.write('rehearsal.json', JSON.stringify(rehearsal));
  return project;
}

/** The next start: it recovers in time, is worked through to the end, and has everything that was told before. */
async function goOn(project: MadeProject, decided: readonly Deed[], when: string): Promise<void> {
  const startedAt = { ms: performance.now(), cpu: process.cpuUsage() };
  const open = await openStudio(project.dir);
  const { user, system } = process.cpuUsage(startedAt.cpu);
  slowest.ms = Math.max(slowest.ms, Math.round(performance.now() - startedAt.ms));
  slowest.cpuMs = Math.max(slowest.cpuMs, Math.round((user + system) / 1000));
  try {
    const history = (await Promise.all(project.shotIds.map((id) => open.services.review.history(id)))).flat();
    const kept = history.map(({ takeId, action, note }) => ({ takeId, action, note }));
    expect(kept, when).toEqual(expect.arrayContaining([...decided]));
    await workThrough(open, { phases: [...phases] });
  } finally {
    await open.close();
  }
  // of the processor, so that other work on the machine fails no test
  expect(slowest.cpuMs, `${when}: recovery`).toBeLessThan(recoveryLimitMs);
  const inspection = inspectProduction(project.dir);
  expect(inspection.faults, when).toEqual([]);
  expect(inspection, when).toMatchObject({ takes, settledMicroUsd: takes * priceMicroUsd });
}

interface Run {
  code: number | null;
  signal: string | null;
  err: string;
  decided: Deed[];
  points: Point[];
}

function start(project: MadeProject, ...how: string[]): Promise<Run> {
  const child = spawn(process.execPath, [program, project.dir, ...how], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text;
  });
  const lines = (begin: string) =>
    said.out.split('\n').flatMap((line) => (line.startsWith(begin) ? [JSON.parse(line.slice(begin.length))] : []));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) =>
      resolve({ code, signal, err: said.err, decided: lines('decided '), points: lines('point ') }),
    );
  });
}
