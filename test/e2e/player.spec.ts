import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import type { PaneSource } from '../../src-renderer/player/player-types.ts';
import { makeClip, makeProxy, runFfmpeg } from './player-harness/make-clip.ts';
import { clipSource, makePlayerWorld, openPlayerPage, type PlayerWorld } from './player-harness/player-page.ts';

const frames = 120;
const filmRate = { num: 24_000, den: 1001 };

let world: PlayerWorld;
let problems: string[];

test.beforeAll(async () => {
  world = await makePlayerWorld();
  const media = (name: string) => join(world.mediaFolder, name);
  const small = { width: 640, height: 360, frames };
  await makeClip({ ...small, path: media('long.mp4'), rate: '24' });
  await makeProxy(media('long.mp4'), media('long-proxy.mp4'), 180);
  await makeClip({ ...small, path: media('film.mp4'), rate: '24000/1001' });
  await makeClip({ ...small, path: media('other.mp4'), rate: '24', firstCode: 1000 });
  await makeProxy(media('other.mp4'), media('other-proxy.mp4'), 180);
  await makeClip({ ...small, frames: 48, path: media('short.mp4'), rate: '24', firstCode: 2000 });
  await makeClip({ ...small, frames: 48, path: media('tone.mp4'), rate: '24', hasTone: true });
  await runFfmpeg(['-i', media('short.mp4'), '-c', 'copy', '-metadata:s:v:0', 'rotate=270', media('turned.mp4')]);
  await runFfmpeg(['-ss', '1', '-i', media('long.mp4'), '-c', 'copy', media('trimmed.mp4')]);
  await runFfmpeg(['-i', media('long.mp4'), '-c:v', 'prores_ks', '-profile:v', '0', media('prores.mov')]);
  await runFfmpeg(['-i', media('long.mp4'), '-frames:v', '1', media('still.png')]);
  await damageMiddle(media('long.mp4'), media('damaged.mp4'));
});

/** Overwrites the middle of a file, where the pictures are, with noise that no decoder takes for pictures. */
async function damageMiddle(from: string, to: string): Promise<void> {
  const bytes = await readFile(from);
  for (let at = Math.floor(bytes.length * 0.5); at < bytes.length * 0.6; at += 1) bytes[at] = (at * 167) % 256;
  await writeFile(to, bytes);
}

test.afterAll(() => world.remove());

test.beforeEach(async ({ page }) => {
  problems = await openPlayerPage(page, world.server);
});

test.afterEach(() => {
  expect(problems).toEqual([]);
});

test('the counter is the frame on the canvas after every one of thirty random seeks', async ({ page }) => {
  const targets = Array.from({ length: 30 }, (_, n) => (n * 67 + 13) % frames);
  for (const proxyUrl of [null, '/long-proxy.mp4']) {
    const shown = await page.evaluate(
      async ({ source, targets }) => {
        const { harness } = window;
        harness.open([source]);
        await harness.settled();
        const shown: unknown[] = [];
        for (const target of targets) {
          harness.session.commands.seek(target);
          await harness.settled();
          shown.push([harness.counter(0).frame, harness.readCode(0)]);
        }
        return shown;
      },
      { source: clipSource('/long.mp4', { proxyUrl }), targets },
    );
    expect(shown).toEqual(targets.map((target) => [target, target]));
  }
});

test('the full-size frame replaces the proxy once the playhead rests', async ({ page }) => {
  const shown = await page.evaluate(
    async (source) => {
      const { harness } = window;
      harness.open([source]);
      await harness.settled('original');
      harness.session.commands.scrubStart();
      for (const target of [100, 7, 60]) {
        harness.session.commands.scrubMove(target);
        await harness.nextFrame();
      }
      await harness.settled();
      harness.session.commands.scrubEnd();
      await harness.settled('original');
      return [harness.counter(0), harness.readCode(0)];
    },
    clipSource('/long.mp4', { proxyUrl: '/long-proxy.mp4' }),
  );
  expect(shown).toEqual([{ frame: 60, source: 'original' }, 60]);
});

