/**
 * D10: the app killed while ffmpeg encodes for it, a take or a proxy. No ffmpeg is left five seconds after, or after the
 * next start; the clip is made once more without being paid again, and half a clip is nowhere.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { type MadeProject, makeProject } from '../fixtures/make-project.ts';
import { type RunningProgram, runCircletake, startCircletake } from '../fixtures/spawn-circletake.ts';
import { openStudio } from '../fixtures/spawn-studio.ts';
import { faultSize, report, suiteTimeoutMs } from './fault-size.ts';
import { inspectProduction, programsAt } from './inspect-production.ts';
import { faultSeed, seededChance } from './seeded-chance.ts';
import { workThrough } from './work-through.ts';

const kills = faultSize('D10', { ci: 5, long: 50 });
const seed = faultSeed();
const chance = seededChance(seed);
const dataFolder = mkdtempSync(join(tmpdir(), 'circletake-fault-orphans-'));
const kept = join(dataFolder, 'ready');
process.env.NODE_COMPILE_CACHE = join(dataFolder, 'compiled');
afterAll(() => rmSync(dataFolder, { recursive: true, force: true }), 60_000);

describe(`the app killed ${kills} times while a clip is encoded (CIRCLETAKE_FAULT_SEED=${seed})`, () => {
  it('leaves no ffmpeg behind and makes the clip at the next start', { timeout: suiteTimeoutMs }, async () => {
    const project = await makeReadyForVideo();
    const run = ['run', project.dir, '--episode', 'EP001', '--phase', 'video'];
    let outlived = 0;
    for (let kill = 0; kill < kills; kill++) {
      rmSync(project.dir, { recursive: true });
      cpSync(kept, project.dir, { recursive: true });
      const app = startCircletake(run, dataFolder);
      const encoder = await encoderOf(app, project.dir);
      await pause(chance.below(60));
      app.kill();
      await app.ended;
      if (programsAt(project.dir).some((line) => line.trim().startsWith(String(encoder)))) outlived++;
      const next = await runCircletake(run, dataFolder);
      expect(next.code, next.err).toBe(3);
      expect(programsAt(project.dir), `seed ${seed}, kill ${kill}`).toEqual([]);
      expect(isEncoding(encoder), 'the encoder of the dead app').toBe(false);
      const inspection = inspectProduction(project.dir);
      expect(inspection, `seed ${seed}, kill ${kill}`).toMatchObject({ faults: [], takes: 4 });
    }
    project.remove();
    report('D10', `${kills} kills in mid-encode, ${outlived} encoders outlived the app and were ended; seed ${seed}`);
  });
});

/** One shot with an approved keyframe, large enough that its clip takes a while. */
async function makeReadyForVideo(): Promise<MadeProject> {
  const project = makeProject({ shots: 1, project: { resolution: { width: 540, height: 960 } } });
  const open = await openStudio(project.dir);
  await workThrough(open, { phases: ['previs', 'keyframe'] });
  await open.close();
  cpSync(project.dir, kept, { recursive: true });
  return project;
}

/** The first ffmpeg that works in the folder. */
async function encoderOf(app: RunningProgram, dir: string): Promise<number> {
  for (;;) {
    const encoder = programsAt(dir).find((line) => /ffmpeg\S* /.test(line) && /\.(mp4|mov|mkv)|result/.test(line));
    if (encoder) return Number.parseInt(encoder, 10);
    if (app.child.exitCode !== null) throw new Error('the app ended before it encoded anything');
    await pause(5);
  }
}

function isEncoding(pid: number): boolean {
  const listed = spawnSync('ps', ['-o', 'stat=,args=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
  return /ffmpeg/.test(listed) && !listed.startsWith('Z');
}
