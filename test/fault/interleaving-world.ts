/**
 * One shot on its way through the line, with something done at chosen moments: just before or just after anything that the
 * program waits for (an upload, a submit, a poll, a hash, a rename, a gate). Nothing else can come between its steps.
 */
import { expect } from 'vitest';
import { createOrchestrator } from '../../src-main/orchestrator/orchestrator.ts';
import type { TakeGate } from '../../src-main/orchestrator/ports/gate.ts';
import { AppError } from '../../src-main/platform/app-error.ts';
import { isInFlight } from '../../src-shared/domain/production-state.ts';
import { settleMicrotasks } from '../fakes/fake-clock.ts';
import type { FakeFault, FakeProvider } from '../fakes/fake-provider.ts';
import { hashText } from '../fakes/memory-files.ts';
import { Killed, Life } from '../fakes/mortal.ts';
import { makePlan, makeWorld, type ProductionWorld, scriptedGate, shotIdOf } from '../fakes/production-world.ts';
import { reviewDesk } from '../fakes/review-desk.ts';

export const price = 120_000;
export const shotId = shotIdOf(1);

export interface Scenario {
  name: string;
  faults: FakeFault[];
  reconcile: 'none' | 'byId';
  /** verdicts of the gate */
  gate: ('pass' | 'fail')[];
  /** how many answers to polls are lost at first */
  lostPolls: number;
  /** for how many polls a job waits in a queue that it can be called out of; as many again it runs */
  queue?: number;
  /** what becomes of the first jobs that are called off */
  cancelTroubles?: FakeProvider['cancelTroubles'];
}

/** Something that happens to the production; may refuse, or take its time. */
export type Act = (told: Told) => unknown;

/** At the nth moment; beyond the last one it happens when all is at rest. */
export interface Moment {
  at: number;
  act: Act;
}

export interface Told {
  readonly world: ProductionWorld;
  readonly director: ReturnType<typeof reviewDesk>;
  readonly life: Life;
  batchId: string;
  isClosing: boolean;
  /** moments that there were */
  moments: number;
  /** what is not as promised, noticed on the way */
  faults: string[];
}

/** Lives through a scenario with the acts at their moments, and puts everything right at the end. */
export async function tellHistory(scenario: Scenario, plan: readonly Moment[]): Promise<Told> {
  const world = makeWorld({
    store: 'memory',
    gates: [scriptedGate('gate_1', scenario.gate)],
    provider: {
      capabilities: {
        ...{ reconcile: scenario.reconcile, reconcileGraceMs: 60_000 },
        freeCancel: scenario.queue === undefined ? 'none' : 'queued',
      },
    },
  });
  world.provider.price = price;
  world.provider.faults = [...scenario.faults];
  world.provider.pollsInQueue = scenario.queue ?? 0;
  world.provider.cancelTroubles = [...(scenario.cancelTroubles ?? [])];
  world.provider.pollsBeforeDone = 2 * (scenario.queue ?? 0);
  loseAnswers(world, scenario.lostPolls);
  const pending: Promise<unknown>[] = [];
  let life = new Life(Number.POSITIVE_INFINITY);
  const told: Told = {
    ...{ world, director: reviewDesk(world), batchId: '', isClosing: false, moments: 0, faults: [] },
    get life() {
      return life;
    },
  };
  const due = [...plan];
  const happen = (act: Act) => {
    if (!life.dead) pending.push(attempt(() => act(told)));
  };
  const tick = () => {
    if (life.dead) return;
    told.moments++;
    for (const moment of due.filter(({ at }) => at === told.moments)) {
      due.splice(due.indexOf(moment), 1);
      happen(moment.act);
    }
  };
  const begin = async () => {
    world.disk.emptyTemporary();
    life = new Life(Number.POSITIVE_INFINITY);
    const ports = {
      media: withMoments(world.disk.media, ['hash', 'probe'], tick),
      files: withMoments(world.disk.files, ['moveInto', 'exists'], tick),
      gates: world.deps.gates.map((gate): TakeGate => withMoments(gate, ['measure'], tick)),
      providers: new Map([
        [
          world.provider.name,
          withMoments(world.provider, ['upload', 'submit', 'poll', 'fetchResult', 'cancel', 'reconcile'], tick),
        ],
      ]),
    };
    world.orchestrator = createOrchestrator(life.inhabit({ ...world.deps, ...ports }));
    await world.orchestrator.recover().catch(ifAlive(() => life));
  };
  watchSubmits(told);
  world.restart = begin;
  await begin();
  told.batchId = world.startBatch();
  const rest = async () => {
    for (let lives = 0; lives < 20; lives++) {
      await world.clock.runUntil(Promise.race([world.orchestrator.idle(), life.died]));
      await world.clock.runUntil(Promise.all(pending.splice(0)));
      await settleMicrotasks();
      if (!life.dead) return;
      await begin();
    }
  };
  await rest();
  for (const { act } of due.splice(0)) {
    happen(act);
    await rest();
  }
  await putRight(told, rest);
  return told;
}

