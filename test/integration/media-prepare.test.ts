import { mkdir, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMediaCache } from '../../src-main/media/media-cache.ts';
import { prepareMedia, readPrepared } from '../../src-main/media/prepare-media.ts';
import { probeMedia } from '../../src-main/media/probe.ts';
import { hexOf, type Sha256 } from '../../src-shared/domain/hash.ts';
import { type MediaWorld, movingPicture, openMediaWorld } from '../fixtures/media-world.ts';

let world: MediaWorld;

beforeEach(async () => {
  world = await openMediaWorld();
});
afterEach(() => world.close());

async function prepare(path: string, outDir = world.path('out')) {
  const probe = await world.workshop.probe(path);
  return { probe, record: await prepareMedia(world.ffmpeg, { path, probe, outDir }), outDir };
}

/** Presentation times of a film's frames and whether each is a key frame, as ffprobe lists them. */
async function listFrames(path: string) {
  const args = [
    '-v',
    'error',
    '-select_streams',
    'v',
    '-show_entries',
    'packet=pts_time,flags',
    '-of',
    'csv=p=0',
    path,
  ];
  const lines = (await world.ffmpeg.attemptProbe(args)).stdout.toString().trim().split('\n');
  const frames = lines.map((line) => ({ time: Number(line.split(',')[0]), key: line.includes(',K') }));
  return frames.sort((a, b) => a.time - b.time);
}

/** Mean colour of one tile of a filmstrip. */
async function tileColor(path: string, tile: { left: number; top: number; width: number; height: number }) {
  const { channels } = await sharp(await sharp(path).extract(tile).toBuffer()).stats();
  return channels.map((channel) => Math.round(channel.mean));
}

describe('a clip', () => {
  test('gets poster, filmstrip and a proxy with its frames one for one, every one a key frame', async () => {
    const path = await world.makeClip('take.mp4', { audio: 'sine=duration=1' });
    const { record, outDir } = await prepare(path);
    expect(record.prepared).toMatchObject({
      poster: true,
      proxy: true,
      filmstrip: { tileCount: 5, secondsPerTile: 0.2 },
    });
    expect((await readdir(outDir)).sort()).toEqual(['filmstrip.jpg', 'poster.jpg', 'prepared.json', 'proxy.mp4']);
    const [original, proxy] = [await listFrames(path), await listFrames(join(outDir, 'proxy.mp4'))];
    expect(proxy.map(({ time }) => time)).toEqual(original.map(({ time }) => time));
    expect(proxy.every(({ key }) => key)).toBe(true);
    expect(await world.workshop.probe(join(outDir, 'proxy.mp4'))).toMatchObject({
      audioCodec: 'aac',
      playability: 'native',
    });
  });

  test('with uneven frame times keeps each of them', async () => {
    const video = "testsrc2=size=320x240:rate=30:duration=2,select='lt(n\\,10)+not(mod(n\\,3))'";
    const options = ['-fps_mode', 'passthrough', '-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2'];
    const path = await world.makeClip('uneven.mp4', { video, options });
    const { outDir } = await prepare(path);
    const [original, proxy] = [await listFrames(path), await listFrames(join(outDir, 'proxy.mp4'))];
    expect(proxy).toHaveLength(original.length);
    for (const [index, frame] of proxy.entries()) expect(frame.time).toBeCloseTo(original[index]?.time ?? -1, 4);
  });

  test('shows in tile n the picture at n × 0.2 s', async () => {
    // the colour changes every 0.4 s: two tiles each
    const video =
      'color=red:size=320x240:rate=25:duration=0.4[r];color=lime:size=320x240:rate=25:duration=0.4[g];' +
      'color=blue:size=320x240:rate=25:duration=0.4[b];[r][g][b]concat=n=3';
    const { record, outDir } = await prepare(await world.makeClip('colours.mp4', { video }));
    const strip = record.prepared.filmstrip;
    expect(strip).toMatchObject({ tileCount: 6, columns: 6, rows: 1 });
    const { tileWidth: width = 0, tileHeight: height = 0 } = strip ?? {};
    const strongest: number[] = [];
    for (let tile = 0; tile < 6; tile += 1) {
      const color = await tileColor(join(outDir, 'filmstrip.jpg'), { left: tile * width, top: 0, width, height });
      strongest.push(color.indexOf(Math.max(...color)));
    }
    expect(strongest).toEqual([0, 0, 1, 1, 2, 2]);
  });

  test('keeps its colours in the poster', async () => {
    const video = 'color=0x20a060:size=1280x720:rate=24:duration=0.2';
    const { outDir } = await prepare(
      await world.makeClip('green.mp4', { video: `${video},scale=out_color_matrix=bt709` }),
    );
    const color = await tileColor(join(outDir, 'poster.jpg'), { left: 100, top: 100, width: 100, height: 100 });
    for (const [index, value] of [0x20, 0xa0, 0x60].entries())
      expect(Math.abs((color[index] ?? 0) - value)).toBeLessThan(6);
  });

  test('that Chromium cannot decode is shown by its proxy', async () => {
    const path = await world.makeClip('old.avi', { options: ['-c:v', 'mpeg4'] });
    const { outDir } = await prepare(path);
    expect(await world.workshop.probe(join(outDir, 'proxy.mp4'))).toMatchObject({
      playability: 'native',
      frameCount: 24,
    });
  });

  test('that stands upright by its rotation gets an upright proxy', async () => {
    const bytes = await readFile(await world.makeClip('flat.mp4'));
    // the matrix of the track header, 44 bytes behind its name: a quarter turn clockwise
    const matrix = [0, 0x10000, 0, -0x10000, 0, 0, 240 * 0x10000, 0, 0x40000000];
    for (const [index, value] of matrix.entries()) bytes.writeInt32BE(value, bytes.indexOf('tkhd') + 44 + index * 4);
    await writeFile(world.path('turned.mp4'), bytes);
    expect(await world.workshop.probe(world.path('turned.mp4'))).toMatchObject({
      width: 240,
      height: 320,
      rotation: 90,
    });
    const { outDir } = await prepare(world.path('turned.mp4'));
    expect(await world.workshop.probe(join(outDir, 'proxy.mp4'))).toMatchObject({
      width: 240,
      height: 320,
      rotation: 0,
    });
  });
});

