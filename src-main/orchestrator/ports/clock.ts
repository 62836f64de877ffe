export interface Timer {
  cancel(): void;
}

/** Time as the orchestrator sees it; tests drive their own. */
export interface Clock {
  now(): Date;
  /** milliseconds that only grow, for waits and durations */
  monotonicMs(): number;
  after(delayMs: number, run: () => void): Timer;
}
