export interface Semaphore {
  /** Runs the task when a place is free, first come first served; an abort while waiting gives the place up. */
  run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/** Lets at most `places` tasks run at a time. */
export function createSemaphore(places: number): Semaphore {
  let free = places;
  const waiting: (() => void)[] = [];

  const enter = (signal: AbortSignal | undefined): Promise<void> => {
    signal?.throwIfAborted();
    if (free > 0) {
      free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const admit = () => {
        signal?.removeEventListener('abort', leaveQueue);
        resolve();
      };
      const leaveQueue = () => {
        waiting.splice(waiting.indexOf(admit), 1);
        reject(signal?.reason);
      };
      waiting.push(admit);
      signal?.addEventListener('abort', leaveQueue, { once: true });
    });
  };

  const leave = () => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };

  return {
    async run(task, signal) {
      await enter(signal);
      try {
        // an abort between the free place and this turn has no listener yet
        signal?.throwIfAborted();
        return await task();
      } finally {
        leave();
      }
    },
  };
}
