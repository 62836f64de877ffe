import { describe, expect, it } from 'vitest';
import { lookedForMs } from '../../../../src-main/orchestrator/doubt/late-jobs.ts';
import type { DoubtAnswer } from '../../../../src-shared/domain/attempt-step.ts';
import { explainShot } from '../../../../src-shared/explain-shot.ts';
import { tellShotLog } from '../../../../src-shared/shot-log.ts';
import { keepLaggingList, type LaggingList } from '../../../fakes/lagging-list.ts';
import { makePlan, makeWorld, type ProductionWorld, shotIdOf } from '../../../fakes/production-world.ts';
import { study } from '../../../fakes/study.ts';

const shotId = 'EP001_SH001';
const price = 100_000;
const hourMs = 3_600_000;
const graceMs = 60_000;

interface LateWorld {
  world: ProductionWorld;
  list: LaggingList;
}

const attempts = ({ world }: LateWorld) => world.store.attemptsOf(shotId);
const states = (late: LateWorld) => attempts(late).map(({ state, providerJobId }) => `${state} ${providerJobId}`);
const spend = ({ world }: LateWorld) => {
  const { settledMicroUsd, reservedMicroUsd, inDoubtMicroUsd } = world.store.projectSpend();
  return [settledMicroUsd, reservedMicroUsd, inDoubtMicroUsd].map((amount) => amount / price);
};

/** An engine with a list, in which a submit was lost; nothing has been decided yet. */
function start(options: { shots?: number; taken?: boolean; budget?: number } = {}): LateWorld {
  const world = makeWorld({
    shots: options.shots ?? 1,
    provider: { capabilities: { reconcile: 'list', reconcileGraceMs: graceMs } },
  });
  const list = keepLaggingList(world);
  world.provider.price = price;
  world.provider.faults = [options.taken === false ? 'not-accepted-unknown' : 'accepted-then-dropped'];
  world.startBatch({ maxConcurrent: 1, ...(options.budget ? { budgetMicroUsd: options.budget } : {}) });
  return { world, list };
}

/** The list was believed, the request repeated, and its take awaits the director. */
async function repeated(options: Parameters<typeof start>[0] = {}): Promise<LateWorld> {
  const late = start(options);
  await late.world.rest();
  expect(states(late)).toEqual(['failed null', expect.stringContaining('settled')]);
  return late;
}

/** A person said that it was never charged, and the batch was stopped before anything was repeated. */
async function released(): Promise<LateWorld> {
  const late = start();
  await late.world.clock.advance(1000);
  late.world.orchestrator.batches.pause(late.world.store.batches()[0]?.id ?? '');
  settle(late, { kind: 'release' });
  return late;
}

function settle({ world }: LateWorld, answer: DoubtAnswer, attemptId = world.store.attemptsOf(shotId)[0]?.id ?? '') {
  return world.orchestrator.doubts.settle({ attemptId, answer, person: 'dana' });
}

async function startAgain({ world }: LateWorld): Promise<void> {
  await world.orchestrator.close();
  await world.restart();
}

function expectNothingSentTwice({ world }: LateWorld): void {
  expect(Math.max(...world.provider.posts.values())).toBe(1);
  expect(world.log.filter(({ level }) => level === 'error')).toEqual([]);
}

