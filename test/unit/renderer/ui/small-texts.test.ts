import { expect, test } from 'vitest';
import { showBytes } from '../../../../src-renderer/ui/bytes-text.ts';
import { showCount } from '../../../../src-renderer/ui/count-text.ts';
import { showDuration } from '../../../../src-renderer/ui/elapsed.tsx';
import { clockTime } from '../../../../src-renderer/ui/time-text.ts';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1500, '1.5 kB'],
  [4_200_000, '4.2 MB'],
  [123_456_789, '123 MB'],
  [2_000_000_000, '2.0 GB'],
])('%i bytes are %s', (bytes, text) => {
  expect(showBytes(bytes)).toBe(text);
});

test.each([
  [-500, '0:00'],
  [8200, '0:08'],
  [61_000, '1:01'],
  [3_760_000, '1:02:40'],
])('%i milliseconds are %s', (ms, text) => {
  expect(showDuration(ms)).toBe(text);
});

test('a count has its thousands apart', () => {
  expect([0, 999, 9999].map(showCount)).toEqual(['0', '999', '9,999']);
});

test('a time of day counts to 24 in every room', () => {
  expect(clockTime(new Date(2026, 4, 4, 15, 3, 9).getTime())).toMatch(/^15\D03\D09$/);
  expect(clockTime(new Date(2026, 4, 4, 0, 3, 9).getTime())).toMatch(/^00\D03\D09$/);
});
