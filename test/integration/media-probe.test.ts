import { copyFile, mkdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openFfmpeg } from '../../src-main/media/ffmpeg.ts';
import { probeMedia } from '../../src-main/media/probe.ts';
import { mediaProbeSchema } from '../../src-shared/domain/media.ts';
import { type MediaWorld, movingPicture, openMediaWorld } from '../fixtures/media-world.ts';

let world: MediaWorld;

beforeAll(async () => {
  world = await openMediaWorld();
});
afterAll(() => world.close());

async function probe(path: string) {
  return mediaProbeSchema.parse(await probeMedia(path, { ffmpeg: world.ffmpeg }));
}

/** Without ffmpeg only what is read in process gets an answer. */
async function probeInProcess(path: string) {
  return mediaProbeSchema.parse(await probeMedia(path, { ffmpeg: null }));
}

describe('films', () => {
  test('an MP4 is read in process, to the frame', async () => {
    const path = await world.makeClip('plain.mp4', { audio: 'sine=duration=1' });
    expect(await probeInProcess(path)).toMatchObject({
      kind: 'clip',
      container: 'mp4',
      mimeType: 'video/mp4',
      width: 320,
      height: 240,
      durationSeconds: 1,
      frameRate: { num: 24, den: 1 },
      frameCount: 24,
      videoCodec: 'h264',
      hasAudio: true,
      audioCodec: 'aac',
      playability: 'native',
      problem: null,
    });
  });

  test('23.976 is a rational', async () => {
    const options = ['-r', '24000/1001', '-c:v', 'libx264', '-preset', 'ultrafast'];
    const path = await world.makeClip('ntsc.mov', { options });
    expect(await probeInProcess(path)).toMatchObject({ container: 'mov', frameRate: { num: 24_000, den: 1001 } });
  });

  test.each([
    ['vp8.webm', ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8'], 'webm', 'vp8', 'native'],
    ['h264.mkv', ['-c:v', 'libx264', '-preset', 'ultrafast'], 'mkv', 'h264', 'native'],
    ['h264.ts', ['-c:v', 'libx264', '-preset', 'ultrafast'], 'ts', 'h264', 'proxy-needed'],
    ['mjpeg.mov', ['-c:v', 'mjpeg'], 'mov', 'mjpeg', 'proxy-needed'],
    ['prores.mov', ['-c:v', 'prores'], 'mov', 'prores', 'proxy-needed'],
    ['mpeg4.avi', ['-c:v', 'mpeg4'], 'avi', 'mpeg4', 'proxy-needed'],
    ['mpeg2.mxf', ['-c:v', 'mpeg2video', '-r', '25'], 'mxf', 'mpeg2video', 'proxy-needed'],
    ['moving.gif', ['-t', '0.5', '-r', '10'], 'gif', 'gif', 'proxy-needed'],
  ])('%s', async (name, options, container, videoCodec, playability) => {
    const path = await world.makeClip(name, { options });
    expect(await probe(path)).toMatchObject({
      kind: 'clip',
      container,
      videoCodec,
      playability,
      width: 320,
      height: 240,
    });
  });

  test('anamorphic pixels give the shape that is shown', async () => {
    const path = await world.makeClip('wide.mp4', { video: `${movingPicture},setsar=2` });
    expect(await probeInProcess(path)).toMatchObject({ width: 640, height: 240 });
  });

  test('the name says nothing, the content everything', async () => {
    await copyFile(await world.makeClip('a.mp4'), world.path('a-film.png'));
    expect(await probe(world.path('a-film.png'))).toMatchObject({
      kind: 'clip',
      container: 'mp4',
      playability: 'native',
    });
    await sharp({ create: { width: 8, height: 6, channels: 3, background: 'red' } })
      .jpeg()
      .toFile(world.path('picture.mp4'));
    expect(await probe(world.path('picture.mp4'))).toMatchObject({
      kind: 'still',
      container: 'jpeg',
      width: 8,
      height: 6,
    });
  });

  test('sound alone is a sound', async () => {
    await world.ffmpeg.run(['-f', 'lavfi', '-i', 'sine=duration=1', world.path('tone.wav')]);
    expect(await probeInProcess(world.path('tone.wav'))).toMatchObject({ kind: 'audio', width: null, hasAudio: true });
  });
});

describe('damaged and false files', () => {
  test('a download cut at 60 % is told although its index promises everything', async () => {
    const options = ['-c:v', 'libx264', '-preset', 'ultrafast', '-movflags', '+faststart'];
    const path = await world.makeClip('cut.mp4', { options });
    await truncate(path, Math.floor((await stat(path)).size * 0.6));
    const result = await probe(path);
    expect(result).toMatchObject({ durationSeconds: 1, playability: 'native' });
    expect(result.problem).toMatch(/cut short/);
  });

  test('an MP4 whose index is missing is unreadable and says why', async () => {
    const path = await world.makeClip('no-index.mp4');
    await truncate(path, Math.floor((await stat(path)).size * 0.6));
    expect(await probe(path)).toMatchObject({
      playability: 'unreadable',
      problem: expect.stringMatching(/index is missing/),
    });
  });

  test('a WebM that ends early is told', async () => {
    const options = ['-c:v', 'libvpx', '-b:v', '500k', '-g', '6', '-deadline', 'realtime', '-cpu-used', '8'];
    const path = await world.makeClip('cut.webm', { video: 'testsrc2=size=320x240:rate=24:duration=4', options });
    await truncate(path, Math.floor((await stat(path)).size * 0.5));
    expect((await probe(path)).problem).toMatch(/cut short/);
  });

  test.each([
    ['empty.mp4', '', /empty/],
    ['page.mp4', '<html><body>504</body></html>', /web page/],
    ['error.mp4', '{"detail":[{"msg":"expired"}]}', /JSON/],
    ['list.mp4', '#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n', /playlist/],
  ])('%s is unreadable, in words', async (name, content, sentence) => {
    await writeFile(world.path(name), content);
    const result = await probe(world.path(name));
    expect(result).toMatchObject({ playability: 'unreadable', width: null, durationSeconds: null });
    expect(result.problem).toMatch(sentence);
  });

  test('a film of random bytes behind a true head is no crash', async () => {
    const head = (await readFile(await world.makeClip('head.mp4'))).subarray(0, 900);
    await writeFile(world.path('noise.mp4'), Buffer.concat([head, Buffer.alloc(50_000, 0xa5)]));
    expect((await probe(world.path('noise.mp4'))).playability).toBe('unreadable');
  });

  test('a missing file and a folder are errors, in words', async () => {
    await expect(probe(world.path('none.mp4'))).rejects.toMatchObject({ code: 'file.missing' });
    await mkdir(world.path('folder.mp4'));
    await expect(probe(world.path('folder.mp4'))).rejects.toMatchObject({ code: expect.stringMatching(/unreadable/) });
  });
});

describe('finding ffmpeg', () => {
  test('a setting that leads nowhere says what is needed', async () => {
    const opening = openFfmpeg({ runner: world.runner, setting: world.path('no-such-ffmpeg') });
    await expect(opening).rejects.toMatchObject({
      code: 'media.ffmpeg-missing',
      hint: expect.stringMatching(/CIRCLETAKE_FFMPEG/),
    });
  });

  test('a program that is no ffmpeg is refused', async () => {
    const opening = openFfmpeg({ runner: world.runner, setting: process.execPath });
    await expect(opening).rejects.toMatchObject({ code: 'media.ffmpeg-missing' });
  });

  test('the environment is asked when there is no setting', async () => {
    const { paths } = await openFfmpeg({
      runner: world.runner,
      env: { ...process.env, CIRCLETAKE_FFMPEG: world.ffmpeg.paths.ffmpeg },
    });
    expect(paths.ffmpeg).toBe(world.ffmpeg.paths.ffmpeg);
  });
});

test.skipIf(process.platform !== 'linux')('a disk that is full is said so, not a failure of ffmpeg', async () => {
  const args = ['-f', 'lavfi', '-i', movingPicture, '-f', 'rawvideo', 'file:/dev/full'];
  await expect(world.ffmpeg.run(args)).rejects.toMatchObject({ code: 'disk.full', retry: true });
});
