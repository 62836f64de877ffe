import type { Clock } from '../../src-main/orchestrator/ports/clock.ts';

interface Entry {
  at: number;
  order: number;
  run: () => void;
}

/**
 * Time that stands still until a test moves it. Timers fire in order of their moment, then of their making. Between two of them
 * what promises can settle is settled; files, processes and sockets take their own time, which a test has to wait for.
 */
export class FakeClock implements Clock {
  #nowMs: number;
  #setByMs = 0;
  #made = 0;
  #timers: Entry[] = [];

  constructor(startIso = '2026-11-21T09:00:00.000Z') {
    this.#nowMs = Date.parse(startIso);
  }

  now(): Date {
    return new Date(this.#nowMs + this.#setByMs);
  }

  /** Somebody sets the machine's clock: timers and the monotonic clock know nothing of it. */
  jump(ms: number): void {
    this.#setByMs += ms;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void) {
    const entry = { at: this.#nowMs + Math.max(0, delayMs), order: this.#made++, run };
    this.#timers.push(entry);
    return {
      cancel: () => {
        this.#timers = this.#timers.filter((other) => other !== entry);
      },
    };
  }

  /** Milliseconds until the next timer; null when there is none. */
  nextInMs(): number | null {
    return this.#timers.length === 0 ? null : Math.min(...this.#timers.map((timer) => timer.at)) - this.#nowMs;
  }

  /** Moves time, firing what falls due, and lets what that sets off settle before the next timer. */
  async advance(ms: number): Promise<void> {
    const end = this.#nowMs + ms;
    for (;;) {
      await settleMicrotasks();
      const due = this.#timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at || a.order - b.order)[0];
      if (!due) break;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      this.#nowMs = Math.max(this.#nowMs, due.at);
      due.run();
    }
    this.#nowMs = end;
    await settleMicrotasks();
  }

  /** Fires timers one after the other until the promise settles or nothing is left to fire. */
  async runUntil<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const mark = () => {
      settled = true;
    };
    promise.then(mark, mark);
    for (let step = 0; ; step++) {
      await settleMicrotasks();
      if (settled) return promise;
      const next = this.nextInMs();
      if (next === null) throw new Error('Nothing is left to happen, and the promise has not settled');
      if (step > 10_000) throw new Error('The promise has not settled after 10,000 timers');
      await this.advance(next);
    }
  }
}

/** Lets every promise that can settle without time and without the disk do so. */
export async function settleMicrotasks(): Promise<void> {
  for (let round = 0; round < 3; round++) await new Promise((resolve) => setImmediate(resolve));
}