describe('figures for the gates', () => {
  test('say that a clean clip decodes to its end, frame by frame', async () => {
    const { record } = await prepare(await world.makeClip('clean.mp4', { audio: 'sine=duration=1' }));
    expect(record.metrics).toMatchObject({ kind: 'clip', decode: { ok: true, message: null }, frameCount: 24 });
    if (record.metrics?.kind !== 'clip') return;
    expect(record.metrics.luma).toHaveLength(24);
    expect(record.metrics.change[0]).toBeNull();
    expect(record.metrics.audio?.rmsDb.length).toBeGreaterThanOrEqual(9);
    expect(record.metrics.sharpness.variances.length).toBeGreaterThan(0);
  });

  test('say that a clip cut at 60 % does not, and show what is left', async () => {
    const options = ['-c:v', 'libx264', '-preset', 'ultrafast', '-movflags', '+faststart'];
    const path = await world.makeClip('cut.mp4', { options });
    await truncate(path, Math.floor((await stat(path)).size * 0.6));
    const { record } = await prepare(path);
    expect(record.metrics?.decode).toEqual({ ok: false, message: expect.stringMatching(/cut short/) });
    expect(record.prepared).toMatchObject({ poster: true, proxy: true });
  });

  test('see black as black in limited and in full range', async () => {
    for (const [name, format] of [
      ['limited.mp4', 'yuv420p'],
      ['full.mp4', 'yuvj420p'],
    ]) {
      const video = `color=black:size=320x240:rate=24:duration=0.25,format=${format}`;
      const { record } = await prepare(await world.makeClip(name ?? '', { video }), world.path(`${name}-out`));
      expect(record.metrics).toMatchObject({ black: [1, 1, 1, 1, 1, 1], luma: [0, 0, 0, 0, 0, 0] });
    }
  });
});

describe('a picture', () => {
  test('gets a poster and no proxy', async () => {
    await sharp({ create: { width: 2400, height: 1600, channels: 4, background: '#40608080' } })
      .png()
      .toFile(world.path('a.png'));
    const { record, outDir } = await prepare(world.path('a.png'));
    expect(record.prepared).toEqual({ poster: true, filmstrip: null, proxy: false });
    expect(await sharp(join(outDir, 'poster.jpg')).metadata()).toMatchObject({
      width: 1280,
      height: 853,
      format: 'jpeg',
    });
  });

  test('that breaks off is damaged, not an error', async () => {
    const noise = {
      create: {
        width: 300,
        height: 300,
        channels: 3 as const,
        background: '#123',
        noise: { type: 'gaussian' as const, mean: 128, sigma: 60 },
      },
    };
    await writeFile(world.path('b.jpg'), (await sharp(noise).jpeg().toBuffer()).subarray(0, 9000));
    const { record } = await prepare(world.path('b.jpg'));
    expect(record.metrics?.decode.ok).toBe(false);
    expect(record.prepared.poster).toBe(false);
  });
});

