// Preparing a take (poster, filmstrip, proxy, gate figures in one run) beside decoding it alone, which no preparation can
// be faster than. Plain Node: `node test/bench/media.bench.ts [seconds of film]`.
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { inputArguments } from '../../src-main/media/ffmpeg.ts';
import { prepareMedia } from '../../src-main/media/prepare-media.ts';
import { openMediaWorld } from '../fixtures/media-world.ts';
import { printTable, type Row, race } from './measure.ts';

const filmSeconds = Number(process.argv[2] ?? 10);
// grain as film and generators have it: an even test picture would decode in no time and flatter nobody
const encoding = [
  '-vf',
  'noise=alls=6:allf=t',
  '-c:v',
  'libx264',
  '-preset',
  'veryfast',
  '-g',
  '48',
  '-bf',
  '2',
  '-c:a',
  'aac',
];
const world = await openMediaWorld();

try {
  const rows = [
    await benchPreparation('1080p', { width: 1920, height: 1080, most: 1.75 }),
    await benchPreparation('720 × 1280', { width: 720, height: 1280, most: 2.5 }),
  ];
  printTable(`Preparation of ${filmSeconds} s at 24 frames a second`, rows);
} finally {
  await world.close();
}

async function benchPreparation(what: string, film: { width: number; height: number; most: number }): Promise<Row> {
  const video = `testsrc2=size=${film.width}x${film.height}:rate=24:duration=${filmSeconds}`;
  const path = await world.makeClip(`${film.height}.mp4`, {
    video,
    audio: `sine=duration=${filmSeconds}`,
    options: encoding,
  });
  const probe = await world.workshop.probe(path);
  const outDir = world.path('out');
  const seconds = await race({
    decode: async () => void (await world.ffmpeg.run([...inputArguments(path), '-map', '0:v', '-f', 'null', '-'])),
    prepare: async () => {
      await rm(outDir, { recursive: true, force: true });
      await prepareMedia(world.ffmpeg, { path, probe, outDir });
    },
  });
  const { decode = Number.NaN, prepare = Number.NaN } = seconds;
  const sizes = await Promise.all((await readdir(outDir)).map(async (name) => (await stat(join(outDir, name))).size));
  const megabytes = sizes.reduce((sum, size) => sum + size, 0) / 1024 / 1024;
  console.log(`${what}: ${(megabytes / filmSeconds).toFixed(2)} MB prepared for each second of film`);
  return {
    what,
    figure: `${(prepare / filmSeconds).toFixed(3)} s per second`,
    beside: `decode only ${(decode / filmSeconds).toFixed(3)}`,
    ratio: (prepare / decode).toFixed(2),
    goal: `≤ ${film.most}`,
    met: prepare / decode <= film.most,
  };
}
