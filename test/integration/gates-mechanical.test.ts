import { stat, truncate, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMechanicalGate } from '../../src-main/gates/mechanical/mechanical-gate.ts';
import type { GateExpectation } from '../../src-main/orchestrator/ports/gate.ts';
import { type MediaWorld, openMediaWorld } from '../fixtures/media-world.ts';

let world: MediaWorld;

beforeAll(async () => {
  world = await openMediaWorld();
});
afterAll(() => world.close());

const asked: GateExpectation = {
  phase: 'video',
  kind: 'clip',
  width: 320,
  height: 240,
  frameRate: { num: 24, den: 1 },
  durationSeconds: 2,
  audio: true,
};
const moving = 'testsrc2=size=320x240:rate=24:duration=2';
const tone = 'sine=duration=2';

async function judge(path: string, change: Partial<GateExpectation> = {}) {
  const probe = await world.workshop.probe(path);
  const gate = createMechanicalGate(world.workshop);
  return gate.measure({ path, probe, expectation: { ...asked, ...change } }, new AbortController().signal);
}

test('a whole clip as asked passes', async () => {
  expect(await judge(await world.makeClip('good.mp4', { video: moving, audio: tone }))).toMatchObject({
    status: 'pass',
    findings: [],
  });
});

describe('seeded defects are found and named', () => {
  test.each([
    ['black', `${moving},drawbox=enable='between(n,10,11)':color=black:t=fill`, tone, 10, 11],
    ['frozen', `${moving},loop=loop=14:size=1:start=20,setpts=N/24/TB,trim=end_frame=48`, tone, 19, 33],
    ['frozen', `testsrc2=size=320x240:rate=24:duration=1,tpad=stop_mode=clone:stop_duration=1`, tone, 23, 47],
  ])('%s', async (code, video, audio, startFrame, endFrame) => {
    // without loss: equal frames stay equal
    const options = ['-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '0'];
    const result = await judge(await world.makeClip(`${code}-${startFrame}.mp4`, { video, audio, options }));
    expect(result.status).toBe('fail');
    expect(result.findings).toContainEqual(expect.objectContaining({ code, startFrame, endFrame }));
  });

  test.each([
    ['sharpness', `${moving},gblur=sigma=24`, tone],
    ['flicker', `${moving},eq=brightness='0.1*mod(n,2)':eval=frame`, tone],
    ['silence', moving, 'anullsrc=duration=2'],
    ['clipping', moving, "aevalsrc='clip(4*sin(2000*t),-1,1)':d=2"],
  ])('%s', async (code, video, audio) => {
    const options = ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'pcm_s16le'];
    const result = await judge(await world.makeClip(`${code}.mov`, { video, audio, options }));
    expect(result.findings.map((finding) => finding.code)).toContain(code);
    expect(result.status).toBe('fail');
  });

  test('a missing sound track', async () => {
    expect((await judge(await world.makeClip('mute.mp4', { video: moving }))).reason).toMatch(/no.*|none/);
  });

  test('another length, size and rate than asked', async () => {
    const path = await world.makeClip('other.mp4', {
      video: 'testsrc2=size=240x240:rate=30:duration=3',
      audio: 'sine=duration=3',
    });
    const codes = (await judge(path)).findings.map((finding) => finding.code);
    expect(codes).toEqual(expect.arrayContaining(['duration', 'size', 'aspect', 'frame_rate']));
  });

  test('a download cut at 60 %', async () => {
    const options = ['-c:v', 'libx264', '-preset', 'ultrafast', '-movflags', '+faststart'];
    const path = await world.makeClip('cut.mp4', { video: moving, audio: tone, options });
    await truncate(path, Math.floor((await stat(path)).size * 0.6));
    const result = await judge(path);
    expect(result).toMatchObject({ status: 'fail', reason: expect.stringMatching(/cut short/) });
    expect(result.measurements.find(({ metric }) => metric === 'duration')?.status).toBe('pass');
  });

  test('flipped bits in the middle of the film', async () => {
    const { readFile } = await import('node:fs/promises');
    const path = await world.makeClip('rot.mp4', { video: moving, audio: tone });
    const bytes = await readFile(path);
    const start = bytes.indexOf('mdat') + 400;
    for (let at = start; at < start + 60_000 && at < bytes.length - 4000; at += 97) bytes[at] = (bytes[at] ?? 0) ^ 0x5a;
    await writeFile(path, bytes);
    expect((await judge(path)).findings).toContainEqual(expect.objectContaining({ code: 'decode', severity: 'fatal' }));
  });
});

describe('stills', () => {
  const askedStill = {
    phase: 'keyframe' as const,
    kind: 'still' as const,
    durationSeconds: null,
    frameRate: null,
    audio: null,
  };

  async function makeStill(name: string, background: string, noise = 0) {
    const create = { width: 320, height: 240, channels: 3 as const, background };
    const withNoise = noise > 0 ? { ...create, noise: { type: 'gaussian' as const, mean: 128, sigma: noise } } : create;
    await sharp({ create: withNoise }).png().toFile(world.path(name));
    return world.path(name);
  }

  test('a picture passes; an empty one, a black one and one of another size do not', async () => {
    expect((await judge(await makeStill('good.png', '#000', 50), askedStill)).status).toBe('pass');
    expect((await judge(await makeStill('empty.png', '#808080'), askedStill)).findings[0]?.code).toBe('blank');
    expect(
      (await judge(await makeStill('black.png', '#050505'), askedStill)).findings.map((finding) => finding.code),
    ).toContain('black');
    expect((await judge(world.path('good.png'), { ...askedStill, width: 1280, height: 720 })).status).toBe('fail');
  });

  test('a sketch may be soft', async () => {
    const ramp = Buffer.from(Array.from({ length: 320 * 240 }, (_, at) => Math.round((at % 320) * 0.7)));
    await sharp(ramp, { raw: { width: 320, height: 240, channels: 1 } })
      .png()
      .toFile(world.path('sketch.png'));
    expect((await judge(world.path('sketch.png'), askedStill)).findings.map((finding) => finding.code)).toEqual([
      'sharpness',
    ]);
    expect((await judge(world.path('sketch.png'), { ...askedStill, phase: 'previs' })).status).toBe('pass');
  });
});

test('an error page saved as a film fails with its own words, without ffmpeg', async () => {
  await writeFile(world.path('page.mp4'), '<!doctype html><title>502</title>');
  expect(await judge(world.path('page.mp4'))).toMatchObject({
    status: 'fail',
    reason: expect.stringMatching(/web page/),
  });
});
