import { describe, expect, it } from 'vitest';
import { LearningEngine } from '../../../src-main/learning/learning-engine.ts';
import type { SharedLearnings } from '../../../src-main/learning/shared-learnings.ts';
import { AppError } from '../../../src-main/platform/app-error.ts';
import { createLogger } from '../../../src-main/platform/logger.ts';
import { approve, reject } from '../../../src-main/review/decide.ts';
import type { ReviewDeps } from '../../../src-main/review/review-deps.ts';
import { createFakeMedia } from '../../fakes/fake-media.ts';
import { hashText, type MemoryDisk, memoryPaths } from '../../fakes/memory-files.ts';
import { MemoryLearning } from '../../fakes/memory-learning.ts';
import { makeWorld, type ProductionWorld, scriptedGate } from '../../fakes/production-world.ts';
import { joinStores } from '../../fakes/study.ts';

const reportPath = '/p/state/learning/latest_report.json';
const verdictsPath = '/p/state/learning/verdicts.jsonl';

/** Growing files on the disk in memory; `trouble` is thrown by the next writes. */
function growingOn(disk: MemoryDisk, state: { trouble: Error | null }) {
  const bytes = (path: string) => Buffer.from(disk.contents.get(path) ?? '', 'utf8');
  return {
    size: async (path: string) => (disk.contents.has(path) ? bytes(path).length : null),
    readAt: async (path: string, offset: number, length: number) => bytes(path).subarray(offset, offset + length),
    async append(path: string, more: Uint8Array) {
      if (state.trouble) throw state.trouble;
      disk.contents.set(path, Buffer.concat([bytes(path), more]).toString('utf8'));
    },
    setAside: async (path: string) => void disk.contents.delete(path),
  };
}

function withEngine(world: ProductionWorld, isRehearsal = false) {
  const stumbles: string[] = [];
  const logger = createLogger({ level: 'error', write: (line) => stumbles.push(line) });
  const state = { trouble: null as Error | null };
  const offered: string[][] = [];
  const shared: SharedLearnings = {
    add: async (_project, suggestions) => offered.push(suggestions.map(({ text }) => text)),
    findings: async () => [],
    path: '/data/learnings.json',
  };
  const engine = new LearningEngine({
    ...{
      store: joinStores(world.store, new MemoryLearning()),
      clock: world.clock,
      files: world.disk.files,
      paths: memoryPaths,
    },
    ...{ growing: growingOn(world.disk, state), shared, project: () => 'test', isRehearsal, logger },
  });
  return { engine, state, offered, stumbles };
}

function reviewDeps(world: ProductionWorld): ReviewDeps {
  const unused = () => Promise.reject(new Error('no file is handled here'));
  const media = { ...createFakeMedia(), copyAndHash: unused, inspectStill: unused, prepare: unused };
  return {
    ...world.deps,
    media,
    project: () => world.project,
    person: 'director',
    wake: () => world.orchestrator.wake(),
  };
}

/** Seven shots that the gate never passes: twenty-one repeats in vain, and a batch that is complete without a person. */
async function playHopeless(isRehearsal = false) {
  const world = makeWorld({ shots: 7, gates: [scriptedGate('gate_1', ['fail'])] });
  const learning = withEngine(world, isRehearsal);
  world.startBatch();
  await world.rest();
  await world.clock.advance(5000);
  await learning.engine.flush();
  expect(world.store.batches()).toMatchObject([{ status: 'complete' }]);
  return learning;
}

const linesOf = (world: ProductionWorld, path: string) =>
  (world.disk.contents.get(path) ?? '').split('\n').slice(0, -1);

