import type { BatchConfig, BatchCounts } from '../../src-shared/domain/batch.ts';
import { type Phase, previousPhase } from '../../src-shared/domain/phase.ts';
import type { Shot, ShotPhase } from '../../src-shared/domain/shot.ts';

/** What of a shot is counted. */
export type CountedShot = Pick<Shot, 'id' | 'standing'> & { phases: Record<Phase, Pick<ShotPhase, 'state'>> };

type Standing = Exclude<keyof BatchCounts, 'total'>;

/**
 * Counts the shots in a batch's scope by what they wait for; those that the plan no longer lists are in none. A shot that is
 * the same object as the last time is not looked at again: there may be ten thousand, and one has moved.
 */
export function createShotCount(
  config: Pick<BatchConfig, 'phases' | 'shotFilter'>,
): (shots: readonly CountedShot[]) => BatchCounts {
  const filter = config.shotFilter ? new Set(config.shotFilter) : null;
  const isInScope = ({ id, standing }: CountedShot) => standing !== 'removed-from-plan' && filter?.has(id) !== false;
  const counts: BatchCounts = { total: 0, pending: 0, inReview: 0, completed: 0, halted: 0 };
  let counted: readonly CountedShot[] = [];
  const add = (shot: CountedShot | undefined, amount: 1 | -1) => {
    if (!shot || !isInScope(shot)) return;
    counts.total += amount;
    counts[standingOf(config.phases, shot.phases)] += amount;
  };
  return (shots) => {
    for (let place = 0; place < Math.max(shots.length, counted.length); place++) {
      if (shots[place] === counted[place]) continue;
      add(counted[place], -1);
      add(shots[place], 1);
    }
    counted = shots;
    return { ...counts };
  };
}

function standingOf(scope: readonly Phase[], shot: CountedShot['phases']): Standing {
  if (scope.every((phase) => shot[phase].state === 'stabilized')) return 'completed';
  if (scope.some((phase) => shot[phase].state === 'halted' || shot[phase].state === 'escalated')) return 'halted';
  const waits = scope.some((phase) => shot[phase].state === 'awaiting_operator' || waitsOutside(scope, shot, phase));
  return waits ? 'inReview' : 'pending';
}

/** Blocked behind a phase that this batch does not run: only a person can bring it on. */
function waitsOutside(scope: readonly Phase[], shot: CountedShot['phases'], phase: Phase): boolean {
  if (shot[phase].state !== 'blocked') return false;
  const upstream = previousPhase(phase);
  if (upstream === null) return false;
  return !scope.includes(upstream) && shot[upstream].state !== 'stabilized';
}
