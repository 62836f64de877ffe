// The review player against its goals, in a real Chromium, beside a <video> element and the display's own rhythm.
// Each figure is the median of three rounds that alternate with what it is compared to.
// Usage: npm run bench player [seconds of four-pane play, 20 unless told]
import { join } from 'node:path';
import { chromium, type Page } from 'playwright';
import { findChromium } from '../../scripts/setup-chromium.mjs';
import type { PaneSource } from '../../src-renderer/player/player-types.ts';
import { makeClip, makeProxy } from '../e2e/player-harness/make-clip.ts';
import { clipSource, makePlayerWorld, openPlayerPage } from '../e2e/player-harness/player-page.ts';

const rounds = 3;
const seeksPerRound = 20;
const frames = 120;
const rate = 24;
const playSeconds = Number(process.argv[2] ?? 20);
const longGroups = ['-vf', 'noise=alls=8:allf=t', '-c:v', 'libx264', '-preset', 'veryfast', '-g', '48', '-bf', '3'];
const paneUrls = ['/clip-0.mp4', '/clip-1.mp4', '/clip-2.mp4', '/clip-3.mp4'];
const proxyOf = (url: string) => url.replace('.mp4', '-proxy.mp4');
const original = clipSource('/clip-0.mp4');
const withProxy = clipSource('/clip-0.mp4', { proxyUrl: '/clip-0-proxy.mp4' });
/** too little memory to keep the proxy: every seek decodes */
const smallCache = 24 * 1024 * 1024;

const world = await makePlayerWorld();
const browser = await chromium.launch({
  executablePath: findChromium()?.path,
  args: ['--no-sandbox', '--disable-gpu', '--autoplay-policy=no-user-gesture-required'],
});
try {
  await makeMedia(world.mediaFolder);
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const problems = await openPlayerPage(page, world.server);
  console.log(
    `1080p H.264, ${frames} frames, group of 48, B-frames; proxy 540p all-intra; Chromium ${browser.version()}`,
  );
  for (const bench of [
    benchOpening,
    benchSeeking,
    benchUncachedSeeking,
    benchStepping,
    benchDragging,
    benchFourPanes,
  ]) {
    await bench(page);
  }
  if (problems.length > 0) throw new Error(`The page reported: ${problems.join('; ')}`);
} finally {
  await browser.close();
  await world.remove();
}

async function makeMedia(folder: string): Promise<void> {
  for (const url of paneUrls) {
    const path = join(folder, url);
    await makeClip({ path, width: 1920, height: 1080, frames, rate: String(rate), encoding: longGroups });
    await makeProxy(path, join(folder, proxyOf(url)));
  }
}

async function benchOpening(page: Page): Promise<void> {
  const player: number[] = [];
  const video: number[] = [];
  for (let round = 0; round < rounds * 2; round += 1) {
    player.push(await page.evaluate((source) => window.bench.openPlayer(source), withProxy));
    video.push(await page.evaluate((url) => window.bench.openVideo(url), original.url));
  }
  print(
    'open to exact frame',
    `${ms(median(player))} ms`,
    `<video> ${ms(median(video))} ms`,
    ratio(player, video, 0.6),
  );
}

async function benchSeeking(page: Page): Promise<void> {
  for (const cacheBytes of [undefined, smallCache]) {
    const results = { floor: [] as number[], player: [] as number[], video: [] as number[], wrong: 0 };
    await open(page, [withProxy], cacheBytes);
    if (cacheBytes === undefined) await untilCached(page);
    for (let round = 0; round < rounds; round += 1) {
      const targets = randomFrames(seeksPerRound);
      results.floor.push(...(await page.evaluate((count) => window.bench.floor(count), seeksPerRound)));
      const { times, wrong } = await page.evaluate((targets) => window.bench.playerSeeks(targets), targets);
      results.player.push(...times);
      results.wrong += wrong;
      if (cacheBytes === undefined) continue;
      const seconds = targets.map((frame) => (frame + 0.5) / rate);
      results.video.push(
        ...(await page.evaluate((seconds) => window.bench.videoSeeks('/clip-0.mp4', seconds), seconds)),
      );
    }
    const name = cacheBytes === undefined ? 'random seek, proxy, cached' : 'random seek, proxy, decoded each time';
    const p95 = `p95 ${ms(percentile(results.player, 95))} ms (goal 20), wrong ${results.wrong}`;
    const floor = `floor ${ms(median(results.floor))} ms`;
    print(name, `${ms(median(results.player))} ms`, floor, `${ratio(results.player, results.floor, 1.3)}; ${p95}`);
    if (results.video.length === 0) continue;
    const faster = median(results.video) / median(results.player);
    print(
      '  beside <video> on the original',
      '',
      `<video> ${ms(median(results.video))} ms`,
      `${faster.toFixed(1)} × faster (goal 10)`,
    );
  }
}

