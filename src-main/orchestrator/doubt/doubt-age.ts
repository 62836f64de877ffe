import type { Clock } from '../ports/clock.ts';

/** When each doubt was first met in this process, by the clock that nobody sets. */
const firstMet = new WeakMap<Clock, Map<string, number>>();

/**
 * How long a doubt has been watched in this process. Neither the machine's clock nor a restart makes it older: a provider's
 * "not there" that is believed too early is paid for twice.
 */
export function doubtAgeMs(clock: Clock, attemptId: string): number {
  const times = firstMet.get(clock) ?? new Map<string, number>();
  firstMet.set(clock, times);
  const now = clock.monotonicMs();
  const since = times.get(attemptId);
  if (since !== undefined) return now - since;
  times.set(attemptId, now);
  return 0;
}
