import { describe, expect, it } from 'vitest';
import { askLaterMs } from '../../../src-main/orchestrator/attempt/ask-later.ts';
import { settleDoubt } from '../../../src-main/orchestrator/doubt/settle-doubt.ts';
import type { Attempt } from '../../../src-shared/domain/attempt.ts';
import type { DoubtAnswer } from '../../../src-shared/domain/attempt-step.ts';
import { makeWorld, type ProductionWorld } from '../../fakes/production-world.ts';
import { makeIntent, makeNewTake } from '../../fixtures/open-test-store.ts';

const shotId = 'EP001_SH001';
const row = (world: ProductionWorld) => world.store.shotPhase(shotId, 'previs');
const kinds = (world: ProductionWorld) => world.store.stepsOf(newest(world).id).map(({ kind, by }) => [kind, by]);

function newest(world: ProductionWorld): Attempt {
  const attempt = world.store.attemptsOf(shotId).at(-1);
  if (!attempt) throw new Error('nothing was attempted');
  return attempt;
}

/** One attempt in doubt at $0.10, of which the engine says nothing by itself. */
async function inDoubt(options: Parameters<typeof makeWorld>[0] = {}, taken = true): Promise<ProductionWorld> {
  const world = makeWorld(options);
  world.provider.price = 100_000;
  world.provider.faults = [taken ? 'accepted-then-dropped' : 'not-accepted-unknown'];
  world.startBatch();
  await world.clock.advance(1000);
  expect(newest(world).state).toBe('in_doubt');
  return world;
}

function settle(world: ProductionWorld, answer: DoubtAnswer, attemptId = newest(world).id): Attempt {
  return world.orchestrator.doubts.settle({ attemptId, answer, person: 'dana' });
}

describe('a person adopts the job of an attempt in doubt', () => {
  it('and gets one take, billed once, without another submit', async () => {
    const world = await inDoubt();
    settle(world, { kind: 'adopt', jobId: 'job-1' });
    expect(row(world).state).toBe('assembling');
    await world.rest();
    expect(world.store.attemptsOf(shotId)).toMatchObject([{ state: 'settled', number: 1, providerJobId: 'job-1' }]);
    expect(world.store.takesOf(shotId)).toHaveLength(1);
    expect(world.store.projectSpend()).toMatchObject({
      ...{ settledMicroUsd: 100_000, reservedMicroUsd: 0, inDoubtMicroUsd: 0 },
    });
    expect([...world.provider.posts.values()]).toEqual([1]);
    expect(row(world).state).toBe('awaiting_operator');
    expect(kinds(world)).toEqual([
      ...[
        ['intent', null],
        ['submitting', null],
        ['in_doubt', null],
        ['adopted', 'dana'],
        ['submitted', null],
      ],
      ...[
        ['downloaded', null],
        ['settled', null],
      ],
    ]);
  });

  it('while its batch is on hold: what is bound is fetched all the same', async () => {
    const world = await inDoubt();
    const [batch] = world.store.batches();
    world.orchestrator.batches.pause(batch?.id ?? '');
    settle(world, { kind: 'adopt', jobId: 'job-1' });
    await world.rest();
    expect(newest(world)).toMatchObject({ state: 'settled', number: 1 });
  });

  it('with what the engine knows of the attempt, when no list has shown the job', async () => {
    const world = await inDoubt();
    Object.assign(world.provider, {
      adopt: (attempt: Attempt, id: string) => ({ id, data: { endpoint: attempt.request.endpoint } }),
    });
    const { providerJob, request } = settle(world, { kind: 'adopt', jobId: 'job-1' });
    expect(providerJob).toEqual({ endpoint: request.endpoint });
  });

  it('with what the engine had listed of it, so that it can be polled', async () => {
    const world = await inDoubt({ provider: { capabilities: { reconcile: 'list', reconcileGraceMs: 600_000 } } });
    const job = (id: string) => ({ job: { id, data: { url: `u-${id}` } }, sentAt: null, note: 'running' });
    world.provider.reconcile = async () => ({ kind: 'ambiguous', jobs: [job('other'), job('job-1')] });
    await world.clock.advance(20_000);
    expect(row(world).state).toBe('awaiting_operator');
    const [doubt] = world.orchestrator.doubts.list();
    expect(doubt?.listing).toMatchObject({
      finding: 'several',
      jobs: [{ id: 'other' }, { id: 'job-1', note: 'running' }],
    });
    expect(settle(world, { kind: 'adopt', jobId: 'job-1' }).providerJob).toEqual({ url: 'u-job-1' });
    await world.rest();
    expect(newest(world).state).toBe('settled');
  });

  it('and keeps the take beside the new series when the director has gone on meanwhile', async () => {
    const world = await inDoubt();
    const { version } = row(world);
    const move = { shotId, phase: 'previs', to: 'queued', cause: 'rerouted' } as const;
    world.store.transition({ ...move, expectedVersion: version, patch: { series: 1 } });
    await world.rest();
    const [first, second] = world.store.attemptsOf(shotId);
    expect([first?.state, second?.state]).toEqual(['in_doubt', 'settled']);
    settle(world, { kind: 'adopt', jobId: 'job-1' }, first?.id);
    await world.rest();
    expect(world.store.takesOf(shotId)).toHaveLength(2);
    expect(row(world)).toMatchObject({ state: 'awaiting_operator', series: 1 });
  });

  it('but not one that belongs to another attempt: it would be settled twice', async () => {
    const world = makeWorld({ shots: 2 });
    world.provider.price = 100_000;
    world.provider.faults = ['ok', 'accepted-then-dropped'];
    world.startBatch({ maxConcurrent: 1 });
    await world.rest();
    const doubt = world.store.openAttempts()[0];
    const adopting = () => settle(world, { kind: 'adopt', jobId: 'job-1' }, doubt?.id);
    expect(adopting).toThrow('Job job-1 belongs to attempt 1 of SH001 (previs).');
    expect(world.store.projectSpend().inDoubtMicroUsd).toBe(100_000);
    expect(world.store.stepsOf(doubt?.id ?? '').at(-1)?.kind).toBe('in_doubt');
  });
});

