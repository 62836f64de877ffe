/**
 * The phases of an episode's shots, read once and then kept by listening to what is journalled: planning asks for all of them
 * at every step of every shot. A transaction that is taken back empties the cache.
 */
import { episodeOfShot } from '../../src-shared/domain/ids.ts';
import { phases } from '../../src-shared/domain/phase.ts';
import type { PhaseStates } from './count-shots.ts';
import { readPhasesOfShots } from './shot-phases.ts';
import type { Sql } from './sql.ts';
import type { EpisodePhases, PhasesOfShot } from './store-context.ts';

/** Reads an episode's phases when they are first asked for. */
export function createEpisodePhases(sql: Sql): EpisodePhases {
  const known = new Map<string, Map<string, PhasesOfShot>>();
  const listed = new Map<string, Map<string, PhaseStates>>();
  sql.onRollback(() => {
    known.clear();
    listed.clear();
  });
  const of = (episodeId: string): Map<string, PhasesOfShot> => {
    const kept = known.get(episodeId);
    if (kept) return kept;
    const inEpisode = 'p.shot_id IN (SELECT id FROM shots WHERE episode_id = ?)';
    const read = readPhasesOfShots(sql, inEpisode, episodeId);
    for (const rows of read.values()) for (const phase of phases) Object.freeze(rows[phase]);
    known.set(episodeId, read);
    return read;
  };
  return {
    of,
    listedStates(episodeId) {
      const kept = listed.get(episodeId);
      if (kept) return kept;
      const all = of(episodeId);
      const rows = sql.all<{ id: string }>(
        `SELECT id FROM shots WHERE episode_id = ? AND standing <> 'removed-from-plan'`,
        episodeId,
      );
      const states = new Map(rows.flatMap(({ id }) => statesEntry(id, all.get(id))));
      listed.set(episodeId, states);
      return states;
    },
    forget(episodeId) {
      known.delete(episodeId);
      listed.delete(episodeId);
    },
    hear(body) {
      if (body.type !== 'station_transition') return;
      const { shotId, phase, state } = body.shotPhase;
      const episodeId = episodeOfShot(shotId);
      const rows = known.get(episodeId)?.get(shotId);
      if (rows) known.get(episodeId)?.set(shotId, { ...rows, [phase]: Object.freeze({ ...body.shotPhase }) });
      const states = listed.get(episodeId)?.get(shotId);
      if (states) listed.get(episodeId)?.set(shotId, { ...states, [phase]: state });
    },
  };
}

function statesEntry(id: string, rows: PhasesOfShot | undefined): [string, PhaseStates][] {
  return rows ? [[id, { previs: rows.previs.state, keyframe: rows.keyframe.state, video: rows.video.state }]] : [];
}
