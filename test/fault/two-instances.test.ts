/**
 * D12: a second program on a project that is open. It is refused whatever it wants, changes nothing, and what is under way
 * goes on; once the first was killed, exactly one of those that ask next gets the project, and finishes what was begun.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type MadeProject, makeProject } from '../fixtures/make-project.ts';
import { type RunningProgram, runCircletake, startCircletake } from '../fixtures/spawn-circletake.ts';
import { faultSize, report, suiteTimeoutMs } from './fault-size.ts';
import { inspectProduction } from './inspect-production.ts';
import { faultSeed, seededChance } from './seeded-chance.ts';

const shots = 3;
const priceMicroUsd = 40_000;
const rounds = faultSize('D12', { ci: 5, long: 50 });
const seed = faultSeed();
const chance = seededChance(seed);
const dataFolder = mkdtempSync(join(tmpdir(), 'circletake-fault-two-'));
process.env.NODE_COMPILE_CACHE = join(dataFolder, 'compiled');
afterAll(() => rmSync(dataFolder, { recursive: true, force: true }), 60_000);

const scope = ['--episode', 'EP001', '--phase', 'previs'];
const wishes = (dir: string): string[][] => [
  ['status', dir],
  ['run', dir, ...scope],
  ['approve', dir, ...scope, '--all'],
  ['serve', dir],
  ['export', dir, '--episode', 'EP001'],
];

describe(`two programs on one project, ${rounds} times (CIRCLETAKE_FAULT_SEED=${seed})`, () => {
  it('are one owner and refusals, and a dead owner keeps nobody out', { timeout: suiteTimeoutMs }, async () => {
    let refused = 0;
    for (let round = 0; round < rounds; round++) {
      const { project, owner } = await stopOwnerAtWork();
      const second = await runCircletake(chance.oneOf(wishes(project.dir)), dataFolder);
      expect(second.code, second.err).toBe(6);
      expect(second.err).toContain(`open in another Circletake (process ${owner.child.pid}`);
      refused++;
      owner.child.kill('SIGCONT');
      // half of the owners are killed at work, the others end in order
      if (chance.below(2) === 0) owner.kill();
      const ended = await owner.ended;
      if (ended.signal === null) expect(ended.code, ended.err).toBe(3);
      else expect(JSON.parse(readFileSync(join(project.dir, 'state/project.lock'), 'utf8')).pid).toBe(owner.child.pid);
      refused += await raceToTheEnd(project, ended.signal !== null);
      expect(inspectProduction(project.dir), `seed ${seed}, round ${round}`).toMatchObject({
        ...{ faults: [], takes: shots, settledMicroUsd: shots * priceMicroUsd },
      });
      project.remove();
    }
    report('D12', `${rounds} rounds: ${refused} refusals, every dead owner's lock taken over; seed ${seed}`);
  });
});

/** An owner that stands still in the middle of its batch; one that came to its end before it was stopped is no such owner. */
async function stopOwnerAtWork(): Promise<{ project: MadeProject; owner: RunningProgram }> {
  for (;;) {
    const project = makeFilm();
    const owner = startCircletake(['run', project.dir, ...scope], dataFolder);
    expect(await owner.says(/^batch_/m), 'the owner is at work').toBe(true);
    owner.child.kill('SIGSTOP');
    if (existsSync(join(project.dir, 'state/project.lock'))) return { project, owner };
    owner.child.kill('SIGCONT');
    await owner.ended;
    project.remove();
  }
}

/** Two at once over the lock of the dead one: what was begun is finished by whoever gets it. */
async function raceToTheEnd(project: MadeProject, isUnfinished: boolean): Promise<number> {
  if (!isUnfinished) return 0;
  const run = ['run', project.dir, ...scope];
  const ends = await Promise.all([runCircletake(run, dataFolder), runCircletake(run, dataFolder)]);
  const losers = ends.filter(({ code }) => code === 6);
  const others = ends.filter(({ code }) => code !== 6);
  // one that comes when the other has ended finds everything done
  for (const { code, err } of others) expect(code, err).toBe(3);
  expect(others.length).toBeGreaterThan(0);
  return losers.length;
}

function makeFilm(): MadeProject {
  const project = makeProject({ shots });
  const rehearsal = { schema_version: 'circletake.rehearsal.v1', price_micro_usd: priceMicroUsd };
  project.write('rehearsal.json', JSON.stringify(rehearsal));
  return project;
}
