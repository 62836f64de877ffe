/** Figures as people read them. Pure. */
import type { Proportion } from '../../../src-shared/domain/proportion.ts';

/** Fewer cases are drawn hollow: they say little, and no suggestion is made of them. */
export const enough = 20;

/** "62 %"; nothing is known of no cases. */
export function percentText(share: number | null): string {
  return share === null ? '—' : `${Math.round(share * 100)} %`;
}

/** "55 of 62", the denominator always beside the count. */
export function casesText({ hits, n }: Proportion): string {
  return n === 0 ? 'no cases' : `${hits} of ${n}`;
}

/** "39–78 %" */
export function intervalText({ low, high }: Proportion): string {
  return low === null || high === null ? '' : `${Math.round(low * 100)}–${Math.round(high * 100)} %`;
}

/** "40 ms", "6.2 s", "1 min 20 s", "2 h 5 min", with no more precision than anyone needs. */
export function durationText(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return join(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.round(seconds / 60);
  return join(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

function join(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** "1 case", "3 cases" */
export function countText(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Times differ by five orders of magnitude: they are drawn from a hundredth of a second to a day, by the logarithm. */
const shortestMs = 10;
const longestMs = 86_400_000;

export const timeTicks = [
  { ms: 1000, text: '1 s' },
  { ms: 60_000, text: '1 min' },
  { ms: 3_600_000, text: '1 h' },
] as const;

/** Where a time stands on the scale, 0…1. */
export function timePosition(ms: number): number {
  const held = Math.min(longestMs, Math.max(shortestMs, ms));
  return Math.log(held / shortestMs) / Math.log(longestMs / shortestMs);
}
