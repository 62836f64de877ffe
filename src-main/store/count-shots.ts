import type { BatchConfig, BatchCounts } from '../../src-shared/domain/batch.ts';
import { type Phase, previousPhase } from '../../src-shared/domain/phase.ts';
import type { Shot, ShotPhase } from '../../src-shared/domain/shot.ts';

/** What of a shot is counted. */
export type CountedShot = Pick<Shot, 'id' | 'standing'> & { phases: Record<Phase, Pick<ShotPhase, 'state'>> };

type Standing = Exclude<keyof BatchCounts, 'total'>;

/** Shots in a batch's scope by what they wait for; those that the plan no longer lists are in none. */
export function countShots(
  config: Pick<BatchConfig, 'phases' | 'shotFilter'>,
  shots: readonly CountedShot[],
): BatchCounts {
  const counts: BatchCounts = { total: 0, pending: 0, inReview: 0, completed: 0, halted: 0 };
  const filter = config.shotFilter ? new Set(config.shotFilter) : null;
  for (const shot of shots) {
    if (shot.standing === 'removed-from-plan' || filter?.has(shot.id) === false) continue;
    counts.total++;
    counts[standingOf(config.phases, shot.phases)]++;
  }
  return counts;
}

function standingOf(scope: readonly Phase[], shot: CountedShot['phases']): Standing {
  if (scope.every((phase) => shot[phase].state === 'stabilized')) return 'completed';
  if (scope.some((phase) => shot[phase].state === 'halted' || shot[phase].state === 'escalated')) return 'halted';
  const waits = scope.some((phase) => shot[phase].state === 'awaiting_operator' || waitsOutside(scope, shot, phase));
  return waits ? 'inReview' : 'pending';
}

/** Blocked behind a phase that this batch does not run: only a person can bring it on. */
function waitsOutside(scope: readonly Phase[], shot: CountedShot['phases'], phase: Phase): boolean {
  const upstream = previousPhase(phase);
  if (shot[phase].state !== 'blocked' || upstream === null) return false;
  return !scope.includes(upstream) && shot[upstream].state !== 'stabilized';
}
