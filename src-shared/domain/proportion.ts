import { z } from 'zod';

/** Cases out of `n`, with the Wilson interval in which the true share lies with 95 % confidence; null while n is 0. */
export const proportionSchema = z.strictObject({
  hits: z.number().int().nonnegative(),
  n: z.number().int().nonnegative(),
  rate: z.number().min(0).max(1).nullable(),
  low: z.number().min(0).max(1).nullable(),
  high: z.number().min(0).max(1).nullable(),
});
export type Proportion = z.infer<typeof proportionSchema>;

/** The 97.5 % quantile of the normal distribution: both tails leave 5 % out. */
const z95 = 1.959963984540054;

/**
 * The share of `hits` in `n` with its Wilson score interval (Wilson 1927), which stays inside 0…1 and is of use with few
 * cases, where the usual "± 1.96 standard errors" is not.
 */
export function proportionOf(hits: number, n: number): Proportion {
  if (n <= 0) return { hits: 0, n: 0, rate: null, low: null, high: null };
  const rate = hits / n;
  const zz = z95 * z95;
  const middle = (rate + zz / (2 * n)) / (1 + zz / n);
  const half = (z95 / (1 + zz / n)) * Math.sqrt((rate * (1 - rate)) / n + zz / (4 * n * n));
  // at 0 and n cases the bound is the rate itself; rounding must not push it past
  return {
    ...{ hits, n, rate },
    low: hits === 0 ? 0 : Math.max(0, Math.min(rate, middle - half)),
    high: hits === n ? 1 : Math.min(1, Math.max(rate, middle + half)),
  };
}

/** Whether two intervals have nothing in common. */
export function isApart(a: Proportion, b: Proportion): boolean {
  if (a.low === null || a.high === null || b.low === null || b.high === null) return false;
  return a.low > b.high || b.low > a.high;
}

/** "12 of 20 (60 %, 39–78 %)": rate and interval with their denominator. */
export function proportionText(share: Proportion): string {
  if (share.rate === null || share.low === null || share.high === null) return 'no cases';
  const percent = (value: number) => Math.round(value * 100);
  return `${share.hits} of ${share.n} (${percent(share.rate)} %, ${percent(share.low)}–${percent(share.high)} %)`;
}
