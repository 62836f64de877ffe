import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAudioLevels } from '../../../src-main/media/audio-levels.ts';
import { createFrameMeter, laplacianVariance } from '../../../src-main/media/frame-meter.ts';

describe('the frame meter', () => {
  test('gives luma, change and black of each frame', () => {
    const meter = createFrameMeter(4);
    meter.push(Uint8Array.from([0, 0, 0, 0, 100, 100, 100, 100, 100, 100, 100, 20]));
    expect(meter.figures()).toEqual({ luma: [0, 100, 80], change: [null, 100, 20], black: [1, 0, 0.25] });
  });

  test('does not care how the stream is cut', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 12, maxLength: 60 }), fc.integer({ min: 1, max: 11 }), (bytes, step) => {
        const whole = createFrameMeter(6);
        whole.push(bytes);
        const pieces = createFrameMeter(6);
        for (let at = 0; at < bytes.length; at += step) pieces.push(bytes.subarray(at, at + step));
        expect(pieces.figures()).toEqual(whole.figures());
        expect(pieces.frameCount).toBe(Math.floor(bytes.length / 6));
      }),
    );
  });
});

describe('sharpness', () => {
  test('is nothing for an even picture and large for a checkerboard', () => {
    expect(laplacianVariance(new Uint8Array(64).fill(90), 8, 8)).toBe(0);
    const board = Uint8Array.from({ length: 64 }, (_, at) => ((at + Math.floor(at / 8)) % 2) * 255);
    expect(laplacianVariance(board, 8, 8)).toBeGreaterThan(100_000);
  });

  test('of a picture too small to have an inside is nothing, not NaN', () => {
    expect(laplacianVariance(new Uint8Array(4), 2, 2)).toBe(0);
  });
});

describe('audio levels', () => {
  const window = (rms: string, peak: string, flat: string) =>
    `frame:0    pts:0       pts_time:0\nlavfi.astats.Overall.Peak_level=${peak}\nlavfi.astats.Overall.RMS_level=${rms}\nlavfi.astats.Overall.Flat_factor=${flat}\n`;

  test('silence is null, not minus infinity', () => {
    const levels = parseAudioLevels(window('-inf', '-inf', '0.000000') + window('-21.339571', '-18.1', '0.0'));
    expect(levels).toEqual({ windowSeconds: 0.1, rmsDb: [null, -21.34], peakDb: -18.1, flatFactor: 0 });
  });

  test('flatness counts only where the wave is at full scale', () => {
    expect(parseAudioLevels(window('-30', '-26.8', '12.5'))?.flatFactor).toBe(0);
    expect(parseAudioLevels(window('-3', '0.000000', '9.5'))?.flatFactor).toBe(9.5);
  });

  test('no windows are no measurement', () => {
    expect(parseAudioLevels('')).toBeNull();
  });
});
