import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProjectServices } from '../../../src-main/api/studio-services.ts';
import { runCli } from '../../../src-main/cli/run-cli.ts';
import { AppError } from '../../../src-main/platform/app-error.ts';
import { silentLogger } from '../../../src-main/platform/logger.ts';
import {
  type AutonomyConfig,
  type Batch,
  type BatchConfig,
  batchConfigSchema,
  type EstimateLine,
} from '../../../src-shared/domain/batch.ts';
import { sampleBatch } from '../../fakes/api-samples.ts';
import { fakeStudioMaker, scriptedBatches } from '../../fakes/fake-studio.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'circletake-cli-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const previs = batchConfigSchema.parse({ episodeId: 'EP001', phases: ['previs'] });
const counts = (part: Partial<Batch['counts']>) => ({
  total: 3,
  pending: 0,
  inReview: 0,
  completed: 0,
  halted: 0,
  ...part,
});

const refusedLine: EstimateLine = {
  ...{ shotId: 'EP001_SH001', phase: 'previs', provider: 'embedded', model: '', costMicroUsd: null },
  refusal: 'No hero yet.',
};

interface Script {
  /** what is there before the command */
  before?: Batch[];
  /** what becomes of a batch that is started or resumed */
  steps: (batch: Batch) => Batch[];
  /** a start is refused; `refused` lines of the estimate say why */
  nothingToRun?: boolean;
  /** as project.json has it */
  autonomy?: AutonomyConfig;
  refused?: number;
}

async function run(
  script: Script,
  args: string[] = [],
  { stop = new AbortController().signal, json = true }: { stop?: AbortSignal; json?: boolean } = {},
) {
  const calls: { name: string; config?: BatchConfig; batchId?: string; budget?: number }[] = [];
  const maker = fakeStudioMaker(folder, (project): Partial<ProjectServices> => {
    const scripted = scriptedBatches(project, script.steps);
    for (const batch of script.before ?? []) scripted.change(batch);
    const one = (id: string) => scripted.current().find((batch) => batch.id === id) ?? sampleBatch(id);
    const moved = (batch: Batch) => {
      scripted.change(batch);
      return batch;
    };
    const { autonomy } = script;
    return {
      snapshot: async (episodeId) => {
        const told = await project.snapshot(episodeId);
        return autonomy ? { ...told, project: { ...told.project, autonomy } } : told;
      },
      batches: {
        ...project.batches,
        list: async () => scripted.current(),
        estimate: async (config) => ({
          ...(await project.batches.estimate(config)),
          lines: Array.from({ length: script.refused ?? 0 }, () => refusedLine),
        }),
        start: async (config) => {
          if (script.nothingToRun) throw new AppError({ code: 'batch.nothing-to-run', message: 'Nothing.' });
          calls.push({ name: 'start', config });
          return scripted.play(sampleBatch('batch_new', { config }));
        },
        resume: async (batchId, budget) => {
          calls.push({ name: 'resume', batchId, budget });
          return scripted.play({ ...one(batchId), status: 'running' });
        },
        pause: async (batchId) => {
          calls.push({ name: 'pause', batchId });
          return moved({ ...one(batchId), status: 'paused' });
        },
        stop: async (batchId) => {
          calls.push({ name: 'stop', batchId });
          return moved({ ...one(batchId), status: 'complete' });
        },
      },
    };
  });
  const written = { out: '', err: '' };
  const code = await runCli({
    args: ['run', 'dir', '--episode', 'EP001', '--phase', 'previs', ...(json ? ['--json'] : []), ...args],
    createStudio: maker.create,
    dataFolder: folder,
    logger: silentLogger,
    stop,
    out: (text) => (written.out += text),
    err: (text) => (written.err += text),
  });
  return { code, calls, ...written, answer: json ? JSON.parse(written.out) : null };
}

