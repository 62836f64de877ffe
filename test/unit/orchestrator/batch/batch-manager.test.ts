import { describe, expect, it } from 'vitest';
import { batchStateFileSchema } from '../../../../src-main/orchestrator/batch/batch-export.ts';
import { makeConfig, makeWorld, type ProductionWorld } from '../../../fakes/production-world.ts';

const thrown = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
};

describe('starting a batch', () => {
  it('gives it an id of its episode and saves its whole config', () => {
    const world = makeWorld({ shots: 2 });
    const batch = world.orchestrator.batches.start(makeConfig({ shotFilter: ['EP001_SH002'], maxConcurrent: 3 }));
    expect(batch.id).toMatch(/^batch_EP001_[0-9a-f]{8}$/);
    expect(batch).toMatchObject({ status: 'running', config: { shotFilter: ['EP001_SH002'], maxConcurrent: 3 } });
    expect(batch.startedAt).not.toBeNull();
  });

  it('works on its selection alone', async () => {
    const world = makeWorld({ shots: 3 });
    world.startBatch({ shotFilter: ['EP001_SH002'] });
    await world.rest();
    expect([1, 2, 3].map((number) => world.state(number))).toEqual(['queued', 'awaiting_operator', 'queued']);
  });

  it('keeps the default policies of the categories that a config leaves out', () => {
    const { config } = makeWorld().orchestrator.batches.start(
      makeConfig({ retryPolicies: { transient: { maxRetries: 1 } } }),
    );
    expect(config.retryPolicies.transient).toMatchObject({ maxRetries: 1, baseBackoffSeconds: 5 });
    expect(config.retryPolicies.gate_mechanical.maxRetries).toBe(3);
  });

  it('is refused for shots that the plan does not list', () => {
    const { batches } = makeWorld().orchestrator;
    const error = thrown(() => batches.start(makeConfig({ shotFilter: ['EP001_SH001', 'EP001_SH099'] })));
    expect(error).toMatchObject({ code: 'shot.not-found', message: expect.stringContaining('EP001_SH099') });
  });

  it('is refused while another one of the episode is open, and says which', () => {
    const world = makeWorld();
    const batchId = world.startBatch();
    expect(thrown(() => world.startBatch())).toMatchObject({
      ...{ code: 'batch.already-active', message: expect.stringContaining(batchId), hint: 'Pause or stop it first.' },
    });
    world.orchestrator.batches.stop(batchId);
    expect(world.startBatch()).not.toBe(batchId);
  });

  it('is refused when nothing can run, with the reason', () => {
    const world = makeWorld();
    expect(thrown(() => world.startBatch({ phases: ['keyframe'] }))).toMatchObject({
      ...{ code: 'batch.nothing-to-run', hint: expect.stringContaining('approved previs') },
    });
    expect(thrown(() => world.startBatch({ episodeId: 'EP002' }))).toMatchObject({ code: 'batch.nothing-to-run' });
  });
});

describe('pause, resume and stop', () => {
  it('are refused where they make no sense, in words', () => {
    const world = makeWorld();
    const { batches } = world.orchestrator;
    const batchId = world.startBatch();
    expect(thrown(() => batches.resume(batchId))).toMatchObject({ code: 'batch.wrong-status' });
    batches.pause(batchId);
    expect(thrown(() => batches.pause(batchId))).toMatchObject({ code: 'batch.wrong-status' });
    batches.stop(batchId);
    expect(thrown(() => batches.stop(batchId))).toMatchObject({ code: 'batch.wrong-status' });
    expect(thrown(() => batches.pause('batch_EP001_ffffffff'))).toMatchObject({ code: 'batch.not-found' });
  });

  it('a cap below what is bound already is refused', async () => {
    const world = makeWorld({ shots: 2 });
    world.provider.price = 100_000;
    const batchId = world.startBatch({ budgetMicroUsd: 150_000 });
    await world.rest();
    const { batches } = world.orchestrator;
    expect(thrown(() => batches.resume(batchId, 50_000))).toMatchObject({ code: 'input.invalid' });
    expect(world.store.batch(batchId)?.config.budgetMicroUsd).toBe(150_000);
  });

  it('keep the time of the first start', async () => {
    const world = makeWorld();
    const batchId = world.startBatch();
    const { startedAt } = world.store.batch(batchId) ?? {};
    world.orchestrator.batches.pause(batchId);
    await world.clock.advance(60_000);
    expect(world.orchestrator.batches.resume(batchId).startedAt).toBe(startedAt);
  });
});

