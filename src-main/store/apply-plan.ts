/**
 * Makes an episode's shots those of its plan. A shot that work has started on is kept whatever the plan says: changed, it
 * is marked so until the plan is as it was; no longer listed, it stays and is marked. One that nobody touched just follows.
 */
import type { PlanFile, PlanShot } from '../../src-shared/domain/plan.ts';
import type { PlanStanding } from '../../src-shared/domain/shot.ts';
import { insertShotPhases } from './shot-phases.ts';
import type { StoreContext } from './store-context.ts';
import { nowOf } from './store-context.ts';

interface KnownShot {
  id: string;
  scene_id: string;
  scene_heading: string;
  position: number;
  standing: PlanStanding;
  plan: string;
  plan_at_start: string | null;
}

interface Wanted {
  plan: string;
  scene: string;
  heading: string;
  position: number;
}

export interface PlanChanges {
  added: string[];
  changed: string[];
  removed: string[];
}

/** Applies a valid plan and journals the shots that differ; to be called in a transaction. */
export function applyPlan(context: StoreContext, plan: PlanFile): PlanChanges {
  const known = new Map(
    context.sql
      .all<KnownShot>(
        'SELECT id, scene_id, scene_heading, position, standing, plan, plan_at_start FROM shots WHERE episode_id = ?',
        plan.episode_id,
      )
      .map((row) => [row.id, row]),
  );
  const changes: PlanChanges = { added: [], changed: [], removed: [] };
  const touched = new Set<string>();
  const gone: string[] = [];
  const headings = new Map(plan.scenes.map((scene) => [scene.scene_id, scene.heading]));

  plan.shots.forEach((entry, position) => {
    const wanted = wantedOf(entry, position, headings);
    const before = known.get(entry.shot_id);
    if (!before) {
      insertShot(context, plan.episode_id, entry.shot_id, wanted);
      changes.added.push(entry.shot_id);
      touched.add(entry.shot_id);
    } else if (updateShot(context, before, wanted)) {
      touched.add(before.id);
      if (before.plan !== wanted.plan) changes.changed.push(before.id);
      if (before.standing === 'removed-from-plan') changes.added.push(before.id);
    }
    known.delete(entry.shot_id);
  });
  for (const row of known.values()) {
    if (row.standing === 'removed-from-plan') continue;
    changes.removed.push(row.id);
    if (isStarted(context, row.id)) {
      context.sql.run(`UPDATE shots SET standing = 'removed-from-plan' WHERE id = ?`, row.id);
      touched.add(row.id);
    } else {
      context.sql.run('DELETE FROM shots WHERE id = ?', row.id);
      gone.push(row.id);
    }
  }
  if (touched.size > 0 || gone.length > 0) {
    context.shots.forget(plan.episode_id);
    const told = context.shots.list(plan.episode_id).filter((shot) => touched.has(shot.id));
    context.tell({ type: 'plan_reloaded', episodeId: plan.episode_id, shots: told, removed: gone });
  }
  return changes;
}

function wantedOf(entry: PlanShot, position: number, headings: ReadonlyMap<string, string>): Wanted {
  return {
    plan: JSON.stringify(entry),
    scene: entry.scene_id,
    heading: headings.get(entry.scene_id) ?? '',
    position,
  };
}

function insertShot(context: StoreContext, episodeId: string, shotId: string, wanted: Wanted): void {
  context.sql.run(
    `INSERT INTO shots (id, episode_id, scene_id, scene_heading, position, standing, plan, plan_revision)
     VALUES (?, ?, ?, ?, ?, 'planned', ?, ${nextRevision})`,
    ...[shotId, episodeId, wanted.scene, wanted.heading, wanted.position, wanted.plan],
  );
  insertShotPhases(context, shotId, nowOf(context));
}

/** Never used twice for a shot, also when it is removed and comes back: each plan that changes anything is journalled. */
const nextRevision = '(SELECT coalesce(max(seq), 0) + 1 FROM journal)';

function updateShot(context: StoreContext, before: KnownShot, wanted: Wanted): boolean {
  const samePlan = before.plan === wanted.plan;
  const started = isStarted(context, before.id);
  const atStart = started ? (before.plan_at_start ?? before.plan) : null;
  const drifted = atStart !== null && atStart !== wanted.plan;
  const standing: PlanStanding = drifted ? 'changed-since-start' : 'planned';
  const samePlace =
    before.position === wanted.position &&
    before.scene_id === wanted.scene &&
    before.scene_heading === wanted.heading &&
    before.standing === standing;
  if (samePlan && samePlace) return false;
  context.sql.run(
    `UPDATE shots SET scene_id = ?, scene_heading = ?, position = ?, standing = ?, plan = ?, plan_at_start = ?
       ${samePlan ? '' : `, plan_revision = ${nextRevision}`} WHERE id = ?`,
    ...[wanted.scene, wanted.heading, wanted.position, standing, wanted.plan, drifted ? atStart : null, before.id],
  );
  return true;
}

/** Whether anybody has done anything for a shot: a move, an attempt, a take, a decision. */
function isStarted(context: StoreContext, shotId: string): boolean {
  const found = context.sql.get<{ started: number }>(
    `SELECT EXISTS (SELECT 1 FROM shot_phases WHERE shot_id = :shotId AND version > 0)
       OR EXISTS (SELECT 1 FROM attempts WHERE shot_id = :shotId)
       OR EXISTS (SELECT 1 FROM takes WHERE shot_id = :shotId)
       OR EXISTS (SELECT 1 FROM take_numbers WHERE shot_id = :shotId)
       OR EXISTS (SELECT 1 FROM reviews WHERE shot_id = :shotId) AS started`,
    { shotId },
  );
  return found?.started === 1;
}
