import type { MicroUsd } from '../../src-shared/domain/money.ts';
import type { Clock } from '../orchestrator/ports/clock.ts';
import type { ProjectStore } from '../orchestrator/ports/project-store.ts';
import type { Logger } from '../platform/logger.ts';
import { createAttemptFacts } from './attempt-facts.ts';
import { createAttemptSteps } from './attempt-steps.ts';
import { createAttemptStore } from './attempts.ts';
import { createBatchStore } from './batches.ts';
import { createEpisodeShots } from './episode-shots.ts';
import { createExportMark } from './export-mark.ts';
import { openJournal } from './journal.ts';
import { createLastGoodDocuments } from './last-good-documents.ts';
import { createLearningStore } from './learning.ts';
import { createLedger } from './ledger.ts';
import { createMoneyMark } from './money-mark.ts';
import { openDatabase } from './open-database.ts';
import { createProblemStore } from './problems.ts';
import { createRefStore } from './refs.ts';
import { createReviewStore } from './reviews.ts';
import { readShotSummaries } from './shot-summaries.ts';
import { createShotStore } from './shots.ts';
import { createSql, type Sql } from './sql.ts';
import type { StoreContext } from './store-context.ts';
import { createTakeStore } from './takes.ts';

export interface OpenStoreOptions {
  /** the database file; made when there is none */
  path: string;
  projectId: string;
  clock: Clock;
  logger: Logger;
  projectCapMicroUsd: MicroUsd;
}

/** Opens a project's store. Throws store.corrupt, store.from-the-future, disk.full, file.unreadable. */
export function openStore(options: OpenStoreOptions): ProjectStore {
  const { path, projectId, clock, logger } = options;
  const sql = createSql(openDatabase(path), path, logger);
  const journal = openJournal(sql, projectId, logger);
  const shots = createEpisodeShots(sql);
  const context: StoreContext = {
    ...{ sql, clock, logger, projectId, shots },
    session: countSessionOrClose(sql),
    projectCapMicroUsd: options.projectCapMicroUsd,
    tell(body) {
      journal.append(clock.now().toISOString(), body);
      shots.hear(body);
    },
  };
  const ledger = createLedger(context);
  const { reached, ...steps } = createAttemptSteps(context);
  const { insertTake, ...takes } = createTakeStore(context, ledger);
  const { batchSpend, projectSpend, retrySpend } = ledger;
  const { lastSeq, eventsAfter, eventsOfShot, onCommit } = journal;
  let open = true;
  return {
    ...createShotStore(context),
    ...createAttemptStore(context, { ledger, steps: { ...steps, reached }, insertTake }),
    ...steps,
    ...createAttemptFacts(context),
    ...{ batchSpend, projectSpend, retrySpend },
    ...takes,
    ...createReviewStore(context),
    ...createBatchStore(context),
    ...createRefStore(context, takes.markMadeWithOldHero),
    ...createProblemStore(context),
    ...{ lastSeq, eventsAfter, eventsOfShot, onCommit },
    ...createLastGoodDocuments(context),
    ...createExportMark(context),
    ...createMoneyMark(context),
    ...createLearningStore(context),
    shotSummaries: (episodeId) => readShotSummaries(context, episodeId),
    setProjectCap(capMicroUsd) {
      context.projectCapMicroUsd = capMicroUsd;
      sql.transact(() => ledger.tellSpend());
    },
    inTransaction: (work, flush) => sql.transact(work, flush),
    integrityCheck() {
      const pages = sql.all<{ integrity_check: string }>('PRAGMA integrity_check').map((row) => row.integrity_check);
      const links = sql
        .all<{ table: string }>('PRAGMA foreign_key_check')
        .map((row) => `${row.table}: a lost reference`);
      const faults = [...pages.filter((text) => text !== 'ok'), ...links, ...ledger.faults()];
      return faults.length === 0 ? 'ok' : faults.join('; ');
    },
    close() {
      if (!open) return;
      open = false;
      sql.close();
    },
  };
}

/** A database that cannot be written, on a full disk for example, is not held open. */
function countSessionOrClose(sql: Sql): number {
  try {
    return countSession(sql);
  } catch (error) {
    sql.close();
    throw error;
  }
}

function countSession(sql: Sql): number {
  return sql.transact(() => {
    sql.run(
      `INSERT INTO meta (key, value) VALUES ('session', '1')
       ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT)`,
    );
    const row = sql.get<{ value: string }>(`SELECT value FROM meta WHERE key = 'session'`);
    return Number(row?.value ?? 1);
  });
}
