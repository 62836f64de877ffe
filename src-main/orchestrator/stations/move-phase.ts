import type { Phase } from '../../../src-shared/domain/phase.ts';
import type { ProductionState, TransitionCause } from '../../../src-shared/domain/production-state.ts';
import type { ShotPhase } from '../../../src-shared/domain/shot.ts';
import type { ProductionStore, ShotPhasePatch } from '../ports/store.ts';

/** One phase in one series of attempts: what a run steers, as long as nobody else has moved it. */
export interface PhaseAddress {
  shotId: string;
  phase: Phase;
  series: number;
}

export interface PhaseMove {
  from: ProductionState;
  to: ProductionState;
  cause: TransitionCause;
  patch?: ShotPhasePatch;
}

/** Whether the phase still stands where this run left it: a director's decision in between wins. */
export function stillStands(store: ProductionStore, at: PhaseAddress, state: ProductionState): boolean {
  const row = store.shotPhase(at.shotId, at.phase);
  return row.state === state && row.series === at.series;
}

/** Makes a move unless somebody has moved the phase since; null = overtaken, and nothing was changed. */
export function movePhase(store: ProductionStore, at: PhaseAddress, move: PhaseMove): ShotPhase | null {
  const row = store.shotPhase(at.shotId, at.phase);
  if (row.state !== move.from || row.series !== at.series) return null;
  const { to, cause, patch } = move;
  return store.transition({ shotId: at.shotId, phase: at.phase, to, cause, expectedVersion: row.version, patch });
}
