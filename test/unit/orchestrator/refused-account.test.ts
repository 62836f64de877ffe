import { describe, expect, it } from 'vitest';
import type { Batch } from '../../../src-shared/domain/batch.ts';
import type { ShotPhase } from '../../../src-shared/domain/shot.ts';
import { gateResult, makePlan, type ProductionWorld, shotIdOf } from '../../fakes/production-world.ts';
import { refusedKey, withAccount } from '../../fakes/refused-account.ts';

const price = 100_000;
const reason = `${refusedKey} Then resume the batch.`;
const row = (world: ProductionWorld, shot: number): ShotPhase => world.store.shotPhase(shotIdOf(shot), 'previs');
const of = (world: ProductionWorld, shot: number) => world.store.attemptsOf(shotIdOf(shot));

/** Each status that a batch was given, in order, once each. */
function statuses(world: ProductionWorld, batchId: string): Batch['status'][] {
  const told = world.store
    .eventsAfter(0, 5000)
    .flatMap(({ body }) => (body.type === 'batch_changed' && body.batch.id === batchId ? [body.batch.status] : []));
  return told.filter((status, index) => status !== told[index - 1]);
}

describe('an account that is refused at a submit', () => {
  it('puts the batch on hold once, with the provider’s words, and halts no shot', async () => {
    const { world, refuse, refusedPosts } = withAccount({ shots: 40 });
    world.provider.price = price;
    refuse('all');
    const batchId = world.startBatch({ maxConcurrent: 4 });
    await world.rest();
    expect(world.store.batch(batchId)).toMatchObject({ status: 'paused', statusReason: reason });
    expect(statuses(world, batchId)).toEqual(['created', 'running', 'paused']);
    expect(world.store.batch(batchId)?.counts).toMatchObject({ pending: 40, halted: 0, inReview: 0 });
    expect(world.shotIds.every((_id, index) => world.state(index + 1) === 'queued')).toBe(true);
    expect(refusedPosts()).toBeLessThanOrEqual(4);
    expect(world.store.batchSpend(batchId)).toMatchObject({ settledMicroUsd: 0, inDoubtMicroUsd: 0 });
  });

  it('sends nothing more than was on its way when the first no came', async () => {
    const { world, refuse } = withAccount({ shots: 20 });
    refuse('all');
    const { submit } = world.provider;
    const first = Promise.withResolvers<void>();
    let [sent, answered] = [0, 0];
    world.provider.submit = async (...order) => {
      sent++;
      if (sent > 1) await first.promise;
      return submit(...order).finally(() => answered++);
    };
    world.startBatch({ maxConcurrent: 3 });
    await world.clock.advance(10);
    expect([answered, sent]).toEqual([1, 3]);
    first.resolve();
    await world.rest();
    expect(sent).toBe(3);
  });

  it('is not put on hold again by a no that was on its way when the person went on', async () => {
    const { world, refuse } = withAccount({ shots: 4 });
    refuse('all');
    const { submit } = world.provider;
    const wire = Promise.withResolvers<void>();
    let sent = 0;
    world.provider.submit = async (...order) => {
      const answer = submit(...order);
      if (++sent === 2) await Promise.allSettled([answer, wire.promise]);
      return answer;
    };
    const batchId = world.startBatch({ maxConcurrent: 2 });
    await world.clock.advance(10);
    expect([world.store.batch(batchId)?.status, sent]).toEqual(['paused', 2]);
    refuse('nothing');
    world.orchestrator.batches.resume(batchId);
    wire.resolve();
    await world.rest();
    expect(statuses(world, batchId)).toEqual(['created', 'running', 'paused', 'running']);
    expect(world.store.batch(batchId)?.counts).toMatchObject({ inReview: 4, pending: 0 });
  });

  it('is put on hold again when the person went on and nothing was mended', async () => {
    const { world, refuse } = withAccount({ shots: 4 });
    refuse('all');
    const batchId = world.startBatch({ maxConcurrent: 2 });
    await world.rest();
    world.orchestrator.batches.resume(batchId);
    await world.rest();
    expect(statuses(world, batchId)).toEqual(['created', 'running', 'paused', 'running', 'paused']);
  });

  it('keeps nothing reserved for the shot that was refused, and uses up none of its tries', async () => {
    const { world, refuse } = withAccount();
    world.provider.price = price;
    refuse('all');
    const batchId = world.startBatch({ maxAttemptsPerShot: 1, retryPolicies: { permanent: { maxRetries: 0 } } });
    for (let turn = 0; turn < 3; turn++) {
      await world.rest();
      expect(world.store.batchSpend(batchId)).toMatchObject({ reservedMicroUsd: 0, settledMicroUsd: 0 });
      expect(row(world, 1)).toMatchObject({ state: 'queued', reason, series: 0, remediationCount: 0, retryAt: null });
      world.orchestrator.batches.resume(batchId);
    }
    await world.rest();
    refuse('nothing');
    world.orchestrator.batches.resume(batchId);
    await world.rest();
    expect(world.state(1)).toBe('awaiting_operator');
    expect(of(world, 1).map(({ state, series }) => [state, series])).toEqual([
      ...Array(4).fill(['failed', 0]),
      ['settled', 0],
    ]);
    expect(world.store.retrySpend(shotIdOf(1))).toBe(0);
  });

  it('is no repeat: the retry that it cut off is made as it was planned', async () => {
    const { world, refuse } = withAccount({
      gates: [
        {
          name: 'gate_1',
          measure: async ({ path }) => gateResult('gate_1', /_T1_/.test(path) ? 'fail' : 'pass'),
        },
      ],
    });
    world.provider.price = price;
    const { submit } = world.provider;
    let posts = 0;
    world.provider.submit = async (...order) => {
      refuse(++posts === 2 ? 'submits' : 'nothing');
      return submit(...order);
    };
    const batchId = world.startBatch({ maxAttemptsPerShot: 2 });
    await world.rest();
    expect(world.store.batch(batchId)?.status).toBe('paused');
    world.orchestrator.batches.resume(batchId);
    await world.rest();
    const [first, second, third] = of(world, 1);
    expect([first?.state, second?.failure?.detail, third?.state]).toEqual(['settled', 'account', 'settled']);
    expect(third?.request.seed).not.toBe(first?.request.seed);
    expect(third).toMatchObject({ parentTakeId: first?.takeId, changeReason: second?.changeReason });
    expect(world.state(1)).toBe('awaiting_operator');
  });

  it('does not put a batch on hold that is stopped already, and speaks of no resuming', async () => {
    const { world, refuse } = withAccount();
    refuse('all');
    const { submit } = world.provider;
    const answer = Promise.withResolvers<void>();
    world.provider.submit = (...order) => answer.promise.then(() => submit(...order));
    const batchId = world.startBatch();
    await world.clock.advance(10);
    world.orchestrator.batches.stop(batchId);
    answer.resolve();
    await world.rest();
    expect(world.store.batch(batchId)).toMatchObject({ status: 'complete', statusReason: 'Stopped by the director.' });
    expect(row(world, 1)).toMatchObject({ state: 'queued', reason: refusedKey });
  });
});

