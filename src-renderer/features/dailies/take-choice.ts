/** Which take is shown first, and which one lies before or after another. Pure. */

import { leadPhaseOf } from '../../../src-shared/domain/lead-phase.ts';
import type { Phase } from '../../../src-shared/domain/phase.ts';
import type { Shot, ShotPhase } from '../../../src-shared/domain/shot.ts';
import type { Take } from '../../../src-shared/domain/take.ts';
import { furthestApprovedTake } from '../../stores/shot-standing.ts';

/** The take a director wants to see on coming to a shot: the newest that awaits a decision, else the circled, else the newest. */
export function firstTakeToShow(shot: Shot, takes: readonly Take[]): Take | null {
  const lead = leadPhaseOf(shot);
  const undecided = takes.filter((take) => take.phase === lead.phase && take.review === 'unreviewed');
  if (lead.state === 'awaiting_operator' && undecided.length > 0) return undecided.at(-1) ?? null;
  const circled = furthestApprovedTake(shot);
  return takes.find((take) => take.id === circled) ?? takes.at(-1) ?? null;
}

/** The neighbour of a take in the strip; the outermost one stays where it is. */
export function neighbourTake(takes: readonly Take[], takeId: string | null, step: 1 | -1): Take | null {
  const at = takes.findIndex((take) => take.id === takeId);
  if (at < 0) return (step === 1 ? takes[0] : takes.at(-1)) ?? null;
  return takes[Math.max(0, Math.min(takes.length - 1, at + step))] ?? null;
}

/** The take to put beside another: the one before it in the same phase, else any before it, else the one after. */
export function takeToCompare(takes: readonly Take[], takeId: string): Take | null {
  const at = takes.findIndex((take) => take.id === takeId);
  const earlier = takes.slice(0, Math.max(0, at));
  const phase: Phase | undefined = takes[at]?.phase;
  return earlier.findLast((take) => take.phase === phase) ?? earlier.at(-1) ?? takes[at + 1] ?? null;
}

/** The neighbour of a shot in the list as it is filtered and sorted now. */
export function neighbourShot(shots: readonly Shot[], shotId: string | null, step: 1 | -1): Shot | null {
  const at = shots.findIndex((shot) => shot.id === shotId);
  if (at < 0) return shots[0] ?? null;
  return shots[Math.max(0, Math.min(shots.length - 1, at + step))] ?? null;
}

/**
 * The phase that a reroute or an own file speaks of: the take's own while it is open, else the one that leads the shot.
 * A circled keyframe on screen must not take the reroute of a halted video.
 */
export function phaseOfNextTake(shot: Shot, take: Take | null): ShotPhase {
  const own = take === null ? null : shot.phases[take.phase];
  return own !== null && own.state !== 'stabilized' ? own : leadPhaseOf(shot);
}
