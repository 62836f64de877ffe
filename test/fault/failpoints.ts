/**
 * Points at which a fault can strike inside a process: before each create, write, flush, rename, link and removal below a
 * folder, and before each change and commit of a database there. What happens at a point is the caller's: a kill, a
 * picture of the folder, an error. The functions of `node:fs` are wrapped in place, so nothing of the program knows.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { relative, sep } from 'node:path';
import Database from 'better-sqlite3';

export type PointKind = 'create' | 'write' | 'flush' | 'rename' | 'link' | 'remove' | 'folder' | 'change' | 'commit';

export interface Point {
  kind: PointKind;
  /** relative to the folder; of a rename or link, its destination */
  path: string;
  /** of a rename or link */
  from: string | null;
}

export interface FailpointOptions {
  /** absolute; what happens elsewhere is no point */
  folder: string;
  /** may throw what the system would have said */
  before(point: Point): void;
  after?(point: Point): void;
  /** one asynchronous effect at a time: what has begun is over when the next point comes */
  serial?: boolean;
}

type Call = (this: unknown, ...args: unknown[]) => unknown;
type Describe = (self: unknown, args: unknown[]) => Point | null;
type Wrap = (holder: object, names: Record<string, Describe>, mode: 'sync' | 'async') => void;

/** Wraps the file functions and the database until the answer is called. */
export async function installFailpoints(options: FailpointOptions): Promise<() => void> {
  const restores: (() => void)[] = [];
  const gate = createGate(options);
  const replace = (holder: object, name: string, by: (original: Call) => Call) => {
    const original: Call = Reflect.get(holder, name);
    Reflect.set(holder, name, by(original));
    restores.push(() => void Reflect.set(holder, name, original));
  };
  const wrap: Wrap = (holder, names, mode) => {
    for (const [name, describe] of Object.entries(names)) {
      replace(
        holder,
        name,
        (original) =>
          function (...args) {
            const point = describe(this, args);
            const run = () => original.apply(this, args);
            return point ? gate[mode](point, run) : run();
          },
      );
    }
  };
  await wrapFiles(options.folder, wrap, replace);
  wrapDatabase(options.folder, wrap);
  syncBuiltinESMExports();
  return () => {
    for (const restore of restores.reverse()) restore();
    syncBuiltinESMExports();
  };
}

function createGate({ before, after, serial }: FailpointOptions) {
  let last: Promise<unknown> = Promise.resolve();
  const now = async (point: Point, run: () => unknown) => {
    before(point);
    const result = await run();
    after?.(point);
    return result;
  };
  return {
    sync(point: Point, run: () => unknown): unknown {
      before(point);
      const result = run();
      after?.(point);
      return result;
    },
    async(point: Point, run: () => unknown): Promise<unknown> {
      if (!serial) return now(point, run);
      const turn = last.then(() => now(point, run));
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}

const onPath: Record<string, PointKind> = {
  ...{ writeFile: 'write', appendFile: 'write', mkdir: 'folder', rm: 'remove', unlink: 'remove', open: 'create' },
};
const onTwoPaths: Record<string, PointKind> = { rename: 'rename', link: 'link', copyFile: 'write' };
const onHandle: Record<string, PointKind> = {
  ...{ write: 'write', writev: 'write', writeFile: 'write', truncate: 'write', sync: 'flush', datasync: 'flush' },
};
const onDescriptor: Record<string, PointKind> = { writeSync: 'write', ftruncateSync: 'write', fsyncSync: 'flush' };

async function wrapFiles(
  folder: string,
  wrap: Wrap,
  replace: (holder: object, name: string, by: (original: Call) => Call) => void,
): Promise<void> {
  const at =
    (name: string, kind: PointKind): Describe =>
    (_, args) =>
      name === 'open' && !isForWriting(args[1]) ? null : pointAt(folder, kind, args[0]);
  const moving =
    (kind: PointKind): Describe =>
    (_, args) =>
      pointAt(folder, kind, args[1], args[0]);
  const paths = new Map<unknown, unknown>();
  const handles = new WeakMap<object, unknown>();
  const describers = (suffix: string) => ({
    ...mapEntries(onPath, suffix, (name, kind) => at(name, kind)),
    ...mapEntries(onTwoPaths, suffix, (_, kind) => moving(kind)),
  });
  wrap(fs.promises, describers(''), 'async');
  wrap(fs, describers('Sync'), 'sync');
  wrap(
    fs,
    mapEntries(onDescriptor, '', (_, kind) => (_self, args) => pointAt(folder, kind, paths.get(args[0]))),
    'sync',
  );
  const handlePrototype = await prototypeOfHandles();
  const ofHandle =
    (kind: PointKind): Describe =>
    (self) =>
      pointAt(folder, kind, handles.get(Object(self)));
  wrap(
    handlePrototype,
    mapEntries(onHandle, '', (_, kind) => ofHandle(kind)),
    'async',
  );
  // which file a handle is of; last, so that it sees what the wrapped functions answer
  replace(fs.promises, 'open', (open) => async (...args) => {
    const handle = Object(await open(...args));
    handles.set(handle, args[0]);
    return handle;
  });
  replace(fs, 'openSync', (open) => (...args) => {
    const descriptor = open(...args);
    paths.set(descriptor, args[0]);
    return descriptor;
  });
}

/** A commit is a point of its own; so is each change, where the disk may say no. */
function wrapDatabase(folder: string, wrap: Wrap): void {
  const scratch = new Database(':memory:');
  const statements = Object.getPrototypeOf(scratch.prepare('SELECT 1')) as object;
  scratch.close();
  // what only reads is committed without a word to the disk
  const changed = new WeakSet<Database.Database>();
  const ofStatement: Describe = (self) => {
    const { source, database } = self as Database.Statement;
    if (/^BEGIN/.test(source)) changed.delete(database);
    if (/^(BEGIN|ROLLBACK|SAVEPOINT|RELEASE)/.test(source)) return null;
    if (source !== 'COMMIT') changed.add(database);
    else if (!changed.has(database)) return null;
    return pointAt(folder, source === 'COMMIT' ? 'commit' : 'change', database.name);
  };
  wrap(statements, { run: ofStatement }, 'sync');
  wrap(Database.prototype, { exec: (self) => pointAt(folder, 'change', (self as Database.Database).name) }, 'sync');
}

function pointAt(folder: string, kind: PointKind, path: unknown, from?: unknown): Point | null {
  const inside = insideOf(folder, path);
  return inside === null ? null : { kind, path: inside, from: insideOf(folder, from) };
}

function insideOf(folder: string, path: unknown): string | null {
  if (typeof path !== 'string') return null;
  const inside = relative(folder, path);
  return inside === '..' || inside.startsWith(`..${sep}`) ? null : inside.replaceAll('\\', '/');
}

function isForWriting(flags: unknown): boolean {
  if (typeof flags === 'string') return flags !== 'r';
  return typeof flags === 'number' && (flags & (fs.constants.O_WRONLY | fs.constants.O_RDWR)) !== 0;
}

async function prototypeOfHandles(): Promise<object> {
  const handle = await fs.promises.open(process.execPath, 'r');
  await handle.close();
  return Object.getPrototypeOf(handle) as object;
}

function mapEntries<T>(
  kinds: Record<string, PointKind>,
  suffix: string,
  make: (name: string, kind: PointKind) => T,
): Record<string, T> {
  return Object.fromEntries(Object.entries(kinds).map(([name, kind]) => [`${name}${suffix}`, make(name, kind)]));
}