describe('a job that its engine lists only after its request was repeated', () => {
  it('is found within the hour: its take is kept, paid once, and the repeat stands', async () => {
    const late = await repeated();
    expect(spend(late)).toEqual([1, 0, 0]);
    late.list.hidden.clear();
    await late.world.clock.advance(hourMs);
    await late.world.rest();
    expect(states(late)).toEqual(['settled job-1', 'settled job-2']);
    expect(spend(late)).toEqual([2, 0, 0]);
    expect(late.world.store.takesOf(shotId)).toHaveLength(2);
    expect(late.world.store.shotPhase(shotId, 'previs').state).toBe('awaiting_operator');
    expectNothingSentTwice(late);
  });

  it('is told: in its steps, in the log of the shot, in its sentence, in the money', async () => {
    const late = await repeated();
    const { store } = late.world;
    const before = store.lastSeq();
    late.list.hidden.clear();
    await startAgain(late);
    await late.world.rest();
    const [first] = attempts(late);
    const kinds = store.stepsOf(first?.id ?? '').map(({ kind, by }) => `${kind}${by ?? ''}`);
    expect(kinds.slice(kinds.indexOf('failed'))).toEqual([
      ...['failed', 'asked', 'reopened', 'in_doubt', 'adopted', 'submitted', 'downloaded', 'settled'],
    ]);
    const told = tellShotLog(store.eventsAfter(before, 1000)).map(({ text }) => text);
    expect(told).toContain(
      'Attempt 1 is in doubt, $0.10 is held: embedded lists what may be it after all (job-1): it had counted as never taken.',
    );
    const shot = store.shot(shotId);
    expect(shot && explainShot(shot, store.factsOfShots([shotId]))).toContain(
      'the first was listed late and paid for (T2)',
    );
    const types = new Set(store.eventsAfter(before, 1000).map(({ body }) => body.type));
    expect([...types]).toEqual(expect.arrayContaining(['spend_changed', 'batch_changed', 'attempt_noted']));
  });

  it('is a cost that is learned, beside the one of its repeat', async () => {
    const late = await repeated();
    late.list.hidden.clear();
    await startAgain(late);
    await late.world.rest();
    const costs = (await study(late.world.store)).lines('cost').map(({ cost_micro_usd }) => cost_micro_usd);
    expect(costs).toEqual([0, price, price]);
  });

  it('is found at the next start, and at the end of a batch', async () => {
    const atStart = await repeated();
    atStart.list.hidden.clear();
    await startAgain(atStart);
    await atStart.world.rest();
    expect(spend(atStart)).toEqual([2, 0, 0]);
    const atEnd = await repeated();
    atEnd.list.hidden.clear();
    atEnd.world.orchestrator.batches.stop(atEnd.world.store.batches()[0]?.id ?? '');
    await atEnd.world.rest();
    expect(spend(atEnd)).toEqual([2, 0, 0]);
  });

  it('is held above the cap: its batch says so, and starts nothing more until the cap is raised', async () => {
    const late = await repeated({ shots: 2, budget: 2 * price });
    const { store, orchestrator } = late.world;
    const batch = () => store.batch(store.batches()[0]?.id ?? '');
    expect(batch()).toMatchObject({ status: 'running', spend: { settledMicroUsd: 2 * price }, statusReason: null });
    late.list.hidden.clear();
    await orchestrator.doubts.lookAgain();
    expect(batch()?.spend).toMatchObject({ settledMicroUsd: 2 * price, reservedMicroUsd: price });
    await late.world.rest();
    const passed = 'the cap of $0.20 is passed by $0.10.';
    expect(batch()).toMatchObject({ status: 'running', statusReason: expect.stringContaining(passed) });
    const move = { shotId, phase: 'previs', to: 'queued', cause: 'rerouted', patch: { series: 1 } } as const;
    store.transition({ ...move, expectedVersion: store.shotPhase(shotId, 'previs').version });
    await late.world.rest();
    expect(batch()).toMatchObject({ status: 'budget_exhausted', statusReason: expect.stringContaining(passed) });
    orchestrator.batches.resume(batch()?.id ?? '', 4 * price);
    await late.world.rest();
    expect(spend(late)).toEqual([4, 0, 0]);
    expectNothingSentTwice(late);
  });

  it('is looked for until its age, not longer', async () => {
    const late = await repeated();
    await late.world.orchestrator.close();
    late.list.hidden.clear();
    late.list.asked.length = 0;
    await late.world.clock.advance(lookedForMs);
    await late.world.restart();
    await late.world.rest();
    expect(late.list.asked).toEqual([]);
    expect(spend(late)).toEqual([1, 0, 0]);
  });

  it('is left alone while its repeat is at work on the same phase, and followed after that', async () => {
    const late = start();
    late.world.provider.pollsBeforeDone = 60;
    while (states(late)[1] !== 'submitted job-2') await late.world.clock.advance(1000);
    late.list.hidden.delete('job-1');
    await late.world.orchestrator.doubts.lookAgain();
    expect(states(late)).toEqual(['submitted job-1', 'submitted job-2']);
    await late.world.clock.advance(20_000);
    expect(late.world.provider.polls).not.toContain('job-1');
    await late.world.rest();
    expect(states(late)).toEqual(['settled job-1', 'settled job-2']);
    expect(late.world.store.shotPhase(shotId, 'previs').state).toBe('awaiting_operator');
    expectNothingSentTwice(late);
  });

  it('is waited for by whoever waits for the line to rest', async () => {
    const late = await repeated();
    late.list.hidden.clear();
    const { provider, clock } = late.world;
    const reconcile = provider.reconcile.bind(provider);
    provider.reconcile = async (attempt) => {
      await new Promise<void>((resolve) => clock.after(5000, resolve));
      return reconcile(attempt);
    };
    await startAgain(late);
    await late.world.rest();
    expect(spend(late)).toEqual([2, 0, 0]);
  });

  it('waits for an engine that is away, and moves nothing meanwhile', async () => {
    const late = await repeated();
    late.list.hidden.clear();
    late.list.isDown = true;
    await startAgain(late);
    await late.world.rest();
    expect(states(late)).toEqual(['failed null', 'settled job-2']);
    late.list.isDown = false;
    await late.world.clock.advance(hourMs);
    await late.world.rest();
    expect(spend(late)).toEqual([2, 0, 0]);
  });
});

