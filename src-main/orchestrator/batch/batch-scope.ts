import type { BatchConfig } from '../../../src-shared/domain/batch.ts';
import type { Shot } from '../../../src-shared/domain/shot.ts';

/** Ids of the filter that the plan does not list. */
export function unknownShots(config: BatchConfig, shots: readonly Shot[]): string[] {
  if (!config.shotFilter) return [];
  const known = new Set(shots.filter((shot) => shot.standing !== 'removed-from-plan').map((shot) => shot.id));
  return config.shotFilter.filter((id) => !known.has(id));
}