describe('a job whose provider refuses the account while it is asked about', () => {
  const outAndLocked = async (shots = 1) => {
    const account = withAccount({ shots });
    const { world, refuse } = account;
    world.provider.price = price;
    refuse('polls');
    const batchId = world.startBatch({ maxConcurrent: shots });
    await world.clock.advance(4000);
    return { ...account, batchId };
  };

  it('stays with its provider, its money held, and the batch is put on hold once', async () => {
    const { world, batchId } = await outAndLocked(3);
    expect(statuses(world, batchId)).toEqual(['created', 'running', 'paused']);
    expect(world.store.batch(batchId)?.statusReason).toBe(reason);
    for (const shot of [1, 2, 3]) {
      expect(of(world, shot)).toMatchObject([{ state: 'submitted', failure: null }]);
      expect(row(world, shot)).toMatchObject({ state: 'remediating', remediationCount: 0 });
      expect(row(world, shot).reason).toBe(
        `${reason} The engine has the job, its money is held, and it is asked about it every few minutes.`,
      );
    }
    expect(world.store.batchSpend(batchId)).toMatchObject({ reservedMicroUsd: 3 * price, settledMicroUsd: 0 });
  });

  it('is not given up over a night, and comes in when the key is mended, the batch still on hold', async () => {
    const { world, batchId, refuse } = await outAndLocked();
    await world.clock.advance(10 * 3_600_000);
    expect(of(world, 1)).toMatchObject([{ state: 'submitted' }]);
    expect(world.state(1)).toBe('remediating');
    expect(world.store.stepsOf(of(world, 1)[0]?.id ?? '').filter(({ kind }) => kind === 'trouble')).toHaveLength(1);
    refuse('nothing');
    await world.rest();
    expect(of(world, 1)).toMatchObject([{ state: 'settled', actualMicroUsd: price }]);
    expect(world.state(1)).toBe('awaiting_operator');
    expect(world.store.batch(batchId)?.status).toBe('paused');
    expect(world.provider.jobs.size).toBe(1);
  });

  it('is asked about at once when the batch goes on', async () => {
    const { world, batchId, refuse } = await outAndLocked(2);
    refuse('nothing');
    world.orchestrator.batches.resume(batchId);
    await world.clock.advance(1000);
    expect([world.state(1), world.state(2)]).toEqual(['awaiting_operator', 'awaiting_operator']);
    expect(world.provider.jobs.size).toBe(2);
  });

  it('puts the batch on hold again when it goes on and nothing was mended', async () => {
    const { world, batchId } = await outAndLocked();
    world.orchestrator.batches.resume(batchId);
    await world.clock.advance(4000);
    expect(statuses(world, batchId)).toEqual(['created', 'running', 'paused', 'running', 'paused']);
  });

  it('is asked again after a restart', async () => {
    const { world, batchId, refuse } = await outAndLocked();
    await world.orchestrator.close();
    await world.restart();
    await world.clock.advance(4000);
    expect(of(world, 1)).toMatchObject([{ state: 'submitted' }]);
    expect(world.store.batch(batchId)?.statusReason).toBe(reason);
    refuse('nothing');
    await world.rest();
    expect(of(world, 1)).toMatchObject([{ state: 'settled' }]);
  });

  it('is followed though its batch was stopped: nobody can resume that', async () => {
    const { world, batchId, refuse } = await outAndLocked();
    world.orchestrator.batches.stop(batchId);
    await world.clock.advance(6 * 60_000);
    expect(row(world, 1).reason).toMatch(/^Embedded answered 401.*Settings\. The engine has the job/);
    refuse('nothing');
    await world.rest();
    expect(of(world, 1)).toMatchObject([{ state: 'settled' }]);
  });

  it('comes in though its shot has left the plan when the batch goes on', async () => {
    const { world, batchId, refuse } = await outAndLocked(2);
    const plan = makePlan(2);
    world.store.applyPlan({ ...plan, shots: plan.shots.slice(1) });
    refuse('nothing');
    world.orchestrator.batches.resume(batchId);
    await world.rest();
    expect(of(world, 1)).toMatchObject([{ state: 'settled', actualMicroUsd: price }]);
  });

  it('is not held up by one refusal that was a slip', async () => {
    const { world, refuse } = withAccount();
    refuse('polls');
    const batchId = world.startBatch();
    await world.clock.advance(500);
    refuse('nothing');
    await world.rest();
    expect(statuses(world, batchId)).not.toContain('paused');
    expect(world.state(1)).toBe('awaiting_operator');
  });
});
