// What the benchmarks share: interleaved rounds, medians, a table of figure, floor or peer, ratio and goal.
import Database from 'better-sqlite3';

export type Contest = Record<string, () => Promise<void>>;

/** Seconds of each contestant, the median of `rounds` that take turns, so that a busy minute hits all alike. */
export async function race(contest: Contest, rounds = 5): Promise<Record<string, number>> {
  const times = new Map(Object.keys(contest).map((name): [string, number[]] => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(contest)) {
      const startedAt = performance.now();
      await run();
      times.get(name)?.push((performance.now() - startedAt) / 1000);
    }
  }
  return Object.fromEntries([...times].map(([name, list]) => [name, median(list)]));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export interface Row {
  what: string;
  figure: string;
  /** the floor or the peer measured in the same run */
  beside: string;
  ratio: string;
  goal: string;
  met: boolean;
}

export function printTable(title: string, rows: readonly Row[]): void {
  console.log(`\n${title}`);
  console.table(rows.map(({ met, ...row }) => ({ ...row, met: met ? 'yes' : 'NO' })));
}

export interface Stretch {
  /** the longest that the event loop was kept, by the thread's own time: others share the machine */
  ownMs: number;
  /** the same by the wall */
  wallMs: number;
  totalMs: number;
}

const longestStretchMs = 40;

/** Runs work and watches how long the event loop is kept at a stretch. */
export async function watchStretch(work: () => unknown): Promise<Stretch> {
  const longest = { own: 0, wall: 0 };
  let last = { own: threadMs(), wall: performance.now() };
  let done = false;
  const look = () => {
    const now = { own: threadMs(), wall: performance.now() };
    longest.own = Math.max(longest.own, now.own - last.own);
    longest.wall = Math.max(longest.wall, now.wall - last.wall);
    last = now;
  };
  const tick = () => {
    look();
    if (!done) setImmediate(tick);
  };
  const startedAt = performance.now();
  setImmediate(tick);
  await work();
  done = true;
  look();
  return { ownMs: longest.own, wallMs: longest.wall, totalMs: performance.now() - startedAt };
}

export function stretchRow(what: string, { ownMs, wallMs, totalMs }: Stretch): Row {
  return {
    what,
    figure: `${ownMs.toFixed(1)} ms at a stretch`,
    beside: `${wallMs.toFixed(0)} ms by the wall`,
    ratio: `${totalMs.toFixed(0)} ms in all`,
    goal: `≤ ${longestStretchMs} ms`,
    met: ownMs <= longestStretchMs,
  };
}

/** Processor time that this thread has used. */
export function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** Counts the statements that are executed from now on, of every database of this process; answers with how many so far. */
export function countStatements(): () => number {
  let count = 0;
  const database = new Database(':memory:');
  const prototype = Object.getPrototypeOf(database.prepare('SELECT 1'));
  database.close();
  for (const name of ['run', 'get', 'all']) {
    const execute = prototype[name];
    prototype[name] = function counted(...values: unknown[]) {
      count++;
      return execute.apply(this, values);
    };
  }
  return () => count;
}
