import type { BatchConfig, BatchCounts } from '../../src-shared/domain/batch.ts';
import { type Phase, previousPhase } from '../../src-shared/domain/phase.ts';
import type { ProductionState } from '../../src-shared/domain/production-state.ts';

export type PhaseStates = Record<Phase, ProductionState>;

type Standing = Exclude<keyof BatchCounts, 'total'>;

/** Shots in a batch's scope by what they wait for; `states` holds the shots of its episode that the plan lists. */
export function countShots(
  config: Pick<BatchConfig, 'phases' | 'shotFilter'>,
  states: ReadonlyMap<string, PhaseStates>,
): BatchCounts {
  const counts: BatchCounts = { total: 0, pending: 0, inReview: 0, completed: 0, halted: 0 };
  for (const shotId of config.shotFilter ?? states.keys()) {
    const shot = states.get(shotId);
    if (!shot) continue;
    counts.total++;
    counts[standingOf(config.phases, shot)]++;
  }
  return counts;
}

function standingOf(scope: readonly Phase[], shot: PhaseStates): Standing {
  if (scope.every((phase) => shot[phase] === 'stabilized')) return 'completed';
  if (scope.some((phase) => shot[phase] === 'halted' || shot[phase] === 'escalated')) return 'halted';
  const waits = scope.some((phase) => shot[phase] === 'awaiting_operator' || waitsOutside(scope, shot, phase));
  return waits ? 'inReview' : 'pending';
}

/** Blocked behind a phase that this batch does not run: only a person can bring it on. */
function waitsOutside(scope: readonly Phase[], shot: PhaseStates, phase: Phase): boolean {
  const upstream = previousPhase(phase);
  if (shot[phase] !== 'blocked' || upstream === null) return false;
  return !scope.includes(upstream) && shot[upstream] !== 'stabilized';
}
