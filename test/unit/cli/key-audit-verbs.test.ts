import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../../src-main/cli/run-cli.ts';
import type { TerminalInput } from '../../../src-main/cli/verb.ts';
import type { AuditLine } from '../../../src-main/orchestrator/batch/audit-batch.ts';
import { silentLogger } from '../../../src-main/platform/logger.ts';
import type { BatchConfig, BatchEstimate } from '../../../src-shared/domain/batch.ts';
import { sampleBatch, sampleProvider } from '../../fakes/api-samples.ts';
import { fakeStudioMaker, scriptedBatches } from '../../fakes/fake-studio.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'circletake-cli-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const terminal = (given: Partial<TerminalInput> = {}): TerminalInput => ({
  isTerminal: false,
  readAll: async () => '',
  ask: async () => '',
  ...given,
});

async function cli(args: string[], stdin = terminal(), maker = fakeStudioMaker(folder)) {
  const written = { out: '', err: '' };
  const stored: unknown[] = [];
  maker.studio.settings.setKey = async (order) => {
    stored.push(order);
    return sampleProvider({ keyPlace: 'file' });
  };
  const code = await runCli({
    ...{ args, createStudio: maker.create, dataFolder: folder, logger: silentLogger, stdin },
    stop: new AbortController().signal,
    out: (text) => (written.out += text),
    err: (text) => (written.err += text),
  });
  return { code, stored, ...written, maker };
}

describe('key', () => {
  const key = 'id-of-mine:secret-of-mine';

  it('is read from standard input and never told', async () => {
    const { code, stored, out, err } = await cli(['key', 'set', 'fal'], terminal({ readAll: async () => `${key}\n` }));
    expect([code, stored]).toEqual([0, [{ provider: 'fal', key }]]);
    expect(out + err).toContain('only your user can read');
    expect(out + err).not.toContain('mine');
  });

  it('is asked for at a terminal without being shown', async () => {
    const asked: unknown[] = [];
    const ask: TerminalInput['ask'] = async (question, options) => {
      asked.push([question, options]);
      return key;
    };
    const { stored } = await cli(['key', 'set', 'fal', '--json'], terminal({ isTerminal: true, ask }));
    expect(asked).toEqual([['Key for fal: ', { hidden: true }]]);
    expect(stored).toHaveLength(1);
  });

  it('is refused as an argument, and when it is none', async () => {
    const argument = await cli(['key', 'set', 'fal', key, '--json']);
    expect([argument.code, argument.stored, argument.maker.asked]).toEqual([2, [], []]);
    expect(argument.out + argument.err).toContain('a key is never an argument');
    expect(argument.out + argument.err).not.toContain('of-mine');
    const { code, stored, err } = await cli(['key', 'set', 'fal'], terminal({ readAll: async () => 'two words' }));
    expect([code, stored]).toEqual([2, []]);
    expect(err).not.toContain('two words');
  });

  it.each([[[]], [['forget']], [['set']], [['test']]])('refuses %j as usage', async (given) => {
    expect((await cli(['key', ...given])).code).toBe(2);
  });

  it('lists engines with what is set, removes and tests', async () => {
    expect((await cli(['key', 'list'])).out).toContain('fal        No key yet: circletake key set fal');
    expect((await cli(['key', 'remove', 'fal', '--json'])).code).toBe(0);
    expect((await cli(['key', 'test', 'fal'])).out).toContain('Accepted: The key is accepted.');
  });

  it('test exits 1 when the key is refused', async () => {
    const maker = fakeStudioMaker(folder);
    maker.studio.settings.testKey = async () => ({ kind: 'refused', detail: 'No.', at: '2026-11-21T12:00:00.000Z' });
    expect((await cli(['key', 'test', 'fal'], terminal(), maker)).code).toBe(1);
  });
});