describe('the cache', () => {
  const sha: Sha256 = `sha256:${'ab'.repeat(32)}`;

  async function takeOf(name: string, sha256 = sha) {
    const path = await world.makeClip(name);
    return { path, sha256, probe: await world.workshop.probe(path) };
  }

  test('prepares equal bytes once for everyone who asks', async () => {
    const take = await takeOf('take.mp4');
    let runs = 0;
    const counting = {
      ...world.ffmpeg,
      attempt: (...args: Parameters<typeof world.ffmpeg.attempt>) => {
        runs += 1;
        return world.ffmpeg.attempt(...args);
      },
    };
    const cache = createMediaCache({ folder: world.path('once'), ffmpeg: counting });
    const results = await Promise.all([1, 2, 3].map(() => cache.ensurePrepared(take)));
    await cache.ensurePrepared(take);
    expect(runs).toBe(1);
    expect(new Set(results.map((result) => result.proxyPath)).size).toBe(1);
    expect(await readdir(world.path('once'))).toEqual(['ab']);
    expect(await readdir(join(world.path('once'), 'ab'))).toEqual([hexOf(sha)]);
  });

  test('measuring and preparing are one run, whoever asks first', async () => {
    const path = await world.makeClip('take.mp4');
    const probe = await world.workshop.probe(path);
    expect(await world.workshop.measure(path, probe)).toMatchObject({ kind: 'clip', frameCount: 24 });
    const { sha256 } = await world.workshop.hash(path);
    expect((await world.cache.lookUp(sha256))?.proxyPath).toMatch(/proxy\.mp4$/);
  });

  test('one who gives up does not take the others with him; the last one stops the work', async () => {
    const path = await world.makeClip('long.mp4', { video: 'testsrc2=size=640x360:rate=24:duration=10' });
    const take = { path, sha256: sha, probe: await world.workshop.probe(path) };
    const [first, second] = [new AbortController(), new AbortController()];
    const asked = [first, second].map(({ signal }) => world.cache.ensurePrepared(take, { signal }));
    first.abort();
    await expect(asked[0]).rejects.toMatchObject({ name: 'AbortError' });
    second.abort();
    await expect(asked[1]).rejects.toMatchObject({ name: 'AbortError' });
    const again = await world.cache.ensurePrepared(take);
    expect(again.record.prepared.proxy).toBe(true);
    expect(await readdir(join(world.folder, 'cache', 'ab'))).toEqual([hexOf(sha)]);
  });

  test('progress comes and ends at the whole', async () => {
    const shares: number[] = [];
    await world.cache.ensurePrepared(await takeOf('take.mp4'), { onProgress: (share) => shares.push(share) });
    expect(shares.at(-1)).toBe(1);
    expect([...shares].sort((a, b) => a - b)).toEqual(shares);
  });

  test('a folder without its record is made again, and half-made ones are swept away', async () => {
    const folder = join(world.folder, 'cache', 'ab');
    await mkdir(join(folder, hexOf(sha)), { recursive: true });
    await writeFile(join(folder, hexOf(sha), 'proxy.mp4'), 'half');
    await mkdir(join(folder, `.${hexOf(sha)}.00ff.part`));
    expect(await world.cache.lookUp(sha)).toBeNull();
    await world.cache.sweep();
    expect(await readdir(folder)).toEqual([hexOf(sha)]);
    const made = await world.cache.ensurePrepared(await takeOf('take.mp4'));
    expect(made.record.prepared.proxy).toBe(true);
    expect((await readFile(made.proxyPath ?? '')).length).toBeGreaterThan(100);
  });

  test('a record of another shape counts as none', async () => {
    await mkdir(world.path('old'));
    await writeFile(world.path('old/prepared.json'), '{"version":0}');
    expect(await readPrepared(world.path('old'))).toBeNull();
  });

  test('without ffmpeg a clip says what is missing', async () => {
    const path = await world.makeClip('take.mp4');
    const cache = createMediaCache({ folder: world.path('none'), ffmpeg: null });
    const take = { path, sha256: sha, probe: await probeMedia(path, { ffmpeg: null }) };
    await expect(cache.ensurePrepared(take)).rejects.toMatchObject({ code: 'media.ffmpeg-missing' });
    expect(await readdir(join(world.path('none'), 'ab'))).toEqual([]);
  });
});

test('the moving picture of these tests moves', async () => {
  const { record } = await prepare(await world.makeClip('moves.mp4', { video: movingPicture }));
  if (record.metrics?.kind === 'clip')
    expect(Math.min(...record.metrics.change.slice(1).map(Number))).toBeGreaterThan(0.05);
});
