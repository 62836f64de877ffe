import { describe, expect, test } from 'vitest';
import { readCameraLine, readLightingLine } from '../../../src-main/providers/embedded/read-direction.ts';

describe('camera lines', () => {
  test.each([
    ['Slow push in on 85mm', 'push', 85, 0.5],
    ['35mm, pull back to reveal the harbour', 'pull', 35, 1],
    ['pan left across the table', 'pan-left', null, 1],
    ['dolly right with her, 50mm', 'pan-right', 50, 1],
    ['crane up over the roofs', 'tilt-up', null, 1],
    ['tilt down to the ticket', 'tilt-down', null, 1],
    ['fast orbit around the pair', 'orbit', null, 1.6],
    ['handheld, close behind him', 'handheld', null, 1],
    ['static locked-off, 24mm', 'static', 24, 1],
    ['', 'static', null, 1],
  ] as const)('%s', (line, move, lensMm, pace) => {
    expect(readCameraLine(line)).toEqual({ move, lensMm, pace });
  });

  test('the first move named wins', () => {
    expect(readCameraLine('push in, then handheld').move).toBe('push');
    expect(readCameraLine('handheld push in').move).toBe('handheld');
  });
});

describe('lighting lines', () => {
  test('night is darker and bluer than day', () => {
    const night = readLightingLine('cold night exterior');
    const day = readLightingLine('bright day');
    expect(night.brightness).toBeLessThan(day.brightness);
    expect(night.tint.r).toBeLessThan(night.tint.b);
    expect(night.vignette).toBeGreaterThan(day.vignette);
  });

  test('a candle puts a warm pool of light into a dark room', () => {
    const { pool } = readLightingLine('night, one candle');
    expect(pool).not.toBeNull();
    expect(pool?.r).toBeGreaterThan(pool?.b ?? 255);
  });

  test('a word inside another word is not read', () => {
    expect(readLightingLine('Sundays only')).toEqual(readLightingLine(''));
  });
});
