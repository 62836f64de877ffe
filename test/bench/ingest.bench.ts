// Taking a file in: probing and hashing, beside what the machine can do at best. Plain Node: `node test/bench/ingest.bench.ts`.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFile, open, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { createFileHasher } from '../../src-main/media/hash-file.ts';
import { probeMedia } from '../../src-main/media/probe.ts';
import { openMediaWorld } from '../fixtures/media-world.ts';
import { median, printTable, type Row, race } from './measure.ts';

const megabytes = 512;
const world = await openMediaWorld();

try {
  printTable('Probe', [
    await benchProbe('5 s 1080p MP4', 'film.mp4', 5),
    await benchProbe('30 s 1080p MP4', 'long.mp4', 30),
  ]);
  printTable(`Hash, ${megabytes} MB in the page cache`, await benchHash());
} finally {
  await world.close();
}

async function benchProbe(what: string, name: string, seconds: number): Promise<Row> {
  const video = `testsrc2=size=1920x1080:rate=24:duration=${seconds}`;
  const path = await world.makeClip(name, { video, audio: `sine=duration=${seconds}` });
  const times: number[] = [];
  const ffprobe: number[] = [];
  for (let round = 0; round < 40; round += 1) {
    times.push(await timeOf(() => probeMedia(path, { ffmpeg: null })));
    if (round % 8 === 0)
      ffprobe.push(await timeOf(() => world.ffmpeg.attemptProbe(['-v', 'error', '-show_streams', path])));
  }
  const [own, peer] = [median(times), median(ffprobe)];
  return {
    what,
    figure: `${own.toFixed(2)} ms`,
    beside: `ffprobe ${peer.toFixed(0)} ms`,
    ratio: `${(peer / own).toFixed(0)} × faster`,
    goal: '≤ 2 ms',
    met: own <= 2,
  };
}

async function benchHash(): Promise<Row[]> {
  const files = [world.path('a.bin'), world.path('b.bin')] as const;
  for (const path of files) await fill(path);
  const one = createFileHasher({ workers: 1 });
  const two = createFileHasher({ workers: 2 });
  await Promise.all([one.hashFile(files[0]), two.hashFile(files[0]), two.hashFile(files[1])]);
  const copy = world.path('copy.bin');
  const openssl: number[] = [];
  const seconds = await race({
    openssl: async () => void openssl.push(opensslSpeed()),
    one: async () => void (await one.hashFile(files[0])),
    sha256sum: async () => void execFileSync('sha256sum', [files[0]]),
    two: async () => void (await Promise.all(files.map((path) => two.hashFile(path)))),
    plainCopy: () => plainCopy(files[0], copy),
    copyAndHash: async () => void (await one.copyAndHash(files[0], copy)),
  });
  await Promise.all([one.dispose(), two.dispose()]);
  const speed = (name: string, factor = 1) => (megabytes * factor) / (seconds[name] ?? Number.NaN);
  const core = median(openssl);
  return [
    compare('one file', speed('one'), { name: 'openssl, one core', speed: core, least: 0.9 }),
    compare('one file', speed('one'), { name: 'sha256sum', speed: speed('sha256sum'), least: 4 }),
    compare(`two files, ${availableParallelism()} cores`, speed('two', 2), {
      name: 'openssl × 2',
      speed: core * 2,
      least: 0.9,
    }),
    compare('copy and hash, flushed', speed('copyAndHash'), {
      name: 'copy, flushed',
      speed: speed('plainCopy'),
      least: 0.8,
    }),
  ];
}

function compare(what: string, speed: number, peer: { name: string; speed: number; least: number }): Row {
  const ratio = speed / peer.speed;
  return {
    what,
    figure: `${speed.toFixed(0)} MB/s`,
    beside: `${peer.name} ${peer.speed.toFixed(0)} MB/s`,
    ratio: ratio.toFixed(2),
    goal: `≥ ${peer.least}`,
    met: ratio >= peer.least,
  };
}

/** MB/s of one core on blocks of 4 MiB, as openssl itself measures it. */
function opensslSpeed(): number {
  // by the clock on the wall, as everything here
  const args = ['speed', '-elapsed', '-seconds', '1', '-bytes', '4194304', '-evp', 'sha256'];
  const report = execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const thousands = /^sha256\s+([\d.]+)k/im.exec(report)?.[1];
  return (Number(thousands) * 1000) / (1024 * 1024);
}

async function plainCopy(source: string, destination: string): Promise<void> {
  await rm(destination, { force: true });
  await copyFile(source, destination);
  const file = await open(destination, 'r+');
  await file.sync();
  await file.close();
}

async function fill(path: string): Promise<void> {
  const file = await open(path, 'w');
  for (let part = 0; part < megabytes / 16; part += 1) await file.write(randomBytes(16 * 1024 * 1024));
  await file.close();
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
