/** Ten thousand takes: everything is shown, and what is asked for costs as much as it holds and no more. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectSnapshotSchema } from '../../src-shared/api/projects-contract.ts';
import { manifestSchema } from '../../src-shared/domain/provenance.ts';
import type { MadeProject } from '../fixtures/make-project.ts';
import { seedTakes } from '../fixtures/seed-takes.ts';
import { type OpenStudio, openStudio } from '../fixtures/spawn-studio.ts';

interface Seeded {
  project: MadeProject;
  open: OpenStudio;
}

const shots = 400;
let small: Seeded;
let large: Seeded;

async function seed(takesPerShot: number): Promise<Seeded> {
  const project = await seedTakes({ shots, takesPerShot, files: false });
  return { project, open: await openStudio(project.dir) };
}

beforeAll(async () => {
  small = await seed(5);
  large = await seed(25);
}, 600_000);
afterAll(async () => {
  for (const { project, open } of [small, large]) {
    await open.close();
    project.remove();
  }
});

/**
 * How many times the work of `large` costs what that of `small` costs: this thread's processor time over so many goes of
 * both, taken in turns, so that whatever else the machine does falls on both.
 */
async function costRatio(goes: number, work: (open: OpenStudio) => Promise<unknown>): Promise<number> {
  const spent = { few: 0, many: 0 };
  const measure = async (open: OpenStudio) => {
    const before = process.threadCpuUsage();
    await work(open);
    const { user, system } = process.threadCpuUsage(before);
    return user + system;
  };
  for (let go = 0; go < goes; go++) {
    spent.few += await measure(small.open);
    spent.many += await measure(large.open);
  }
  return spent.many / spent.few;
}

describe('a project of 10,000 takes', () => {
  it('answers with every shot, its takes and its money', async () => {
    const snapshot = projectSnapshotSchema.parse(await large.open.services.snapshot());
    expect(snapshot.shots).toHaveLength(shots);
    expect(Object.values(snapshot.summaries).every(({ takeCount }) => takeCount === 25)).toBe(true);
    expect(snapshot.spend.settledMicroUsd).toBe(shots * 25 * 100);
    expect(snapshot.problems).toEqual([]);
    const { takes } = await large.open.services.takes.list('EP001_SH400');
    expect(takes.map(({ number }) => number)).toEqual(Array.from({ length: 25 }, (_, index) => index + 1));
    expect(await large.open.takes()).toHaveLength(shots * 25);
    expect(large.open.log.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('shows the list of shots at a cost that does not grow with their takes', async () => {
    expect(await costRatio(60, (open) => open.services.snapshot())).toBeLessThan(2.5);
  });

  it('lists all its takes at a cost that grows with them and no faster', async () => {
    expect(await costRatio(12, (open) => open.takes())).toBeLessThan(5 * 2);
  });

  it('lets others have their turn while its exports are written', async () => {
    let turns = 0;
    let ended = false;
    const count = () => {
      turns++;
      if (!ended) setImmediate(count);
    };
    setImmediate(count);
    const report = await small.open.services.handoff.exportEpisode('EP001');
    ended = true;
    expect(report.takes).toBe(shots * 5);
    expect(turns).toBeGreaterThan(shots);
    const manifest = readFileSync(join(small.project.dir, report.manifestPath), 'utf8');
    const { takes, ...head } = manifestSchema.parse(JSON.parse(manifest));
    expect(head).toMatchObject({ total_takes: shots * 5, total_cost: 0 });
    expect(takes.map(({ take_id }) => take_id)).toEqual((await small.open.takes()).map(({ id }) => id));
    expect(manifest).toBe(`${JSON.stringify({ ...head, takes }, null, 2)}\n`);
  });
});