describe('an estimate', () => {
  const linesOf = (world: ProductionWorld, config = {}) =>
    world.orchestrator.batches.estimate(makeConfig({ phases: ['previs', 'keyframe', 'video'], ...config }));

  it('prices every phase that would run, video included, before its keyframe exists', async () => {
    const world = makeWorld({ shots: 2 });
    world.provider.price = 100_000;
    const estimate = await linesOf(world, { budgetMicroUsd: 500_000 });
    expect(estimate).toMatchObject({ runnable: 6, refused: 0, totalMicroUsd: 600_000, fitsBudget: false });
    expect(estimate.lines[0]).toMatchObject({ provider: 'embedded', model: 'animatic-1', costMicroUsd: 100_000 });
  });

  it('says of each shot why it would be refused', async () => {
    const world = makeWorld();
    world.refs = { refs: [], missing: world.refs.refs.map((ref) => ref.slot) };
    expect((await linesOf(world)).lines[0]?.refusal).toContain('No hero yet');
    world.refs = { refs: [], missing: [] };
    world.provider.price = null;
    expect((await linesOf(world)).lines[0]?.refusal).toContain('price is not known');
    world.provider.price = 0;
    expect((await linesOf(world, { provider: 'nobody' })).lines[0]?.refusal).toContain('nobody has no workflow');
    expect((await linesOf(world, { phases: ['video'] })).lines[0]?.refusal).toContain('keyframe');
  });

  it('leaves out what is settled or waits for review', async () => {
    const world = makeWorld({ shots: 2 });
    world.startBatch({ shotFilter: ['EP001_SH001'] });
    await world.rest();
    expect((await linesOf(world, { phases: ['previs'] })).lines.map((line) => line.shotId)).toEqual(['EP001_SH002']);
  });

  it('lets the loop go on between its slices, and throws what is wrong with the scope before the first', async () => {
    const world = makeWorld({ shots: 300 });
    const { batches } = world.orchestrator;
    expect(() => batches.preflight(makeConfig({ shotFilter: ['EP001_SH999'] }))).toThrow('EP001_SH999');
    let turns = 0;
    const turning = setInterval(() => (turns += 1), 0);
    const sizes: number[] = [];
    for await (const lines of batches.preflight(makeConfig({ phases: ['previs', 'keyframe', 'video'] }))) {
      sizes.push(lines.length);
    }
    clearInterval(turning);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(900);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(250);
    expect(turns).toBeGreaterThan(0);
  });
});

describe('the batch file', () => {
  it('is the reference’s BatchState, written at each change', async () => {
    const world = makeWorld({ shots: 2 });
    world.provider.price = 100_000;
    const batchId = world.startBatch();
    await world.rest();
    const read = () => {
      const text = world.disk.contents.get(`/p/state/visual/batches/${batchId}.json`) ?? '';
      return batchStateFileSchema.parse(JSON.parse(text));
    };
    expect(read()).toMatchObject({ batch_id: batchId, project: 'test', episode_id: 'EP001', status: 'running' });
    expect(read()).toMatchObject({ shots_in_review: 2, shots_pending: 0, total_cost: 0.2 });
    world.orchestrator.batches.pause(batchId);
    await world.rest();
    expect(read()).toMatchObject({
      ...{ status: 'paused', error_message: 'Put on hold by the director.', total_cost: 0.2, shots_in_review: 2 },
      started_at: Date.parse('2026-11-21T09:00:00.000Z') / 1000,
    });
  });

  it('that cannot be written stops nothing', async () => {
    const world = makeWorld();
    const { files } = world.disk;
    const write: typeof files.write = (path, content) =>
      path.includes('/batches/') ? Promise.reject(new Error('read-only')) : files.write(path, content);
    await world.restart({ files: { ...files, write } });
    world.startBatch();
    await world.rest();
    expect(world.state(1)).toBe('awaiting_operator');
    expect(world.log).toMatchObject([{ message: 'a batch file could not be written' }]);
    expect(world.store.problems()).toMatchObject([
      { severity: 'warning', file: expect.stringContaining('state/visual') },
    ]);
  });
});
