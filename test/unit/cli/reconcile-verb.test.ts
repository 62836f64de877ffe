import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../../src-main/cli/run-cli.ts';
import { AppError } from '../../../src-main/platform/app-error.ts';
import { silentLogger } from '../../../src-main/platform/logger.ts';
import type { Attempt } from '../../../src-shared/domain/attempt.ts';
import type { Doubt } from '../../../src-shared/domain/attempt-step.ts';
import type { JobOut } from '../../../src-shared/domain/job-out.ts';
import { sampleAttempt, sampleBatch, sampleDoubt } from '../../fakes/api-samples.ts';
import { fakeStudioMaker } from '../../fakes/fake-studio.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'circletake-cli-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function cli(...args: string[]) {
  return cliWith(fakeStudioMaker(folder), ...args);
}

async function cliWith(maker: ReturnType<typeof fakeStudioMaker>, ...args: string[]) {
  let out = '';
  const code = await runCli({
    ...{ args: [...args, '--json'], createStudio: maker.create, dataFolder: folder, logger: silentLogger },
    ...{ stop: new AbortController().signal, out: (text: string) => (out += text), err: () => undefined },
  });
  return { code, value: JSON.parse(out), asked: maker.asked };
}

async function textOf(maker: ReturnType<typeof fakeStudioMaker>, ...args: string[]): Promise<string> {
  let out = '';
  await runCli({
    ...{ args, createStudio: maker.create, dataFolder: folder, logger: silentLogger },
    ...{ stop: new AbortController().signal, out: (text: string) => (out += text), err: () => undefined },
  });
  return out;
}

describe('reconcile', () => {
  it.each([
    [['--adopt', 'j1', '--release'], 'give one of'],
    [['--charged', '--wait'], 'give one of'],
    [['--adopt', ' '], 'the id of the engine’s job is missing'],
    [['--release', '--ask'], '--ask goes without an answer'],
  ])('refuses %j before it opens anything', async (options, message) => {
    const { code, value, asked } = await cli('reconcile', 'film', '--attempt', 'att_1', ...options);
    expect([code, value.error.message]).toEqual([2, expect.stringContaining(message)]);
    expect(asked).toEqual([]);
  });

  it('refuses an answer that names no attempt', async () => {
    const { code, value } = await cli('reconcile', 'film', '--release');
    expect([code, value.error.message]).toEqual([2, '--attempt is missing: say which one']);
  });

  it('says with exit code 3 that an attempt is in doubt still', async () => {
    expect(await cli('reconcile', 'film', '--attempt', 'att_1', '--wait')).toMatchObject({ code: 3 });
    expect(await cli('reconcile', 'film')).toMatchObject({ code: 0, value: { doubts: [] } });
  });
});

describe('a job that is listed after its doubt had ended', () => {
  const withLate = (late: Attempt, asked: string[] = []) =>
    fakeStudioMaker(folder, (project) => ({
      attempts: {
        ...project.attempts,
        lookAgain: async () => {
          asked.push('lookAgain');
          return [late];
        },
        timeline: async () => ({
          attempt: { ...late, state: 'settled', actualMicroUsd: 40_000 },
          steps: [],
          job: null,
        }),
      },
    }));

  it('is looked for with --ask, fetched and told', async () => {
    const late: Attempt = { ...sampleAttempt('att_1'), state: 'submitted' };
    const { code, value } = await cliWith(withLate(late), 'reconcile', 'film', '--ask');
    expect([code, value.doubts, value.late]).toMatchObject([0, [], [{ id: 'att_1', state: 'settled' }]]);
    expect(await textOf(withLate(late), 'reconcile', 'film', '--ask')).toMatch(
      /^Listed after its doubt had ended: att_1 · Settled, billed \$0\.04.*\nNothing is in doubt\.\n$/,
    );
  });

  it('is not looked for without --ask, or where one attempt is meant', async () => {
    const asked: string[] = [];
    await cliWith(withLate(sampleAttempt('att_1'), asked), 'reconcile', 'film');
    await cliWith(withLate(sampleAttempt('att_1'), asked), 'reconcile', 'film', '--ask', '--attempt', 'att_1');
    expect(asked).toEqual([]);
  });
});

