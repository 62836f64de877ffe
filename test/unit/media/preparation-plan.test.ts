import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { colorFilters } from '../../../src-main/media/color-tags.ts';
import { fitArea, fitProxy, layOutFilmstrip } from '../../../src-main/media/fit-sizes.ts';
import { type PlanRequest, planPreparation } from '../../../src-main/media/preparation-plan.ts';
import { describeDecodeError } from '../../../src-main/media/prepare-clip.ts';
import type { MediaProbe } from '../../../src-shared/domain/media.ts';

const probe: MediaProbe = {
  kind: 'clip',
  container: 'mp4',
  mimeType: 'video/mp4',
  width: 1920,
  height: 1080,
  rotation: 0,
  durationSeconds: 5,
  frameRate: { num: 24, den: 1 },
  frameCount: 120,
  videoCodec: 'h264',
  pixelFormat: 'yuv420p',
  hasAudio: true,
  audioCodec: 'aac',
  sizeBytes: 1,
  playability: 'native',
  problem: null,
};
const shown = { width: 1920, height: 1080 };
const request: PlanRequest = { probe, shown, matrix: 'tagged', ffmpegVersion: '5.1.9', mode: 'strict' };
const proxyOf = (change: Partial<PlanRequest>) =>
  planPreparation({ ...request, ...change }).outputs[0]?.options.join(' ') ?? '';

describe('sizes', () => {
  test('the proxy has 540 pixels on its short side and is never enlarged', () => {
    expect(fitProxy(shown)).toEqual({ width: 960, height: 540 });
    expect(fitProxy({ width: 720, height: 1280 })).toEqual({ width: 540, height: 960 });
    expect(fitProxy({ width: 320, height: 240 })).toEqual({ width: 320, height: 240 });
    expect(fitProxy({ width: 1, height: 1 })).toEqual({ width: 2, height: 2 });
  });

  test('every size is even and at least two', () => {
    const side = fc.integer({ min: 1, max: 16_384 });
    fc.assert(
      fc.property(side, side, (width, height) => {
        for (const size of [fitProxy({ width, height }), fitArea({ width, height }, 57_600)]) {
          expect([size.width % 2, size.height % 2]).toEqual([0, 0]);
          expect(Math.min(size.width, size.height)).toBeGreaterThanOrEqual(2);
        }
      }),
    );
  });

  test('the filmstrip holds a tile each 0.2 s', () => {
    expect(layOutFilmstrip(shown, 5, 120)).toEqual({
      columns: 10,
      rows: 3,
      tileWidth: 284,
      tileHeight: 160,
      secondsPerTile: 0.2,
      tileCount: 25,
    });
  });

  test('the filmstrip of any length has at most 100 tiles, all within the film', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 7200, noNaN: true }),
        fc.integer({ min: 1, max: 10_000 }),
        (seconds, frames) => {
          const strip = layOutFilmstrip(shown, seconds, frames);
          expect(strip.tileCount).toBeGreaterThanOrEqual(1);
          expect(strip.tileCount).toBeLessThanOrEqual(100);
          expect(strip.columns * strip.rows).toBeGreaterThanOrEqual(strip.tileCount);
          expect((strip.tileCount - 1) * strip.secondsPerTile).toBeLessThanOrEqual(seconds + 1e-5);
        },
      ),
    );
  });
});

describe('the one run', () => {
  test('is strict about errors first, then shows what it can, then without sound', () => {
    expect(planPreparation(request).inputOptions).toContain('-xerror');
    expect(planPreparation({ ...request, mode: 'lenient' }).inputOptions).not.toContain('-xerror');
    expect(planPreparation({ ...request, mode: 'silent' }).filterGraph).not.toContain('0:a:0');
  });

  test('keeps the frames one for one, by the name that this ffmpeg knows', () => {
    expect(proxyOf({})).toContain('-fps_mode passthrough');
    expect(proxyOf({ ffmpegVersion: '4.4.2-0ubuntu0.22' })).toContain('-vsync passthrough');
    expect(proxyOf({ ffmpegVersion: 'N-119000-g1a2b3c' })).toContain('-fps_mode passthrough');
  });

  test('copies AAC and encodes any other sound', () => {
    expect(proxyOf({})).toContain('-c:a copy');
    expect(proxyOf({ probe: { ...probe, audioCodec: 'opus' } })).toContain('-c:a aac');
    expect(proxyOf({ probe: { ...probe, hasAudio: false, audioCodec: null } })).not.toContain('-c:a');
  });

  test('writes the colours that players guess for the original into its smaller copy', () => {
    expect(colorFilters('untagged', shown)).toContain('colorspace=bt709');
    expect(colorFilters('untagged', { width: 640, height: 360 })).toContain('colorspace=smpte170m');
    expect(colorFilters('tagged', shown)).toBe('');
    expect(planPreparation({ ...request, matrix: 'rgb' }).filterGraph).toContain('out_color_matrix=bt709');
  });

  test('no option is torn by a space, and no name but the fixed ones is in it', () => {
    const plan = planPreparation(request);
    for (const option of plan.outputs.flatMap((output) => output.options)) expect(option).not.toContain(' ');
    expect(plan.filterGraph).not.toContain(' ');
  });

  test('a long film is sampled for sharpness 60 times, not more', () => {
    const { sharpnessFramesPerSecond } = planPreparation({ ...request, probe: { ...probe, durationSeconds: 600 } });
    expect(sharpnessFramesPerSecond * 600).toBeCloseTo(60);
  });
});

describe('why a film does not decode', () => {
  const say = (stderr: string, timedOut = false) => describeDecodeError({ stderr, timedOut });

  test('is the first complaint, without addresses', () => {
    expect(
      say('[h264 @ 0x55d1] cabac decode of qscale diff failed at 13 7\n[h264 @ 0x55d1] error while decoding MB'),
    ).toBe('h264: cabac decode of qscale diff failed at 13 7');
    expect(say('\n[NULL @ 0x7f] Invalid NAL unit size (307 > 122).\n')).toBe('Invalid NAL unit size (307 > 122)');
    expect(say('')).toBe('ffmpeg gave no reason');
    expect(say('x', true)).toMatch(/too long/);
  });
});
