/**
 * kill -9 at random moments of a production that is run from the command line, again and again until it is done. More
 * kills or the same ones once more: CIRCLETAKE_FAULT_KILLS, CIRCLETAKE_FAULT_SEED.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { type MadeProject, makeProject } from '../fixtures/make-project.ts';
import { type ProgramEnd, startCircletake } from '../fixtures/spawn-circletake.ts';
import { faultSize, report, suiteTimeoutMs } from './fault-size.ts';
import { inspectProduction } from './inspect-production.ts';
import { carryOutKill, chooseKill, type Kill, otherMoments, runMoments } from './killer.ts';
import { type Chance, faultSeed, seededChance } from './seeded-chance.ts';

const shots = 6;
const priceMicroUsd = 40_000;
const wantedKills = Number(process.env.CIRCLETAKE_FAULT_KILLS ?? faultSize('D2_BATCH', { ci: 20, long: 400 }));
const seed = faultSeed();
const dataFolder = mkdtempSync(join(tmpdir(), 'circletake-fault-data-'));
// an orderly end keeps the compiled sources for the starts that follow
process.env.NODE_COMPILE_CACHE = join(dataFolder, 'compiled');
afterAll(() => rmSync(dataFolder, { recursive: true, force: true }));

describe(`a production killed at ${wantedKills} moments (CIRCLETAKE_FAULT_SEED=${seed})`, () => {
  it('loses no take, pays nothing twice and leaves nothing behind', { timeout: suiteTimeoutMs }, async () => {
    const chance = seededChance(seed);
    const killed: Kill[] = [];
    let neverSent = 0;
    while (killed.length < wantedKills) {
      const project = makeKillableProject();
      await produce(project, { chance, killed });
      const inspection = inspectProduction(project.dir);
      expect(inspection.faults, `seed ${seed}, kills ${JSON.stringify(killed)}`).toEqual([]);
      expect(inspection.takes).toBe(shots * 3);
      expect(inspection.settledMicroUsd).toBe(shots * 3 * priceMicroUsd);
      neverSent += inspection.neverSent;
      project.remove();
    }
    const counts = Object.entries(Object.groupBy(killed, ({ moment }) => moment));
    const told = counts.map(([moment, kills]) => `${moment} ${kills.length}`).join(', ');
    const cutOff = `${neverSent} attempts had been cut off before the engine had them`;
    report('D2', `${killed.length} kills of a batch (${told}); ${cutOff}; seed ${seed}`);
  });
});

describe('a run killed while a request was being sent', () => {
  it.each([
    { moment: 'sending', taken: false, title: 'before the engine had it' },
    { moment: 'accepted', taken: true, title: 'after the engine had it, before that was written down' },
  ] as const)('$title: the engine’s list settles it at the next start', async ({ moment, taken, title }) => {
    const hit = await cutOffSending(moment, taken);
    // a machine so busy that every kill comes too late says nothing of the app; D1 dies at each of these points for certain
    if (!hit) return report('D2', `NOT HIT by ${mostKills} kills: a run killed ${title}`);
    const { project, run, cutOff } = hit;
    const end = await startCircletake(run, dataFolder).ended;
    expect(end, end.err).toMatchObject({ code: 3 });
    expect(inspectProduction(project.dir)).toMatchObject({ faults: [], takes: shots });
    const now = statesOf(project.dir);
    for (const { id } of cutOff) expect(now.get(id)).toBe(taken ? 'settled' : 'failed');
    project.remove();
  });
});

const mostKills = 100;

/** Kills runs until one was hit in the window that is meant; a production that has nothing left to send is given up. */
async function cutOffSending(moment: 'sending' | 'accepted', taken: boolean) {
  const kill: Kill = { moment, skip: 0, delayMs: 0 };
  for (let kills = 0; kills < mostKills; kills++) {
    const project = makeKillableProject();
    const run = ['run', project.dir, '--episode', 'EP001', '--phase', 'previs'];
    while (await carryOutKill(startCircletake(run, dataFolder), kill, project.dir, takeFolders(project))) {
      const cutOff = attemptsBeingSent(project.dir).filter((attempt) => attempt.taken === taken);
      if (cutOff.length > 0) return { project, run, cutOff };
      if (++kills >= mostKills) break;
    }
    project.remove();
  }
  return null;
}

/** Attempts that a killed process left while sending, and whether the engine has them. */
function attemptsBeingSent(dir: string): { id: string; taken: boolean }[] {
  const sending = [...statesOf(dir)].filter(([, state]) => state === 'submitting');
  return sending.map(([id]) => ({ id, taken: existsSync(join(dir, '.circletake/embedded', `emb_${id}.job.json`)) }));
}

function statesOf(dir: string): Map<string, string> {
  const database = new Database(join(dir, 'state', 'circletake.db'), { readonly: true });
  try {
    const rows = database.prepare<[], { id: string; state: string }>('SELECT id, state FROM attempts').all();
    return new Map(rows.map(({ id, state }) => [id, state]));
  } finally {
    database.close();
  }
}

interface Campaign {
  chance: Chance;
  killed: Kill[];
}

function makeKillableProject(): MadeProject {
  const project = makeProject({ shots });
  project.write(
    'rehearsal.json',
    JSON.stringify({ schema_version: 'circletake.rehearsal.v1', price_micro_usd: priceMicroUsd }),
  );
  // there from the start, so that the killer can watch them
  for (const folder of ['.circletake/embedded', 'state', ...takeFolders(project)]) {
    mkdirSync(join(project.dir, folder), { recursive: true });
  }
  return project;
}

function takeFolders(project: MadeProject): string[] {
  return project.shotIds.map((id) => `output/${id.replace('_', '/')}`);
}

/** Every phase of every shot, each command repeated until it comes to its end. */
async function produce(project: MadeProject, campaign: Campaign): Promise<void> {
  for (const phase of ['previs', 'keyframe', 'video']) {
    const scope = [project.dir, '--episode', 'EP001', '--phase', phase];
    const end = await insist(project, campaign, ['run', ...scope]);
    expect(end, end.err).toMatchObject({ code: 3 });
    const approved = await insist(project, campaign, ['approve', ...scope, '--all']);
    expect(approved, approved.err).toMatchObject({ code: 0 });
  }
  const verified = await startCircletake(['verify', project.dir], dataFolder).ended;
  expect(verified, verified.err).toMatchObject({ code: 0 });
}

async function insist(project: MadeProject, { chance, killed }: Campaign, args: string[]): Promise<ProgramEnd> {
  for (;;) {
    const program = startCircletake(args, dataFolder);
    if (killed.length >= wantedKills || chance.below(10) === 0) return program.ended;
    const kill = chooseKill(chance, args[0] === 'run' ? runMoments : otherMoments);
    if (!(await carryOutKill(program, kill, project.dir, takeFolders(project)))) return program.ended;
    killed.push(kill);
  }
}
