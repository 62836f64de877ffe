// The main job by script alone: an empty production to selects, then the answers of a production that is damaged, in use
// or out of money.
import { appendFile, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CliWorld, createCliWorld } from './cli-process.ts';

let world: CliWorld;
beforeEach(() => {
  world = createCliWorld();
});
afterEach(() => world.remove());

const phaseOf = (phase: string) => ['film', '--episode', 'EP001', '--phase', phase];

describe('a production by script', () => {
  it('goes from nothing to selects', async () => {
    for (const phase of ['previs', 'keyframe', 'video']) {
      const run = await world.json('run', ...phaseOf(phase));
      expect([phase, run.code, run.err], run.err).toEqual([phase, 3, expect.stringContaining('Awaiting operator')]);
      const approved = await world.json('approve', ...phaseOf(phase), '--all', '--note', 'good');
      expect(approved).toMatchObject({ code: 0, value: { approved: { length: 2 }, refused: [] } });
      expect((await world.cli('run', ...phaseOf(phase))).code, phase).toBe(0);
    }
    const takes = await world.json('takes', 'film', '--episode', 'EP001');
    expect(takes.value).toHaveLength(6);
    for (const take of takes.value as { path: string; state: string; source: string; sha256: string }[]) {
      expect(take).toMatchObject({ state: 'approved', source: 'generated' });
      expect((await readFile(join(world.project.dir, take.path))).length).toBeGreaterThan(100);
    }
    const exported = await world.json('export', 'film', '--episode', 'EP001');
    expect(exported).toMatchObject({ code: 0, value: { takes: 6, selects: 2 } });
    const status = await world.json('status', 'film');
    expect(status).toMatchObject({ code: 0, value: { lineState: 'complete', episodes: [{ id: 'EP001', shots: 2 }] } });
  });

  it('makes another take of what is rejected', async () => {
    await world.cli('run', ...phaseOf('previs'), '--shots', 'EP001_SH001');
    const rejected = await world.json('reject', 'film', '--take', 'EP001_SH001_T1', '--reason', 'motion');
    expect(rejected).toMatchObject({ code: 0, value: { rejected: ['EP001_SH001_T1'] } });
    expect((await world.cli('run', ...phaseOf('previs'), '--shots', 'EP001_SH001')).code).toBe(3);
    const takes = await world.json('takes', 'film', '--episode', 'EP001');
    expect((takes.value as { id: string; state: string }[]).map(({ id, state }) => [id, state])).toEqual([
      ['EP001_SH001_T1', 'rejected'],
      ['EP001_SH001_T2', 'unreviewed'],
    ]);
  });
});

describe('a production that has a cap', () => {
  it('exits 5 when nothing more fits under it, and goes on when it is raised', async () => {
    const rehearsal = { schema_version: 'circletake.rehearsal.v1', price_micro_usd: 40_000, faults: [] };
    world.project.write('rehearsal.json', JSON.stringify(rehearsal));
    const capped = await world.cli('run', ...phaseOf('previs'), '--budget', '0.05');
    expect(capped.code, capped.err).toBe(5);
    expect(capped.out).toContain('Line stopped: cap reached · 0 of 2 shots done, 1 needs you, 0 halted, 1 to go');
    expect(capped.out).toContain('The same command with a higher --budget raises the cap of this batch.');
    const again = await world.json('run', ...phaseOf('previs'));
    expect(again).toMatchObject({ code: 5, value: { batch: { spend: { settledMicroUsd: 40_000 } } } });
    const below = await world.json('run', ...phaseOf('previs'), '--budget', '0.03');
    expect(below).toMatchObject({ code: 2, value: { error: { code: 'input.invalid' } } });
    const raised = await world.json('run', ...phaseOf('previs'), '--budget', '0.08');
    expect(raised).toMatchObject({ code: 3, value: { batch: { spend: { settledMicroUsd: 80_000 } } } });
  });
});

it('a batch of which no engine makes anything exits 7, and says why', async () => {
  const faults = [1, 2].map((shot) => ({
    shot_id: `EP001_SH00${shot}`,
    phase: 'previs',
    submit: 1,
    fault: 'rejected',
  }));
  world.project.write('rehearsal.json', JSON.stringify({ schema_version: 'circletake.rehearsal.v1', faults }));
  const run = await world.cli('run', ...phaseOf('previs'));
  expect(run.code, run.err).toBe(7);
  expect(run.out).toContain('Production halted · 0 of 2 shots done, 0 need you, 2 halted');
  expect(run.out).toContain('No engine made anything of this batch.');
});

