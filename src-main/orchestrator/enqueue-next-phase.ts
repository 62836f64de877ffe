import { nextPhase, type Phase } from '../../src-shared/domain/phase.ts';
import type { ShotPhase } from '../../src-shared/domain/shot.ts';
import type { ProductionStore } from './ports/store.ts';

/** After an approval: the next phase, if it waited for this one, may start. Null when there was nothing to release. */
export function enqueueNextPhase(store: ProductionStore, shotId: string, phase: Phase): ShotPhase | null {
  const next = nextPhase(phase);
  if (next === null) return null;
  const row = store.shotPhase(shotId, next);
  if (row.state !== 'blocked') return null;
  return store.transition({
    ...{ shotId, phase: next, to: 'queued', cause: 'upstream-approved', expectedVersion: row.version },
    patch: { reason: null },
  });
}