describe('a job that a person said was never charged', () => {
  it('is found, and the shot goes on with it instead of paying for another', async () => {
    const late = await released();
    late.list.hidden.clear();
    await startAgain(late);
    await late.world.rest();
    expect(states(late)).toEqual(['settled job-1']);
    expect(spend(late)).toEqual([1, 0, 0]);
    expect(late.world.store.shotPhase(shotId, 'previs').state).toBe('awaiting_operator');
    const [first] = attempts(late);
    const note = late.world.store.stepsOf(first?.id ?? '').findLast(({ kind }) => kind === 'in_doubt')?.note;
    expect(note).toContain('dana had said that it was never charged');
  });

  it('is paid for also when its shot has left the plan', async () => {
    const late = await released();
    const plan = makePlan(2);
    late.world.store.applyPlan({ ...plan, shots: plan.shots.slice(1) });
    late.list.hidden.clear();
    await startAgain(late);
    await late.world.rest();
    expect(states(late)).toEqual(['settled job-1']);
    expect(spend(late)).toEqual([1, 0, 0]);
  });

  it('is looked for as the doubt stood: what the engine dates after the submit is not its', async () => {
    const late = await released();
    const ends: string[] = [];
    late.world.provider.reconcile = async ({ updatedAt }) => {
      ends.push(updatedAt);
      return { kind: 'absent' };
    };
    await late.world.orchestrator.doubts.lookAgain();
    const doubt = late.world.store.stepsOf(attempts(late)[0]?.id ?? '').find(({ kind }) => kind === 'in_doubt');
    expect(ends[0]).toBe(doubt?.at);
    expect(attempts(late)[0]?.updatedAt).not.toBe(doubt?.at);
  });

  it('is never looked for where it was written off, or where the engine cannot be asked', async () => {
    const late = await released();
    late.world.provider.capabilities.reconcile = 'none';
    late.list.asked.length = 0;
    await startAgain(late);
    await late.world.rest();
    late.world.provider.capabilities.reconcile = 'list';
    // a person makes the files: nothing was ever charged
    Object.assign(late.world.provider, { deliver: async () => undefined });
    await startAgain(late);
    await late.world.rest();
    const other = start();
    await other.world.clock.advance(1000);
    other.world.orchestrator.batches.pause(other.world.store.batches()[0]?.id ?? '');
    settle(other, { kind: 'charged' });
    other.list.asked.length = 0;
    other.list.hidden.clear();
    await startAgain(other);
    await other.world.rest();
    expect([...late.list.asked, ...other.list.asked]).toEqual([]);
    expect(spend(other)).toEqual([1, 0, 0]);
  });
});

