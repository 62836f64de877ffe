/** What may happen to a production: what a person does, what the engine does, and crashes in the middle of any of it. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { AppError } from '../../src-main/platform/app-error.ts';
import { approve, reject, reroute } from '../../src-main/review/decide.ts';
import { override } from '../../src-main/review/override.ts';
import { undo } from '../../src-main/review/undo.ts';
import type { Decided } from '../../src-shared/api/review-contract.ts';
import type { BatchConfigInput } from '../../src-shared/domain/batch.ts';
import type { Phase } from '../../src-shared/domain/phase.ts';
import type { FakeFault } from '../fakes/fake-provider.ts';
import { hashText } from '../fakes/memory-files.ts';
import { Killed } from '../fakes/mortal.ts';
import { makeConfig } from '../fakes/production-world.ts';
import { keyOf, type Model, type ModelDecision, ownFile, remember } from './model.ts';
import { allowances, learnApprovals } from './model-autonomy.ts';
import { checkDatabase } from './model-checks.ts';
import { type ModelWorld, price, shotIds } from './model-world.ts';

/** What the commands of one suite met, for the line that says what it did. */
export interface Tally {
  commands: number;
  crashes: number;
  refusals: number;
  /** by autonomy, and how many of them were taken back */
  approvals: number;
  takenBack: number;
}

type Step = (model: Model, world: ModelWorld) => Promise<void> | void;

class Command implements fc.AsyncCommand<Model, ModelWorld> {
  readonly #name: string;
  readonly #step: Step;
  readonly #tally: Tally;

  constructor(name: string, step: Step, tally: Tally) {
    this.#name = name;
    this.#step = step;
    this.#tally = tally;
  }

  check = () => true;