async function benchUncachedSeeking(page: Page): Promise<void> {
  const first: number[] = [];
  const video: number[] = [];
  const again: number[] = [];
  await open(page, [original], smallCache);
  for (let round = 0; round < rounds; round += 1) {
    for (const target of randomFrames(6)) {
      // Far from where it stands, so that nothing of it is cached.
      const far = (target + frames / 2) % frames;
      await page.evaluate((far) => window.bench.playerSeeks([far]), far);
      await page.waitForTimeout(300);
      first.push(...(await page.evaluate((target) => window.bench.playerSeeks([target]), target)).times);
      const back = [Math.max(0, target - 1), target];
      again.push(...(await page.evaluate((back) => window.bench.playerSeeks(back), back)).times);
      await page.waitForTimeout(300);
      const seconds = [far, target].map((frame) => (frame + 0.5) / rate);
      video.push(
        ...(await page.evaluate((seconds) => window.bench.videoSeeks('/clip-0.mp4', seconds), seconds)).slice(1),
      );
    }
  }
  print(
    'first seek without a proxy',
    `${ms(median(first))} ms`,
    `<video> ${ms(median(video))} ms`,
    ratio(first, video, 1.1),
  );
  print(
    'seek back to frames just seen',
    `${ms(median(again))} ms`,
    '',
    `p95 ${ms(percentile(again, 95))} ms (goal 20)`,
  );
}

async function benchStepping(page: Page): Promise<void> {
  await open(page, [withProxy]);
  await page.evaluate(() => window.bench.playerSeeks([60]));
  await page.waitForTimeout(3000);
  const steps: number[] = [];
  let wrong = 0;
  for (let round = 0; round < rounds; round += 1) {
    const targets = Array.from({ length: 20 }, (_, n) => (n < 10 ? 61 + n : 69 - (n - 10)));
    const result = await page.evaluate((targets) => window.bench.playerSeeks(targets), targets);
    steps.push(...result.times);
    wrong += result.wrong;
  }
  const floor = await page.evaluate(() => window.bench.floor(60));
  const p95 = `p95 ${ms(percentile(steps, 95))} ms, floor p95 ${ms(percentile(floor, 95))} ms, wrong ${wrong}`;
  print('cached step', `${ms(median(steps))} ms`, `floor ${ms(median(floor))} ms`, p95);
}

async function benchDragging(page: Page): Promise<void> {
  const reports = [];
  for (let round = 0; round < rounds; round += 1) {
    await open(page, [withProxy]);
    reports.push(await page.evaluate((frames) => window.bench.drag(frames, 2000), frames));
  }
  const distinct = median(reports.map((report) => report.distinct));
  const settle = median(reports.map((report) => report.settleMs));
  const wrong = reports.reduce((sum, report) => sum + report.wrong, 0);
  print(
    'drag of 120 in 2 s',
    `${distinct} distinct (goal 115)`,
    '',
    `settles in ${ms(settle)} ms (goal 17), wrong ${wrong}`,
  );
}

async function benchFourPanes(page: Page): Promise<void> {
  await open(
    page,
    paneUrls.map((url) => clipSource(url, { proxyUrl: proxyOf(url) })),
  );
  const report = await page.evaluate((seconds) => window.bench.play(seconds), playSeconds);
  const share = `${((100 * report.shown) / report.due).toFixed(1)} % shown (goal 99)`;
  const unseen = `dropped ${report.dropped}, late ${report.late}, drift ${report.drift} (goal 0)`;
  print(`four panes, ${playSeconds} s`, `${report.shown} of ${report.due} frames`, share, unseen);
}

async function open(page: Page, sources: PaneSource[], cacheBytes?: number): Promise<void> {
  await page.evaluate(
    async ({ sources, cacheBytes }) => {
      window.harness.open(sources, cacheBytes === undefined ? {} : { cacheBytes });
      await window.harness.settled('original');
    },
    { sources, cacheBytes },
  );
}

/** Waits until the whole proxy is decoded. */
async function untilCached(page: Page): Promise<void> {
  await page.waitForFunction((last) => {
    const [range] = window.harness.session.getSnapshot().panes[0]?.proxyCachedRanges ?? [];
    return range?.first === 0 && range.last === last;
  }, frames - 1);
  await page.waitForTimeout(1500);
}

function randomFrames(count: number): number[] {
  return Array.from({ length: count }, () => Math.floor(Math.random() * frames));
}

function median(values: readonly number[]): number {
  return percentile(values, 50);
}

function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN;
}

function ratio(values: readonly number[], against: readonly number[], goal: number): string {
  return `ratio ${(median(values) / median(against)).toFixed(2)} (goal ${goal})`;
}

function ms(value: number): string {
  return value.toFixed(1);
}

function print(what: string, figure: string, against: string, verdict: string): void {
  console.log(`${what.padEnd(40)} ${figure.padEnd(22)} ${against.padEnd(26)} ${verdict}`);
}
