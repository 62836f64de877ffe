import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src-main/platform/clock.ts';
import { silentLogger } from '../../src-main/platform/logger.ts';
import { type FollowedProject, followProject } from '../../src-main/projects/follow-project.ts';
import type { OpenedProject } from '../../src-main/projects/open-project.ts';
import { createFakeMedia } from '../fakes/fake-media.ts';
import { type MadeProject, makePlan, makeProject } from '../fixtures/make-project.ts';
import { openTestProject } from '../fixtures/open-test-project.ts';

let made: MadeProject;
let opened: OpenedProject;
let followed: FollowedProject;
let reloads = 0;

async function open(): Promise<void> {
  opened = await openTestProject(made.dir, { clock: systemClock });
  const deps = { clock: systemClock, logger: silentLogger, media: createFakeMedia(), gates: [] };
  followed = await followProject(opened, { ...deps, onDocuments: () => void reloads++ });
  await followed.ready;
}
async function close(): Promise<void> {
  await followed.close();
  await opened.close();
}
beforeEach(async () => {
  made = makeProject({ shots: 3 });
  reloads = 0;
  await open();
});
afterEach(async () => {
  await close();
  made.remove();
});

const keys = () => opened.store.problems().map((problem) => problem.key);
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 60_000, interval: 20 });

describe('an open project follows its folder', () => {
  it('takes in a clip that is put into a folder made for it, three levels down', async () => {
    rmSync(join(made.dir, 'output'), { recursive: true });
    made.write('output/EP001/SH002/rain.mp4', 'CLIP rain');
    await followed.rescan();
    await eventually(() => expect(opened.store.takesOf('EP001_SH002')).toHaveLength(1));
  });

  it('misses none of many files in many new folders', async () => {
    const plan = makePlan(40);
    made.writePlan(plan);
    await eventually(() => expect(opened.store.shots('EP001')).toHaveLength(40));
    for (const shot of plan.shots) {
      const folder = join(made.dir, 'output', 'EP001', shot.shot_id.slice(6));
      mkdirSync(folder, { recursive: true });
      for (let n = 0; n < 5; n++) writeFileSync(join(folder, `take ${n}.mp4`), `CLIP ${shot.shot_id} ${n}`);
    }
    await eventually(() => expect(opened.store.takesOfEpisode('EP001').length).toBe(200));
    expect(new Set(opened.store.takesOfEpisode('EP001').map((take) => take.path)).size).toBe(200);
  });

  it('takes each of many slow copies in once and whole', async () => {
    const count = Number(process.env.CIRCLETAKE_STORM ?? 300);
    const folder = join(made.dir, 'output', 'EP001', 'SH001');
    const paths = Array.from({ length: count }, (_, n) => join(folder, `slow ${n}.mp4`));
    const half = (n: number) => `CLIP ${n} `.padEnd(4096, 'x');
    mkdirSync(folder, { recursive: true });
    for (const [n, path] of paths.entries()) writeFileSync(path, half(n));
    for (const [n, path] of paths.entries()) appendFileSync(path, half(-n));
    const takes = () => opened.store.takesOf('EP001_SH001');
    await vi.waitFor(() => expect(opened.store.shotSummaries('EP001').EP001_SH001?.takeCount).toBe(count), {
      timeout: 60_000 + count * 20,
      interval: 50,
    });
    expect(new Set(takes().map((take) => take.path)).size).toBe(count);
    expect(takes().every((take) => take.probe.sizeBytes === 8192)).toBe(true);
    expect(keys().filter((key) => key.startsWith('take-file:'))).toEqual([]);
  });

  it('finds what arrived while it was closed', async () => {
    await close();
    made.write('output/EP001/SH001/overnight.mp4', 'CLIP overnight');
    await open();
    await eventually(() => expect(opened.store.takesOf('EP001_SH001')).toHaveLength(1));
  });

  it('follows a folder that was removed and made again', async () => {
    const folder = join(made.dir, 'output', 'EP001', 'SH001');
    made.write('output/EP001/SH001/a.mp4', 'CLIP a');
    await eventually(() => expect(opened.store.takesOf('EP001_SH001')).toHaveLength(1));
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    await followed.rescan();
    writeFileSync(join(folder, 'b.mp4'), 'CLIP b');
    await eventually(() => expect(opened.store.takesOf('EP001_SH001')).toHaveLength(2));
  });

  it('puts a changed plan in force', async () => {
    made.writePlan(makePlan(5));
    await eventually(() => expect(opened.store.shots('EP001')).toHaveLength(5));
    await eventually(() => expect(reloads).toBeGreaterThan(0));
  });

  it('keeps the last good plan while the new one is broken, says where, and says no more when it is mended', async () => {
    made.write('plans/ep_001_plan.json', '{\n  "schema_version": "circletake.plan.v1",\n  "shots": [\n');
    await eventually(() => expect(keys()).toContain('plan:EP001'));
    expect(opened.store.problems().find((problem) => problem.key === 'plan:EP001')).toMatchObject({
      ...{ severity: 'error', file: 'plans/ep_001_plan.json', where: expect.stringContaining('line 4') },
      message: expect.stringContaining('not valid JSON'),
    });
    expect(opened.store.shots('EP001')).toHaveLength(3);
    await close();
    await open();
    expect(opened.documents.inForce.plans.get('EP001')?.shots).toHaveLength(3);
    made.writePlan(makePlan(4));
    await eventually(() => expect(keys()).not.toContain('plan:EP001'));
    expect(opened.store.shots('EP001')).toHaveLength(4);
  });

  it('points out a picture that nobody promoted until it is gone', async () => {
    const path = made.write('assets/char/mara/new-look.png', 'a picture');
    await eventually(() => expect(keys()).toContain('stray-asset:assets/char/mara/new-look.png'));
    rmSync(path);
    await eventually(() => expect(keys()).not.toContain('stray-asset:assets/char/mara/new-look.png'));
    expect(keys().filter((key) => key.startsWith('stray-asset:'))).toEqual([]);
  });

  it('writes nothing any more once it is closed', async () => {
    await followed.close();
    const seq = opened.store.lastSeq();
    made.write('output/EP001/SH001/late.mp4', 'CLIP late');
    made.writePlan(makePlan(9));
    await followed.rescan();
    expect(opened.store.lastSeq()).toBe(seq);
  });
});
