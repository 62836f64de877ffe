import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  spriteStyle,
  tileAtFraction,
  tileAtSeconds,
  tileBox,
} from '../../../../src-renderer/features/dailies/filmstrip-tile.ts';
import type { Filmstrip } from '../../../../src-shared/domain/media.ts';

const strip: Filmstrip = { columns: 5, rows: 4, tileWidth: 90, tileHeight: 160, secondsPerTile: 0.2, tileCount: 18 };

describe('the tile of a filmstrip', () => {
  test.each([
    [0, 0, 0, 0],
    [0.19, 0, 0, 0],
    [0.2, 1, 1, 0],
    [1.0, 5, 0, 1],
    [3.59, 17, 2, 3],
    [99, 17, 2, 3],
    [-1, 0, 0, 0],
  ])('at %s s is number %i, in column %i of row %i', (seconds, index, column, row) => {
    expect(tileAtSeconds(strip, seconds)).toEqual({ index, column, row });
  });

  test('is not missed by a rounding of the clock at any tile’s start', () => {
    for (let index = 0; index < strip.tileCount; index += 1) {
      expect(tileAtSeconds(strip, index * strip.secondsPerTile).index).toBe(index);
    }
  });

  test('is always one that exists', () => {
    fc.assert(
      fc.property(fc.double({ min: -10, max: 10 }), (fraction) => {
        const { index, column, row } = tileAtFraction(strip, fraction);
        expect(index).toBeGreaterThanOrEqual(0);
        expect(index).toBeLessThan(strip.tileCount);
        expect(row * strip.columns + column).toBe(index);
      }),
    );
  });

  test('is cut out of the sprite at the size of the box', () => {
    const box = tileBox(strip, { width: 100, height: 80 });
    expect(box).toEqual({ width: 45, height: 80 });
    expect(spriteStyle(strip, { index: 7, column: 2, row: 1 }, box)).toEqual({
      backgroundSize: '225px 320px',
      backgroundPosition: '-90px -80px',
    });
  });
});
