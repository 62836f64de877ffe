import { compareNatural } from '../../src-shared/domain/ids.ts';
import type { Phase } from '../../src-shared/domain/phase.ts';
import type { PlanStanding, Shot, ShotPhase } from '../../src-shared/domain/shot.ts';
import type { ShotStore } from '../orchestrator/ports/store.ts';
import { applyPlan } from './apply-plan.ts';
import { createPlanCache, type PlanCache } from './plan-cache.ts';
import { readPhasesOfShots, readShotPhase } from './shot-phases.ts';
import type { StoreContext } from './store-context.ts';
import { createPhaseWriter } from './transition.ts';

interface ShotRow {
  id: string;
  episode_id: string;
  scene_id: string;
  scene_heading: string;
  position: number;
  standing: PlanStanding;
  plan_revision: number;
}

const selectShots = `SELECT id, episode_id, scene_id, scene_heading, position, standing, plan_revision FROM shots`;

export function createShotStore(context: StoreContext): ShotStore {
  const plans = createPlanCache();
  // A revision that was taken back may be given again to another text.
  context.sql.onRollback(() => plans.clear());
  const shot = (shotId: string): Shot | null => {
    const row = context.sql.get<ShotRow>(`${selectShots} WHERE id = ?`, shotId);
    const phases = row ? readPhasesOfShots(context.sql, 'p.shot_id = ?', shotId).get(shotId) : undefined;
    return row && phases ? toShot(context, row, phases, plans) : null;
  };
  const shots = (episodeId: string): Shot[] => {
    const rows = context.sql.all<ShotRow>(`${selectShots} WHERE episode_id = ?`, episodeId);
    warmPlans(context, episodeId, rows, plans);
    const phases = context.phases.of(episodeId);
    return rows
      .flatMap((row) => {
        const of = phases.get(row.id);
        return of ? [toShot(context, row, { ...of }, plans)] : [];
      })
      .sort((a, b) => a.order - b.order || compareNatural(a.id, b.id));
  };
  return {
    applyPlan: (plan) => context.sql.transact(() => applyPlan(context, plan, shots)),
    shot,
    shots,
    shotPhase: (shotId, phase) => readShotPhase(context, shotId, phase),
    ...createPhaseWriter(context),
  };
}

/** One query for the entries of many shots instead of one each. */
function warmPlans(context: StoreContext, episodeId: string, rows: readonly ShotRow[], plans: PlanCache): void {
  if (rows.every((row) => plans.get(row.id, row.plan_revision))) return;
  const texts = context.sql.all<{ id: string; plan_revision: number; plan: string }>(
    'SELECT id, plan_revision, plan FROM shots WHERE episode_id = ?',
    episodeId,
  );
  for (const { id, plan_revision, plan } of texts)
    if (!plans.get(id, plan_revision)) plans.put(id, plan_revision, plan);
}

function toShot(context: StoreContext, row: ShotRow, phases: Record<Phase, ShotPhase>, plans: PlanCache): Shot {
  return {
    id: row.id,
    episodeId: row.episode_id,
    sceneId: row.scene_id,
    sceneHeading: row.scene_heading,
    order: row.position,
    standing: row.standing,
    plan: plans.get(row.id, row.plan_revision) ?? plans.put(row.id, row.plan_revision, planTextOf(context, row.id)),
    phases,
  };
}

function planTextOf(context: StoreContext, shotId: string): string {
  return context.sql.get<{ plan: string }>('SELECT plan FROM shots WHERE id = ?', shotId)?.plan ?? 'null';
}
