/**
 * The journal: one row per change, numbered in commit order without a gap. Listeners hear of it after the commit, once
 * per outermost transaction; one that throws is logged and keeps nobody else from hearing.
 */
import type { EventBody, JournalEvent } from '../../src-shared/domain/journal.ts';
import type { JournalStore } from '../orchestrator/ports/store.ts';
import type { Logger } from '../platform/logger.ts';
import type { Sql } from './sql.ts';

export interface Journal extends JournalStore {
  append(at: string, body: EventBody): void;
}

interface JournalRow {
  seq: number;
  at: string;
  body: string;
}

/** Opens the journal; `projectId` is stamped on what is read, so that a project folder may move. */
export function openJournal(sql: Sql, projectId: string, logger: Logger): Journal {
  const listeners = new Set<(lastSeq: number) => void>();
  const readLastSeq = () => sql.get<{ seq: number }>('SELECT coalesce(max(seq), 0) AS seq FROM journal')?.seq ?? 0;
  let announced = readLastSeq();
  /** null where only the database knows, because something was taken back */
  let written: number | null = announced;
  const toEvent = (row: JournalRow): JournalEvent => ({
    ...{ seq: row.seq, at: row.at, projectId, body: JSON.parse(row.body) },
  });

  sql.onCommit(() => {
    const seq = written ?? readLastSeq();
    written = seq;
    if (seq === announced) return;
    announced = seq;
    for (const listener of [...listeners]) {
      try {
        listener(seq);
      } catch (error) {
        logger.error('a follower of the journal stumbled', { seq, error });
      }
    }
  });
  sql.onRollback(() => {
    written = null;
  });

  return {
    append(at, body) {
      const text = JSON.stringify(body);
      written = sql.run('INSERT INTO journal (at, type, body) VALUES (?, ?, ?)', at, body.type, text).rowId;
    },
    lastSeq: readLastSeq,
    eventsAfter: (seq, limit, type) =>
      (type === undefined
        ? sql.all<JournalRow>('SELECT seq, at, body FROM journal WHERE seq > ? ORDER BY seq LIMIT ?', seq, limit)
        : sql.all<JournalRow>(
            'SELECT seq, at, body FROM journal WHERE seq > ? AND type = ? ORDER BY seq LIMIT ?',
            ...[seq, type, limit],
          )
      ).map(toEvent),
    eventsOfShot: (shotId, limit) =>
      sql
        .all<JournalRow>(
          'SELECT seq, at, body FROM journal WHERE shot_id = ? ORDER BY seq DESC LIMIT ?',
          ...[shotId, limit],
        )
        .map(toEvent)
        .reverse(),
    onCommit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
