/**
 * Which answers are out of date. An event that comes while a question is under way makes its answer old before it is there,
 * and of two answers to one question only that of the newer asking counts.
 */
export class Freshness {
  readonly #tickets = new Map<string, number>();
  readonly #old = new Set<string>();
  #last = 0;

  /** A question is asked now; its answer is shown with this ticket. */
  ask(key: string): number {
    this.#last += 1;
    this.#tickets.set(key, this.#last);
    this.#old.delete(key);
    return this.#last;
  }

  /** Whether an answer is that of the newest asking. */
  accepts(key: string, ticket: number): boolean {
    return this.#tickets.get(key) === ticket;
  }

  /** Whether it has ever been asked: only then an event can make it old. */
  knows(key: string): boolean {
    return this.#tickets.has(key);
  }

  touch(key: string): void {
    if (this.knows(key)) this.#old.add(key);
  }

  /** Never asked, or touched since. */
  isOld(key: string): boolean {
    return !this.knows(key) || this.#old.has(key);
  }

  keys(): Iterable<string> {
    return this.#tickets.keys();
  }

  forget(key: string): void {
    this.#tickets.delete(key);
    this.#old.delete(key);
  }

  clear(): void {
    this.#tickets.clear();
    this.#old.clear();
  }
}
