/** One immutable value with listeners. Changes are gathered: at most one new value per task, less often when it can wait. */
export class SnapshotStore<T> {
  #build: (previous: T | null) => T;
  #listeners = new Set<() => void>();
  #current: T;
  #isQueued = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(build: (previous: T | null) => T) {
    this.#build = build;
    this.#current = build(null);
  }

  readonly getSnapshot = (): T => this.#current;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /** Something people see has changed: tell the listeners at the end of this task. */
  changed(): void {
    if (this.#isQueued) return;
    this.#isQueued = true;
    queueMicrotask(() => this.flush());
  }

  /** Something that may be shown a little later has changed, such as how full the cache is. */
  changedSlowly(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => this.flush(), 100);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isQueued = false;
    const next = this.#build(this.#current);
    if (next === this.#current) return;
    this.#current = next;
    for (const listener of this.#listeners) listener();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#listeners.clear();
  }
}

/** The previous object when every field is the same, else the next one: unchanged parts keep their identity. */
export function shareIfEqual<T extends object>(previous: T | undefined, next: T): T {
  if (!previous) return next;
  const keys = Object.keys(next) as (keyof T)[];
  if (keys.length !== Object.keys(previous).length) return next;
  return keys.every((key) => Object.is(previous[key], next[key])) ? previous : next;
}
