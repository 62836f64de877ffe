// Opening a project of 400 shots and 10,000 takes, with their files: what the main process needs for it in a fresh process
// each time, and what it holds afterwards. Plain Node: `node test/bench/open-10k.bench.ts`.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { seedTakes } from '../fixtures/seed-takes.ts';
import { openStudio } from '../fixtures/spawn-studio.ts';
import { median, printTable } from './measure.ts';

interface Opening {
  openMs: number;
  snapshotMs: number;
  listMs: number;
  episodeMs: number;
  emptyMb: number;
  /** after opening, the snapshot and the takes of a shot: what the window asks for */
  shownMb: number;
  /** after every take of the episode was listed again and again */
  listedMb: number;
}

const rounds = 5;
const folder = process.argv[2];
if (folder === undefined) await compare();
else await measure(folder);

async function compare(): Promise<void> {
  const few = await seedTakes({ shots: 400, takesPerShot: 1 });
  const many = await seedTakes({ shots: 400, takesPerShot: 25 });
  try {
    const openings = { few: [] as Opening[], many: [] as Opening[] };
    for (let round = 0; round < rounds; round++) {
      openings.few.push(openInFreshProcess(few.dir));
      openings.many.push(openInFreshProcess(many.dir));
    }
    const of = (which: 'few' | 'many', name: keyof Opening) => median(openings[which].map((opening) => opening[name]));
    const row = (what: string, name: keyof Opening, unit: string, goal: number) => ({
      what,
      figure: `${of('many', name).toFixed(1)} ${unit}`,
      beside: `${of('few', name).toFixed(1)} ${unit} with 400 takes`,
      ratio: (of('many', name) / of('few', name)).toFixed(2),
      goal: `≤ ${goal} ${unit}`,
      met: of('many', name) <= goal,
    });
    printTable('Opening a project of 400 shots and 10,000 takes, with files', [
      row('main process: project open', 'openMs', 'ms', 2000),
      row('snapshot of the episode (400 shots)', 'snapshotMs', 'ms', 7),
      row('takes of one shot', 'listMs', 'ms', 7),
      row('every take of the episode', 'episodeMs', 'ms', 300),
      row('memory once the window has its lists', 'shownMb', 'MB', 300),
      row('memory after 15 lists of every take', 'listedMb', 'MB', 300),
    ]);
    console.log(`A Studio without a project holds ${of('many', 'emptyMb').toFixed(0)} MB.`);
  } finally {
    few.remove();
    many.remove();
  }
}

function openInFreshProcess(dir: string): Opening {
  const script = fileURLToPath(import.meta.url);
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, dir], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Opening;
}

async function measure(dir: string): Promise<void> {
  const emptyMb = residentMb();
  const startedAt = performance.now();
  const { services, close } = await openStudio(dir);
  const openMs = performance.now() - startedAt;
  const snapshotMs = await medianMs(() => services.snapshot());
  const listMs = await medianMs(() => services.takes.list('EP001_SH200'));
  const shownMb = residentMb();
  const episodeMs = await medianMs(() => services.takes.ofEpisode('EP001'));
  const opening: Opening = { openMs, snapshotMs, listMs, episodeMs, emptyMb, shownMb, listedMb: residentMb() };
  process.stdout.write(JSON.stringify(opening));
  await close();
  process.exit(0);
}

async function medianMs(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let go = 0; go < 15; go++) {
    const startedAt = performance.now();
    await work();
    times.push(performance.now() - startedAt);
  }
  return median(times);
}

function residentMb(): number {
  return process.memoryUsage().rss / 1e6;
}
