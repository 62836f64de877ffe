import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isApart, proportionOf, proportionText } from '../../../src-shared/domain/proportion.ts';

describe('the Wilson interval', () => {
  it.each([
    // Newcombe, Statistics in Medicine 17 (1998), table I, method 3
    { hits: 81, n: 263, low: 0.2553, high: 0.3662 },
    { hits: 15, n: 148, low: 0.0624, high: 0.1605 },
    { hits: 0, n: 20, low: 0, high: 0.1611 },
    { hits: 1, n: 29, low: 0.0061, high: 0.1718 },
    // by hand: (0.5 + 1.9208/10) / 1.38415 = 0.5; half = 1.95996/1.38415 × √(0.025 + 0.0096036) = 0.26340
    { hits: 5, n: 10, low: 0.2366, high: 0.7634 },
    // by hand: z²/(n + z²) = 3.84146/4.84146 = 0.79345 is the far end of one case
    { hits: 1, n: 1, low: 0.2065, high: 1 },
    { hits: 0, n: 1, low: 0, high: 0.7935 },
  ])('of $hits in $n is $low to $high', ({ hits, n, low, high }) => {
    const share = proportionOf(hits, n);
    expect(share.low).toBeCloseTo(low, 4);
    expect(share.high).toBeCloseTo(high, 4);
    expect(share.rate).toBe(hits / n);
  });

  it('of no cases says nothing', () => {
    expect(proportionOf(0, 0)).toEqual({ hits: 0, n: 0, rate: null, low: null, high: null });
    expect(proportionText(proportionOf(0, 0))).toBe('no cases');
  });

  const cases = fc
    .integer({ min: 1, max: 5000 })
    .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));

  it('contains the rate, stays within 0…1 and mirrors its opposite', () => {
    fc.assert(
      fc.property(cases, ([hits, n]) => {
        const { rate, low, high } = proportionOf(hits, n);
        const other = proportionOf(n - hits, n);
        expect(0 <= (low ?? -1) && (low ?? 2) <= (rate ?? -1) && (rate ?? 2) <= (high ?? -1) && (high ?? 2) <= 1).toBe(
          true,
        );
        expect(low).toBeCloseTo(1 - (other.high ?? 0), 12);
      }),
    );
  });

  it('narrows as the same rate is seen more often', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 2, max: 20 }), ([hits, n], times) => {
        const width = (of: { low: number | null; high: number | null }) => (of.high ?? 0) - (of.low ?? 0);
        expect(width(proportionOf(hits * times, n * times))).toBeLessThan(width(proportionOf(hits, n)));
      }),
    );
  });
});

it('two intervals are apart only when they have nothing in common', () => {
  expect(isApart(proportionOf(5, 50), proportionOf(40, 50))).toBe(true);
  expect(isApart(proportionOf(40, 50), proportionOf(5, 50))).toBe(true);
  expect(isApart(proportionOf(20, 50), proportionOf(28, 50))).toBe(false);
  expect(isApart(proportionOf(0, 0), proportionOf(50, 50))).toBe(false);
});

it('is told with its denominator', () => {
  expect(proportionText(proportionOf(12, 20))).toBe('12 of 20 (60 %, 39–78 %)');
});