describe('a job id that a person typed', () => {
  const check = (world: ProductionWorld, jobId: string) =>
    world.orchestrator.doubts.check({ attemptId: newest(world).id, answer: { kind: 'adopt', jobId }, person: 'dana' });

  it('is refused when the engine has nothing of it, and the doubt stays', async () => {
    const world = await inDoubt();
    await expect(check(world, 'job-7')).rejects.toMatchObject({
      ...{ code: 'input.invalid', message: 'There is nothing to fetch of job job-7: unknown job' },
    });
    world.provider.poll = async () => {
      throw new Error('404');
    };
    world.provider.readFetchError = () => ({
      ...{ category: 'permanent', detail: 'rejected_request', message: 'No such job.', retryAfterMs: null },
    });
    await expect(check(world, 'job-7')).rejects.toMatchObject({ code: 'input.invalid' });
    expect(newest(world)).toMatchObject({ state: 'in_doubt', providerJobId: null });
    expect(kinds(world).at(-1)).toEqual(['in_doubt', null]);
  });

  it('waits for an engine that cannot be asked now', async () => {
    const world = await inDoubt();
    world.provider.poll = async () => {
      throw new Error('away');
    };
    await expect(check(world, 'job-1')).rejects.toMatchObject({ code: 'provider.refused', retry: true });
  });

  it('is good when the engine has it, and one of its list is not asked about again', async () => {
    const world = await inDoubt({ provider: { capabilities: { reconcile: 'list', reconcileGraceMs: 600_000 } } });
    await check(world, 'job-1');
    expect(world.provider.polls).toEqual(['job-1']);
    world.provider.polls.length = 0;
    world.provider.reconcile = async () => ({
      kind: 'ambiguous',
      jobs: [{ job: { id: 'job-9', data: {} }, sentAt: null, note: '' }],
    });
    await world.orchestrator.doubts.ask(newest(world).id, 'dana');
    await check(world, 'job-9');
    expect(world.provider.polls).toEqual([]);
  });
});

