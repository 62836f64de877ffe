import { describe, expect, it } from 'vitest';
import { createBatchManager } from '../../../../src-main/orchestrator/batch/batch-manager.ts';
import { createOrchestrator } from '../../../../src-main/orchestrator/orchestrator.ts';
import type { BatchStatus } from '../../../../src-shared/domain/batch.ts';
import { makeConfig, makePlan, makeWorld, type ProductionWorld } from '../../../fakes/production-world.ts';

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

  it('may be told what was found before, and looks itself where it is not', async () => {
    const world = makeWorld({ shots: 3 });
    const { batches } = world.orchestrator;
    const refused = { runs: false, refusal: 'No pier.' };
    expect(await batches.search(makeConfig())).toEqual({ runs: true, refusal: null });
    expect(thrown(() => batches.start(makeConfig(), refused))).toMatchObject({ code: 'batch.nothing-to-run' });
    expect(batches.start(makeConfig(), { runs: true, refusal: null }).status).toBe('running');
  });

  it('is refused for shots that have left the plan', async () => {
    const world = makeWorld({ shots: 2 });
    // with a take, which keeps the shot on record
    const first = world.startBatch({ shotFilter: ['EP001_SH002'] });
    await world.rest();
    world.orchestrator.batches.stop(first);
    world.store.applyPlan(makePlan(1));
    expect(world.store.shot('EP001_SH002')?.standing).toBe('removed-from-plan');
    expect(thrown(() => world.startBatch({ shotFilter: ['EP001_SH002'] }))).toMatchObject({ code: 'shot.not-found' });
  });

  it('leaves none behind when it cannot be written down as running', () => {
    const world = makeWorld();
    const broken = new Proxy(world.store, {
      get(target, name) {
        if (name === 'setBatchStatus') return () => expect.unreachable('the disk is gone');
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    expect(() => createOrchestrator({ ...world.deps, store: broken }).batches.start(makeConfig())).toThrow('is gone');
    expect(world.store.batches()).toEqual([]);
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
  const verbs = ['pause', 'resume', 'stop'] as const;
  it.each<[BatchStatus, (typeof verbs)[number][]]>([
    ['created', ['stop']],
    ['running', ['pause', 'stop']],
    ['paused', ['resume', 'stop']],
    ['budget_exhausted', ['resume', 'stop']],
    ['complete', []],
    ['failed', []],
  ])('of a batch that is %s: %j, and nothing else', (status, allowed) => {
    for (const verb of verbs) {
      const world = makeWorld({ store: 'memory' });
      const { id } = world.store.insertBatch('batch_EP001_0000000a', makeConfig());
      world.store.setBatchStatus(id, status, null);
      const act = () => world.orchestrator.batches[verb](id);
      if (allowed.includes(verb)) expect(act).not.toThrow();
      else
        expect(thrown(act)).toMatchObject({ code: 'batch.wrong-status', hint: expect.stringMatching(/^That needs/) });
    }
  });

  it('leave on record who ended it, and a batch that goes on says no more why it was on hold', () => {
    const world = makeWorld();
    const { batches } = world.orchestrator;
    const batchId = world.startBatch();
    expect(batches.pause(batchId)).toMatchObject({ status: 'paused', statusReason: 'Put on hold by the director.' });
    expect(batches.resume(batchId)).toMatchObject({ status: 'running', statusReason: null });
    expect(batches.stop(batchId)).toMatchObject({ status: 'complete', statusReason: 'Stopped by the director.' });
  });

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
    expect(await linesOf(world, { budgetMicroUsd: 600_000 })).toMatchObject({ fitsBudget: true, capMicroUsd: 600_000 });
  });

  it('names the price of what only a missing key keeps from running, without counting it', async () => {
    const world = makeWorld();
    world.provider.price = 100_000;
    const deps = { ...world.deps, whyNotReady: () => 'embedded has no key.' };
    const manager = createBatchManager(deps, { onChange: () => {}, onResume: () => {} });
    expect(await manager.estimate(makeConfig({ phases: ['previs'] }))).toMatchObject({
      lines: [{ model: 'animatic-1', costMicroUsd: 100_000, refusal: 'embedded has no key.' }],
      ...{ runnable: 0, refused: 1, totalMicroUsd: 0 },
    });
  });

  it('lists a later phase whose earlier one was approved before, and none of an episode without shots', async () => {
    const world = makeWorld();
    world.store.transition({
      ...{ shotId: 'EP001_SH001', phase: 'previs', to: 'stabilized', cause: 'approved', expectedVersion: 0 },
    });
    expect((await linesOf(world, { phases: ['keyframe'] })).lines).toMatchObject([{ refusal: null }]);
    expect(() => world.orchestrator.batches.preflight(makeConfig({ episodeId: 'EP009' }))).toThrow('of EP009 is left');
  });

  it('comes with what would be sent for each line, as an audit, and nothing where it would be refused', async () => {
    const world = makeWorld({ shots: 2 });
    const plan = makePlan(2);
    const [, second] = plan.shots;
    if (second) second.prompt_data.prompt_skeleton.compiled_prompt = 'x'.repeat(20_000);
    world.store.applyPlan(plan);
    const lines = [];
    for await (const slice of world.orchestrator.batches.audit(makeConfig())) lines.push(...slice);
    expect(lines).toMatchObject([
      {
        shotId: 'EP001_SH001',
        refusal: null,
        payload: { method: 'POST', body: { prompt: 'A hill, number 1.', seed: 0 } },
      },
      { shotId: 'EP001_SH002', refusal: expect.stringContaining('20000 characters'), payload: null, workflow: null },
    ]);
    expect(world.provider.posts.size + world.provider.uploads).toBe(0);
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

  it('lists what waits for an input: why while it is missing, for its price once it is there, and a batch starts it', async () => {
    const world = makeWorld();
    const there = world.refs;
    world.refs = { refs: [], missing: there.refs.map((ref) => ref.slot) };
    const first = world.orchestrator.batches;
    const batch = world.store.insertBatch('batch_EP001_0000000a', makeConfig());
    world.store.setBatchStatus(batch.id, 'running', null);
    await world.rest();
    expect(world.state(1)).toBe('awaiting_operator');
    first.stop(batch.id);
    expect((await linesOf(world, { phases: ['previs'] })).lines).toMatchObject([
      { shotId: 'EP001_SH001', refusal: expect.stringContaining('No hero yet') },
    ]);
    expect(thrown(() => world.startBatch())).toMatchObject({ hint: expect.stringContaining('No hero yet') });
    world.refs = there;
    expect(await linesOf(world, { phases: ['previs'] })).toMatchObject({ runnable: 1, refused: 0 });
    world.startBatch();
    await world.rest();
    expect(world.store.takesOf('EP001_SH001')).toHaveLength(1);
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
    const turn = () => {
      turns += 1;
      turning = setImmediate(turn);
    };
    let turning = setImmediate(turn);
    const sizes: number[] = [];
    for await (const lines of batches.preflight(makeConfig({ phases: ['previs', 'keyframe', 'video'] }))) {
      sizes.push(lines.length);
    }
    clearImmediate(turning);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(900);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(250);
    expect(turns).toBeGreaterThan(0);
  });
});