describe('a production that is not as it was', () => {
  it('is found out by verify, file by file, with exit code 4', async () => {
    await world.cli('run', ...phaseOf('previs'));
    expect(await world.json('verify', 'film')).toMatchObject({ code: 0, value: { changed: 0, missing: 0 } });
    const takes = await world.json('takes', 'film', '--episode', 'EP001');
    const [first, second] = takes.value as { path: string }[];
    await appendFile(join(world.project.dir, first?.path ?? ''), 'x');
    await rm(join(world.project.dir, second?.path ?? ''));
    const verify = await world.json('verify', 'film');
    expect(verify).toMatchObject({ code: 4, value: { changed: 1, missing: 1 } });
    const files = (verify.value as { files: { path: string; result: string }[] }).files;
    expect(files.map(({ path, result }) => [path, result])).toEqual([
      [first?.path, 'changed'],
      [second?.path, 'missing'],
    ]);
  });

  it('exits 6 while another process has it, and 1 where there is none', async () => {
    const serving = world.start('serve', 'film', '--json');
    const link = await new Promise<string>((resolve) => {
      serving.child.stdout?.once('data', (text: string) => resolve(JSON.parse(text).url));
    });
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/enter\?code=[\w-]{43}$/);
    expect(await world.json('status', 'film')).toMatchObject({ code: 6, value: { error: { code: 'project.in-use' } } });
    const entered = await fetch(link, { redirect: 'manual' });
    expect([entered.status, entered.headers.get('location')]).toEqual([303, '/']);
    serving.child.kill('SIGTERM');
    const { code, err } = await serving.ended;
    expect([code, err]).toEqual([0, expect.stringContaining('To open it once more: http://127.0.0.1')]);
    expect((await world.cli('status', 'film')).code).toBe(0);
    const nowhere = await world.json('status', 'nowhere');
    expect(nowhere).toMatchObject({ code: 1, value: { error: { code: 'project.not-found' } } });
    expect(nowhere.err).toContain(`There is no folder ${join(world.folder, 'nowhere')}`);
  });

  it.each([
    ['Ctrl-C', 'SIGINT'],
    ['its terminal was closed', 'SIGHUP'],
  ] as const)('goes on after %s where it was', async (_how, signal) => {
    const run = world.start('run', ...phaseOf('previs'), '--json');
    await new Promise<void>((resolve) => run.child.stderr?.on('data', () => resolve()));
    run.child.kill(signal);
    const stopped = await run.ended;
    expect([stopped.code, JSON.parse(stopped.out).error.code]).toEqual([130, 'shutting-down']);
    expect(stopped.err).toContain('Stopping: what is under way is written down first.');
    expect((await world.json('batches', 'film')).value).toMatchObject({ batches: [{ status: 'paused' }] });
    await goesOnToTwoTakes();
  });

  it('goes on after a second Ctrl-C ended it at once', async () => {
    const run = world.start('run', ...phaseOf('previs'), '--json');
    await new Promise<void>((resolve) => run.child.stderr?.on('data', () => resolve()));
    run.child.kill('SIGINT');
    run.child.kill('SIGINT');
    expect((await run.ended).code).toBe(130);
    await goesOnToTwoTakes();
  });

  it('works on when nobody reads its log any more', async () => {
    const run = world.start('run', ...phaseOf('previs'));
    run.child.stderr?.once('data', () => run.child.stderr?.destroy());
    expect((await run.ended).code).toBe(3);
    expect((await world.json('takes', 'film', '--episode', 'EP001')).value).toHaveLength(2);
  });

  async function goesOnToTwoTakes(): Promise<void> {
    expect((await world.cli('run', ...phaseOf('previs'))).code).toBe(3);
    const takes = await world.json('takes', 'film', '--episode', 'EP001');
    expect(takes.value).toHaveLength(2);
    expect((await world.cli('verify', 'film')).code).toBe(0);
  }
});

describe('the sample and the machine', () => {
  it('is copied once, whole, and opens', async () => {
    expect(await world.json('sample', 'sample')).toMatchObject({
      code: 0,
      value: { path: join(world.folder, 'sample') },
    });
    expect(await world.json('sample', 'sample')).toMatchObject({
      code: 2,
      value: { error: { code: 'input.invalid' } },
    });
    expect(await world.json('status', 'sample')).toMatchObject({ code: 0, value: { lineState: 'idle' } });
  });

  it('is described by doctor', async () => {
    const doctor = await world.json('doctor');
    expect(doctor).toMatchObject({
      code: 0,
      value: { checks: expect.arrayContaining([expect.objectContaining({ ok: true })]) },
    });
  });
});