describe('a person ends a doubt', () => {
  it('as never charged: the money is free again and the shot is queued', async () => {
    const world = await inDoubt({}, false);
    world.orchestrator.batches.pause(world.store.batches()[0]?.id ?? '');
    settle(world, { kind: 'release' });
    expect(world.store.projectSpend()).toMatchObject({ settledMicroUsd: 0, reservedMicroUsd: 0, inDoubtMicroUsd: 0 });
    expect(row(world)).toMatchObject({ state: 'queued', reason: null });
    expect(kinds(world).slice(-2)).toEqual([
      ['released', 'dana'],
      ['failed', null],
    ]);
  });

  it('without another request where a take that came from elsewhere is there to be looked at', async () => {
    const world = await inDoubt({}, false);
    const number = world.store.nextTakeNumber(shotId);
    world.store.recordTake(makeNewTake(shotId, number, { source: 'external' }));
    settle(world, { kind: 'release' });
    await world.rest();
    expect(row(world).state).toBe('awaiting_operator');
    expect([...world.provider.posts.values()]).toEqual([1]);
  });

  it('whole or not at all: their word is not on record when what it changes could not be written', async () => {
    const world = await inDoubt();
    const broken = new Proxy(world.store, {
      get(target, name) {
        if (name === 'failAttempt') return () => expect.unreachable('the disk is gone');
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const before = kinds(world);
    const order = { attemptId: newest(world).id, answer: { kind: 'release' as const }, person: 'dana' };
    expect(() => settleDoubt({ ...world.deps, store: broken }, order)).toThrow('is gone');
    expect(kinds(world)).toEqual(before);
    expect(newest(world).state).toBe('in_doubt');
  });

  it('as charged: what was reserved is settled, and the next attempt is another one', async () => {
    const world = await inDoubt();
    settle(world, { kind: 'charged' });
    expect(world.store.projectSpend()).toMatchObject({ settledMicroUsd: 100_000, inDoubtMicroUsd: 0 });
    world.provider.price = 0;
    await world.rest();
    expect(world.store.attemptsOf(shotId)).toMatchObject([
      { state: 'failed', actualMicroUsd: 100_000 },
      { state: 'settled', number: 2 },
    ]);
  });

  it('while the line waits to ask again: nothing is asked or sent for that attempt any more', async () => {
    const world = await inDoubt({ provider: { capabilities: { reconcile: 'byId' } } }, false);
    expect(row(world).state).toBe('remediating');
    world.orchestrator.batches.pause(world.store.batches()[0]?.id ?? '');
    settle(world, { kind: 'release' });
    expect(row(world)).toMatchObject({ state: 'queued', retryAt: null });
    await world.rest();
    expect([...world.provider.posts.values()]).toEqual([1]);
  });

  it.each([{ kind: 'release' }, { kind: 'charged' }, { kind: 'adopt', jobId: 'job-1' }] as const)(
    'once: a second click after $kind is refused and changes nothing',
    async (answer) => {
      const world = await inDoubt();
      const { id } = settle(world, answer);
      const before = world.store.lastSeq();
      for (const second of [answer, { kind: 'wait' } as const]) {
        expect(() => settle(world, second, id)).toThrow(expect.objectContaining({ code: 'state.stale' }));
      }
      expect(world.store.lastSeq()).toBe(before);
    },
  );

  it('not while the engine is being asked about it', async () => {
    const world = await inDoubt({ provider: { capabilities: { reconcile: 'byId' } } });
    const asked = Promise.withResolvers<void>();
    const answered = Promise.withResolvers<{ kind: 'absent' }>();
    world.provider.reconcile = () => {
      asked.resolve();
      return answered.promise;
    };
    const time = world.clock.advance(20_000);
    await asked.promise;
    expect(() => settle(world, { kind: 'release' })).toThrow('is being asked about this attempt');
    answered.resolve({ kind: 'absent' });
    await time;
    settle(world, { kind: 'release' });
    expect(newest(world).state).toBe('failed');
  });
});

describe('a doubt of a series that was left, while a start asks about it', () => {
  it('can be settled: the word of the person counts, whatever the engine answers then', async () => {
    const world = makeWorld({ provider: { capabilities: { reconcile: 'byId', reconcileGraceMs: 0 } } });
    world.store.recordIntent(makeIntent('left'));
    world.store.advanceAttempt('left', 'intent', 'submitting');
    world.store.annotate(shotId, 'previs', row(world).version, { series: 1 });
    const asked = Promise.withResolvers<void>();
    const answered = Promise.withResolvers<{ kind: 'found'; job: { id: string; data: object } }>();
    world.provider.reconcile = () => {
      asked.resolve();
      return answered.promise as ReturnType<typeof world.provider.reconcile>;
    };
    await world.restart();
    await asked.promise;
    settle(world, { kind: 'release' }, 'left');
    answered.resolve({ kind: 'found', job: { id: 'job-9', data: {} } });
    await world.rest();
    expect(world.store.attempt('left')).toMatchObject({ state: 'failed', actualMicroUsd: 0, providerJobId: null });
    expect(row(world)).toMatchObject({ state: 'queued', series: 1 });
    expect(world.log.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('a person waits', () => {
  it('which is written down and moves nothing', async () => {
    const world = await inDoubt();
    const [phase, attempt] = [row(world), newest(world)];
    settle(world, { kind: 'wait' });
    expect(row(world)).toEqual(phase);
    expect(newest(world)).toEqual(attempt);
    expect(world.store.projectSpend().inDoubtMicroUsd).toBe(100_000);
    expect(kinds(world).at(-1)).toEqual(['waited', 'dana']);
    await world.restart();
    expect(kinds(world).at(-1)).toEqual(['waited', 'dana']);
  });
});

describe('an engine that can be asked, for which a person waits', () => {
  const lists = { provider: { capabilities: { reconcile: 'list' as const } } };

  async function waitFor(): Promise<ProductionWorld> {
    const world = await inDoubt(lists);
    world.provider.reconcile = async () => ({ kind: 'unsupported' });
    await world.clock.advance(20_000);
    expect(row(world).state).toBe('awaiting_operator');
    settle(world, { kind: 'wait' });
    return world;
  }
  const asks = (world: ProductionWorld) => kinds(world).filter(([kind]) => kind === 'asked').length;

  it('is asked again later, once, and what it says is written down', async () => {
    const world = await waitFor();
    expect(world.orchestrator.doubts.list()[0]?.askAgainAt).toBe(
      new Date(world.clock.now().getTime() + askLaterMs).toISOString(),
    );
    world.provider.reconcile = async () => ({ kind: 'found', job: { id: 'job-1', data: {} } });
    await world.clock.advance(askLaterMs - 1);
    expect(asks(world)).toBe(1);
    await world.clock.advance(askLaterMs);
    expect(asks(world)).toBe(2);
    expect(world.orchestrator.doubts.list()).toMatchObject([{ askAgainAt: null, listing: { finding: 'found' } }]);
    expect(newest(world).state).toBe('in_doubt');
  });

  it('is asked at the same time after a restart', async () => {
    const world = await waitFor();
    await world.orchestrator.close();
    await world.restart();
    world.orchestrator.doubts.list();
    await world.clock.advance(askLaterMs - 1);
    expect(asks(world)).toBe(1);
    await world.clock.advance(1);
    expect(asks(world)).toBe(2);
  });

  it('is not asked about what has been settled meanwhile', async () => {
    const world = await waitFor();
    settle(world, { kind: 'release' });
    world.orchestrator.batches.pause(world.store.batches()[0]?.id ?? '');
    const before = world.store.stepsOf(world.store.attemptsOf(shotId)[0]?.id ?? '').length;
    await world.clock.advance(askLaterMs);
    expect(world.store.stepsOf(world.store.attemptsOf(shotId)[0]?.id ?? '')).toHaveLength(before);
  });
});

describe('a person asks the engine', () => {
  const lists = { provider: { capabilities: { reconcile: 'list' as const } } };

  it.each([
    ['found', { kind: 'found', job: { id: 'job-1', data: {} } }, [{ id: 'job-1' }]],
    ['absent', { kind: 'absent' }, []],
    ['unsupported', { kind: 'unsupported' }, []],
  ] as const)('and sees and keeps that it says: %s', async (finding, answer, jobs) => {
    const world = await inDoubt(lists);
    world.provider.reconcile = async () => answer;
    const attempt = newest(world);
    const doubt = await world.orchestrator.doubts.ask(attempt.id, 'dana');
    expect(doubt).toMatchObject({ canAsk: true, listing: { finding, jobs } });
    expect(newest(world)).toEqual(attempt);
    expect(world.store.stepsOf(attempt.id).at(-1)).toMatchObject({ kind: 'asked', by: 'dana', finding });
  });

  it('and sees which listed jobs belong to other attempts', async () => {
    const world = makeWorld({ shots: 2, ...lists });
    world.provider.faults = ['ok', 'accepted-then-dropped'];
    world.startBatch({ maxConcurrent: 1 });
    await world.clock.advance(1000);
    const jobs = ['job-1', 'job-2'].map((id) => ({ job: { id, data: {} }, sentAt: null, note: '' }));
    world.provider.reconcile = async () => ({ kind: 'ambiguous', jobs });
    const doubt = await world.orchestrator.doubts.ask(world.store.openAttempts()[0]?.id ?? '', 'dana');
    expect(doubt.listing?.jobs).toMatchObject([
      { id: 'job-1', heldBy: { shotId, number: 1 } },
      { id: 'job-2', heldBy: null },
    ]);
  });

  it('and is told what kept it from answering', async () => {
    const world = await inDoubt(lists);
    world.provider.reconcile = () => Promise.reject(new Error('502 from the list'));
    const doubt = await world.orchestrator.doubts.ask(newest(world).id, 'dana');
    expect(doubt.listing).toMatchObject({ finding: 'trouble', note: '502 from the list' });
  });

  it('and hears that an engine without a list cannot be asked', async () => {
    const world = await inDoubt();
    const doubt = await world.orchestrator.doubts.ask(newest(world).id, 'dana');
    expect(doubt).toMatchObject({ canAsk: false, askAgainAt: null, listing: { finding: 'unsupported' } });
  });
});

describe('the line itself', () => {
  it('writes down what went wrong while it polled, each trouble once', async () => {
    const world = makeWorld();
    const poll = world.provider.poll.bind(world.provider);
    let polls = 0;
    world.provider.poll = (job) => {
      polls++;
      if (polls <= 3) return Promise.reject(new Error(polls < 3 ? '503 from the queue' : 'the line was cut'));
      return poll(job);
    };
    world.startBatch();
    await world.rest();
    expect(newest(world).state).toBe('settled');
    const steps = world.store.stepsOf(newest(world).id).map(({ kind, note }) => [kind, note]);
    expect(steps.filter(([kind]) => kind === 'trouble')).toEqual([
      ['trouble', '503 from the queue'],
      ['trouble', 'the line was cut'],
    ]);
  });

  it('writes down what it found once, however often it asks the same', async () => {
    const world = await inDoubt(
      { provider: { capabilities: { reconcile: 'byId', reconcileGraceMs: 600_000 } } },
      false,
    );
    await world.clock.advance(120_000);
    expect(kinds(world).filter(([kind]) => kind === 'asked')).toEqual([['asked', null]]);
    expect(world.orchestrator.doubts.list()).toMatchObject([{ canAsk: true, askAgainAt: expect.any(String) }]);
  });
});
