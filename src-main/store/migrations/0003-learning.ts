import type { Migration } from './migration.ts';

// What learning has read out of the journal: events with ids derived from their sources, and times of stations in the order
// in which a report asks for them. A row that is there already is the same row: reading the journal twice adds nothing.
export const learningMigration: Migration = {
  version: 3,
  sql: `
CREATE TABLE learning_events (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('verdict', 'override', 'retry', 'cost', 'fault')),
  line TEXT NOT NULL
) STRICT;
CREATE INDEX learning_events_of_kind ON learning_events (kind, seq);
CREATE TRIGGER learning_events_stay BEFORE DELETE ON learning_events
BEGIN SELECT RAISE (ABORT, 'what was learned is append-only'); END;
CREATE TRIGGER learning_events_keep_values BEFORE UPDATE ON learning_events
BEGIN SELECT RAISE (ABORT, 'what was learned is append-only'); END;

CREATE TABLE learning_memory (
  shot_id TEXT NOT NULL,
  phase TEXT NOT NULL,
  memory TEXT NOT NULL,
  PRIMARY KEY (shot_id, phase)
) STRICT, WITHOUT ROWID;

CREATE TABLE learning_times (
  state TEXT NOT NULL,
  phase TEXT NOT NULL,
  elapsed_ms REAL NOT NULL,
  journal_seq INTEGER NOT NULL,
  PRIMARY KEY (state, phase, elapsed_ms, journal_seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX takes_approved ON takes (phase, model) WHERE review = 'approved';
`,
};