describe('learning beside a production', () => {
  it('writes lines and report soon after a take was judged, without being asked', async () => {
    const world = makeWorld({ shots: 2, gates: [scriptedGate('gate_1', ['pass'])] });
    const { engine } = withEngine(world);
    world.startBatch();
    await world.rest();
    await world.clock.advance(4000);
    expect(linesOf(world, verdictsPath)).toHaveLength(2);
    expect(JSON.parse(world.disk.contents.get(reportPath) ?? '{}')).toMatchObject({ status: 'ok', total_verdicts: 2 });
    await engine.close();
  });

  it('writes nothing where nothing was learned', async () => {
    const world = makeWorld();
    const { engine } = withEngine(world);
    await world.clock.advance(10_000);
    await engine.close();
    expect([...world.disk.contents.keys()].filter((path) => path.includes('learning'))).toEqual([]);
    expect((await engine.report()).report.status).toBe('no_data');
  });

  it('answers a report that holds what was recorded a moment ago', async () => {
    const world = makeWorld({ gates: [scriptedGate('gate_1', ['pass'])] });
    const { engine } = withEngine(world);
    world.startBatch();
    await world.rest();
    reject({ takeId: 'EP001_SH001_T1', reasons: ['motion'], note: '' }, { ...reviewDeps(world), wake: () => {} });
    const decided = world.store.lastSeq();
    const { seq, report } = await engine.report();
    expect(seq).toBeGreaterThanOrEqual(decided);
    expect(report).toMatchObject({
      status: 'ready',
      decisions: 1,
      overrides: 1,
      gates: [{ falsePositive: { hits: 1, n: 1 } }],
    });
    await engine.close();
  });

  it('brings the files up to date when the project closes, however soon that is', async () => {
    const world = makeWorld({ gates: [scriptedGate('gate_1', ['pass'])] });
    const { engine } = withEngine(world);
    world.startBatch();
    await world.rest();
    approve({ takeId: 'EP001_SH001_T1', note: '' }, { ...reviewDeps(world), wake: () => {} });
    await engine.close();
    await engine.close();
    expect(linesOf(world, verdictsPath)).toHaveLength(1);
    expect(linesOf(world, '/p/state/learning/overrides.jsonl')).toHaveLength(1);
    expect(world.clock.nextInMs()).toBeNull();
  });

  it('shares what it found when a batch is complete', async () => {
    const { engine, offered } = await playHopeless();
    expect(offered).toEqual([[expect.stringContaining('seldom pass'), expect.stringContaining('seldom helps')]]);
    await engine.close();
  });

  it('keeps to itself what a rehearsal taught', async () => {
    const { engine, offered, stumbles } = await playHopeless(true);
    expect([offered, stumbles]).toEqual([[], []]);
    await expect(engine.share()).rejects.toMatchObject({ code: 'input.invalid' });
    await engine.close();
  });

  it('says that files cannot be written, learns on, and writes all of it once they can', async () => {
    const world = makeWorld({ shots: 2, gates: [scriptedGate('gate_1', ['pass'])] });
    const { engine, state } = withEngine(world);
    state.trouble = new AppError({ code: 'disk.full', message: 'The disk is full.' });
    world.startBatch();
    await world.rest();
    await world.clock.advance(4000);
    expect(world.store.problems()).toMatchObject([{ key: 'learning:files', severity: 'warning' }]);
    expect((await engine.report()).report).toMatchObject({ status: 'ready', verdicts: 2 });
    state.trouble = null;
    approve({ takeId: 'EP001_SH001_T1', note: '' }, { ...reviewDeps(world), wake: () => {} });
    await world.clock.advance(4000);
    expect(world.store.problems()).toEqual([]);
    expect(linesOf(world, verdictsPath)).toHaveLength(2);
    await engine.close();
  });

  it('leaves what it found to people: nothing it writes is a policy', async () => {
    const world = makeWorld({ gates: [scriptedGate('gate_1', ['fail'])] });
    const { engine } = withEngine(world);
    const before = hashText(JSON.stringify(world.project));
    world.startBatch();
    await world.rest();
    await engine.close();
    const written = [...world.disk.contents.keys()].filter((path) => path.includes('/state/'));
    expect(written.every((path) => path.startsWith('/p/state/learning/') || path.includes('/batches/'))).toBe(true);
    expect(hashText(JSON.stringify(world.project))).toBe(before);
  });
});
