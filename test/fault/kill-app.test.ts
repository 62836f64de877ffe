/**
 * D2: SIGKILL of the whole app at random moments, while a batch runs and a director decides over HTTP. What the app has
 * answered is there at the next start. The same moments again: CIRCLETAKE_FAULT_SEED.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { type MadeProject, makeProject } from '../fixtures/make-project.ts';
import { runCircletake } from '../fixtures/spawn-circletake.ts';
import { faultSize, report, suiteTimeoutMs } from './fault-size.ts';
import { inspectProduction } from './inspect-production.ts';
import { type Chance, faultSeed, seededChance } from './seeded-chance.ts';
import { startWholeApp } from './whole-app.ts';
import { type Deed, workThrough } from './work-through.ts';

const shots = 3;
const phases = ['previs', 'keyframe', 'video'] as const;
const takes = shots * phases.length + 1;
const priceMicroUsd = 40_000;
const wantedKills = faultSize('D2', { ci: 30, long: 600 });
/** from the moment it can be asked, and, one time in five, from its start */
const longestLifeMs = 900;
const seed = faultSeed();
const dataFolder = mkdtempSync(join(tmpdir(), 'circletake-fault-app-'));
process.env.NODE_COMPILE_CACHE = join(dataFolder, 'compiled');
afterAll(() => rmSync(dataFolder, { recursive: true, force: true }), 60_000);

describe(`the app killed at ${wantedKills} moments (CIRCLETAKE_FAULT_SEED=${seed})`, () => {
  it('keeps every take and every decision it has answered, and pays nothing twice', {
    timeout: suiteTimeoutMs,
  }, async () => {
    const chance = seededChance(seed);
    let kills = 0;
    let decisions = 0;
    let productions = 0;
    while (kills < wantedKills) {
      const project = makeFilm();
      // an orderly end keeps the compiled sources for the starts that follow
      if (productions === 0) await runCircletake(['status', project.dir], dataFolder);
      const told: Deed[] = [];
      for (let done = false; !done; ) {
        done = await live(project, told, kills < wantedKills ? chance : null);
        if (!done) kills++;
        expect(decisionsOf(project.dir), `seed ${seed}, kill ${kills}`).toEqual(expect.arrayContaining(told));
      }
      const inspection = inspectProduction(project.dir);
      expect(inspection.faults, `seed ${seed}, ${kills} kills`).toEqual([]);
      expect(inspection).toMatchObject({ takes, settledMicroUsd: takes * priceMicroUsd });
      decisions += told.length;
      productions++;
      project.remove();
    }
    report('D2', `${kills} kills of the whole app, ${productions} productions, ${decisions} decisions; seed ${seed}`);
  });
});

/** One life of the app: to the end of the work, or to its death. True when the work is done. */
async function live(project: MadeProject, told: Deed[], chance: Chance | null): Promise<boolean> {
  const app = startWholeApp(project.dir, dataFolder);
  const killSoon = (life: number) => setTimeout(() => app.program.kill(), life);
  const lifeMs = chance?.below(longestLifeMs) ?? null;
  const isFromStart = chance?.below(5) === 0;
  let timer = lifeMs !== null && isFromStart ? killSoon(lifeMs) : null;
  const work = async () => {
    const desk = await app.desk;
    if (!desk) return false;
    if (lifeMs !== null && !isFromStart) timer = killSoon(lifeMs);
    await workThrough(desk, { phases: [...phases], onDecided: (deed) => told.push(deed) });
    return true;
  };
  // its death cuts requests off
  const done = await work().catch((error: unknown) => {
    if (!chance) throw error;
    return false;
  });
  if (timer && done) clearTimeout(timer);
  if (done) app.program.kill('SIGTERM');
  const { signal, code, err } = await app.program.ended;
  if (done && signal === null) expect(code, err).toBe(0);
  return done && signal === null;
}

function decisionsOf(dir: string): Deed[] {
  try {
    const database = new Database(join(dir, 'state', 'circletake.db'), { readonly: true, fileMustExist: true });
    const rows = database.prepare<[], Deed>('SELECT take_id AS takeId, action, note FROM reviews').all();
    database.close();
    return rows;
  } catch {
    return [];
  }
}

function makeFilm(): MadeProject {
  const project = makeProject({ shots });
  const rehearsal = { schema_version: 'circletake.rehearsal.v1', price_micro_usd: priceMicroUsd };
  project.write('rehearsal.json', JSON.stringify(rehearsal));
  return project;
}
