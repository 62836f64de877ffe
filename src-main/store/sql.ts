/**
 * One open database: statements prepared once, transactions that nest, slow statements logged. What SQLite refuses is
 * said in people's words here, once, for everything above.
 */
import Database from 'better-sqlite3';
import { AppError } from '../platform/app-error.ts';
import type { Logger } from '../platform/logger.ts';

export type SqlValue = string | number | null;
/** Values for `?` in order, or one object for `:name`. */
export type SqlValues = SqlValue[] | [Record<string, SqlValue>];

/** When a transaction must be on the disk; the log is written in order, so a later flush covers what came before. */
export type Flush = 'now' | 'with-next';

export interface Sql {
  run(text: string, ...values: SqlValues): { changes: number; rowId: number };
  /** the first row; undefined when there is none */
  get<Row>(text: string, ...values: SqlValues): Row | undefined;
  all<Row>(text: string, ...values: SqlValues): Row[];
  /**
   * All of `work` happens or nothing; inside another transaction it is a savepoint. Durable when the outermost returns, unless
   * that is to be flushed `with-next`: then with the next one that is, which a loss of power alone can tell apart.
   */
  transact<T>(work: () => T, flush?: Flush): T;
  /** Called after each outermost commit. */
  onCommit(listener: () => void): void;
  /** Called when a transaction or savepoint was taken back. */
  onRollback(listener: () => void): void;
  close(): void;
}

const slowMs = 50;

/** Wraps a database that is open and migrated. */
export function createSql(database: Database.Database, path: string, logger: Logger): Sql {
  const statements = new Map<string, Database.Statement<unknown[]>>();
  const commitListeners: (() => void)[] = [];
  const rollbackListeners: (() => void)[] = [];
  const begin = database.transaction((work: () => unknown) => work());
  let flushes: Flush = 'now';
  /** Of the transaction that is about to begin. */
  const flush = (when: Flush) => {
    if (when === flushes) return;
    database.pragma(`synchronous = ${when === 'now' ? 'FULL' : 'NORMAL'}`);
    flushes = when;
  };

  const execute = <T>(text: string, how: (statement: Database.Statement<unknown[]>) => T): T => {
    const startedAt = performance.now();
    if (!database.open) throw closed();
    try {
      const known = statements.get(text);
      const statement = known ?? database.prepare<unknown[]>(plannedOnce(text));
      if (!known) statements.set(text, statement);
      return how(statement);
    } catch (error) {
      throw toStoreError(error, path);
    } finally {
      const durationMs = performance.now() - startedAt;
      if (durationMs > slowMs) logger.warn('a database statement was slow', { statement: text, durationMs });
    }
  };

  return {
    run: (text, ...values) =>
      execute(text, (statement) => {
        if (!database.inTransaction) flush('now');
        const { changes, lastInsertRowid } = statement.run(...values);
        return { changes, rowId: Number(lastInsertRowid) };
      }),
    get: <Row>(text: string, ...values: SqlValues) =>
      execute(text, (statement) => statement.get(...values) as Row | undefined),
    all: <Row>(text: string, ...values: SqlValues) => execute(text, (statement) => statement.all(...values) as Row[]),
    transact<T>(work: () => T, when: Flush = 'now'): T {
      if (!database.open) throw closed();
      const outermost = !database.inTransaction;
      let result: T;
      try {
        if (outermost) flush(when);
        result = (outermost ? begin.immediate(work) : begin(work)) as T;
      } catch (error) {
        for (const listener of rollbackListeners) listener();
        throw toStoreError(error, path);
      }
      if (outermost) for (const listener of commitListeners) listener();
      return result;
    },
    onCommit: (listener) => void commitListeners.push(listener),
    onRollback: (listener) => void rollbackListeners.push(listener),
    close: () => void database.close(),
  };
}

/**
 * SQLite looks at the bound values of a query that sorts or limits, and plans it anew each time they are bound: 50 µs where the
 * query itself takes 9 (3.54, attempts of a phase). A value that comes out of a subquery is not looked at.
 */
function plannedOnce(text: string): string {
  return /^\s*SELECT\b/.test(text) ? text.replace(/\?|(?<![:\w]):\w+/g, '(SELECT $&)') : text;
}

/** Somebody asks after the project was closed: late, but no fault of the program. */
function closed(): AppError {
  return new AppError({
    code: 'project.not-open',
    message: 'This project is not open.',
    hint: 'Choose it in the toolbar to open it.',
  });
}

/** Says what SQLite refused; anything that is not SQLite's passes through unchanged. */
export function toStoreError(error: unknown, path: string): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const { code } = error;
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return corrupt(path, error.message, error);
  if (code === 'SQLITE_FULL') {
    return new AppError({
      code: 'disk.full',
      message: `The disk is full: the project's database ${path} could not be written.`,
      hint: 'Free some space on that disk, then try again. Nothing that was there before is lost.',
      cause: error,
      retry: true,
    });
  }
  if (code.startsWith('SQLITE_BUSY')) {
    return new AppError({
      code: 'project.in-use',
      message: `Another program holds the project's database ${path}.`,
      hint: 'Close the program that has it open, then try again.',
      cause: error,
      retry: true,
    });
  }
  if (/^SQLITE_(IOERR|CANTOPEN|READONLY|PERM|AUTH)/.test(code)) {
    return new AppError({
      code: 'file.unreadable',
      message: `The project's database ${path} cannot be read or written (${code}).`,
      hint: 'Check that the disk is there and that you may write in this folder, then open the project again.',
      cause: error,
      retry: true,
    });
  }
  return error;
}

/** The file is kept as it is; nothing is ever reset in its place. */
export function corrupt(path: string, found: string, cause?: unknown): AppError {
  return new AppError({
    code: 'store.corrupt',
    message: `The project's database ${path} is damaged: ${found}.`,
    hint: 'It was left as it is. Put a backup of the file in its place; or move it and the files beside it (-wal, -shm) away and open the project again: a new database is made, and the takes in output are taken in as external ones.',
    cause,
  });
}
