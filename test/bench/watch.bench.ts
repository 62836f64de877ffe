// Following the folders of 50,000 takes: how soon everything is read, how many watches it needs, how late an event comes,
// and whether anything in new nested folders is missed. Plain Node: `node test/bench/watch.bench.ts`.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src-main/platform/clock.ts';
import { type FolderWatch, watchFolders } from '../../src-main/projects/watch-folders.ts';
import { median, printTable, race } from './measure.ts';

const episodes = 25;
const shotsPerEpisode = 40;
const filesPerShot = 50;
const root = mkdtempSync(join(tmpdir(), 'circletake-watch-'));

try {
  fill();
  await bench();
} finally {
  rmSync(root, { recursive: true, force: true });
}

function fill(): void {
  for (let episode = 1; episode <= episodes; episode++) {
    for (let shot = 1; shot <= shotsPerEpisode; shot++) {
      const folder = join(root, `EP${String(episode).padStart(3, '0')}`, `SH${String(shot).padStart(3, '0')}`);
      mkdirSync(folder, { recursive: true });
      for (let file = 0; file < filesPerShot; file++) writeFileSync(join(folder, `take ${file}.mp4`), '');
    }
  }
}

async function bench(): Promise<void> {
  const folders = episodes * (shotsPerEpisode + 1) + 1;
  const files = episodes * shotsPerEpisode * filesPerShot;
  let watched = 0;
  const seconds = await race({
    readdir: async () => void (await readdir(root, { recursive: true })),
    watch: async () => {
      const { watch } = follow(() => {});
      await watch.ready;
      watched = watch.watches;
      await watch.close();
    },
  });
  const [plain, own] = [seconds.readdir ?? 0, seconds.watch ?? 0];
  const late = await latencies();
  const missed = await missedInNewFolders();
  printTable(`${files} files in ${folders} folders`, [
    {
      ...{
        what: 'ready',
        figure: `${(own * 1000).toFixed(0)} ms`,
        beside: `readdir, recursive ${(plain * 1000).toFixed(0)} ms`,
      },
      ...{ ratio: `${(own / plain).toFixed(2)} ×`, goal: '≤ 1.5 ×', met: own <= 1.5 * plain },
    },
    {
      ...{
        what: 'watches',
        figure: String(watched),
        beside: `${folders} folders`,
        ratio: (watched / folders).toFixed(2),
      },
      ...{ goal: '≤ 1.2 a folder', met: watched <= 1.2 * folders },
    },
    {
      ...{
        what: 'a new file is seen',
        figure: `p50 ${median(late).toFixed(1)} ms`,
        beside: '',
        ratio: `p95 ${p95(late).toFixed(1)} ms`,
      },
      ...{ goal: 'p95 ≤ 5 ms', met: p95(late) <= 5 },
    },
    {
      ...{ what: 'missed of 1,000 in 200 new nested folders', figure: String(missed), beside: '', ratio: '' },
      ...{ goal: '0', met: missed === 0 },
    },
  ]);
}

function follow(onFile: (path: string) => void): { watch: FolderWatch } {
  const watch = watchFolders({
    ...{ root, clock: systemClock, follows: () => true },
    onFiles(folder, files) {
      for (const file of files) onFile(`${folder}/${file.name}`);
    },
    onTrouble(folder, error) {
      throw new Error(`cannot follow ${folder}`, { cause: error });
    },
  });
  return { watch };
}

/** From the file being there to its folder having been read. */
async function latencies(): Promise<number[]> {
  const writtenAt = new Map<string, number>();
  const late: number[] = [];
  const { watch } = follow((path) => {
    const at = writtenAt.get(path);
    if (at === undefined) return;
    writtenAt.delete(path);
    late.push(performance.now() - at);
  });
  await watch.ready;
  for (let n = 0; n < 60; n++) {
    const path = `EP001/SH${String((n % shotsPerEpisode) + 1).padStart(3, '0')}/new ${n}.mp4`;
    writeFileSync(join(root, path), 'x');
    writtenAt.set(path, performance.now());
    await sleep(60);
  }
  await watch.close();
  return late;
}

async function missedInNewFolders(): Promise<number> {
  const seen = new Set<string>();
  const { watch } = follow((path) => seen.add(path));
  await watch.ready;
  const made: string[] = [];
  for (let folder = 0; folder < 200; folder++) {
    const name = `EP900/SH${folder}/a/b`;
    mkdirSync(join(root, name), { recursive: true });
    for (let file = 0; file < 5; file++) {
      writeFileSync(join(root, name, `${file}.mp4`), 'x');
      made.push(`${name}/${file}.mp4`);
    }
    if (folder % 20 === 0) await sleep(1);
  }
  for (let wait = 0; wait < 100 && made.some((path) => !seen.has(path)); wait++) await sleep(50);
  await watch.close();
  return made.filter((path) => !seen.has(path)).length;
}

function p95(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? Number.NaN;
}
