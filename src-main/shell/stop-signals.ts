export interface StopOptions {
  /** told at the first signal, for a person who waits */
  onFirst?: () => void;
}

/** As shells number a program that Ctrl-C has ended. */
const interrupted = 130;

/**
 * Aborts at the first SIGINT or SIGTERM, or when the terminal is closed (SIGHUP); a second one ends the process at once, for a
 * person who does not want to wait.
 */
export function listenForStop({ onFirst }: StopOptions = {}): AbortSignal {
  const stop = new AbortController();
  const onSignal = () => {
    if (stop.signal.aborted) process.exit(interrupted);
    onFirst?.();
    stop.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  return stop.signal;
}

/** Resolves when the signal is aborted. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
