/**
 * Asks an engine again about a doubt for which a person chose to wait. When is read from the steps, so that a restart asks
 * at the same time; owns the timers, which end with the project.
 */
import type { Attempt } from '../../../src-shared/domain/attempt.ts';
import type { AttemptStep } from '../../../src-shared/domain/attempt-step.ts';
import type { Timer } from '../ports/clock.ts';
import type { StationDeps } from '../stations/station-deps.ts';

export const askLaterMs = 10 * 60_000;

/** When the wait of a person is over: null when nobody waits, or the engine has been asked since. */
export function askLaterAt(steps: readonly AttemptStep[]): string | null {
  const last = steps.findLast(({ kind }) => kind === 'waited' || kind === 'asked');
  return last?.kind === 'waited' ? new Date(Date.parse(last.at) + askLaterMs).toISOString() : null;
}

export interface LaterAsking {
  /** Sets the timer of an attempt if a person waits for it; once, however often it is called. */
  plan(attempt: Attempt): void;
}

export function createLaterAsking(deps: StationDeps, ask: (attempt: Attempt) => Promise<void>): LaterAsking {
  const timers = new Map<string, Timer>();
  deps.signal.addEventListener('abort', () => {
    for (const timer of timers.values()) timer.cancel();
    timers.clear();
  });
  return {
    plan(attempt) {
      const at = askLaterAt(deps.store.stepsOf(attempt.id));
      if (at === null || timers.has(attempt.id) || deps.signal.aborted) return;
      const delayMs = Math.max(0, Date.parse(at) - deps.clock.now().getTime());
      const timer = deps.clock.after(delayMs, () => {
        timers.delete(attempt.id);
        if (deps.store.attempt(attempt.id)?.state !== 'in_doubt') return;
        ask(attempt).catch((error: unknown) => {
          if (!deps.signal.aborted)
            deps.logger.warn('an engine could not be asked again', { attemptId: attempt.id, error });
        });
      });
      timers.set(attempt.id, timer);
    },
  };
}
