import type { BatchConfig } from '../../src-shared/domain/batch.ts';
import type { Shot, ShotPhase } from '../../src-shared/domain/shot.ts';

/** Shots that a batch works on, in the plan's order: its filter's, without those that the plan no longer lists. */
export function shotsInScope(config: BatchConfig, shots: readonly Shot[]): Shot[] {
  const wanted = config.shotFilter ? new Set<string>(config.shotFilter) : null;
  return shots.filter((shot) => shot.standing !== 'removed-from-plan' && (wanted?.has(shot.id) ?? true));
}

/** Their phases that the batch lists. */
export function phasesInScope(config: BatchConfig, shots: readonly Shot[]): { shot: Shot; row: ShotPhase }[] {
  return shotsInScope(config, shots).flatMap((shot) =>
    config.phases.map((phase) => ({ shot, row: shot.phases[phase] })),
  );
}

/** Ids of the filter that the plan does not list. */
export function unknownShots(config: BatchConfig, shots: readonly Shot[]): string[] {
  const known = new Set(shots.filter((shot) => shot.standing !== 'removed-from-plan').map((shot) => shot.id));
  return (config.shotFilter ?? []).filter((id) => !known.has(id));
}
