import type { Migration } from './migration.ts';

// The steps of attempts that were made before this table come from the journal, which has told each of them. The shot of a
// journal row is computed from its body, so that rows that may never be changed need no change to be found by their shot.
export const attemptStepsMigration: Migration = {
  version: 2,
  sql: `
CREATE TABLE attempt_steps (
  seq INTEGER PRIMARY KEY,
  attempt_id TEXT NOT NULL REFERENCES attempts (id),
  at TEXT NOT NULL,
  kind TEXT NOT NULL,
  by TEXT,
  note TEXT,
  finding TEXT,
  jobs TEXT
) STRICT;
INSERT INTO attempt_steps (attempt_id, at, kind, note)
  SELECT a.id, j.at, json_extract(j.body, '$.attempt.state'),
    CASE json_extract(j.body, '$.attempt.state')
      WHEN 'submitted' THEN json_extract(j.body, '$.attempt.providerJobId')
      WHEN 'settled' THEN json_extract(j.body, '$.attempt.takeId')
      WHEN 'submitting' THEN NULL WHEN 'downloaded' THEN NULL
      ELSE json_extract(j.body, '$.attempt.failure.message') END
  FROM journal j JOIN attempts a ON a.id = json_extract(j.body, '$.attempt.id')
  WHERE j.type = 'attempt_changed' ORDER BY j.seq;
CREATE INDEX attempt_steps_of_attempt ON attempt_steps (attempt_id, seq);
CREATE TRIGGER attempt_steps_stay BEFORE DELETE ON attempt_steps
BEGIN SELECT RAISE (ABORT, 'the steps of an attempt are append-only'); END;
CREATE TRIGGER attempt_steps_keep_values BEFORE UPDATE ON attempt_steps
BEGIN SELECT RAISE (ABORT, 'the steps of an attempt are append-only'); END;

CREATE INDEX attempts_of_batch ON attempts (batch_id, seq);
CREATE INDEX attempts_by_job ON attempts (provider_job_id) WHERE provider_job_id IS NOT NULL;

ALTER TABLE journal ADD COLUMN shot_id TEXT GENERATED ALWAYS AS (
  CASE type
    WHEN 'station_transition' THEN json_extract(body, '$.shotPhase.shotId')
    WHEN 'attempt_changed' THEN json_extract(body, '$.attempt.shotId')
    WHEN 'attempt_noted' THEN json_extract(body, '$.step.shotId')
    WHEN 'take_recorded' THEN json_extract(body, '$.take.shotId')
    WHEN 'take_changed' THEN json_extract(body, '$.take.shotId')
    WHEN 'review_recorded' THEN json_extract(body, '$.review.shotId')
  END) VIRTUAL;
CREATE INDEX journal_of_shot ON journal (shot_id, seq) WHERE shot_id IS NOT NULL;
`,
};