/** A person who sees to it that everything that can end does. */
async function putRight(told: Told, rest: () => Promise<void>): Promise<void> {
  const { world, life } = told;
  life.dieIn(Number.POSITIVE_INFINITY);
  world.provider.faults = [];
  world.provider.refuses = null;
  world.project = { ...world.project, caps: { ...world.project.caps, project_micro_usd: 50_000_000 } };
  if (world.store.shot(shotId)?.standing === 'removed-from-plan') world.store.applyPlan(makePlan(1));
  const open = world.store.activeBatch('EP001');
  if (open && open.status !== 'running') world.orchestrator.batches.resume(open.id);
  else if (!open) await attempt(() => world.startBatch());
  await rest();
  for (const { attempt: inDoubt } of world.orchestrator.doubts.list()) {
    const job = [...world.provider.jobs].find(([, { attemptId }]) => attemptId === inDoubt.id);
    const answer = job ? { kind: 'adopt' as const, jobId: job[0] } : { kind: 'release' as const };
    world.orchestrator.doubts.settle({ attemptId: inDoubt.id, answer, person: 'mara' });
    await rest();
  }
}

/** What must be so at the end, whatever was done when. */
export function expectAllWell({ world, faults }: Told, when: string): void {
  const { store, provider, disk } = world;
  expect(faults, when).toEqual([]);
  for (const [attemptId, accepted] of provider.acceptedPerAttempt()) expect(accepted, `${when}: ${attemptId}`).toBe(1);
  const attempts = store.attemptsOf(shotId);
  expect(
    store.openAttempts().map(({ id, state }) => `${id} ${state}`),
    `${when}: open attempts`,
  ).toEqual([]);
  const isFree = (id: string, fault: FakeFault) => fault === 'fails-later' || provider.cancelled.has(id);
  const bill = [...provider.jobs].filter(([id, { fault }]) => !isFree(id, fault)).length * price;
  expect(store.projectSpend(), when).toMatchObject({ settledMicroUsd: bill, reservedMicroUsd: 0, inDoubtMicroUsd: 0 });
  expect(
    attempts.reduce((sum, { actualMicroUsd }) => sum + (actualMicroUsd ?? 0), 0),
    when,
  ).toBe(bill);
  for (const [id, { attemptId, fault }] of provider.jobs) {
    if (isFree(id, fault)) continue;
    const end = fault === 'bad-file' ? 'failed' : 'settled';
    expect(store.attempt(attemptId)?.state, `${when}: ${attemptId} was paid for`).toBe(end);
  }
  for (const take of store.takesOf(shotId)) {
    expect(hashText(disk.contents.get(`/p/${take.path}`) ?? ''), `${when}: ${take.path}`).toBe(take.sha256);
  }
  const good = attempts.filter(({ takeId }) => takeId !== null && !store.gates(takeId).some(isRejection));
  const perSeries = Map.groupBy(good, ({ series }) => series);
  for (const [series, made] of perSeries) expect(made.length, `${when}: good takes of series ${series}`).toBe(1);
  const { state } = store.shotPhase(shotId, 'previs');
  expect(isInFlight(state) || state === 'remediating', `${when}: previs is left ${state}`).toBe(false);
}

const isRejection = ({ status }: { status: string }) => status === 'fail';

/** While the engine has, or may have, a job of a series, nothing else is sent for it. */
function watchSubmits({ world, faults }: Told): void {
  const submit = world.provider.submit.bind(world.provider);
  world.provider.submit = (request, order) => {
    const sending = world.store.attempt(order.reservation.attemptId);
    const others = world.store
      .attemptsOf(request.shotId, request.phase)
      .filter(({ id, series, state }) => id !== sending?.id && series === sending?.series && isOut.has(state));
    for (const other of others) faults.push(`${sending?.id} was sent while ${other.id} was ${other.state}`);
    return submit(request, order);
  };
}

const isOut: ReadonlySet<string> = new Set(['submitting', 'submitted', 'downloaded', 'in_doubt']);

function loseAnswers(world: ProductionWorld, times: number): void {
  let left = times;
  const poll = world.provider.poll.bind(world.provider);
  world.provider.poll = async (job) => {
    if (left-- > 0) throw new Error('The engine cannot be reached.');
    return poll(job);
  };
}

/** The same object, with a moment before and after each of the named calls. */
function withMoments<T extends object>(target: T, names: readonly string[], tick: () => void): T {
  return new Proxy(target, {
    get(_, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      const call = (...args: unknown[]): unknown => value.apply(target, args);
      if (typeof name !== 'string' || !names.includes(name)) return call;
      return async (...args: unknown[]) => {
        tick();
        const result = await call(...args);
        tick();
        return result;
      };
    },
  });
}

/** A refusal is an answer; a death takes what was under way with it. */
async function attempt(work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof AppError || error instanceof Killed)) throw error;
  }
}

function ifAlive(life: () => Life): (error: unknown) => void {
  return (error) => {
    if (!life().dead) throw error;
  };
}
