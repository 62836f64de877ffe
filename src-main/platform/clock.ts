import type { Clock } from '../orchestrator/ports/clock.ts';

/** The machine's clock; timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, Math.min(delayMs, 2_147_483_647));
    return { cancel: () => clearTimeout(timer) };
  },
};
