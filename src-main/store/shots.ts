import type { Phase } from '../../src-shared/domain/phase.ts';
import type { ShotStore } from '../orchestrator/ports/store.ts';
import { applyPlan } from './apply-plan.ts';
import { requireShotPhase } from './shot-phases.ts';
import type { StoreContext } from './store-context.ts';
import { createPhaseWriter } from './transition.ts';

export function createShotStore(context: StoreContext): ShotStore {
  const { shots } = context;
  return {
    applyPlan: (plan) => context.sql.transact(() => applyPlan(context, plan)),
    shot: (shotId) => shots.find(shotId),
    shots: (episodeId) => shots.list(episodeId),
    shotPhase: (shotId, phase: Phase) => requireShotPhase(context, shotId, phase),
    ...createPhaseWriter(context),
  };
}