test('a drag shows only true numbers and ends on the last one asked for', async ({ page }) => {
  const result = await page.evaluate(
    async (source) => {
      const { harness } = window;
      harness.open([source]);
      await harness.settled();
      const seen = new Set<number | null>();
      const lies: unknown[] = [];
      const look = () => {
        const { frame } = harness.counter(0);
        if (harness.readCode(0) !== frame) lies.push([frame, harness.readCode(0)]);
        seen.add(frame);
      };
      harness.session.commands.scrubStart();
      for (let target = 0; target < 120; target += 1) {
        harness.session.commands.scrubMove(target);
        await harness.nextFrame();
        look();
      }
      harness.session.commands.scrubMove(31);
      harness.session.commands.scrubEnd();
      await harness.settled();
      look();
      return { lies, distinct: seen.size, last: harness.counter(0).frame };
    },
    clipSource('/long.mp4', { proxyUrl: '/long-proxy.mp4' }),
  );
  expect(result.lies).toEqual([]);
  expect(result.last).toBe(31);
  expect(result.distinct).toBeGreaterThan(1);
});

test('steps forward and back over group borders, one frame each', async ({ page }) => {
  const shown = await page.evaluate(async (source) => {
    const { harness } = window;
    harness.open([source]);
    await harness.settled();
    harness.session.commands.seek(45);
    await harness.settled();
    const shown: unknown[] = [];
    for (const by of [1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, 10, -200, 500]) {
      harness.session.commands.step(by);
      await harness.settled();
      shown.push(harness.readCode(0) === harness.counter(0).frame ? harness.readCode(0) : 'lie');
    }
    return shown;
  }, clipSource('/long.mp4'));
  expect(shown).toEqual([46, 47, 48, 49, 50, 49, 48, 47, 46, 45, 44, 54, 0, 119]);
});

for (const direction of ['forward', 'backward'] as const) {
  test(`plays every frame once and stops at the end, ${direction}`, async ({ page }) => {
    const result = await page.evaluate(
      async ({ source, direction }) => {
        const { harness } = window;
        harness.open([source]);
        await harness.settled();
        harness.session.commands.setLoop('once');
        harness.session.commands.seek(direction === 'forward' ? 0 : 119);
        await harness.settled();
        const lies: unknown[] = [];
        const shown: (number | null)[] = [];
        await new Promise<void>((resolve) => {
          const unsubscribe = harness.session.subscribe(() => {
            const { panes, playing } = harness.session.getSnapshot();
            const frame = panes[0]?.paintedFrame ?? null;
            if (harness.readCode(0) !== frame || harness.counter(0).frame !== frame) lies.push(frame);
            if (shown.at(-1) !== frame) shown.push(frame);
            if (playing || shown.length < 3) return;
            unsubscribe();
            resolve();
          });
          if (direction === 'forward') harness.session.commands.play();
          else harness.session.commands.playReverse();
        });
        const { frame, droppedFrames, paintedFrames } = harness.session.getSnapshot();
        return { lies, shown, frame, droppedFrames, paintedFrames };
      },
      { source: clipSource('/long.mp4', { proxyUrl: '/long-proxy.mp4' }), direction },
    );
    expect(result.lies).toEqual([]);
    expect(result.frame).toBe(direction === 'forward' ? 119 : 0);
    // On a busy machine frames may be lost, but none without being counted.
    expect(result.paintedFrames + result.droppedFrames).toBe(frames);
    const ascending = direction === 'forward' ? result.shown : result.shown.toReversed();
    expect(ascending).toEqual([...ascending].sort((a, b) => Number(a) - Number(b)));
  });
}

test('panes never drift apart while they play, whatever the machine does', async ({ page }) => {
  const proxies = ['/long-proxy.mp4', '/other-proxy.mp4'];
  const sources = ['/long.mp4', '/other.mp4'].map((url, n) => clipSource(url, { proxyUrl: proxies[n] ?? null }));
  const result = await page.evaluate(async (sources) => {
    const { harness } = window;
    harness.open(sources);
    await harness.settled();
    harness.session.commands.setLoop('once');
    const pairs: unknown[] = [];
    harness.session.commands.play();
    while (harness.session.getSnapshot().playing) {
      await harness.nextFrame();
      const [a, b] = [harness.readCode(0), harness.readCode(1)];
      if (a === null || b === null || b - a !== 1000) pairs.push([a, b]);
    }
    return { pairs, frame: harness.session.getSnapshot().frame };
  }, sources);
  expect(result).toEqual({ pairs: [], frame: 119 });
});

