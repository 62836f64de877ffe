import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawFrameStrip, drawSlateStrip } from '../../../src-main/providers/embedded/burn-in.ts';
import { readFrameCode } from '../../fixtures/read-frame-code.ts';

const rate = { num: 24, den: 1 };

test('every frame number can be read back from its bar code', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 65_535 }), fc.constantFrom(360, 720, 1080), (frame, width) => {
      const strip = drawFrameStrip(width, frame, rate, 'SH003');
      expect(readFrameCode(strip, { pictureWidth: width, stripTop: 0 })).toBe(frame);
    }),
  );
});

test('a picture without a bar code reads as none', () => {
  expect(readFrameCode(drawSlateStrip(720, 'EP001 SH003'), { pictureWidth: 720, stripTop: 0 })).toBeNull();
});

test('strips of neighbouring frames differ', () => {
  expect(drawFrameStrip(720, 7, rate, 'A').pixels).not.toEqual(drawFrameStrip(720, 8, rate, 'A').pixels);
});
