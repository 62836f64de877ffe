import type { ProvenanceRecord } from '../../src-shared/domain/provenance.ts';
import type { Take } from '../../src-shared/domain/take.ts';
import type { GateResult } from '../../src-shared/domain/verdict.ts';
import type { ProjectStore } from '../orchestrator/ports/project-store.ts';
import type { TakeStore } from '../orchestrator/ports/store.ts';
import { AppError } from '../platform/app-error.ts';
import type { SqlValue } from './sql.ts';
import type { StoreContext } from './store-context.ts';
import { selectTakes, type TakeRow, toTake } from './take-rows.ts';

export type TakeReads = Pick<ProjectStore, 'takeByHash'> &
  Pick<
    TakeStore,
    | 'take'
    | 'takesOf'
    | 'takesOfEpisode'
    | 'takeByPath'
    | 'takesUsingRef'
    | 'takesNotPrepared'
    | 'provenance'
    | 'gates'
    | 'gatesOfPhase'
  >;

const ofEpisode =
  'JOIN shots ON shots.id = takes.shot_id WHERE shots.episode_id = ? ORDER BY shots.position, shots.id, number';

/** What is asked of takes on record; lists are in the order of their numbers unless the name says otherwise. */
export function createTakeReads(context: StoreContext): TakeReads {
  const { sql } = context;
  const one = (where: string, ...values: SqlValue[]): Take | null => {
    const row = sql.get<TakeRow>(`${selectTakes} WHERE ${where}`, ...values);
    return row ? toTake(row) : null;
  };
  const many = (rest: string, ...values: SqlValue[]): Take[] =>
    sql.all<TakeRow>(`${selectTakes} ${rest}`, ...values).map(toTake);
  return {
    take: (takeId) => one('takes.id = ?', takeId),
    takesOf: (shotId, phase) =>
      phase === undefined
        ? many('WHERE shot_id = ? ORDER BY number', shotId)
        : many('WHERE shot_id = ? AND phase = ? ORDER BY number', shotId, phase),
    takesOfEpisode: (episodeId) => many(ofEpisode, episodeId),
    takeByPath: (relativePath) => one('path = ?', relativePath),
    takeByHash: (shotId, sha256) => one('shot_id = ? AND sha256 = ?', shotId, sha256),
    takesUsingRef: (sha256) =>
      many('WHERE takes.id IN (SELECT take_id FROM take_refs WHERE sha256 = ?) ORDER BY seq', sha256),
    takesNotPrepared: (limit) => many('WHERE prepared IS NULL ORDER BY seq LIMIT ?', limit),
    provenance(takeId) {
      const row = sql.get<{ record: string }>('SELECT record FROM take_records WHERE take_id = ?', takeId);
      if (!row) throw takeNotFound(takeId);
      return JSON.parse(row.record) as ProvenanceRecord;
    },
    gates: (takeId) =>
      sql
        .all<{ result: string }>('SELECT result FROM gate_results WHERE take_id = ? ORDER BY position', takeId)
        .map((row) => JSON.parse(row.result) as GateResult),
    gatesOfPhase(shotId, phase) {
      const rows = sql.all<{ take_id: string; result: string }>(
        `SELECT g.take_id, g.result FROM takes t JOIN gate_results g ON g.take_id = t.id
           WHERE t.shot_id = ? AND t.phase = ? ORDER BY t.number, g.position`,
        ...[shotId, phase],
      );
      const byTake = Map.groupBy(rows, (row) => row.take_id);
      return new Map([...byTake].map(([takeId, ofTake]) => [takeId, ofTake.map((row) => JSON.parse(row.result))]));
    },
  };
}

/** What is thrown for an id that no take of the project has. */
export function takeNotFound(takeId: string): AppError {
  return new AppError({ code: 'take.not-found', message: `There is no take ${takeId} in this project.` });
}
