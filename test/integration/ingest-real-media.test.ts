import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMechanicalGate } from '../../src-main/gates/mechanical/mechanical-gate.ts';
import { systemClock } from '../../src-main/platform/clock.ts';
import { silentLogger } from '../../src-main/platform/logger.ts';
import { type FollowedProject, followProject } from '../../src-main/projects/follow-project.ts';
import type { OpenedProject } from '../../src-main/projects/open-project.ts';
import { makePng } from '../fixtures/make-png.ts';
import { type MadeProject, makeProject } from '../fixtures/make-project.ts';
import { corpusFiles, corpusFolder } from '../fixtures/media-corpus.ts';
import { type MediaWorld, openMediaWorld } from '../fixtures/media-world.ts';
import { openTestProject } from '../fixtures/open-test-project.ts';

let media: MediaWorld;
let made: MadeProject;
let opened: OpenedProject;
let followed: FollowedProject;

beforeEach(async () => {
  media = await openMediaWorld();
  made = makeProject({ shots: 2, refs: false });
  mkdirSync(join(made.dir, 'output/EP001/SH001'), { recursive: true });
});
afterEach(async () => {
  await followed.close();
  await opened.close();
  await media.close();
  made.remove();
});

async function follow(): Promise<void> {
  opened = await openTestProject(made.dir, { clock: systemClock });
  const gates = [createMechanicalGate(media.workshop)];
  const deps = { clock: systemClock, logger: silentLogger, media: media.workshop, gates, onDocuments: () => {} };
  followed = await followProject(opened, deps);
  await followed.ready;
  await followed.rescan();
}

const inShot = (name: string) => join(made.dir, 'output/EP001/SH001', name);
const takes = () => opened.store.takesOf('EP001_SH001');
const refusals = () => opened.store.problems().filter((problem) => problem.key.startsWith('take-file:'));

describe('real files from outside', () => {
  it('are probed, hashed, recorded and judged', async () => {
    copyFileSync(await media.makeClip('cut.mp4'), inShot('cut.mp4'));
    copyFileSync(await media.makeClip('master.mov', { options: ['-c:v', 'prores_ks'] }), inShot('master.mov'));
    writeFileSync(inShot('frame.png'), makePng(64, 112, [200, 30, 30]));
    writeFileSync(inShot('half.mp4'), readFileSync(inShot('cut.mp4')).subarray(0, 3000));
    await follow();
    const kinds = Object.fromEntries(takes().map((take) => [take.path.split('/').at(-1), take]));
    expect(kinds['cut.mp4']).toMatchObject({ phase: 'video', probe: { videoCodec: 'h264', playability: 'native' } });
    expect(kinds['master.mov']).toMatchObject({ phase: 'video', probe: { playability: 'proxy-needed' } });
    expect(kinds['frame.png']).toMatchObject({ phase: 'keyframe', probe: { width: 64, height: 112 } });
    for (const take of takes()) {
      expect(opened.store.gates(take.id)).toMatchObject([{ gate: 'gate_1' }]);
      expect(take.gateStatus).not.toBeNull();
    }
    expect(refusals()).toMatchObject([{ file: 'output/EP001/SH001/half.mp4' }]);
  });

  it('may have any name that the disk allows', async () => {
    const clip = readFileSync(await media.makeClip('plain.mp4', { video: 'testsrc2=size=64x48:rate=24:duration=0.2' }));
    const names = [
      '-rf.mp4',
      '$(touch CANARY).mp4',
      '`touch CANARY`.mp4',
      'new\nline.mp4',
      'concat:a.mp4|b.mp4',
      '__proto__',
    ];
    names.push(
      'frame_%04d.mp4',
      '%2e%2e%2f.mp4',
      '日本語 🎬.mp4',
      '\u202egpj.mp4',
      'a..mp4',
      'pipe:0',
      'a"b.mp4',
      'x'.repeat(250),
    );
    for (const [index, name] of names.entries())
      writeFileSync(inShot(name), Buffer.concat([clip, Buffer.from(`free${index}`)]));
    writeFileSync(inShot('a\\b.mp4'), clip);
    writeFileSync(inShot('.hidden.mp4'), clip);
    await follow();
    expect(
      takes()
        .map((take) => take.path.slice('output/EP001/SH001/'.length))
        .sort(),
    ).toEqual(names.sort());
    expect(refusals()).toMatchObject([{ message: expect.stringContaining('backslash') }]);
    expect(existsSync(inShot('CANARY'))).toBe(false);
  });
});

describe.skipIf(corpusFolder === null)('hostile files', () => {
  /** Wrong names on good bytes: they are what they are by content. */
  const harmless = ['jpeg_named.mp4', 'mp4_named.png', 'webm_named.mp4'];

  it('become no takes, or takes that the gates refuse; each problem names its file', async () => {
    const files = corpusFiles('hostile');
    for (const [name, path] of files) copyFileSync(path, inShot(name));
    await follow();
    const nameOf = (path: string) => path.split('/').at(-1) ?? '';
    const taken = takes().map((take) => nameOf(take.path));
    const believed = takes().filter((take) => take.gateStatus !== 'fail');
    expect(believed.map((take) => nameOf(take.path)).filter((name) => !harmless.includes(name))).toEqual([]);
    expect(taken.length).toBeLessThan(files.length / 2);
    const named = new Set(refusals().map((problem) => nameOf(problem.file ?? '')));
    expect(files.map(([name]) => name).filter((name) => !taken.includes(name) && !named.has(name))).toEqual([]);
    expect(JSON.stringify(opened.store.problems())).not.toContain('root:');
  });
});
