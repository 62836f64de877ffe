import { describe, expect, it } from 'vitest';
import {
  casesText,
  countText,
  durationText,
  intervalText,
  percentText,
  timePosition,
} from '../../../../src-renderer/features/learning/learning-text.ts';
import { proportionOf } from '../../../../src-shared/domain/proportion.ts';

describe('a rate', () => {
  it('stands with its cases and its interval', () => {
    const share = proportionOf(12, 20);
    expect([casesText(share), percentText(share.rate), intervalText(share)]).toEqual(['12 of 20', '60 %', '39–78 %']);
  });

  it('of no cases is no nought', () => {
    const share = proportionOf(0, 0);
    expect([casesText(share), percentText(share.rate), intervalText(share)]).toEqual(['no cases', '—', '']);
  });
});

it.each([
  [4.4, '4 ms'],
  [999.4, '999 ms'],
  [999.6, '1.0 s'],
  [6_240, '6.2 s'],
  [59_940, '59.9 s'],
  [59_960, '1 min'],
  [80_000, '1 min 20 s'],
  [3_599_600, '1 h'],
  [7_500_000, '2 h 5 min'],
])('%d ms read as %s', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

it('one is one', () => {
  expect([countText(1, 'take'), countText(2, 'take'), countText(0, 'still')]).toEqual([
    '1 take',
    '2 takes',
    '0 stills',
  ]);
});

it('times keep their order on the scale, and none falls off it', () => {
  const places = [0, 1, 10, 1000, 60_000, 3_600_000, 86_400_000, 10 ** 12].map(timePosition);
  expect(places.every((place, index) => place >= (places[index - 1] ?? 0) && place <= 1)).toBe(true);
  expect(places.at(-1)).toBe(1);
});
