import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProjectServices } from '../../../src-main/api/studio-services.ts';
import { runCli } from '../../../src-main/cli/run-cli.ts';
import { verbs } from '../../../src-main/cli/verbs.ts';
import { AppError } from '../../../src-main/platform/app-error.ts';
import { createLogger } from '../../../src-main/platform/logger.ts';
import type { VerifiedFile } from '../../../src-shared/domain/take.ts';
import { sampleHash, sampleSnapshot, sampleTake } from '../../fakes/api-samples.ts';
import { fakeStudioMaker } from '../../fakes/fake-studio.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'circletake-cli-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function cli(args: string[], change?: (project: ProjectServices) => Partial<ProjectServices>, width?: number) {
  const maker = fakeStudioMaker(folder, change);
  const written = { out: '', err: '', log: '' };
  const code = await runCli({
    args,
    createStudio: maker.create,
    dataFolder: folder,
    columns: { out: width, err: width },
    logger: createLogger({ level: 'warn', write: (line) => (written.log += line) }),
    stop: new AbortController().signal,
    out: (text) => (written.out += text),
    err: (text) => (written.err += text),
  });
  return { code, ...written, maker };
}

/** The one JSON value on standard output. */
const jsonOf = (out: string) => {
  expect(out.endsWith('\n')).toBe(true);
  return JSON.parse(out);
};

