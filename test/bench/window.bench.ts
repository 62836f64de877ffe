// What a director does with an episode of 9,999 shots, and how long it keeps a main thread at a stretch. The window's longest
// task is from Chromium's trace, by the thread's own time, for others share the machine; the Studio's is that of answering
// one window. Runs on the built app: `npm run bench window [rounds]`. What Playwright does in the page to find things counts too.
import { type Browser, chromium, type Page } from 'playwright';
import { findChromium } from '../../scripts/setup-chromium.mjs';
import { whileWanted } from '../../src-main/api/while-wanted.ts';
import { snapshotSliceSchema } from '../../src-shared/api/projects-contract.ts';
import { sliceSnapshot } from '../../src-shared/api/snapshot-slices.ts';
import { makeWorld, startBuiltApp } from '../e2e/support/built-app.ts';
import { seedTakes } from '../fixtures/seed-takes.ts';
import { openStudio } from '../fixtures/spawn-studio.ts';
import { median, printTable, type Row, stretchRow, watchStretch } from './measure.ts';

const shots = 9999;
const rounds = Number(process.argv[2] ?? 3);
const longestTaskMs = 40;
/** what an act sets off is over by then */
const afterMs = 1000;
const traced = ['toplevel', 'blink', 'disabled-by-default-devtools.timeline', '__metadata'];
/** Playwright has the browser keep each answer, which it decodes when the answer is whole: no window of a director does. */
const ofTheTool = 'ResponseBodyLoader::DidFinishLoadingBody';

const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Start batch' });

const acts: Record<string, (page: Page) => Promise<unknown>> = {
  async 'open the project'(page) {
    await page.reload();
    await shotRow(page, 'SH001').waitFor();
  },
  'scroll the shots': (page) => scroll(page, page.getByRole('listbox', { name: 'Shots' })),
  'search, six letters': (page) => search(page, 'take 7'),
  'clear the search': (page) => page.getByRole('searchbox', { name: 'Search in prompts' }).fill(''),
  async 'make the window larger, and smaller'(page) {
    await page.setViewportSize({ width: 2560, height: 1440 });
    await page.setViewportSize({ width: 1440, height: 900 });
  },
  'go to Refs': (page) => goTo(page, 'Refs'),
  'go to Learning': (page) => goTo(page, 'Learning'),
  'go to Dailies': (page) => goTo(page, 'Dailies'),
  async 'price a batch'(page) {
    await page.getByRole('button', { name: 'Start batch' }).first().click();
    await dialogOf(page)
      .getByText(/lines$/)
      .waitFor();
  },
  'scroll its prices': (page) => scroll(page, dialogOf(page).getByRole('list', { name: 'Lines' })),
  'close it': (page) => page.keyboard.press('Escape'),
};

const world = makeWorld();
const project = await seedTakes({ shots, takesPerShot: 1, files: false });
try {
  printTable(`A window on ${shots} shots, medians of ${rounds}`, await watchWindow());
  printTable(`The Studio, ${shots} shots`, [await answering()]);
} finally {
  project.remove();
  world.remove();
}

async function watchWindow(): Promise<Row[]> {
  const app = await startBuiltApp(world.folder, project.dir);
  const browser = await chromium.launch({
    executablePath: findChromium()?.path,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(app.link);
    await shotRow(page, 'SH001').waitFor();
    const found = new Map<string, number[]>();
    for (let round = 0; round < rounds; round += 1) {
      for (const [what, act] of Object.entries(acts)) {
        found.set(what, [...(found.get(what) ?? []), await longestTask(browser, page, () => act(page))]);
      }
    }
    return [...found].map(([what, tasks]) => ({
      what,
      figure: `${median(tasks).toFixed(0)} ms at a stretch`,
      beside: `${Math.min(...tasks).toFixed(0)} to ${Math.max(...tasks).toFixed(0)}`,
      ratio: '',
      goal: `≤ ${longestTaskMs} ms`,
      met: median(tasks) <= longestTaskMs,
    }));
  } finally {
    await browser.close();
    await app.stop();
  }
}

/** Milliseconds of the window's own time in the longest task while an act runs and settles. */
async function longestTask(browser: Browser, page: Page, act: () => Promise<unknown>): Promise<number> {
  await browser.startTracing(page, { categories: traced });
  await act();
  await page.waitForTimeout(afterMs);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const threads = new Set(traceEvents.filter(({ args }) => args?.name === 'CrRendererMain').map(threadOf));
  const mine = traceEvents.filter((event) => threads.has(threadOf(event)));
  const kept = mine.filter(({ name }) => name === ofTheTool);
  const own = (task: TraceEvent) =>
    kept.filter((event) => isWithin(event, task)).reduce((ms, event) => ms - msOf(event), msOf(task));
  return Math.max(...mine.filter(({ name }) => name === 'RunTask').map(own));
}

interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  /** in microseconds */
  ts: number;
  dur?: number;
  /** the thread's own time */
  tdur?: number;
  args?: { name?: string };
}

function msOf({ tdur }: TraceEvent): number {
  return (tdur ?? 0) / 1000;
}

function isWithin(event: TraceEvent, task: TraceEvent): boolean {
  return threadOf(event) === threadOf(task) && event.ts >= task.ts && event.ts < task.ts + (task.dur ?? 0);
}

function threadOf({ pid, tid }: TraceEvent): string {
  return `${pid}/${tid}`;
}

function shotRow(page: Page, name: string) {
  return page.getByRole('listbox', { name: 'Shots' }).getByRole('option', { name });
}

async function goTo(page: Page, room: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Rooms' }).getByRole('button', { name: room }).click();
}

async function search(page: Page, text: string): Promise<void> {
  await page.getByRole('searchbox', { name: 'Search in prompts' }).fill('');
  await page.getByRole('searchbox', { name: 'Search in prompts' }).pressSequentially(text, { delay: 60 });
}

async function scroll(page: Page, over: ReturnType<Page['getByRole']>): Promise<void> {
  await over.hover();
  for (let turn = 0; turn < 8; turn += 1) {
    await page.mouse.wheel(0, 4000);
    await page.waitForTimeout(50);
  }
}

/** A snapshot taken, checked and written, slice by slice. */
async function answering(): Promise<Row> {
  const { services, close } = await openStudio(project.dir);
  await services.snapshot();
  const stretches: Awaited<ReturnType<typeof watchStretch>>[] = [];
  for (let round = 0; round < rounds; round += 1) {
    stretches.push(
      await watchStretch(async () => {
        for await (const slice of whileWanted(sliceSnapshot(await services.snapshot()))) {
          JSON.stringify(snapshotSliceSchema.parse(slice));
        }
      }),
    );
  }
  await close();
  const middle = stretches.sort((a, b) => a.ownMs - b.ownMs)[Math.floor(rounds / 2)];
  if (!middle) throw new Error('no round was run');
  return stretchRow('a snapshot for one window', middle);
}