test('numbers frames rightly at 24000/1001', async ({ page }) => {
  const shown = await page.evaluate(
    async (source) => {
      const { harness } = window;
      harness.open([source]);
      await harness.settled();
      const shown: unknown[] = [];
      for (let target = 119; target >= 0; target -= 7) {
        harness.session.commands.seek(target);
        await harness.settled();
        shown.push(harness.readCode(0) === target && harness.counter(0).frame === target);
      }
      const { frameRate, frameCount } = harness.session.getSnapshot();
      return { shown: shown.every(Boolean), frameRate, frameCount };
    },
    clipSource('/film.mp4', { frameRate: filmRate }),
  );
  expect(shown).toEqual({ shown: true, frameRate: filmRate, frameCount: frames });
});

test('counts from the first frame an edit list shows', async ({ page }) => {
  const codes = await page.evaluate(async (source) => {
    const { harness } = window;
    harness.open([source]);
    await harness.settled();
    const codes = [harness.readCode(0)];
    harness.session.commands.seek(10);
    await harness.settled();
    return [...codes, harness.readCode(0), harness.session.getSnapshot().frameCount];
  }, clipSource('/trimmed.mp4'));
  expect(codes).toEqual([24, 34, frames - 24]);
});

test('holds the last frame of shorter media and marks its end', async ({ page }) => {
  const panes = await page.evaluate(
    async (sources) => {
      const { harness } = window;
      harness.open(sources);
      await harness.settled();
      harness.session.commands.seek(100);
      await harness.settled();
      const { panes, frameCount } = harness.session.getSnapshot();
      return {
        frameCount,
        codes: [harness.readCode(0), harness.readCode(1)],
        ended: panes.map((pane) => pane.ended),
        painted: panes.map((pane) => pane.paintedFrame),
      };
    },
    [clipSource('/short.mp4'), clipSource('/long.mp4')],
  );
  expect(panes).toEqual({ frameCount: 120, codes: [2047, 100], ended: [true, false], painted: [47, 100] });
});

test('loops between the in and the out point', async ({ page }) => {
  const seen = await page.evaluate(async (source) => {
    const { harness } = window;
    harness.open([source]);
    await harness.settled();
    harness.session.commands.setIn(20);
    harness.session.commands.setOut(29);
    harness.session.commands.seek(20);
    await harness.settled();
    harness.session.commands.play();
    const seen: (number | null)[] = [];
    let wraps = 0;
    // a busy machine leaves frames out: the first and the last few are waited for
    while (wraps < 2 || !seen.includes(20) || !seen.some((code) => Number(code) > 25)) {
      await harness.nextFrame();
      const code = harness.readCode(0);
      const last = seen.at(-1);
      if (last === code) continue;
      if (typeof last === 'number' && code !== null && code < last) wraps += 1;
      seen.push(code);
    }
    harness.session.commands.pause();
    return seen;
  }, clipSource('/long.mp4'));
  expect(Math.min(...seen.map(Number))).toBe(20);
  expect(Math.max(...seen.map(Number))).toBeLessThanOrEqual(29);
});

test('turns a rotated clip upright', async ({ page }) => {
  const pane = await page.evaluate(async (source) => {
    const { harness } = window;
    harness.open([source]);
    await harness.settled();
    const { panes } = harness.session.getSnapshot();
    return { width: panes[0]?.width, height: panes[0]?.height, code: harness.readTurnedCode(0) };
  }, clipSource('/turned.mp4'));
  expect(pane).toEqual({ width: 360, height: 640, code: 2000 });
});

