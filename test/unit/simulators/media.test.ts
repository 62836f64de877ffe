import { describe, expect, test } from 'vitest';
import { pngPicture } from '../../integration/simulators/simulator-world.ts';
import { clipOf, stillOf } from '../../simulators/core/wishes.ts';
import { aspectOf, linesOf, pictureSize, sizeOf } from '../../simulators/media/frame-size.ts';
import { drawingOf } from '../../simulators/media/media-arguments.ts';
import { withMark } from '../../simulators/media/unique-bytes.ts';

describe('the size of a frame', () => {
  test.each([
    ['16:9', 720, 1280, 720],
    ['9:16', 720, 720, 1280],
    ['1:1', 1080, 1080, 1080],
    ['21:9', 720, 1680, 720],
    ['16:9', 480, 854, 480],
    ['wide', 720, 1280, 720],
  ])('of %s with %i lines is %i × %i', (aspect, lines, width, height) => {
    expect(sizeOf(aspect, lines)).toEqual({ width, height });
  });

  test.each([
    ['480p', 480],
    ['4k', 2160],
    [undefined, 720],
  ])('with resolution %s has %i lines', (resolution, lines) => {
    expect(linesOf(resolution)).toBe(lines);
  });

  test('is read from the head of a PNG and of a JPEG', () => {
    const jpeg = Buffer.from('ffd8ffe000044a46ffc0000b0800f0014001011100', 'hex');
    expect(pictureSize(pngPicture)).toEqual({ width: 16, height: 9 });
    expect(aspectOf(jpeg)).toBe('320:240');
    expect([pictureSize(Buffer.from('GIF89a')), aspectOf(undefined)]).toEqual([null, null]);
  });
});

describe('a drawing', () => {
  test('of the wrong aspect is square where it should be wide, and wide where it should be square', () => {
    const sizes = [clipOf({ width: 1280, height: 720 }, 4, true), stillOf({ width: 512, height: 512 })].map((wish) => {
      const { width, height } = drawingOf(wish, 'wrong-aspect', 0);
      return [width, height];
    });
    expect(sizes).toEqual([
      [720, 720],
      [768, 512],
    ]);
  });
});

describe('a mark', () => {
  test.each(['png', 'jpeg', 'mp4'] as const)('makes %s files differ and leaves what they begin with', (format) => {
    const [one, two] = ['a', 'b'].map((mark) => withMark(pngPicture, format, mark));
    expect(one?.equals(two ?? Buffer.alloc(0))).toBe(false);
    expect(one?.subarray(0, 2)).toEqual(pngPicture.subarray(0, 2));
    expect(one?.byteLength).toBeGreaterThan(pngPicture.byteLength);
  });
});
