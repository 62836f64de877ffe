import type { Migration } from './migration.ts';

// What people must be able to rely on is kept by the database itself: unique numbers, immutable takes, append-only
// ledger, journal and history, and running totals that are a trigger's work on the ledger's rows.
export const productionMigration: Migration = {
  version: 1,
  sql: `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE shots (
  id TEXT PRIMARY KEY,
  episode_id TEXT NOT NULL,
  scene_id TEXT NOT NULL,
  scene_heading TEXT NOT NULL,
  position INTEGER NOT NULL,
  standing TEXT NOT NULL,
  plan TEXT NOT NULL,
  plan_revision INTEGER NOT NULL,
  plan_at_start TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX shots_of_episode ON shots (episode_id, position);

CREATE TABLE shot_phases (
  shot_id TEXT NOT NULL REFERENCES shots (id) ON DELETE CASCADE,
  phase TEXT NOT NULL,
  state TEXT NOT NULL,
  outcome TEXT,
  version INTEGER NOT NULL,
  entered_at TEXT NOT NULL,
  reason TEXT,
  approved_take_id TEXT REFERENCES takes (id),
  workflow_id TEXT,
  series INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  remediation_count INTEGER NOT NULL,
  remediation_limit INTEGER NOT NULL,
  retry_at TEXT,
  PRIMARY KEY (shot_id, phase)
) STRICT, WITHOUT ROWID;

CREATE TABLE batches (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  episode_id TEXT NOT NULL,
  status TEXT NOT NULL,
  config TEXT NOT NULL,
  budget_micro_usd INTEGER NOT NULL CHECK (budget_micro_usd >= 0),
  awaiting_operator INTEGER NOT NULL DEFAULT 0,
  auto_approved INTEGER NOT NULL DEFAULT 0,
  status_reason TEXT,
  created_at TEXT NOT NULL,
  started_at TEXT,
  completed_at TEXT,
  told TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE attempts (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  batch_id TEXT REFERENCES batches (id),
  shot_id TEXT NOT NULL REFERENCES shots (id),
  phase TEXT NOT NULL,
  series INTEGER NOT NULL,
  number INTEGER NOT NULL,
  state TEXT NOT NULL,
  request TEXT NOT NULL,
  request_sha256 TEXT NOT NULL,
  price_version TEXT NOT NULL,
  reserved_micro_usd INTEGER NOT NULL CHECK (reserved_micro_usd >= 0),
  actual_micro_usd INTEGER CHECK (actual_micro_usd >= 0),
  provider_job_id TEXT,
  provider_job TEXT,
  parent_take_id TEXT REFERENCES takes (id),
  change_reason TEXT,
  take_id TEXT REFERENCES takes (id),
  failure_category TEXT,
  failure TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  UNIQUE (shot_id, phase, number)
) STRICT;
CREATE INDEX attempts_open ON attempts (seq) WHERE state NOT IN ('settled', 'failed');
CREATE INDEX attempts_in_doubt ON attempts (batch_id) WHERE state = 'in_doubt';

CREATE TABLE ledger (
  seq INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('reserve', 'release', 'settle')),
  amount_micro_usd INTEGER NOT NULL CHECK (amount_micro_usd >= 0),
  attempt_id TEXT REFERENCES attempts (id),
  attempt_number INTEGER NOT NULL,
  batch_id TEXT,
  shot_id TEXT NOT NULL,
  phase TEXT NOT NULL
) STRICT;
CREATE INDEX ledger_of_attempt ON ledger (attempt_id);

CREATE TABLE ledger_totals (
  scope TEXT NOT NULL CHECK (scope IN ('project', 'batch', 'phase', 'retries')),
  key TEXT NOT NULL,
  settled_micro_usd INTEGER NOT NULL CHECK (settled_micro_usd >= 0),
  held_micro_usd INTEGER NOT NULL CHECK (held_micro_usd >= 0),
  PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;

CREATE VIEW ledger_shares AS
  SELECT l.seq, scopes.scope,
    CASE scopes.scope
      WHEN 'project' THEN '' WHEN 'batch' THEN l.batch_id WHEN 'retries' THEN l.shot_id
      ELSE l.shot_id || '/' || l.phase END AS key,
    CASE l.kind WHEN 'settle' THEN l.amount_micro_usd ELSE 0 END AS settled,
    CASE l.kind WHEN 'reserve' THEN l.amount_micro_usd WHEN 'release' THEN -l.amount_micro_usd ELSE 0 END AS held
  FROM ledger l
  JOIN (SELECT 'project' AS scope UNION ALL SELECT 'batch' UNION ALL SELECT 'phase' UNION ALL SELECT 'retries') scopes
  WHERE (scopes.scope <> 'batch' OR l.batch_id IS NOT NULL) AND (scopes.scope <> 'retries' OR l.attempt_number >= 2);

CREATE TRIGGER ledger_adds_up AFTER INSERT ON ledger BEGIN
  INSERT INTO ledger_totals (scope, key, settled_micro_usd, held_micro_usd)
    SELECT scope, key, 0, 0 FROM ledger_shares WHERE seq = NEW.seq
    ON CONFLICT (scope, key) DO NOTHING;
  UPDATE ledger_totals SET
    settled_micro_usd = settled_micro_usd + share.settled,
    held_micro_usd = held_micro_usd + share.held
  FROM (SELECT scope, key, settled, held FROM ledger_shares WHERE seq = NEW.seq) share
  WHERE ledger_totals.scope = share.scope AND ledger_totals.key = share.key;
END;
CREATE TRIGGER ledger_keeps_rows BEFORE DELETE ON ledger BEGIN SELECT RAISE (ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_keeps_values BEFORE UPDATE ON ledger BEGIN SELECT RAISE (ABORT, 'the ledger is append-only'); END;

CREATE TABLE takes (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  shot_id TEXT NOT NULL REFERENCES shots (id),
  phase TEXT NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  source TEXT NOT NULL,
  path TEXT NOT NULL UNIQUE,
  sha256 TEXT NOT NULL,
  probe TEXT NOT NULL,
  prepared TEXT,
  attempt_id TEXT REFERENCES attempts (id),
  parent_take_id TEXT REFERENCES takes (id),
  provider TEXT,
  model TEXT,
  seed INTEGER,
  cost_micro_usd INTEGER NOT NULL CHECK (cost_micro_usd >= 0),
  review TEXT NOT NULL,
  gate_status TEXT,
  made_with_old_hero INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  UNIQUE (shot_id, number)
) STRICT;
CREATE INDEX takes_by_hash ON takes (shot_id, sha256);
CREATE INDEX takes_not_prepared ON takes (seq) WHERE prepared IS NULL;
CREATE TRIGGER takes_stay BEFORE DELETE ON takes BEGIN SELECT RAISE (ABORT, 'a recorded take is never removed'); END;
CREATE TRIGGER takes_keep_facts BEFORE UPDATE OF
  seq, id, shot_id, phase, number, source, path, sha256, probe, attempt_id, parent_take_id, provider, model, seed,
  cost_micro_usd, created_at ON takes
BEGIN SELECT RAISE (ABORT, 'a recorded take is never changed'); END;

CREATE TABLE take_numbers (
  shot_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  session INTEGER NOT NULL,
  PRIMARY KEY (shot_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE take_records (take_id TEXT PRIMARY KEY REFERENCES takes (id), record TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE take_refs (
  take_id TEXT NOT NULL REFERENCES takes (id),
  role TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  path TEXT NOT NULL,
  PRIMARY KEY (take_id, role, sha256)
) STRICT, WITHOUT ROWID;
CREATE INDEX take_refs_by_hash ON take_refs (sha256, take_id);
CREATE INDEX take_refs_by_role ON take_refs (role, take_id);

CREATE TABLE gate_results (
  take_id TEXT NOT NULL REFERENCES takes (id),
  gate TEXT NOT NULL,
  position INTEGER NOT NULL,
  result TEXT NOT NULL,
  PRIMARY KEY (take_id, gate)
) STRICT, WITHOUT ROWID;

CREATE TABLE reviews (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  shot_id TEXT NOT NULL REFERENCES shots (id),
  phase TEXT NOT NULL,
  take_id TEXT REFERENCES takes (id),
  action TEXT NOT NULL,
  reasons TEXT NOT NULL,
  note TEXT NOT NULL,
  workflow_id TEXT,
  decided_by TEXT NOT NULL,
  decided_at TEXT NOT NULL,
  undoes TEXT REFERENCES reviews (id),
  gate_disagreement TEXT,
  undone INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX reviews_of_shot ON reviews (shot_id, seq);
CREATE TRIGGER reviews_stay BEFORE DELETE ON reviews BEGIN SELECT RAISE (ABORT, 'a decision is never removed'); END;
CREATE TRIGGER reviews_keep_facts BEFORE UPDATE OF
  seq, id, shot_id, phase, take_id, action, reasons, note, workflow_id, decided_by, decided_at, undoes,
  gate_disagreement ON reviews
BEGIN SELECT RAISE (ABORT, 'a recorded decision is never changed'); END;
CREATE TABLE review_undo (
  review_id TEXT PRIMARY KEY REFERENCES reviews (id),
  state TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE ref_history (
  seq INTEGER PRIMARY KEY,
  slot TEXT NOT NULL,
  subject_class TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  view TEXT NOT NULL,
  path TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  source TEXT NOT NULL,
  promoted_at TEXT NOT NULL,
  supersedes TEXT
) STRICT;
CREATE INDEX ref_history_of_slot ON ref_history (slot, seq);
CREATE INDEX ref_history_by_hash ON ref_history (sha256);
CREATE TRIGGER ref_history_stays BEFORE DELETE ON ref_history
BEGIN SELECT RAISE (ABORT, 'the history of heroes is append-only'); END;
CREATE TRIGGER ref_history_keeps_values BEFORE UPDATE ON ref_history
BEGIN SELECT RAISE (ABORT, 'the history of heroes is append-only'); END;
CREATE TABLE ref_slots (
  slot TEXT PRIMARY KEY,
  history_seq INTEGER NOT NULL REFERENCES ref_history (seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE problems (key TEXT PRIMARY KEY, problem TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE last_good_documents (
  key TEXT PRIMARY KEY,
  document TEXT NOT NULL,
  kept_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
  seq INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  type TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE TRIGGER journal_stays BEFORE DELETE ON journal BEGIN SELECT RAISE (ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_keeps_values BEFORE UPDATE ON journal
BEGIN SELECT RAISE (ABORT, 'the journal is append-only'); END;
`,
};
