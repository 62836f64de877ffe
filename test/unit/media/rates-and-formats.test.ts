import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pixelFormatOf } from '../../../src-main/media/pixel-format.ts';
import { isAudioNative, soundProblem, videoPlayability } from '../../../src-main/media/playability.ts';
import { parseRate, toRationalRate } from '../../../src-main/media/rational-rate.ts';

describe('frame rates', () => {
  test.each([
    [24, 24, 1],
    [23.976023976, 24_000, 1001],
    [23.976, 24_000, 1001],
    [29.97002997, 30_000, 1001],
    [59.94, 60_000, 1001],
    [12.5, 25, 2],
    [1 / 3, 1, 3],
  ])('%f is %i/%i', (measured, num, den) => {
    expect(toRationalRate(measured)).toEqual({ num, den });
  });

  test('what is no rate is null', () => {
    for (const value of [0, -24, Number.NaN, Number.POSITIVE_INFINITY, 16_384])
      expect(toRationalRate(value)).toBeNull();
    for (const text of ['0/0', '90000/1', '24', undefined]) expect(parseRate(text)).toBeNull();
    expect(parseRate('24000/1001')).toEqual({ num: 24_000, den: 1001 });
  });

  test('every rate comes back within a hundredth', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 999, noNaN: true }), (measured) => {
        const rate = toRationalRate(measured);
        expect(rate).not.toBeNull();
        expect((rate?.num ?? 0) / (rate?.den ?? 1) / measured).toBeCloseTo(1, 2);
      }),
    );
  });
});

describe('pixel formats from codec strings', () => {
  test.each([
    ['avc1.64001f', 'yuv420p'],
    ['avc1.6e0033', 'yuv420p10le'],
    ['avc1.7a0033', null],
    ['vp09.00.40.08', 'yuv420p'],
    ['vp09.02.31.10.01.09.14.09.00', 'yuv420p10le'],
    ['vp09.01.50.08.03.01.13.00.01', 'yuv444p'],
    ['av01.0.04M.10.0.111.01.01.01.0', 'yuv420p10le'],
    ['av01.0.04M.08.1.000', 'gray'],
    ['hev1.2.4.L93.90', 'yuv420p10le'],
    ['vp8', 'yuv420p'],
    ['ap4h', null],
    [null, null],
  ])('%s → %s', (codec, format) => {
    expect(pixelFormatOf(codec)).toBe(format);
  });

  test('chroma and depth of High profiles stand behind the parameter sets', () => {
    const avcc = Uint8Array.from([1, 0xf4, 0, 0x0a, 0xff, 0xe1, 0, 2, 0x67, 0xf4, 1, 0, 1, 0x68, 0xff, 0xfa, 0]);
    expect(pixelFormatOf('avc1.f4000a', avcc)).toBe('yuv444p10le');
  });

  test('a torn configuration is no crash', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 24 }), (avcc) => {
        expect(() => pixelFormatOf('avc1.7a0033', avcc)).not.toThrow();
      }),
    );
  });
});

describe('playability', () => {
  test.each([
    ['mp4', 'h264', 'native'],
    ['webm', 'vp9', 'native'],
    ['mkv', 'av1', 'native'],
    ['mov', 'prores', 'proxy-needed'],
    ['mp4', 'hevc', 'proxy-needed'],
    ['ts', 'h264', 'proxy-needed'],
    ['avi', 'mjpeg', 'proxy-needed'],
    ['mp4', null, 'unreadable'],
  ] as const)('%s with %s is %s', (container, codec, playability) => {
    expect(videoPlayability(container, codec)).toBe(playability);
  });

  test('sound that Chromium drops without a word is spoken of', () => {
    expect(isAudioNative('pcm-s16')).toBe(true);
    expect(soundProblem('ac3', 'native')).toMatch(/AC3.*proxy/);
    expect(soundProblem('ac3', 'proxy-needed')).toBeNull();
    expect(soundProblem('aac', 'native')).toBeNull();
    expect(soundProblem(null, 'native')).toBeNull();
  });
});
