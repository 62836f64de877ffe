/**
 * The shots of an episode with their phases, read once and then kept by listening to what is journalled: planning asks for
 * all of them at every step of every shot. What a transaction that is taken back had changed is read again.
 */
import { compareNatural, episodeOfShot } from '../../src-shared/domain/ids.ts';
import type { PlanStanding, Shot, ShotPhase } from '../../src-shared/domain/shot.ts';
import { createPlanCache } from './plan-cache.ts';
import { type PhasesOfShot, readPhases } from './shot-phases.ts';
import type { Sql, SqlValue } from './sql.ts';
import type { EpisodeShots } from './store-context.ts';

interface KnownEpisode {
  shots: Shot[];
  places: Map<string, number>;
}

interface ShotRow {
  id: string;
  episode_id: string;
  scene_id: string;
  scene_heading: string;
  position: number;
  standing: PlanStanding;
  plan_revision: number;
}

const columns = 'id, episode_id, scene_id, scene_heading, position, standing, plan_revision';

/** Reads an episode's shots when they are first asked for. */
export function createEpisodeShots(sql: Sql): EpisodeShots {
  const plans = createPlanCache();
  const known = new Map<string, KnownEpisode>();
  /** since the last commit */
  const moved = new Set<string>();
  const replanned = new Set<string>();

  const read = (where: string, value: SqlValue): Shot[] => {
    const phases = readPhases(sql, `p.shot_id IN (SELECT id FROM shots WHERE ${where})`, value);
    const rows = sql.all<ShotRow>(`SELECT ${columns} FROM shots WHERE ${where}`, value);
    if (rows.some((row) => !plans.get(row.id, row.plan_revision))) {
      type PlanRow = { id: string; plan_revision: number; plan: string };
      const texts = sql.all<PlanRow>(`SELECT id, plan_revision, plan FROM shots WHERE ${where}`, value);
      for (const { id, plan_revision, plan } of texts) plans.put(id, plan_revision, plan);
    }
    return rows.flatMap((row) => toShot(row, phases.get(row.id), plans.get(row.id, row.plan_revision)) ?? []);
  };
  const episode = (episodeId: string): KnownEpisode => {
    const kept = known.get(episodeId);
    if (kept) return kept;
    const shots = read('episode_id = ?', episodeId);
    shots.sort((a, b) => a.order - b.order || compareNatural(a.id, b.id));
    const places = new Map(shots.map(({ id }, place) => [id, place]));
    const fresh = { shots, places };
    known.set(episodeId, fresh);
    return fresh;
  };
  const replace = (shotId: string, change: (shot: Shot) => Shot | undefined): void => {
    const episodeId = episodeOfShot(shotId);
    const kept = known.get(episodeId);
    const place = kept?.places.get(shotId);
    const shot = place === undefined ? undefined : kept?.shots[place];
    if (!kept || place === undefined || !shot) return;
    const changed = change(shot);
    if (changed) kept.shots[place] = changed;
    else known.delete(episodeId);
  };

  sql.onCommit(() => {
    moved.clear();
    replanned.clear();
  });
  sql.onRollback(() => {
    for (const episodeId of replanned) known.delete(episodeId);
    // a revision that was taken back may be given again to another text
    if (replanned.size > 0) plans.clear();
    try {
      for (const shotId of moved) replace(shotId, () => read('id = ?', shotId)[0]);
    } catch {
      // the trouble of a database that cannot even be read is told to whoever asks next
      known.clear();
    }
  });

  return {
    list: (episodeId) => [...episode(episodeId).shots],
    find(shotId) {
      const { shots, places } = episode(episodeOfShot(shotId));
      return shots[places.get(shotId) ?? -1] ?? null;
    },
    hear(body) {
      if (body.type !== 'station_transition') return;
      const { shotPhase } = body;
      moved.add(shotPhase.shotId);
      replace(shotPhase.shotId, (shot) => withPhase(shot, shotPhase));
    },
    forget(episodeId) {
      replanned.add(episodeId);
      known.delete(episodeId);
    },
  };
}

function toShot(row: ShotRow, phases: PhasesOfShot | undefined, plan: Shot['plan'] | null): Shot | null {
  if (!phases || !plan) return null;
  return Object.freeze({
    id: row.id,
    episodeId: row.episode_id,
    sceneId: row.scene_id,
    sceneHeading: row.scene_heading,
    order: row.position,
    standing: row.standing,
    plan,
    phases,
  });
}

function withPhase(shot: Shot, moved: ShotPhase): Shot {
  const phases = Object.freeze({ ...shot.phases, [moved.phase]: Object.freeze({ ...moved }) });
  return Object.freeze({ ...shot, phases });
}
