/** Play money and real money never meet in one ledger, and no job is asked about where it was not sent. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type MadeProject, makeProject } from '../fixtures/make-project.ts';
import { type OpenStudio, openStudio } from '../fixtures/spawn-studio.ts';
import { type RunningSimulator, startSimulator } from '../simulators/start-simulator.ts';

let folder: string;
let project: MadeProject;
let simulator: RunningSimulator | null = null;
let open: OpenStudio | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'circletake-money-'));
});
afterEach(async () => {
  await open?.close();
  await simulator?.stop();
  [open, simulator] = [null, null];
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function makeIt(rehearsal: boolean): void {
  const dir = join(folder, 'project');
  project = makeProject({ shots: 1, dir, project: rehearsal ? { rehearsal, default_provider: 'openai' } : {} });
}

function sayRehearsal(rehearsal: boolean): void {
  const { rehearsal: _, ...rest } = project.project;
  project.write('project.json', JSON.stringify({ ...rest, ...(rehearsal ? { rehearsal } : {}) }));
}

/** A rehearsal with one attempt in doubt at the simulator. */
async function openDoubtfulRehearsal(): Promise<OpenStudio> {
  const faults = [{ id: 'lost', kind: 'accept-then-drop' } as const];
  const faultPlan = { schema_version: 'fault-plan.v1', faults } as const;
  simulator = await startSimulator({ folder: join(folder, 'simulator'), faultPlan: { ...faultPlan, faults } });
  vi.stubEnv('CIRCLETAKE_SIMULATOR', simulator.url);
  makeIt(true);
  open = await openStudio(project.dir);
  const { services, until } = open;
  await open.start({ provider: 'openai' });
  await until(async () => (await services.attempts.inDoubt()).doubts.length === 1);
  return open;
}

it('a rehearsal in which play money moved is not opened as a production', async () => {
  await (await openDoubtfulRehearsal()).close();
  open = null;
  sayRehearsal(false);
  await expect(openStudio(project.dir)).rejects.toMatchObject({ code: 'project.invalid' });
  sayRehearsal(true);
  open = await openStudio(project.dir);
  expect((await open.services.attempts.inDoubt()).doubts).toHaveLength(1);
});

it('what is said of it while it is open does not make its ledger a real one', async () => {
  const { services, until } = await openDoubtfulRehearsal();
  sayRehearsal(false);
  const { problems } = await until(async () => {
    const snapshot = await services.snapshot('EP001');
    return snapshot.problems.some(({ where }) => where === 'rehearsal') ? snapshot : null;
  });
  expect(problems).toMatchObject([{ file: 'project.json', where: 'rehearsal' }]);
  expect((await services.snapshot('EP001')).project.rehearsal).toBe(true);
});

it('a project in which nothing was spent may become one', async () => {
  makeIt(false);
  open = await openStudio(project.dir);
  await open.rest((await open.start()).id);
  await open.close();
  sayRehearsal(true);
  simulator = await startSimulator({ folder: join(folder, 'simulator') });
  vi.stubEnv('CIRCLETAKE_SIMULATOR', simulator.url);
  open = await openStudio(project.dir);
  expect((await open.services.snapshot('EP001')).project.rehearsal).toBe(true);
});
