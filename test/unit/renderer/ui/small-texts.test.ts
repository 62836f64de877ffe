import { expect, test } from 'vitest';
import { showBytes } from '../../../../src-renderer/ui/bytes-text.ts';
import { showCount } from '../../../../src-renderer/ui/count-text.ts';
import { showDuration } from '../../../../src-renderer/ui/elapsed.tsx';
import { agoText, clockTime, momentText, shortDay, spanText } from '../../../../src-renderer/ui/time-text.ts';

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
  [(50 * 60 + 59) * 60_000, '2 d 2 h'],
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

const noon = new Date(2026, 4, 4, 12, 0, 0).getTime();

test.each([
  [-3000, 'just now'],
  [59_000, 'just now'],
  [12 * 60_000, '12 min ago'],
  [47 * 3_600_000, '47 h ago'],
  [3 * 86_400_000, '3 days ago'],
])('%i milliseconds back is %s', (ms, text) => {
  expect(agoText(noon - ms, noon)).toBe(text);
});

test.each([
  [34_400, '34 s'],
  [12 * 60_000, '12 min'],
  [3 * 3_600_000, '3 h'],
  [100 * 60_000, '1 h 40 min'],
  [80 * 3_600_000, '3 days'],
])('what took %i milliseconds took %s', (ms, text) => {
  expect(spanText(ms)).toBe(text);
});

test('a moment of today is its time of day; of another day it says which, as in the log of a night', () => {
  expect(momentText(noon - 3000, noon)).toBe(clockTime(noon - 3000));
  const lastNight = momentText(noon - 14 * 3_600_000, noon);
  expect(lastNight).toContain('3');
  expect(lastNight).toContain('22:00');
  expect(lastNight).not.toContain('2026');
  expect(shortDay(noon - 300 * 86_400_000, noon)).toContain('2025');
});