test('shows stills beside clips', async ({ page }) => {
  const shown = await page.evaluate(
    async (sources) => {
      const { harness } = window;
      harness.open(sources);
      await harness.settled();
      harness.session.commands.seek(50);
      await harness.settled();
      return [harness.readCode(0), harness.readCode(1), harness.counter(1)];
    },
    [clipSource('/long.mp4'), clipSource('/still.png', { kind: 'still', frameRate: null })],
  );
  expect(shown).toEqual([50, 0, { frame: 0, source: 'still' }]);
});

test.describe('media that cannot simply be decoded', () => {
  const states = async (page: Page, source: PaneSource) =>
    page.evaluate(async (source) => {
      const { harness } = window;
      harness.open([source]);
      await harness.decided();
      return { state: harness.session.getSnapshot().panes[0]?.state, ...harness.counter(0), code: harness.readCode(0) };
    }, source);

  test('says that a proxy is needed while there is none', async ({ page }) => {
    const source = clipSource('/prores.mov', { playability: 'proxy-needed' });
    expect(await states(page, source)).toMatchObject({ state: { kind: 'proxy-needed' }, frame: null });
  });

  test('finds out by itself that a codec needs a proxy', async ({ page }) => {
    expect(await states(page, clipSource('/prores.mov'))).toMatchObject({ state: { kind: 'proxy-needed' } });
  });

  test('plays the proxy in place of the original, and marks it', async ({ page }) => {
    const source = clipSource('/prores.mov', { playability: 'proxy-needed', proxyUrl: '/long-proxy.mp4' });
    const shown = await states(page, source);
    expect(shown).toEqual({ state: { kind: 'ready' }, frame: 0, source: 'proxy', code: 0 });
  });

  test('says why a file cannot be read', async ({ page }) => {
    const shown = await states(page, clipSource('/still.png'));
    expect(shown.state).toMatchObject({ kind: 'unreadable', frame: null });
  });

  test('shows every frame of a damaged file that can be shown, and names those that cannot', async ({ page }) => {
    const found = await page.evaluate(async (source) => {
      const { harness } = window;
      harness.open([source]);
      await harness.decided();
      const found = { ready: 0, unreadable: 0, lies: 0 };
      for (let target = 119; target >= 0; target -= 3) {
        harness.session.commands.seek(target);
        await harness.decided();
        const state = harness.session.getSnapshot().panes[0]?.state;
        if (state?.kind === 'ready' || state?.kind === 'unreadable') found[state.kind] += 1;
        const { frame } = harness.counter(0);
        if (state?.kind === 'ready' && frame !== target) found.lies += 1;
        if (state?.kind === 'unreadable' && state.frame !== target) found.lies += 1;
      }
      harness.session.commands.seek(3);
      await harness.settled();
      return { ...found, code: harness.readCode(0) };
    }, clipSource('/damaged.mp4'));
    expect(found).toMatchObject({ lies: 0, code: 3 });
    expect(found.ready).toBeGreaterThanOrEqual(16);
    expect(found.unreadable).toBeGreaterThan(0);
    expect(found.ready + found.unreadable).toBe(40);
  });

  test('refuses a proxy whose frames are not the original’s', async ({ page }) => {
    const shown = await page.evaluate(
      async (source) => {
        const { harness } = window;
        harness.open([source]);
        await harness.settled('original');
        harness.session.commands.seek(40);
        await harness.settled();
        return [harness.readCode(0), harness.counter(0).source];
      },
      clipSource('/long.mp4', { proxyUrl: '/short.mp4' }),
    );
    expect(shown).toEqual([40, 'original']);
  });

  test('falls back to a video element where there is no decoder', async ({ page }) => {
    const shown = await page.evaluate(async (source) => {
      Reflect.deleteProperty(window, 'VideoDecoder');
      const { harness } = window;
      harness.open([source]);
      await harness.settled();
      const shown: unknown[] = [];
      for (const target of [10, 47, 48, 119, 0]) {
        harness.session.commands.seek(target);
        await harness.settled();
        shown.push([harness.readCode(0), harness.counter(0).frame, harness.counter(0).source]);
      }
      return shown;
    }, clipSource('/long.mp4'));
    expect(shown).toEqual([10, 47, 48, 119, 0].map((target) => [target, target, 'video']));
  });
});