describe('a listed job that may be another attempt’s', () => {
  it('is not taken while a repeat with the same words is in doubt itself', async () => {
    const late = start();
    late.world.provider.faults.push('accepted-then-dropped');
    await late.world.clock.advance(graceMs + 30_000);
    expect(states(late)).toEqual(['failed null', 'in_doubt null']);
    late.list.hidden.delete('job-2');
    const batchId = late.world.store.batches()[0]?.id ?? '';
    late.world.orchestrator.batches.pause(batchId);
    const before = late.world.store.lastSeq();
    const looked = late.world.orchestrator.doubts.lookAgain();
    expect(await looked).toEqual([]);
    expect(late.world.store.lastSeq()).toBe(before);
    late.world.orchestrator.batches.resume(batchId);
    await late.world.rest();
    expect(states(late)).toEqual(['failed null', 'settled job-2']);
    late.list.hidden.clear();
    expect(await late.world.orchestrator.doubts.lookAgain()).toMatchObject([{ number: 1, providerJobId: 'job-1' }]);
    await late.world.rest();
    expect(spend(late)).toEqual([2, 0, 0]);
  });

  it('goes to the attempt that sent it where two with the same words were lost', async () => {
    const late = start();
    late.world.provider.faults.push('accepted-then-dropped');
    await late.world.rest();
    expect(states(late)).toEqual(['failed null', 'failed null', 'settled job-3']);
    late.list.hidden.clear();
    await startAgain(late);
    await late.world.rest();
    expect(states(late)).toEqual(['settled job-1', 'settled job-2', 'settled job-3']);
    expect(spend(late)).toEqual([3, 0, 0]);
    expectNothingSentTwice(late);
  });

  it('is for a person where one with the same words was written off since', async () => {
    const late = start();
    late.world.provider.faults.push('accepted-then-dropped');
    await late.world.clock.advance(graceMs + 30_000);
    late.world.orchestrator.batches.pause(late.world.store.batches()[0]?.id ?? '');
    settle(late, { kind: 'charged' }, attempts(late)[1]?.id);
    late.list.hidden.delete('job-2');
    await late.world.orchestrator.doubts.lookAgain();
    expect(states(late)).toEqual(['in_doubt null', 'failed null']);
    expect(spend(late)).toEqual([1, 0, 1]);
    expect(late.world.orchestrator.doubts.list()).toMatchObject([
      { listing: { finding: 'several', jobs: [{ id: 'job-2' }] } },
    ]);
  });

  it('is shown once: a person who had it before them and said "never charged" is not asked again', async () => {
    const late = await repeated({ taken: false });
    const foreign = ['foreign-1', 'foreign-2'];
    const jobs = foreign.map((id) => ({ job: { id, data: {} }, sentAt: null, note: '', isExact: true }));
    late.world.provider.reconcile = async () => ({ kind: 'ambiguous', jobs });
    await late.world.orchestrator.doubts.lookAgain();
    expect(attempts(late)[0]).toMatchObject({ state: 'in_doubt' });
    settle(late, { kind: 'release' });
    for (const look of [1, 2]) {
      await late.world.orchestrator.doubts.lookAgain();
      expect(attempts(late)[0]?.state, `look ${look}`).toBe('failed');
    }
    expect(spend(late)).toEqual([1, 0, 0]);
    expect(late.world.store.shotPhase(shotId, 'previs').state).toBe('awaiting_operator');
  });
});

it('a doubt that is open again is not asked about without pause where its phase waits for another try', async () => {
  const late = start({ taken: false });
  late.world.provider.faults.push('fails-later');
  while (states(late)[1] !== 'failed job-1') await late.world.clock.advance(1000);
  expect(late.world.state(1)).toBe('remediating');
  late.world.orchestrator.batches.pause(late.world.store.batches()[0]?.id ?? '');
  let asked = 0;
  const jobs = ['foreign-1', 'foreign-2'].map((id) => ({ job: { id, data: {} }, sentAt: null, note: '' }));
  late.world.provider.reconcile = async () => {
    asked++;
    // asked without pause, time would stand still
    return asked > 5 ? new Promise(() => {}) : { kind: 'ambiguous', jobs };
  };
  await late.world.orchestrator.doubts.lookAgain();
  expect(attempts(late)[0]?.state).toBe('in_doubt');
  await late.world.clock.advance(600_000);
  expect(asked).toBe(1);
});

describe('an attempt that a wrong clock has dated', () => {
  it('is not repeated when the clock was put right since: what may be it is left to a person', async () => {
    const late = start();
    await late.world.clock.advance(1000);
    await late.world.orchestrator.close();
    expect(states(late)).toEqual(['in_doubt null']);
    // the attempt was dated three hours into what is the future now
    late.world.clock.jump(-3 * hourMs);
    late.list.aheadMs = 3 * hourMs;
    late.list.hidden.clear();
    await late.world.restart();
    late.world.orchestrator.batches.resume(late.world.store.batches()[0]?.id ?? '');
    await late.world.rest();
    expect(states(late)).toEqual(['in_doubt null']);
    expect(late.world.orchestrator.doubts.list()).toMatchObject([
      { listing: { finding: 'several', jobs: [{ id: 'job-1' }] } },
    ]);
    expectNothingSentTwice(late);
  });
});

it('the engines are asked one after the other, newest attempt first', async () => {
  const late = start({ shots: 3, taken: false });
  late.world.provider.faults.push('not-accepted-unknown', 'not-accepted-unknown');
  await late.world.rest();
  const ended = late.world.store.endedDoubts('').map(({ id }) => id);
  expect(ended.length).toBeGreaterThan(1);
  late.list.asked.length = 0;
  await late.world.orchestrator.doubts.lookAgain();
  expect([...new Set(late.list.asked)]).toEqual(ended);
  expect(late.world.state(1)).toBe('awaiting_operator');
  expect(shotIdOf(1)).toBe(shotId);
});
