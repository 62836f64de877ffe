/** Pure questions about where a shot stands: which phase leads, what it has cost, which one needs a decision next. */
import { type Phase, phases } from '../../src-shared/domain/phase.ts';
import type { ProductionState } from '../../src-shared/domain/production-state.ts';
import type { Shot } from '../../src-shared/domain/shot.ts';

export function spentOn(shot: Shot): number {
  return phases.reduce((sum, phase) => sum + shot.phases[phase].spentMicroUsd, 0);
}

/** A shot is done when its video is settled. */
function isShotDone(shot: Shot): boolean {
  return shot.phases.video.state === 'stabilized';
}

/** The approved take of the furthest phase; null while nothing is approved. */
export function furthestApprovedTake(shot: Shot): string | null {
  for (const phase of [...phases].reverse()) {
    const approved = shot.phases[phase].approvedTakeId;
    if (approved !== null) return approved;
  }
  return null;
}

export interface DecisionPlace {
  shotId: string;
  phase: Phase;
}

/**
 * Where the director goes after a decision: the next shot in story order whose same phase awaits one, then any phase
 * that awaits one, then a halt. The search goes round once; null when nothing waits.
 */
export function nextDecision(shots: readonly Shot[], from: DecisionPlace | null): DecisionPlace | null {
  const order = inStoryOrder(shots);
  const here = from === null ? -1 : order.findIndex((shot) => shot.id === from.shotId);
  const round = [...order.slice(here + 1), ...order.slice(0, here + 1)];
  if (from !== null) {
    const same = round.find((shot) => shot.phases[from.phase].state === 'awaiting_operator');
    if (same) return { shotId: same.id, phase: from.phase };
  }
  return firstIn(round, 'awaiting_operator') ?? firstIn(round, 'halted');
}

export interface StandingCounts {
  /** shots with a phase that awaits the operator */
  awaiting: number;
  done: number;
}

const countsByList = new WeakMap<readonly Shot[], StandingCounts>();

/** How many shots await the operator and how many are done: counted once for each list of shots. */
export function standingCounts(shots: readonly Shot[]): StandingCounts {
  const known = countsByList.get(shots);
  if (known) return known;
  const awaits = (shot: Shot) => phases.some((phase) => shot.phases[phase].state === 'awaiting_operator');
  const counts = { awaiting: shots.filter(awaits).length, done: shots.filter(isShotDone).length };
  countsByList.set(shots, counts);
  return counts;
}

/** In the order of the plan; the very same list when it stands in it already. */
export function inStoryOrder(shots: readonly Shot[]): readonly Shot[] {
  const isSorted = shots.every((shot, place) => place === 0 || (shots[place - 1]?.order ?? 0) <= shot.order);
  return isSorted ? shots : [...shots].sort((a, b) => a.order - b.order);
}

function firstIn(shots: readonly Shot[], state: ProductionState): DecisionPlace | null {
  for (const shot of shots) {
    const phase = phases.find((name) => shot.phases[name].state === state);
    if (phase) return { shotId: shot.id, phase };
  }
  return null;
}
