import { describe, expect, test } from 'vitest';
import { parseFrameText, showFrame, showRate } from '../../../../src-renderer/features/dailies/frame-text.ts';

const film = { num: 24, den: 1 };
const ntsc = { num: 30_000, den: 1001 };

describe('a frame that is typed', () => {
  test.each([
    ['96', 96],
    [' 12 ', 12],
    ['+10', 60],
    ['-5', 45],
    ['2:10', 58],
    ['00:00:02:10', 58],
    ['1:00:00', 1440],
  ])('%s is frame %i', (text, frame) => {
    expect(parseFrameText(text, film, 50)).toBe(frame);
  });

  test.each(['', 'abc', '2:30', '1:2:3:4:5', '1.5', '--3', '2:'])('%j is not one', (text) => {
    expect(parseFrameText(text, film, 50)).toBeNull();
  });

  test('keeps drop-frame labels apart', () => {
    expect(parseFrameText('00:01:00;02', ntsc, 0)).toBe(1800);
    expect(parseFrameText('00:01:00;00', ntsc, 0)).toBeNull();
  });
});

describe('a frame that is shown', () => {
  test('is a number or a timecode, with drop-frame where the rate has it', () => {
    expect(showFrame(58, film, 'frames')).toBe('58');
    expect(showFrame(58, film, 'timecode')).toBe('00:00:02:10');
    expect(showFrame(1800, ntsc, 'timecode')).toBe('00:01:00;02');
  });

  test('has a rate as people say it', () => {
    expect(showRate(film)).toBe('24');
    expect(showRate({ num: 24_000, den: 1001 })).toBe('23.976');
  });
});
