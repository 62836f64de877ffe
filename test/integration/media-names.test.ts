import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { prepareMedia } from '../../src-main/media/prepare-media.ts';
import { type MediaWorld, openMediaWorld } from '../fixtures/media-world.ts';

// Names that a shell, an option parser, a pattern or a protocol would take for something else. Slashes and NUL cannot be
// in a name at all; names that differ only in case or Unicode form fall together on some systems and are not repeated.
const portable = ['-rf.mp4', '--version', 'a b.mp4', "a'b.mp4", '$(touch CANARY).mp4', '`touch CANARY`.mp4', 'a;b.mp4'];
const patterns = [
  'frame_%04d.png',
  '%2e%2e%2f.mp4',
  '100%.mp4',
  '#hash.mp4',
  'a&b.mp4',
  '{a,b}.mp4',
  '日本語 テスト.mp4',
  '🎬.mp4',
];
const posixOnly = [
  '[glob]*.mp4',
  'concat:a.mp4|b.mp4',
  'http:evil.mp4',
  'pipe:0',
  'data:text.mp4',
  'a"b.mp4',
  'new\nline.mp4',
  'a\\b.mp4',
];
const names = [...portable, ...patterns, ...(process.platform === 'win32' ? [] : posixOnly)];

let world: MediaWorld;
let clip: string;

beforeAll(async () => {
  world = await openMediaWorld();
  await mkdir(world.path('takes'));
  const video = 'testsrc2=size=64x48:rate=24:duration=0.2';
  // AVI goes through ffprobe too, MP4 would be read in process alone
  clip = await world.makeClip('plain.avi', { video, options: ['-c:v', 'mpeg4'] });
});
afterAll(() => world.close());

test.each(names)('%j is probed, hashed and prepared as any other file', async (name) => {
  const path = join(world.path('takes'), name);
  await copyFile(clip, path);
  const probe = await world.workshop.probe(path);
  expect(probe).toMatchObject({ kind: 'clip', container: 'avi', width: 64, height: 48 });
  expect((await world.workshop.hash(path)).sizeBytes).toBe(probe.sizeBytes);
  const { prepared } = await prepareMedia(world.ffmpeg, { path, probe, outDir: world.path('out') });
  expect(prepared).toMatchObject({ poster: true, proxy: true });
});

test('nothing was executed and nothing was written beside the takes', async () => {
  expect((await readdir(world.path('takes'))).sort()).toEqual([...names].sort());
  expect((await readdir(world.folder)).sort()).toEqual(['children', 'out', 'plain.avi', 'takes']);
  expect((await readFile(join(world.path('takes'), '-rf.mp4'))).equals(await readFile(clip))).toBe(true);
});
