/**
 * What a batch does next, as a pure function of what is known now: what to start, when to look again, and how the batch
 * stands when there is nothing to start. Order: due retries, previs, keyframe, video; then the plan's order.
 */
import type { BatchStatus } from '../../../src-shared/domain/batch.ts';
import { compareNatural } from '../../../src-shared/domain/ids.ts';
import type { MicroUsd } from '../../../src-shared/domain/money.ts';
import { type Phase, phases } from '../../../src-shared/domain/phase.ts';
import { isInFlight, type ProductionState } from '../../../src-shared/domain/production-state.ts';

/** One phase of one shot in the scope of the batch. */
export interface PlannedPhase {
  shotId: string;
  /** place in the plan */
  order: number;
  phase: Phase;
  state: ProductionState;
  /** epoch milliseconds */
  retryAt: number | null;
  provider: string;
  /** blocked behind a phase that the batch does not run: only a person can bring it on */
  waitsOutside: boolean;
}

export interface ProviderRoom {
  /** how many more jobs it takes now */
  room: number;
  /** epoch milliseconds before which it wants no further submit */
  notBefore: number | null;
}

export interface PlanState {
  status: BatchStatus;
  phases: readonly PlannedPhase[];
  /** shots that a run is working on */
  busy: ReadonlySet<string>;
  /** a run of this batch is under way, maybe of a shot that the plan has dropped since */
  underWay: boolean;
  /** how many more runs the batch may start */
  room: number;
  providers: ReadonlyMap<string, ProviderRoom>;
  /** what caps leave, less what started work is about to reserve */
  remainingMicroUsd: MicroUsd;
  /** price of a candidate; 0 for what is reserved already or will be refused for another reason */
  costOf: (work: PlannedPhase) => MicroUsd;
}

export type WorkKind = 'resume' | 'retry' | 'first';

export interface WorkItem {
  shotId: string;
  phase: Phase;
  kind: WorkKind;
  provider: string;
  costMicroUsd: MicroUsd;
}

/** How a batch stands beside what it starts. */
export type BatchStanding = 'not-running' | 'working' | 'awaiting-operator' | 'budget-exhausted' | 'complete';

export interface NextWork {
  start: WorkItem[];
  /** epoch milliseconds at which to look again if nothing else happens before */
  wakeAt: number | null;
  standing: BatchStanding;
}

interface Candidate {
  work: PlannedPhase;
  kind: WorkKind;
}

/** Plans one batch; `now` in epoch milliseconds. */
export function planNextWork(state: PlanState, now: number): NextWork {
  if (state.status !== 'running') return { start: [], wakeAt: null, standing: 'not-running' };
  const candidates = candidatesOf(state, now).sort(byRank);
  const picked = pick(state, candidates, now);
  const retries = retriesToCome(state, now);
  const waits = [...retries, ...picked.coolDowns];
  return {
    start: picked.start,
    wakeAt: waits.length > 0 ? waits.reduce((first, at) => Math.min(first, at)) : null,
    standing: standingOf(state, picked, retries.length > 0),
  };
}

/** Excludes what is in flight or waits in back-off first; limits come after, so that nothing waiting starves the rest. */
function candidatesOf(state: PlanState, now: number): Candidate[] {
  const candidates: Candidate[] = [];
  for (const work of state.phases) {
    const kind = kindOf(work, now);
    if (kind !== null && !state.busy.has(work.shotId)) candidates.push({ work, kind });
  }
  return candidates;
}

function kindOf(work: PlannedPhase, now: number): WorkKind | null {
  if (work.state === 'queued') return 'first';
  if (isInFlight(work.state)) return 'resume';
  return work.state === 'remediating' && (work.retryAt ?? 0) <= now ? 'retry' : null;
}

const kindRank: Record<WorkKind, number> = { resume: 0, retry: 1, first: 2 };

function byRank(a: Candidate, b: Candidate): number {
  return (
    kindRank[a.kind] - kindRank[b.kind] ||
    phases.indexOf(a.work.phase) - phases.indexOf(b.work.phase) ||
    a.work.order - b.work.order ||
    compareNatural(a.work.shotId, b.work.shotId)
  );
}

interface Picked {
  start: WorkItem[];
  coolDowns: number[];
  /** candidates that wait for a job of another batch to make room at their provider */
  crowded: number;
  /** candidates that only money kept from starting */
  unaffordable: number;
}

function pick(state: PlanState, candidates: readonly Candidate[], now: number): Picked {
  const picked: Picked = { start: [], coolDowns: [], crowded: 0, unaffordable: 0 };
  const taken = new Set<string>();
  const roomAt = new Map([...state.providers].map(([name, { room }]) => [name, room]));
  let remaining = state.remainingMicroUsd;
  for (const { work, kind } of candidates) {
    if (picked.start.length >= state.room) break;
    if (taken.has(work.shotId)) continue;
    const notBefore = state.providers.get(work.provider)?.notBefore ?? null;
    if (kind !== 'resume' && notBefore !== null && notBefore > now) {
      picked.coolDowns.push(notBefore);
      continue;
    }
    const providerRoom = roomAt.get(work.provider) ?? Number.POSITIVE_INFINITY;
    if (providerRoom <= 0) {
      picked.crowded++;
      continue;
    }
    const costMicroUsd = kind === 'resume' ? 0 : state.costOf(work);
    if (costMicroUsd > remaining) {
      picked.unaffordable++;
      continue;
    }
    taken.add(work.shotId);
    remaining -= costMicroUsd;
    roomAt.set(work.provider, providerRoom - 1);
    picked.start.push({ shotId: work.shotId, phase: work.phase, kind, provider: work.provider, costMicroUsd });
  }
  return picked;
}

function retriesToCome(state: PlanState, now: number): number[] {
  const times: number[] = [];
  for (const { state: at, retryAt } of state.phases) {
    if (at === 'remediating' && retryAt !== null && retryAt > now) times.push(retryAt);
  }
  return times;
}

/** Complete comes before exhausted: the last shot may use up the cap. Money in flight may come back, so it is waited for. */
function standingOf(state: PlanState, picked: Picked, retryToCome: boolean): BatchStanding {
  let [toRun, toReview, anyBusy] = [false, false, state.underWay];
  for (const { shotId, state: at, waitsOutside } of state.phases) {
    if (at === 'queued' || at === 'remediating' || isInFlight(at)) toRun = true;
    else if (at === 'awaiting_operator' || waitsOutside) toReview = true;
    if (!anyBusy && state.busy.has(shotId)) anyBusy = true;
  }
  if (!toRun && !anyBusy) return toReview ? 'awaiting-operator' : 'complete';
  const waits = picked.coolDowns.length > 0 || picked.crowded > 0 || retryToCome;
  const isStuck = picked.start.length === 0 && !anyBusy && !waits;
  return picked.unaffordable > 0 && isStuck ? 'budget-exhausted' : 'working';
}
