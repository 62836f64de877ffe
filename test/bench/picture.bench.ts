// From starting the built app on the sample production, with takes in it, to its first picture painted in a real Chromium:
// the process, the link, the page, the first poster, the frame in the viewer. Beside it the same Chromium painting a bare
// page with that picture. Usage: npm run bench picture
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type BrowserContext, chromium, type Page } from 'playwright';
import { ensureBuild } from '../../scripts/app-build.mjs';
import { findChromium } from '../../scripts/setup-chromium.mjs';
import { copySample, makeWorld, startBuiltApp } from '../e2e/support/built-app.ts';
import { runCircletake } from '../fixtures/spawn-circletake.ts';
import { median, printTable, type Row } from './measure.ts';

const rounds = 5;
const shots = ['EP001_SH001', 'EP001_SH002', 'EP001_SH003'];

interface Painted {
  /** milliseconds since the epoch, as the page's clock says */
  posterAt: number;
  viewerAt: number;
}

declare global {
  interface Window {
    circletakeBench: { poster: Promise<number>; viewer: Promise<number> };
  }
}

await ensureBuild(process.execPath);
const world = makeWorld();
const browser = await chromium.launch({
  executablePath: findChromium()?.path,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
});
try {
  const folder = copySample(world.folder);
  const scope = ['--episode', 'EP001', '--phase', 'previs', '--shots', shots.join(',')];
  const made = await runCircletake(['run', folder, ...scope], world.folder);
  if (made.code !== 3) throw new Error(made.err);
  const poster = await posterOfFirstTake(folder);
  const rows = { link: [] as number[], poster: [] as number[], viewer: [] as number[], bare: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    const startedAt = Date.now();
    const app = await startBuiltApp(world.folder, folder);
    const linkAt = Date.now();
    const painted = await inFreshContext((page) => openApp(page, app.link));
    await app.stop();
    rows.link.push(linkAt - startedAt);
    rows.poster.push(painted.posterAt - startedAt);
    rows.viewer.push(painted.viewerAt - startedAt);
    rows.bare.push(await inFreshContext((page) => openBarePage(page, poster)));
  }
  const bare = median(rows.bare);
  const row = (what: string, figure: number, goalMs: number): Row => ({
    what,
    figure: `${figure.toFixed(0)} ms`,
    beside: `bare page ${bare.toFixed(0)} ms`,
    ratio: (figure / bare).toFixed(1),
    goal: `≤ ${goalMs} ms`,
    met: figure <= goalMs,
  });
  printTable(`Time to the first picture, Chromium ${browser.version()}`, [
    row('start of the process to its link', median(rows.link), 2000),
    row('link to the first poster painted', median(rows.poster.map((at, n) => at - (rows.link[n] ?? 0))), 1500),
    row('link to the frame in the viewer', median(rows.viewer.map((at, n) => at - (rows.link[n] ?? 0))), 2000),
    row('all of it, to the first poster', median(rows.poster), 3000),
  ]);
} finally {
  await browser.close();
  world.remove();
}

async function inFreshContext<T>(work: (page: Page) => Promise<T>): Promise<T> {
  const context: BrowserContext = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    await context.addInitScript(watchForPictures);
    return await work(await context.newPage());
  } finally {
    await context.close();
  }
}

async function openApp(page: Page, link: string): Promise<Painted> {
  await page.goto(link, { waitUntil: 'commit' });
  return page.evaluate(async () => ({
    posterAt: await window.circletakeBench.poster,
    viewerAt: await window.circletakeBench.viewer,
  }));
}

/** Runs in the page: looks at each frame that is painted whether the picture is there, and takes the time one frame later. */
function watchForPictures(): void {
  const seen = (look: () => boolean) =>
    new Promise<number>((resolve) => {
      const check = () => {
        if (!look()) return requestAnimationFrame(check);
        return requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now()));
      };
      requestAnimationFrame(check);
    });
  const isShown = (image: HTMLImageElement) =>
    image.src.includes('/media/') && image.complete && image.naturalWidth > 0 && !image.classList.contains('invisible');
  window.circletakeBench = {
    poster: seen(() => [...document.querySelectorAll('img')].some(isShown)),
    viewer: seen(() => document.querySelector('canvas[data-painted-frame]') !== null),
  };
}

/** The poster of a take once it has been made, so that all rounds find it in the cache. */
async function posterOfFirstTake(folder: string): Promise<Buffer> {
  const app = await startBuiltApp(world.folder, folder);
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const answered = page.waitForResponse((answer) => /\/poster\b/.test(answer.url()) && answer.ok());
    await page.goto(app.link);
    return await (await answered).body();
  } finally {
    await context.close();
    await app.stop();
  }
}

async function openBarePage(page: Page, picture: Buffer): Promise<number> {
  const server = createServer((request, response) => {
    const isPicture = request.url === '/media/picture.jpg';
    response.setHeader('content-type', isPicture ? 'image/jpeg' : 'text/html');
    response.end(isPicture ? picture : '<!doctype html><img src="/media/picture.jpg">');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  try {
    const startedAt = Date.now();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { waitUntil: 'commit' });
    return (await page.evaluate(() => window.circletakeBench.poster)) - startedAt;
  } finally {
    server.close();
    server.closeAllConnections();
  }
}
