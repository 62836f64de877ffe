const longestMs = 24 * 3_600_000;

/** What a Retry-After header asks for, in milliseconds from `now`; null without one that can be read. */
export function retryAfterMs(header: string | null | undefined, now: Date): number | null {
  if (header == null) return null;
  const text = header.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(Math.ceil(Number(text) * 1000), longestMs);
  // anything else must be an HTTP date; Date.parse alone would take "-5" for a year
  const at = /^[A-Za-z]{3,9},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.min(Math.max(at - now.getTime(), 0), longestMs);
}
