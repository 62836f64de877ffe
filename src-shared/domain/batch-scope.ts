import type { BatchConfig } from './batch.ts';
import type { Shot, ShotPhase } from './shot.ts';

/** Shots that a batch works on, in the plan's order: its filter's, without those that the plan no longer lists. */
export function shotsInScope(config: Pick<BatchConfig, 'shotFilter'>, shots: readonly Shot[]): Shot[] {
  const wanted = config.shotFilter ? new Set<string>(config.shotFilter) : null;
  return shots.filter((shot) => shot.standing !== 'removed-from-plan' && (wanted?.has(shot.id) ?? true));
}

/** Their phases that the batch lists. */
export function phasesInScope(
  config: Pick<BatchConfig, 'shotFilter' | 'phases'>,
  shots: readonly Shot[],
): { shot: Shot; row: ShotPhase }[] {
  return shotsInScope(config, shots).flatMap((shot) =>
    config.phases.map((phase) => ({ shot, row: shot.phases[phase] })),
  );
}
