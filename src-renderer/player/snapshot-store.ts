/**
 * One immutable value with listeners. Reading is always up to date; listeners are told once per task, less often
 * where people can wait for it.
 */
export class SnapshotStore<T> {
  #build: (previous: T | null) => T;
  #listeners = new Set<() => void>();
  #current: T;
  #told: T;
  #isStale = false;
  #isQueued = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(build: (previous: T | null) => T) {
    this.#build = build;
    this.#current = build(null);
    this.#told = this.#current;
  }

  readonly getSnapshot = (): T => {
    if (this.#isStale) {
      this.#isStale = false;
      this.#current = this.#build(this.#current);
    }
    return this.#current;
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /** Something people see has changed: the listeners hear of it at the end of this task. */
  changed(): void {
    this.#isStale = true;
    if (this.#isQueued) return;
    this.#isQueued = true;
    queueMicrotask(() => this.#tell());
  }

  /** Something that may be shown a little later has changed, such as how full the cache is. */
  changedSlowly(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => this.changed(), 100);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#listeners.clear();
  }

  #tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isQueued = false;
    const next = this.getSnapshot();
    if (next === this.#told) return;
    this.#told = next;
    for (const listener of this.#listeners) listener();
  }
}

/** The previous object when every field is the same, else the next one: unchanged parts keep their identity. */
export function shareIfEqual<T extends object>(previous: T | undefined, next: T): T {
  if (!previous) return next;
  const keys = Object.keys(next) as (keyof T)[];
  if (keys.length !== Object.keys(previous).length) return next;
  return keys.every((key) => Object.is(previous[key], next[key])) ? previous : next;
}