describe('run', () => {
  it('starts a batch of one phase, follows it and exits 0 when it is complete', async () => {
    const { code, calls, err, answer } = await run({
      steps: (batch) => [
        { ...batch, counts: counts({ pending: 2, completed: 1 }) },
        { ...batch, status: 'complete', counts: counts({ completed: 3 }) },
      ],
    });
    expect(code).toBe(0);
    expect(calls.map(({ name }) => name)).toEqual(['start']);
    expect(calls[0]?.config).toMatchObject({ phases: ['previs'], budgetMicroUsd: 25_000_000, provider: 'embedded' });
    expect(answer).toMatchObject({ batch: { status: 'complete' }, remainingMicroUsd: answer.batch.spend.capMicroUsd });
    expect(answer.elapsedSeconds).toBeGreaterThanOrEqual(0);
    expect(String(answer.elapsedSeconds)).toMatch(/^\d+(\.\d)?$/);
    expect(err).toContain('1 of 3 shots done');
  });

  it('exits 3 when only reviews are left, and when shots were halted', async () => {
    const reviews = await run({
      steps: (batch) => [{ ...batch, awaitingOperator: true, counts: counts({ inReview: 3 }) }],
    });
    const halts = await run({
      steps: (batch) => [{ ...batch, status: 'complete', counts: counts({ completed: 2, halted: 1 }) }],
    });
    expect([reviews.code, halts.code]).toEqual([3, 3]);
  });

  it('exits 5 when the cap is reached', async () => {
    const { code, answer } = await run({ steps: (batch) => [{ ...batch, status: 'budget_exhausted' }] });
    expect([code, answer.batch.status]).toEqual([5, 'budget_exhausted']);
  });

  it('exits 3 when the batch put itself on hold, and 7 when the batch itself ended, with the reason', async () => {
    for (const [status, expected] of [['paused', 3] as const, ['failed', 7] as const]) {
      const { code, answer } = await run({ steps: (batch) => [{ ...batch, status, statusReason: 'No account.' }] });
      expect([code, answer.batch.statusReason]).toEqual([expected, 'No account.']);
    }
  });

  it('runs several phases with another engine when told, in the order of production', async () => {
    const steps = (batch: Batch) => [{ ...batch, status: 'complete' as const }];
    const { calls } = await run({ steps }, ['--phase', 'video,keyframe', '--provider', 'fal', '--unattended']);
    expect(calls[0]?.config).toMatchObject({ phases: ['previs', 'keyframe', 'video'], provider: 'fal' });
  });

  it('goes on with a batch of the same scope that was put on hold', async () => {
    const before = [sampleBatch('batch_old', { status: 'paused', config: previs })];
    const { code, calls } = await run({ before, steps: (batch) => [{ ...batch, status: 'complete' }] });
    expect([code, calls.map(({ name, batchId }) => [name, batchId])]).toEqual([0, [['resume', 'batch_old']]]);
  });

  it('raises the cap of an exhausted batch only when a budget is given', async () => {
    const before = [sampleBatch('batch_old', { status: 'budget_exhausted', config: previs })];
    const steps = (batch: Batch) => [{ ...batch, status: 'complete' as const }];
    const without = await run({ before, steps });
    expect([without.code, without.calls]).toEqual([5, []]);
    const raised = await run({ before, steps }, ['--budget', '30.50']);
    expect([raised.code, raised.calls]).toEqual([0, [{ name: 'resume', batchId: 'batch_old', budget: 30_500_000 }]]);
  });

  it('changes the cap of a batch that runs by putting it on hold for a moment', async () => {
    const before = [sampleBatch('batch_old', { status: 'running', config: previs })];
    const { code, calls } = await run({ before, steps: (batch) => [{ ...batch, status: 'complete' }] }, [
      '--budget',
      '30',
    ]);
    expect([code, calls.map(({ name, budget }) => [name, budget])]).toEqual([
      0,
      [
        ['pause', undefined],
        ['resume', 30_000_000],
      ],
    ]);
  });

  it('lets autonomy do what project.json says, and nothing where it says nothing', async () => {
    const steps = (batch: Batch) => [{ ...batch, status: 'complete' as const }];
    const [plain] = (await run({ steps }, ['--unattended'])).calls;
    expect(plain?.config?.autonomy).toMatchObject({ enabled: false });
    const autonomy = { ...previs.autonomy, enabled: true, max_auto_approve_per_batch: 4 };
    const [asked] = (await run({ steps, autonomy }, ['--unattended'])).calls;
    expect(asked?.config?.autonomy).toEqual(autonomy);
  });

  it('tells how it stands each time that changed, and once', async () => {
    const moved = { counts: counts({ pending: 2, completed: 1 }) };
    const steps = (batch: Batch) => [
      { ...batch, ...moved },
      { ...batch, ...moved },
      { ...batch, status: 'complete' as const },
    ];
    const { err } = await run({ steps });
    expect(err.split('1 of 3 shots done')).toHaveLength(2);
  });

  it('ends a batch of another scope that only waits, and says how to go on with or end one that has work', async () => {
    const config = { ...previs, phases: ['video' as const] };
    const steps = (batch: Batch) => [{ ...batch, status: 'complete' as const }];
    const waiting = [sampleBatch('batch_old', { config, awaitingOperator: true, counts: counts({ inReview: 3 }) })];
    expect((await run({ before: waiting, steps })).calls.map(({ name }) => name)).toEqual(['stop', 'start']);
    const working = [sampleBatch('batch_old', { config, counts: counts({ pending: 1 }) })];
    const { code, calls, answer } = await run({ before: working, steps });
    expect([code, calls, answer.error]).toEqual([
      1,
      [],
      {
        code: 'batch.already-active',
        message: 'batch_old is still open for EP001, with another scope and 1 to go.',
        hint: 'Go on with it: --phase video --provider embedded. Or end it: circletake batches <dir> batch_old --stop.',
      },
    ]);
  });

  it('has nothing to say against a scope that has been made already', async () => {
    const { code, answer } = await run({ steps: () => [], nothingToRun: true, refused: 0 });
    expect([code, answer]).toEqual([3, { batch: null }]);
    const settled = await run({ steps: () => [], nothingToRun: true, refused: 0 }, ['--shots', 'EP001_SH009']);
    expect([settled.code, settled.answer]).toEqual([0, { batch: null }]);
  });

  it('tells why everything in a scope is refused', async () => {
    const { code, answer } = await run({ steps: () => [], nothingToRun: true, refused: 2 });
    expect([code, answer.error.code]).toEqual([1, 'batch.nothing-to-run']);
  });

  it.each<[Partial<Batch>, string[]]>([
    [
      { status: 'budget_exhausted', statusReason: 'Nothing more fits under the cap.', counts: counts({ pending: 3 }) },
      ['Line stopped: cap reached · 0 of 3 shots done, 0 need you, 0 halted, 3 to go', 'Nothing more fits', '--budget'],
    ],
    [
      { awaitingOperator: true, counts: counts({ inReview: 1, halted: 2 }) },
      ['Awaiting operator', '1 shot awaits a decision', 'circletake batches <dir> batch_new says'],
    ],
    [{ status: 'paused', statusReason: 'Put on hold.' }, ['On hold', 'Put on hold.', 'The same command goes on.']],
    [{ status: 'failed', statusReason: 'The key is refused.' }, ['The key is refused.', 'batch_new says of each shot']],
  ])('tells a person how %j ended and what to do about it', async (end, said) => {
    const { out } = await run({ steps: (batch) => [{ ...batch, ...end }] }, [], { json: false });
    expect(out).toMatch(/^In \d+(\.\d)? s; \$\d+\.\d\d of the cap is left\.$/m);
    for (const words of said) expect(out).toContain(words);
  });

  it('reads the shots it is told, in any order, as one scope', async () => {
    const config = { ...previs, shotFilter: ['EP001_SH002', 'EP001_SH001'] };
    const before = [sampleBatch('batch_old', { status: 'paused', config })];
    const steps = (batch: Batch) => [{ ...batch, status: 'complete' as const }];
    const same = await run({ before, steps }, ['--shots', 'EP001_SH001,EP001_SH002']);
    expect(same.calls.map(({ name }) => name)).toEqual(['resume']);
  });

  it('puts the batch on hold at Ctrl-C and exits 130', async () => {
    const stop = new AbortController();
    const steps = (batch: Batch) => {
      setImmediate(() => stop.abort());
      return [{ ...batch, counts: counts({ pending: 3 }) }];
    };
    const { code, calls, answer } = await run({ steps }, [], { stop: stop.signal });
    expect(code).toBe(130);
    expect(calls.at(-1)).toEqual({ name: 'pause', batchId: 'batch_new' });
    expect(answer.error).toMatchObject({ code: 'shutting-down', hint: 'Run the same command again to go on.' });
  });

  it.each([
    [['--budget', '-1'], '--budget: its value is missing; one that begins with a dash is written --budget=-…'],
    [['--budget=-5'], '--budget: “-5” is not an amount in US dollars, for example 12.50'],
    [['--budget', '1.2345678'], '“1.2345678” is not an amount'],
    [['--budget', '1e3'], '“1e3” is not an amount'],
    [['--budget', '5,00'], '“5,00” is not an amount'],
    [['--budget', ''], '“” is not an amount'],
    [['--budget', 'lots'], '“lots” is not an amount'],
    [['--budget'], '--budget: its value is missing'],
    [['--bugdet', '5'], '--bugdet is not an option of run'],
    [['--unattended=yes'], '--unattended takes no value'],
    [['--shots', 'SH001'], '--shots: “SH001”: a shot id is'],
    [['--shots', ','], 'an empty list of shots would run nothing'],
    [['--phase', 'post'], '--phase: “post” is none of previs, keyframe, video'],
    [['--episode', 'ep1'], '--episode: “ep1”: an episode id is EP and three digits'],
    [['--provider', '../fal'], '--provider: “../fal”'],
    [['extra'], '“extra” is one argument too many'],
  ])('refuses %j as usage, in one sentence', async (given, sentence) => {
    const { code, calls, answer } = await run({ steps: () => [] }, given);
    expect([code, calls, answer.error.code]).toEqual([2, [], 'usage']);
    expect(answer.error.message).toContain(sentence);
  });
});
