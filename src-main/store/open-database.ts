/**
 * Owns the database file: makes a new one whole or not at all (built under another name, then renamed), refuses one from
 * a newer version, one that is damaged and one that is not ours, and brings an older one up to date. A file that is
 * refused is left as it was found.
 */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { AppError } from '../platform/app-error.ts';
import { toFileError } from '../platform/atomic-file.ts';
import { migrations } from './migrations/all-migrations.ts';
import { corrupt, toStoreError } from './sql.ts';

/** "CTKE", in the file's header: tells our databases from others. */
const applicationId = 0x43_54_4b_45;
const latestVersion = migrations.at(-1)?.version ?? 0;

/** Opens the database of a project, making it when there is none. */
export function openDatabase(path: string): Database.Database {
  try {
    if (!existsSync(path)) create(path);
    else if (statSync(path).size === 0) throw corrupt(path, 'the file is empty');
    return openExisting(path);
  } catch (error) {
    throw toFileError(toStoreError(error, path), path);
  }
}

function create(path: string): void {
  if (existsSync(`${path}-wal`)) throw corrupt(path, 'the file is gone, but its -wal file is there');
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = `${path}.new`;
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(unfinished + suffix, { force: true });
  const database = new Database(unfinished);
  try {
    database.pragma('synchronous = FULL');
    database.pragma('fullfsync = ON');
    database.pragma(`application_id = ${applicationId}`);
    migrate(database);
  } finally {
    database.close();
  }
  renameSync(unfinished, path);
  syncFolder(dirname(path));
}

function openExisting(path: string): Database.Database {
  // An orderly end leaves no write-ahead log behind.
  const wasClosedCleanly = !existsSync(`${path}-wal`);
  const database = new Database(path, { fileMustExist: true, timeout: 5000 });
  try {
    refuseUnfit(database, path, wasClosedCleanly);
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    // On macOS fsync alone leaves the bytes in the drive's cache.
    database.pragma('fullfsync = ON');
    database.pragma('foreign_keys = ON');
    database.pragma('cache_size = -32000');
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function refuseUnfit(database: Database.Database, path: string, wasClosedCleanly: boolean): void {
  if (database.pragma('application_id', { simple: true }) !== applicationId) {
    throw corrupt(path, 'it is not a database of Circletake');
  }
  const version = versionOf(database);
  if (version > latestVersion) {
    throw new AppError({
      code: 'store.from-the-future',
      message: `This project was opened with a newer version of Circletake (database ${version}, this version knows ${latestVersion}).`,
      hint: 'Open it with that version or a later one. Nothing in the project was changed.',
    });
  }
  const faults = wasClosedCleanly ? faultsOfTables(database, path) : faultsOf(database, 'quick_check(3)');
  if (faults.length > 0) throw corrupt(path, faults.slice(0, 3).join('; ').replaceAll('\n', ' '));
}

/**
 * After an orderly end every table is checked but the journal, which is by far the largest and whose damage is told when
 * it is read; the length of the file is checked instead, so that one cut short is found at once.
 */
function faultsOfTables(database: Database.Database, path: string): string[] {
  const pages = Number(database.pragma('page_count', { simple: true }));
  const pageSize = Number(database.pragma('page_size', { simple: true }));
  if (statSync(path).size !== pages * pageSize) return ['the file is not as long as it says'];
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'journal'").all();
  return (tables as { name: string }[]).flatMap(({ name }) => faultsOf(database, `quick_check("${name}")`));
}

function faultsOf(database: Database.Database, check: string): string[] {
  const found = database.pragma(check) as { quick_check: string }[];
  return found.map((row) => row.quick_check).filter((text) => text !== 'ok');
}

/** Runs the steps that a database still lacks, each in a transaction with its version number. */
export function migrate(database: Database.Database): void {
  for (const { version, sql } of migrations) {
    if (version <= versionOf(database)) continue;
    database
      .transaction(() => {
        database.exec(sql);
        database.pragma(`user_version = ${version}`);
      })
      .immediate();
  }
}

function versionOf(database: Database.Database): number {
  return Number(database.pragma('user_version', { simple: true }));
}

function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
