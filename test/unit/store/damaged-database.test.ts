import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrations } from '../../../src-main/store/migrations/all-migrations.ts';
import { migrate } from '../../../src-main/store/open-database.ts';
import { makeNewTake, openTestStore, type TestStore } from '../../fixtures/open-test-store.ts';

let world: TestStore;
beforeEach(() => {
  world = openTestStore({ shots: 40 });
  for (let shot = 1; shot <= 40; shot++) {
    const shotId = `EP001_SH${String(shot).padStart(3, '0')}`;
    world.store.recordTake(makeNewTake(shotId, world.store.nextTakeNumber(shotId), { source: 'external' }));
  }
  world.store.close();
});
afterEach(() => world.remove());

const refused = (code: string) => expect(() => world.reopen()).toThrow(expect.objectContaining({ code }));

describe('a database that cannot be used', () => {
  it.each([
    ['is no database', () => writeFileSync(world.path, 'hello '.repeat(500))],
    ['is empty', () => truncateSync(world.path, 0)],
    ['was cut short', () => truncateSync(world.path, Math.floor(readFileSync(world.path).length / 8192) * 4096)],
    ['was cut within a page', () => truncateSync(world.path, 5000)],
    ['has pages of rubbish', () => scribble(2, 12)],
    ['is another program’s', () => otherProgram()],
  ])('that %s is refused with a way out, and kept as it is', (_, damage) => {
    damage();
    const before = readFileSync(world.path);
    refused('store.corrupt');
    refused('store.corrupt');
    expect(readFileSync(world.path).equals(before)).toBe(true);
  });

  it('because it is gone while its log is there is not made anew', () => {
    rmSync(world.path);
    writeFileSync(`${world.path}-wal`, 'what was not yet written');
    refused('store.corrupt');
    expect(existsSync(world.path)).toBe(false);
  });

  it('because a newer version wrote it is refused and not touched', () => {
    const database = new Database(world.path);
    database.pragma('user_version = 99');
    database.close();
    const before = readFileSync(world.path);
    expect(() => world.reopen()).toThrow(
      expect.objectContaining({ code: 'store.from-the-future', message: expect.stringContaining('99') }),
    );
    expect(readFileSync(world.path).equals(before)).toBe(true);
  });

  it('is told when the damage is found only later, in the journal', () => {
    const database = new Database(world.path);
    const page = database.prepare("SELECT rootpage FROM sqlite_master WHERE name = 'journal'").pluck().get();
    database.close();
    scribble(Number(page), Number(page));
    let found: unknown;
    try {
      world.reopen();
      world.store.eventsAfter(0, 1000);
    } catch (error) {
      found = error;
    }
    expect(found).toMatchObject({ code: 'store.corrupt' });
  });
});

describe('the steps of the schema', () => {
  it('are numbered from 1 without a gap', () => {
    expect(migrations.map((step) => step.version)).toEqual(migrations.map((_, index) => index + 1));
  });

  it('lead from every older version to the same schema', () => {
    const schemaOf = (database: Database.Database) =>
      database.prepare('SELECT type, name, sql FROM sqlite_master ORDER BY type, name').all();
    const fresh = new Database(':memory:');
    migrate(fresh);
    for (let from = 0; from < migrations.length; from++) {
      const older = new Database(':memory:');
      for (const step of migrations.slice(0, from)) older.exec(step.sql);
      older.pragma(`user_version = ${from}`);
      migrate(older);
      expect(schemaOf(older)).toEqual(schemaOf(fresh));
      older.close();
    }
    fresh.close();
  });
});

describe('a process that is killed', () => {
  it('loses nothing that was said to be recorded', () => {
    const program = fileURLToPath(new URL('../../fixtures/write-until-killed.ts', import.meta.url));
    world.reopen();
    const before = world.store.lastSeq();
    world.store.close();
    const { stdout, signal } = spawnSync(process.execPath, [program, world.path], { encoding: 'utf8' });
    expect(signal).toBe('SIGKILL');
    const said = stdout.trim().split('\n');
    expect(said.length).toBeGreaterThan(20);
    world.reopen();
    const reasons = world
      .events(before)
      .flatMap(({ body }) => (body.type === 'station_transition' ? [body.shotPhase.reason] : []));
    expect(reasons.slice(0, said.length)).toEqual(said);
    expect(world.store.integrityCheck()).toBe('ok');
  });
});

function scribble(firstPage: number, lastPage: number): void {
  const file = openSync(world.path, 'r+');
  for (let page = firstPage; page <= lastPage; page++)
    writeSync(file, Buffer.alloc(4096, 0xa7), 0, 4096, (page - 1) * 4096);
}

function otherProgram(): void {
  const other = `${world.path}.other`;
  const database = new Database(other);
  database.exec('CREATE TABLE notes (text TEXT)');
  database.close();
  copyFileSync(other, world.path);
}