describe('doubts', () => {
  const askable = sampleDoubt('att_1');
  const silent = { ...sampleDoubt('att_2'), canAsk: false };
  const withDoubts = (asked: string[]) =>
    fakeStudioMaker(folder, (project) => ({
      attempts: {
        ...project.attempts,
        inDoubt: async () => ({ seq: 1, doubts: [askable, silent] }),
        async reconcile(id: string) {
          asked.push(id);
          return sampleDoubt(id);
        },
      },
    }));
  const idsOf = ({ value }: { value: { doubts: { attempt: { id: string } }[] } }) =>
    value.doubts.map(({ attempt }) => attempt.id);

  it('that are there are exit code 3; nobody is asked without --ask, and none who cannot be', async () => {
    const asked: string[] = [];
    const listed = await cliWith(withDoubts(asked), 'reconcile', 'film');
    expect([listed.code, idsOf(listed), asked]).toEqual([3, ['att_1', 'att_2'], []]);
    const told = await cliWith(withDoubts(asked), 'reconcile', 'film', '--ask');
    expect([told.code, idsOf(told), asked]).toEqual([3, ['att_1', 'att_2'], ['att_1']]);
  });

  it('say of an attempt that is over how it ended, and refuse one that nobody knows', async () => {
    const settled = {
      ...sampleAttempt('att_9'),
      state: 'settled' as const,
      actualMicroUsd: 40_000,
      takeId: 'EP001_SH001_T1',
    };
    const maker = fakeStudioMaker(folder, (project) => ({
      attempts: {
        ...project.attempts,
        async timeline(id: string) {
          if (id === 'att_9') return { attempt: settled, steps: [], job: null };
          throw new AppError({ code: 'attempt.not-found', message: `There is no attempt ${id} in this project.` });
        },
      },
    }));
    expect(await cliWith(maker, 'reconcile', 'film', '--attempt', 'att_9')).toMatchObject({ code: 0 });
    for (const answer of [[], ['--release'], ['--ask']]) {
      expect(await cliWith(maker, 'reconcile', 'film', '--attempt', 'nope', ...answer)).toMatchObject({
        ...{ code: 1, value: { error: { code: 'attempt.not-found' } } },
      });
    }
  });

  it('of an engine that has said that it lists nothing are not told to ask it again', async () => {
    const listing = { at: '2026-01-01T10:00:00.000Z', finding: 'unsupported' as const, note: null, jobs: [] };
    const maker = (doubts: Doubt[]) =>
      fakeStudioMaker(folder, (project) => ({
        attempts: { ...project.attempts, inDoubt: async () => ({ seq: 1, doubts }) },
      }));
    const told = async (doubt: Doubt) => (await textOf(maker([doubt]), 'reconcile', 'film')).split('\n');
    const said = await told({ ...askable, listing });
    expect(said.filter((line) => /can(not)? be asked/.test(line))).toEqual([
      '  2026-01-01 10:00:00Z  This engine cannot be asked: look at its own page',
    ]);
    expect(await told(askable)).toContain('  This engine can be asked: --ask.');
    expect(await told(silent)).toContain('  This engine cannot be asked: look at its own page.');
  });

  it('are asked about one at a time where one is named', async () => {
    const asked: string[] = [];
    const told = await cliWith(withDoubts(asked), 'reconcile', 'film', '--ask', '--attempt', 'att_2');
    expect([idsOf(told), asked]).toEqual([['att_2'], []]);
  });
});

describe('learn', () => {
  it('shares what it found only when it is told to', async () => {
    const shares: number[] = [];
    const maker = () =>
      fakeStudioMaker(folder, (project) => ({
        learning: {
          ...project.learning,
          async share() {
            shares.push(1);
            return project.learning.share();
          },
        },
      }));
    expect((await cliWith(maker(), 'learn', 'film')).value).toEqual(expect.not.objectContaining({ shared: 0 }));
    expect(shares).toEqual([]);
    expect((await cliWith(maker(), 'learn', 'film', '--share')).value).toMatchObject({ shared: 0 });
    expect(shares).toEqual([1]);
  });
});

describe('batches', () => {
  it.each([
    [['--shot', 'SH1'], '--shot: “SH1”: a shot id is'],
    [['batch_1', '--shot', 'EP001_SH001'], 'give a batch or --shot, not both'],
    [['--stop'], '--stop: say which batch to end'],
  ])('refuses %j before it opens anything', async (given, message) => {
    const { code, value, asked } = await cli('batches', 'film', ...given);
    expect([code, value.error.message]).toEqual([2, expect.stringContaining(message)]);
    expect(asked).toEqual([]);
  });

  it('ends one, and no other', async () => {
    const stopped: string[] = [];
    const maker = fakeStudioMaker(folder, (project) => ({
      batches: {
        ...project.batches,
        list: async () => [sampleBatch('batch_1'), sampleBatch('batch_2')],
        async stop(id: string) {
          stopped.push(id);
          return sampleBatch(id, { status: 'complete' });
        },
      },
    }));
    expect((await cliWith(maker, 'batches', 'film', 'batch_2')).code).toBe(0);
    expect(stopped).toEqual([]);
    expect(await cliWith(maker, 'batches', 'film', 'batch_2', '--stop')).toMatchObject({ code: 0 });
    expect(await cliWith(maker, 'batches', 'film', 'batch_3', '--stop')).toMatchObject({
      ...{ code: 1, value: { error: { code: 'batch.not-found' } } },
    });
    expect(stopped).toEqual(['batch_2']);
  });

  it('tells at a terminal what becomes of jobs that are out, and stops only when it is told to', async () => {
    const out: JobOut = {
      ...{ attemptId: 'att_1', shotId: 'EP001_SH001', phase: 'video', provider: 'fal', heldMicroUsd: 300_000 },
      ...{ place: 'queued', inDoubt: false, callOff: 'can', keptUntil: null },
    };
    const stopAs = async (answer: string) => {
      const stopped: string[] = [];
      const asked: string[] = [];
      const maker = fakeStudioMaker(folder, ({ attempts, batches }) => ({
        attempts: { ...attempts, jobsOut: async () => (stopped.length === 0 ? [out] : []) },
        batches: {
          ...batches,
          async stop(id: string) {
            stopped.push(id);
            return sampleBatch(id, { status: 'complete' });
          },
        },
      }));
      await runCli({
        ...{ args: ['batches', 'film', 'batch_1', '--stop'], createStudio: maker.create, dataFolder: folder },
        ...{ logger: silentLogger, stop: new AbortController().signal, out: () => {}, err: () => {} },
        stdin: {
          isTerminal: true,
          readAll: async () => '',
          ask: async (question) => {
            asked.push(question);
            return answer;
          },
        },
      });
      expect(asked).toEqual([expect.stringContaining('1 at fal ($0.30) waits its turn: it is called off')]);
      return stopped;
    };
    expect(await stopAs('n')).toEqual([]);
    expect(await stopAs('y')).toEqual(['batch_1']);
  });
});