test('sound leads the clock and pictures stay with it', async ({ page }) => {
  await page.locator('body').click();
  const result = await page.evaluate(async (source) => {
    const { harness } = window;
    harness.open([source]);
    await harness.settled();
    harness.session.commands.setLoop('once');
    harness.session.commands.play();
    while (harness.session.getSnapshot().playing) await harness.nextFrame();
    const { frame, panes } = harness.session.getSnapshot();
    return { frame, hasAudio: panes[0]?.hasAudio, audioProblem: panes[0]?.audioProblem, code: harness.readCode(0) };
  }, clipSource('/tone.mp4'));
  expect(result).toEqual({ frame: 47, hasAudio: true, audioProblem: null, code: 47 });
});

test('hands out the painted frame as a picture of full size', async ({ page }) => {
  const grabbed = await page.evaluate(
    async (source) => {
      const { harness } = window;
      harness.open([source]);
      await harness.settled();
      harness.session.commands.seek(77);
      await harness.settled();
      const blob = await harness.session.grabFrame(0);
      const bitmap = await createImageBitmap(blob);
      return { type: blob.type, width: bitmap.width, height: bitmap.height };
    },
    clipSource('/long.mp4', { proxyUrl: '/long-proxy.mp4' }),
  );
  expect(grabbed).toEqual({ type: 'image/png', width: 640, height: 360 });
});

test('closes every frame and request when it is disposed', async ({ page }) => {
  const open = await page.evaluate(
    async (source) => {
      const { harness } = window;
      harness.open([source, source]);
      await harness.settled();
      harness.session.commands.play();
      for (let tick = 0; tick < 20; tick += 1) await harness.nextFrame();
      const during = harness.openPictures();
      harness.session.dispose();
      const isLeft = () => Object.values(harness.openPictures()).some((count) => count > 0);
      // what is being decoded is closed when it comes
      while (isLeft()) await harness.nextFrame();
      for (let tick = 0; tick < 20; tick += 1) await harness.nextFrame();
      return { wereSome: during.frames + during.bitmaps > 0, after: harness.openPictures() };
    },
    clipSource('/long.mp4', { proxyUrl: '/long-proxy.mp4' }),
  );
  expect(open).toEqual({ wereSome: true, after: { frames: 0, bitmaps: 0 } });
});

test('keeps frames as bitmaps of the size they are looked at', async ({ page }) => {
  const open = await page.evaluate(
    async (source) => {
      const { harness } = window;
      harness.open([source]);
      await harness.settled();
      const isFilled = () => {
        const { frames, bitmaps } = harness.openPictures();
        return frames === 0 && bitmaps === source.frameCount;
      };
      while (!isFilled()) await harness.nextFrame();
      harness.session.commands.seek(33);
      return [harness.readCode(0), harness.counter(0).frame, harness.session.getSnapshot().panes[0]?.cachedRanges];
    },
    clipSource('/short.mp4', { frameCount: 48 }),
  );
  expect(open).toEqual([2033, 33, [{ first: 0, last: 47 }]]);
});

test('keeps to the memory it was given', async ({ page }) => {
  const cacheBytes = 8 * 1024 * 1024;
  const result = await page.evaluate(
    async ({ source, cacheBytes }) => {
      const { harness } = window;
      harness.open([source], { cacheBytes });
      await harness.settled();
      let most = 0;
      for (const target of [60, 10, 110, 61, 0]) {
        harness.session.commands.seek(target);
        await harness.settled();
        for (let tick = 0; tick < 10; tick += 1) await harness.nextFrame();
        const { frames, bitmaps } = harness.openPictures();
        most = Math.max(most, frames + bitmaps);
      }
      return { most, code: harness.readCode(0) };
    },
    { source: clipSource('/long.mp4'), cacheBytes },
  );
  // A decoded frame is 345,600 bytes: 24 fit, and a few may be on their way in or out.
  expect(result.most).toBeLessThanOrEqual(28);
  expect(result.code).toBe(0);
});
