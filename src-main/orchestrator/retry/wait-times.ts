import type { Clock } from '../ports/clock.ts';

/** No wait that is planned here lasts longer; one that seems to was written before the clock was set back. */
const longestWaitMs = 24 * 3_600_000;

/**
 * When planned waits end. They are written down by the machine's clock, for people and for the next start, and measured by
 * one that nobody sets: a clock put back two days does not make five seconds of back-off two days long.
 */
export class WaitTimes {
  readonly #clock: Clock;
  readonly #ends = new Map<string, { until: number; endMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The end of a wait `until` (epoch milliseconds) on the machine's clock as it stands now. */
  endOf(name: string, until: number): number {
    const now = this.#clock.now().getTime();
    const monotonicMs = this.#clock.monotonicMs();
    const known = this.#ends.get(name);
    if (known?.until === until) return now + known.endMs - monotonicMs;
    const waitMs = Math.min(Math.max(0, until - now), longestWaitMs);
    this.#ends.set(name, { until, endMs: monotonicMs + waitMs });
    return now + waitMs;
  }
}