describe('every verb', () => {
  it.each(verbs.map(({ name }) => name))('%s has help in text and as JSON', async (name) => {
    const text = await cli([name, '--help']);
    expect([text.code, text.err]).toEqual([0, '']);
    expect(text.out).toContain(`circletake ${name}`);
    expect(text.out).toContain('Exit codes:');
    expect(text.maker.asked).toEqual([]);
    for (const line of text.out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    expect(jsonOf((await cli([name, '--help', '--json'])).out).help).toBe(text.out);
  });

  it.each(verbs.filter(({ name }) => name !== 'doctor' && name !== 'key').map(({ name }) => name))(
    '%s without its folder is a usage error',
    async (name) => {
      const { code, out, err, maker } = await cli([name, '--json']);
      expect(code).toBe(2);
      expect(jsonOf(out).error).toMatchObject({ code: 'usage', message: '<dir> is missing' });
      expect(err).toContain(`circletake ${name}`);
      expect(maker.asked).toEqual([]);
    },
  );

  it.each(verbs.map(({ name }) => name))('%s refuses an option that it does not have', async (name) => {
    const { code, out } = await cli([name, 'dir', '--nonsense', '--json']);
    expect(code).toBe(2);
    expect(jsonOf(out).error.message).toContain('nonsense');
  });
});

describe('the command line', () => {
  it('lists its verbs', async () => {
    for (const args of [['--help'], ['help'], ['-h']]) {
      const { code, out } = await cli(args);
      expect(code).toBe(0);
      for (const { name } of verbs) expect(out).toContain(name);
    }
  });

  it('refuses what it does not know, in JSON too', async () => {
    expect((await cli([])).code).toBe(2);
    const { code, out, err } = await cli(['__proto__', '--json']);
    expect(code).toBe(2);
    expect(jsonOf(out).error.code).toBe('usage');
    expect(err).toContain('is not a verb');
  });

  it('keeps the list of known projects as it is and closes the Studio whatever happens', async () => {
    const good = await cli(['status', 'dir']);
    expect(good.maker.asked[0]).toMatchObject({ dataFolder: folder, rememberProjects: false });
    expect(good.maker.studio.added).toEqual([resolve('dir')]);
    const bad = await cli(['status', 'dir'], () => ({ snapshot: () => Promise.reject(new Error('broken')) }));
    expect([good.maker.isClosed(), bad.maker.isClosed()]).toEqual([true, true]);
  });

  it.each([
    ['in-use', 6, 'project.in-use'],
    ['missing', 1, 'project.not-found'],
  ])('exits for a folder that is %s with %i', async (dir, expected, errorCode) => {
    const { code, out, err } = await cli(['status', dir, '--json']);
    expect(code).toBe(expected);
    expect(jsonOf(out).error.code).toBe(errorCode);
    expect(err).not.toContain('{');
  });

  it('tells a bug as one, with the stack in the log alone', async () => {
    const broken = () => ({ snapshot: () => Promise.reject(new TypeError('inner detail')) });
    const { code, out, err, log } = await cli(['status', 'dir', '--json'], broken);
    expect(code).toBe(1);
    expect(jsonOf(out).error).toEqual({
      code: 'unexpected',
      message: 'Something went wrong. The log has the details.',
      hint: null,
    });
    expect(err + out).not.toContain('inner detail');
    expect(log.match(/inner detail/g)?.length).toBeGreaterThan(0);
  });
});

describe('what is answered to people', () => {
  const inRehearsal = (project: ProjectServices): Partial<ProjectServices> => ({
    async snapshot(episodeId) {
      const told = await project.snapshot(episodeId);
      return { ...told, project: { ...told.project, rehearsal: true } };
    },
  });

  it.each([['status'], ['batches'], ['reconcile'], ['learn']])(
    'by %s says first that it is a rehearsal',
    async (verb) => {
      expect((await cli([verb, 'dir'], inRehearsal)).out).toMatch(/^REHEARSAL: /);
      expect((await cli([verb, 'dir'])).out).not.toContain('REHEARSAL');
      expect((await cli([verb, 'dir', '--json'], inRehearsal)).out).not.toContain('REHEARSAL:');
    },
  );

  it('fits the terminal that it is written to, and is whole for a pipe', async () => {
    const widest = ({ out, err }: { out: string; err: string }) =>
      Math.max(...`${out}${err}`.split('\n').map((line) => line.length));
    for (const args of [['run', '--help'], ['batches'], ['status', 'dir']]) {
      expect(widest(await cli(args, undefined, 60)), args.join(' ')).toBeLessThanOrEqual(60);
    }
    expect(widest(await cli(['run', '--nonsense'], undefined, 60))).toBeLessThanOrEqual(60);
  });
});

describe('status, takes, export, doctor', () => {
  it('count the shots of every phase by state', async () => {
    const { code, out } = await cli(['status', 'dir', '--json']);
    expect(code).toBe(0);
    expect(jsonOf(out)).toMatchObject({
      project: { slug: 'demo', title: 'Demo' },
      lineState: 'idle',
      episodes: [{ id: 'EP001', shots: 1, phases: { previs: { awaiting_operator: 1 }, video: { blocked: 1 } } }],
    });
    expect((await cli(['status', 'dir'])).out).toContain('1 Awaiting operator');
  });

  it('list takes with exactly what scripts build on', async () => {
    const { out } = await cli(['takes', 'dir', '--episode', 'EP001', '--json']);
    expect(jsonOf(out)).toEqual([
      {
        id: 'EP001_SH001_T1',
        shot: 'EP001_SH001',
        phase: 'previs',
        path: 'output/EP001/SH001/SH001_T1_previs.png',
        sha256: sampleHash,
        state: 'unreviewed',
        source: 'generated',
      },
    ]);
  });

  it('refuse an episode that is none', async () => {
    for (const verb of ['takes', 'export']) {
      expect((await cli([verb, 'dir'])).err).toContain('--episode is missing');
      const { code, out } = await cli([verb, 'dir', '--episode', '1', '--json']);
      expect([code, jsonOf(out).error.code]).toEqual([2, 'usage']);
    }
  });

  it('say what was exported and what the machine has', async () => {
    expect(jsonOf((await cli(['export', 'dir', '--episode', 'EP001', '--json'])).out)).toMatchObject({ takes: 1 });
    const doctor = await cli(['doctor', '--json']);
    expect([doctor.code, jsonOf(doctor.out).version]).toEqual([0, '0.0.0']);
  });
});

describe('verify', () => {
  const file = (result: VerifiedFile['result']): VerifiedFile => ({
    role: 'take',
    path: `output/${result}.png`,
    recordedSha256: sampleHash,
    actualSha256: result === 'missing' ? null : sampleHash,
    result,
  });
  const verifying = (files: VerifiedFile[]) => (project: ProjectServices) => ({
    takes: {
      ...project.takes,
      verifyAll: async (onFile: (each: VerifiedFile) => void) => {
        files.forEach(onFile);
        return files;
      },
    },
  });

  it('exits 0 when all files match', async () => {
    const { code, out } = await cli(['verify', 'dir', '--json'], verifying([file('matches')]));
    expect([code, jsonOf(out)]).toEqual([0, { checked: 1, matches: 1, changed: 0, missing: 0, files: [] }]);
  });

  it('exits 4 and names every file that changed or is gone', async () => {
    const all = [file('matches'), file('changed'), file('missing')];
    const { code, out, err } = await cli(['verify', 'dir', '--json'], verifying(all));
    expect(code).toBe(4);
    expect(jsonOf(out)).toMatchObject({ checked: 3, matches: 1, changed: 1, missing: 1 });
    expect(jsonOf(out).files.map(({ path }: VerifiedFile) => path)).toEqual([
      'output/changed.png',
      'output/missing.png',
    ]);
    expect(err).toContain('Missing: output/missing.png');
  });
});

describe('approve and reject', () => {
  const deciding = (decided: unknown[]) => (project: ProjectServices) => ({
    review: {
      ...project.review,
      approve: async (decision: { takeId: string; note: string }) => {
        if (decision.takeId.endsWith('T9')) throw new AppError({ code: 'take.not-found', message: 'No such take.' });
        decided.push(decision);
        return project.review.approve(decision);
      },
      reject: async (decision: Parameters<ProjectServices['review']['reject']>[0]) => {
        decided.push(decision);
        return project.review.reject(decision);
      },
    },
    takes: {
      ...project.takes,
      list: async (shotId: string) => ({
        seq: 1,
        takes: [
          sampleTake(`${shotId}_T1`),
          sampleTake(`${shotId}_T2`),
          { ...sampleTake(`${shotId}_T3`), review: 'rejected' as const },
          { ...sampleTake(`${shotId}_T4`), phase: 'keyframe' as const },
        ],
      }),
    },
    snapshot: async () => sampleSnapshot(1),
  });

  it.each([
    [['--take', 'EP001_SH001_T1', '--take', 'EP001_SH001_T2']],
    [['--take', 'EP001_SH001_T1,EP001_SH001_T2']],
    [['--take', 'EP001_SH001_T1', 'EP001_SH001_T2']],
  ])('understand takes given as %j', async (given) => {
    const decided: unknown[] = [];
    const { code, out } = await cli(['approve', 'dir', ...given, '--note', 'good', '--json'], deciding(decided));
    expect(code).toBe(0);
    expect(jsonOf(out)).toEqual({ approved: ['EP001_SH001_T1', 'EP001_SH001_T2'], refused: [] });
    expect(decided).toEqual([
      { takeId: 'EP001_SH001_T1', note: 'good' },
      { takeId: 'EP001_SH001_T2', note: 'good' },
    ]);
  });

  it('decide the newest take nobody has judged of every shot that awaits a decision', async () => {
    const decided: unknown[] = [];
    const scope = ['--episode', 'EP001', '--phase', 'previs', '--all'];
    const { code, out } = await cli(['reject', 'dir', ...scope, '--reason', 'motion', '--json'], deciding(decided));
    expect([code, jsonOf(out)]).toEqual([0, { rejected: ['EP001_SH001_T2'], refused: [] }]);
    expect(decided).toEqual([{ takeId: 'EP001_SH001_T2', reasons: ['motion'], note: '' }]);
    const none = await cli(
      ['approve', 'dir', '--episode', 'EP001', '--phase', 'video', '--all', '--json'],
      deciding([]),
    );
    expect([none.code, jsonOf(none.out)]).toEqual([0, { approved: [], refused: [] }]);
  });

  it('go on after a take that is refused, and exit 1', async () => {
    const takes = ['--take', 'EP001_SH001_T9,EP001_SH001_T1'];
    const { code, out } = await cli(['approve', 'dir', ...takes, '--json'], deciding([]));
    expect(code).toBe(1);
    expect(jsonOf(out)).toEqual({
      approved: ['EP001_SH001_T1'],
      refused: [{ take: 'EP001_SH001_T9', code: 'take.not-found', message: 'No such take.' }],
    });
  });

  it.each([
    [[]],
    [['--all']],
    [['--all', '--episode', 'EP001']],
    [['--all', '--episode', 'EP001', '--phase', 'post']],
    [['--take', 'T1']],
    [['--all', '--episode', 'EP001', '--phase', 'previs', '--take', 'EP001_SH001_T1']],
  ])('refuse %j before anything is opened', async (given) => {
    const { code, maker } = await cli(['approve', 'dir', ...given]);
    expect([code, maker.asked.length]).toEqual([2, 0]);
  });
});
