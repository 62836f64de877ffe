import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src-main/platform/logger.ts';
import { createSql, type Flush, type Sql } from '../../../src-main/store/sql.ts';

const full = 2;
const normal = 1;
let folder: string;
let database: Database.Database;
let sql: Sql;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'circletake-flush-'));
  const path = join(folder, 'x.db');
  database = new Database(path);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec('CREATE TABLE t (n INTEGER)');
  sql = createSql(database, path, silentLogger);
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});
const level = () => database.pragma('synchronous', { simple: true });
const levelIn = (flush?: Flush) => sql.transact(level, flush);

describe('a transaction', () => {
  it('is flushed before it returns, unless it may wait for the next one', () => {
    expect(levelIn()).toBe(full);
    expect(levelIn('now')).toBe(full);
    expect(levelIn('with-next')).toBe(normal);
    expect(levelIn('with-next')).toBe(normal);
    expect(levelIn()).toBe(full);
  });

  it('of a single statement is flushed, whatever came before', () => {
    levelIn('with-next');
    sql.run('INSERT INTO t VALUES (1)');
    expect(level()).toBe(full);
  });

  it('is flushed as the outermost says', () => {
    expect(sql.transact(() => levelIn('with-next'))).toBe(full);
    expect(sql.transact(() => levelIn('now'), 'with-next')).toBe(normal);
  });

  it('leaves the next one flushed when it was taken back', () => {
    const failing = () => {
      throw new Error('no');
    };
    expect(() => sql.transact(failing, 'with-next')).toThrow('no');
    expect(levelIn()).toBe(full);
  });
});