describe('audit', () => {
  const line = (part: Partial<AuditLine>): AuditLine => ({
    ...{ shotId: 'EP001_SH001', phase: 'keyframe', provider: 'fal', model: 'nano-banana-pro', costMicroUsd: 150_000 },
    ...{ refusal: null, workflow: 'fal-nano', endpoint: 'fal-ai/nano-banana-pro' },
    payload: { method: 'POST', url: 'https://queue.example/x', body: { prompt: 'A pier.' } },
    ...part,
  });
  const refusedLine = line({ shotId: 'EP001_SH002', costMicroUsd: null, refusal: 'No hero yet.', payload: null });
  const auditing = (lines: AuditLine[], configs: BatchConfig[] = []) =>
    fakeStudioMaker(folder, (project) => ({
      batches: {
        ...project.batches,
        async audit(config: BatchConfig) {
          configs.push(config);
          return (async function* () {
            yield lines;
          })();
        },
      },
    }));
  const scope = ['audit', 'dir', '--episode', 'EP001', '--phase', 'keyframe'];

  it('prints every request as it would be sent, with its price', async () => {
    const configs: BatchConfig[] = [];
    const { code, out } = await cli([...scope, '--provider', 'fal'], terminal(), auditing([line({})], configs));
    expect(code).toBe(0);
    expect(out).toContain('SH001 Keyframe · fal nano-banana-pro · $0.15');
    expect(out).toContain('POST https://queue.example/x');
    expect(out).toContain('"prompt": "A pier."');
    expect(configs[0]).toMatchObject({ phases: ['keyframe'], provider: 'fal' });
  });

  it('exits 1 and says why a request would be refused', async () => {
    const { code, out } = await cli([...scope, '--json'], terminal(), auditing([line({}), refusedLine]));
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ runnable: 1, refused: 1, totalMicroUsd: 150_000 });
    expect((await cli(scope, terminal(), auditing([refusedLine]))).out).toContain('Refused: No hero yet.');
  });
});

describe('run at a terminal', () => {
  const spending = (started: unknown[]) =>
    fakeStudioMaker(folder, (project) => {
      const scripted = scriptedBatches(project, (batch) => [{ ...batch, status: 'complete' }]);
      return {
        batches: {
          ...project.batches,
          list: async () => scripted.current(),
          estimate: async (config) => ({ ...(await project.batches.estimate(config)), totalMicroUsd: 4_760_000 }),
          async start(config) {
            started.push(config);
            return scripted.play(sampleBatch('batch_1', { config }));
          },
        },
      };
    });
  const scope = ['run', 'dir', '--episode', 'EP001', '--phase', 'previs'];

  it.each([
    ['n', 0],
    ['', 0],
    ['y', 1],
  ])('asks before it spends; “%s” starts %i', async (answer, count) => {
    const started: unknown[] = [];
    const asked: string[] = [];
    const ask = async (question: string) => {
      asked.push(question);
      return answer;
    };
    expect((await cli(scope, terminal({ isTerminal: true, ask }), spending(started))).code).toBe(0);
    expect(started).toHaveLength(count);
    expect(asked).toEqual([expect.stringContaining('$4.76 of $25.00')]);
  });

  it.each<[string, (maker: ReturnType<typeof spending>) => void]>([
    ['costs nothing', (maker) => changeBatches(maker, { totalMicroUsd: 0 })],
    ['is a rehearsal', (maker) => rehearse(maker)],
  ])('does not ask about what %s', async (_what, change) => {
    const started: unknown[] = [];
    const maker = spending(started);
    change(maker);
    const ask = () => expect.fail('somebody was asked');
    expect((await cli(scope, terminal({ isTerminal: true, ask }), maker)).code).toBe(0);
    expect(started).toHaveLength(1);
  });

  function changeBatches({ studio }: ReturnType<typeof spending>, part: Partial<BatchEstimate>): void {
    const { batches } = studio.project('demo');
    const { estimate } = batches;
    batches.estimate = async (config) => ({ ...(await estimate(config)), ...part });
  }

  function rehearse({ studio }: ReturnType<typeof spending>): void {
    const project = studio.project('demo');
    const { snapshot } = project;
    project.snapshot = async (episodeId) => {
      const told = await snapshot(episodeId);
      return { ...told, project: { ...told.project, rehearsal: true } };
    };
  }

  it('waits for nobody when it is unattended, or when a script reads', async () => {
    for (const flag of ['--unattended', '--json']) {
      const started: unknown[] = [];
      const ask = () => expect.fail('somebody was asked');
      expect((await cli([...scope, flag], terminal({ isTerminal: true, ask }), spending(started))).code).toBe(0);
      expect(started).toHaveLength(1);
    }
  });
});
