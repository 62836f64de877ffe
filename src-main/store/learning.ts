import type { LearningEvent, LearningKind } from '../../src-shared/domain/learning.ts';
import type { LearningStore } from '../orchestrator/ports/learning-store.ts';
import { readApprovedOutput, readChosenTakes, readStationTimes } from './learning-figures.ts';
import type { StoreContext } from './store-context.ts';

const markKey = 'learned_seq';

interface EventRow {
  seq: number;
  kind: LearningKind;
  line: string;
}

/** What was learned, and how far. An event whose id is there already is the same event: it is not added again. */
export function createLearningStore(context: StoreContext): LearningStore {
  const { sql } = context;
  return {
    learnedSeq: () => Number(sql.get<{ value: string }>('SELECT value FROM meta WHERE key = ?', markKey)?.value ?? 0),
    learningMemory(shotId, phase) {
      const row = sql.get<{ memory: string }>(
        'SELECT memory FROM learning_memory WHERE shot_id = ? AND phase = ?',
        ...[shotId, phase],
      );
      return row ? JSON.parse(row.memory) : null;
    },
    hasLearningEvent: (id) => sql.get('SELECT 1 FROM learning_events WHERE id = ?', id) !== undefined,
    appendLearning: ({ events, times, memories, seq }) =>
      sql.transact(() => {
        for (const { kind, line } of events) {
          sql.run(
            'INSERT INTO learning_events (id, kind, line) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING',
            ...[line.id, kind, JSON.stringify(line)],
          );
        }
        for (const time of times) {
          sql.run(
            `INSERT INTO learning_times (state, phase, elapsed_ms, journal_seq) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
            ...[time.state, time.phase, time.elapsedMs, time.seq],
          );
        }
        for (const { shotId, phase, memory } of memories) {
          sql.run(
            `INSERT INTO learning_memory (shot_id, phase, memory) VALUES (?, ?, ?)
             ON CONFLICT (shot_id, phase) DO UPDATE SET memory = excluded.memory`,
            ...[shotId, phase, JSON.stringify(memory)],
          );
        }
        sql.run(
          'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
          ...[markKey, String(seq)],
        );
      }),
    learningEventsAfter(seq, limit, kind) {
      const ofKind = kind === undefined ? '' : 'AND kind = :kind';
      const text = `SELECT seq, kind, line FROM learning_events WHERE seq > :seq ${ofKind} ORDER BY seq LIMIT :limit`;
      return sql
        .all<EventRow>(text, { seq, limit, ...(kind === undefined ? {} : { kind }) })
        .map((row) => ({ seq: row.seq, event: { kind: row.kind, line: JSON.parse(row.line) } as LearningEvent }));
    },
    approvedOutput: () => readApprovedOutput(context),
    stationTimes: () => readStationTimes(context),
    chosenTakes: () => readChosenTakes(context),
  };
}