  async run(model: Model, world: ModelWorld): Promise<void> {
    this.#tally.commands++;
    await restartIfDead(model, world, this.#tally);
    await this.#survive(model, world);
    await restartIfDead(model, world, this.#tally);
    checkDatabase(model, world);
  }

  /** A refusal says so and changes nothing, which the next check sees; a crash is the process's end and not the test's. */
  async #survive(model: Model, world: ModelWorld): Promise<void> {
    try {
      // the line goes on between two commands: the step begins with what autonomy has approved until now
      learnApprovals(model, world);
      await this.#step(model, world);
    } catch (error) {
      if (error instanceof Killed || world.session.life.dead) return;
      if (!(error instanceof AppError)) throw error;
      this.#tally.refusals++;
    }
  }

  toString = () => this.#name;
}

/** The next start after a crash: what was running is on hold, unless only reviews were left of it. */
export async function restartIfDead(model: Model, world: ModelWorld, tally: Tally): Promise<void> {
  if (!world.session.life.dead) return;
  tally.crashes++;
  await world.reopen();
  const newest = world.session.store.batches().at(-1);
  if (newest && newest.id !== model.batch?.id) model.batch = { id: newest.id, status: 'running' };
  holdAtStart(model, world);
}

function holdAtStart(model: Model, { session: { store } }: ModelWorld): void {
  if (model.batch?.status !== 'running') return;
  const batch = store.batch(model.batch.id);
  if (batch?.status !== 'running') model.batch.status = 'paused';
  else expect(batch.awaitingOperator, 'a batch that was not put on hold at a start').toBe(true);
}

/** Histories of up to `maxCommands` steps. */
export function histories(tally: Tally, maxCommands: number) {
  const make = (name: string, step: Step) => new Command(name, step, tally);
  const phases: fc.Arbitrary<Phase[]> = fc.constantFrom(['previs'], ['previs', 'keyframe'], ['keyframe', 'video']);
  const nth = fc.nat(7);
  const crashes = fc.integer({ min: 1, max: 40 });
  const note = fc.constantFrom('', 'softer', 'her other left');
  const faults: readonly FakeFault[] = [
    ...([
      'rate-limited',
      'fails-later',
      'bad-file',
      'not-sent',
      'accepted-then-dropped',
      'not-accepted-unknown',
      'rejected',
      'content-filter',
      'empty-file',
    ] as const),
  ];
  const letTimePass = fc
    .constantFrom(10, 1000, 20_000)
    .map((ms) => make(`wait ${ms} ms`, (_, world) => pass(world, ms)));
  return fc.commands(
    [
      fc
        .tuple(phases, allowances)
        .map(([scope, { name, autonomy }]) =>
          make(`start ${scope.join('+')}${name}`, (m, w) => start(m, w, { phases: scope, autonomy })),
        ),
      fc.constant(make('start with money for two', startPoor)),
      fc.constant(make('raise the cap', raiseCap)),
      fc.constant(make('rest', rest)),
      letTimePass,
      fc.constant(make('pause', pause)),
      fc.constant(make('resume', resume)),
      fc.constant(make('stop', stop)),
      fc
        .tuple(nth, note)
        .map(([n, text]) => make(`approve #${n} “${text}”`, (m, w) => decideOn(m, w, { n, text, action: 'approve' }))),
      fc
        .tuple(nth, note)
        .map(([n, text]) => make(`reject #${n} “${text}”`, (m, w) => decideOn(m, w, { n, text, action: 'reject' }))),
      fc
        .tuple(fc.nat(1), note)
        .map(([n, text]) => make(`reroute ${n} “${text}”`, (m, w) => chooseEngine(m, w, n, text))),
      fc.tuple(fc.nat(1), fc.nat(3)).map(([shot, n]) => make(`override ${shot} ${n}`, (m, w) => own(m, w, shot, n))),
      fc.constant(make('undo', (m, w) => takeBack(m, w, undefined))),
      nth.map((n) => make(`undo #${n} that autonomy approved`, (m, w) => takeBackApproval(m, w, n))),
      fc
        .constantFrom('review' as const, 'fail' as const, 'unmeasurable' as const)
        .map((status) => make(`the gate: ${status}`, (_, world) => void world.verdicts.push(status))),
      fc.boolean().map((wait) => make(wait ? 'wait with a doubt' : 'settle a doubt', (_, w) => settle(w, wait))),
      fc
        .tuple(fc.nat(1), fc.nat(3))
        .map(([shot, n]) => make(`ingest file ${n} for shot ${shot + 1}`, (m, w) => ingest(m, w, shot, n))),
      fc
        .constantFrom(...faults)
        .map((fault) => make(`the engine: ${fault}`, (_, world) => void world.provider.faults.push(fault))),
      crashes.map((n) => make(`crash before effect ${n} from here`, (_, world) => world.planCrash(n))),
      fc
        .tuple(crashes, allowances)
        .map(([n, { name, autonomy }]) =>
          make(`start previs${name}, crash before effect ${n}`, (m, w) => startAndCrash(m, w, n, autonomy)),
        ),
      crashes.map((n) => make(`resume, crash before effect ${n}`, (m, w) => resumeAndCrash(m, w, n))),
      fc.constant(make('close and open', reopen)),
    ],
    { maxCommands, size: 'max' },
  );
}

async function rest(_: Model, world: ModelWorld): Promise<void> {
  await world.rest();
}

async function pass({ clock }: ModelWorld, ms: number): Promise<void> {
  await clock.advance(ms);
}

function start(model: Model, { session }: ModelWorld, config: Partial<BatchConfigInput>): void {
  const batch = session.orchestrator.batches.start(makeConfig(config));
  model.batch = { id: batch.id, status: 'running' };
}

function startPoor(model: Model, { session }: ModelWorld): void {
  const batch = session.orchestrator.batches.start(makeConfig({ phases: ['previs'], budgetMicroUsd: 2 * price }));
  model.batch = { id: batch.id, status: 'running' };
}

function raiseCap(model: Model, { session }: ModelWorld): void {
  if (!model.batch) return;
  session.orchestrator.batches.resume(model.batch.id, 20 * price);
  model.batch.status = 'running';
}

/** A person's answer, by the engine's own book. */
function settle({ session, provider }: ModelWorld, wait: boolean): void {
  const [doubt] = session.orchestrator.doubts.list();
  if (!doubt) return;
  const job = [...provider.jobs].find(([, { attemptId }]) => attemptId === doubt.attempt.id);
  const known = job ? { kind: 'adopt' as const, jobId: job[0] } : { kind: 'release' as const };
  const answer = wait ? { kind: 'wait' as const } : known;
  session.orchestrator.doubts.settle({ attemptId: doubt.attempt.id, answer, person: 'director' });
}

function chooseEngine(model: Model, { session }: ModelWorld, n: number, text: string): void {
  const shotId = shotIds[n] ?? 'EP001_SH001';
  const key = keyOf(shotId, 'previs');
  const circled = model.circled.get(key) ?? null;
  const order = { shotId, phase: 'previs' as const, workflowId: 'embedded-animatic-noir', note: text };
  const { review } = reroute(order, session.review);
  remember(model, { id: review.id, action: 'reroute', shotId, takeId: circled, note: text }, key);
  if (circled !== null) model.marks.set(circled, 'unreviewed');
  model.circled.delete(key);
}

async function own(model: Model, world: ModelWorld, shot: number, n: number): Promise<void> {
  const shotId = shotIds[shot] ?? 'EP001_SH001';
  const key = keyOf(shotId, 'previs');
  const file = `/uploads/own-${n}`;
  world.disk.contents.set(file, `${ownFile} ${n}`);
  const order = { shotId, phase: 'previs' as const, file, fileName: 'own.png', reason: 'mine' };
  const { review } = await override(order, world.session.review);
  learnApprovals(model, world);
  const circled = model.circled.get(key) ?? null;
  remember(model, { id: review.id, action: 'override', shotId, takeId: review.takeId, note: 'mine' }, key);
  if (circled !== null) model.marks.set(circled, 'unreviewed');
  model.marks.set(review.takeId ?? '', 'approved');
  model.circled.set(key, review.takeId ?? '');
}

function pause(model: Model, { session }: ModelWorld): void {
  if (!model.batch) return;
  session.orchestrator.batches.pause(model.batch.id);
  model.batch.status = 'paused';
}

function resume(model: Model, { session }: ModelWorld): void {
  if (!model.batch) return;
  session.orchestrator.batches.resume(model.batch.id);
  model.batch.status = 'running';
}

function stop(model: Model, { session }: ModelWorld): void {
  if (!model.batch) return;
  session.orchestrator.batches.stop(model.batch.id);
  model.batch.status = 'stopped';
}

async function startAndCrash(
  model: Model,
  world: ModelWorld,
  effects: number,
  autonomy: BatchConfigInput['autonomy'],
): Promise<void> {
  world.planCrash(effects);
  start(model, world, { phases: ['previs'], autonomy });
  await world.rest();
}

async function resumeAndCrash(model: Model, world: ModelWorld, effects: number): Promise<void> {
  world.planCrash(effects);
  resume(model, world);
  await world.rest();
}

async function reopen(model: Model, world: ModelWorld): Promise<void> {
  await world.reopen();
  holdAtStart(model, world);
}

function decideOn(
  model: Model,
  { session }: ModelWorld,
  { n, text, action }: { n: number; text: string; action: 'approve' | 'reject' },
): void {
  const takes = shotIds.flatMap((shotId) => session.store.takesOf(shotId));
  const take = takes[n % Math.max(1, takes.length)];
  if (!take) return;
  const key = keyOf(take.shotId, take.phase);
  const circled = model.circled.get(key) ?? null;
  const decided =
    action === 'approve'
      ? approve({ takeId: take.id, note: text }, session.review)
      : reject({ takeId: take.id, note: text, reasons: ['motion'] }, session.review);
  const { id } = decided.review;
  // a second click on Approve is the same decision
  if (model.decisions.some((other) => other.id === id)) return;
  const touched = [take.id, ...(action === 'approve' && circled !== null && circled !== take.id ? [circled] : [])];
  const marks = new Map(touched.map((takeId) => [takeId, model.marks.get(takeId) ?? 'unreviewed']));
  const before = { key, circled, marks };
  model.decisions.push({ id, action, shotId: take.shotId, takeId: take.id, note: text, undone: false, before });
  for (const takeId of touched) model.marks.set(takeId, 'unreviewed');
  model.marks.set(take.id, action === 'approve' ? 'approved' : 'rejected');
  if (action === 'approve') model.circled.set(key, take.id);
  else if (circled === take.id) model.circled.delete(key);
}

/** The newest of a person's decisions, or the one that is named. */
function takeBack(model: Model, { session }: ModelWorld, id: string | undefined): void {
  const decided: Decided = undo(id, session.review);
  const undone = model.decisions.find(({ id }) => id === decided.review.undoes);
  const mayGo = ({ action, undone: gone }: ModelDecision) => action !== 'undo' && action !== 'auto-approve' && !gone;
  expect(undone?.id, 'what is taken back').toBe(id ?? model.decisions.findLast(mayGo)?.id);
  if (!undone) return;
  undone.undone = true;
  const { key, circled, marks } = undone.before;
  if (circled === null) model.circled.delete(key);
  else model.circled.set(key, circled);
  for (const [takeId, mark] of marks) model.marks.set(takeId, mark);
  const { shotId, takeId, before } = undone;
  const record = { id: decided.review.id, action: 'undo' as const, shotId, takeId, note: '', undone: false, before };
  model.decisions.push(record);
}

function takeBackApproval(model: Model, world: ModelWorld, n: number): void {
  const standing = model.decisions.filter(({ action, undone }) => action === 'auto-approve' && !undone);
  const chosen = standing[n % Math.max(1, standing.length)];
  if (chosen) takeBack(model, world, chosen.id);
}

async function ingest(model: Model, world: ModelWorld, shot: number, n: number): Promise<void> {
  const shotId = shotIds[shot] ?? 'EP001_SH001';
  const content = `still from outside ${n}`;
  const there = world.session.store.takeByHash(shotId, hashText(content));
  const answer = await world.ingest(shotId, `from-outside-${n}_keyframe.png`, content);
  const take = world.session.store.takeByHash(shotId, hashText(content));
  expect(answer).toBe(`${there ? 'known' : 'recorded'} ${take?.id}`);
  if (!there) expect(model.takes.has(take?.id ?? ''), `${take?.id} is a new take`).toBe(false);
}
