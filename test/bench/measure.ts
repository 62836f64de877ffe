// What the benchmarks share: interleaved rounds, medians, a table of figure, floor or peer, ratio and goal.

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
