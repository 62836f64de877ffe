import type { Clock } from '../ports/clock.ts';

interface Met {
  monotonicMs: number;
  wallMs: number;
}

/** When each doubt was first met in this process, by the clock that nobody sets and by the machine's. */
const firstMet = new WeakMap<Clock, Map<string, Met>>();

export interface DoubtWatch {
  /**
   * How long a doubt has been watched in this process. Neither the machine's clock nor a restart makes it older: a provider's
   * "not there" that is believed too early is paid for twice.
   */
  ageMs: number;
  /** by how much the machine's clock was put back meanwhile; a machine that slept has a clock that went on alone */
  setBackMs: number;
}

/** Begins to watch a doubt, or tells how long it has been watched. */
export function watchDoubt(clock: Clock, attemptId: string): DoubtWatch {
  const times = firstMet.get(clock) ?? new Map<string, Met>();
  firstMet.set(clock, times);
  const now: Met = { monotonicMs: clock.monotonicMs(), wallMs: clock.now().getTime() };
  const since = times.get(attemptId) ?? now;
  times.set(attemptId, since);
  const ageMs = now.monotonicMs - since.monotonicMs;
  return { ageMs, setBackMs: Math.max(0, ageMs - (now.wallMs - since.wallMs)) };
}
