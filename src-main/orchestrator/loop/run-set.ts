import type { MicroUsd } from '../../../src-shared/domain/money.ts';
import type { Phase } from '../../../src-shared/domain/phase.ts';

/** A run under way. */
export interface Run {
  shotId: string;
  phase: Phase;
  batchId: string | null;
  provider: string;
  /** what it is about to reserve; 0 from the moment the ledger knows */
  plannedMicroUsd: MicroUsd;
}

/** The runs under way: who is busy, how much room is left. */
export class RunSet {
  readonly #runs = new Map<Run, Promise<void>>();
  /** runs of batches that a person has let go on since */
  readonly #stragglers = new WeakSet<Run>();

  get size(): number {
    return this.#runs.size;
  }

  add(run: Run, work: Promise<void>): void {
    this.#runs.set(run, work);
  }

  remove(run: Run): void {
    this.#runs.delete(run);
  }

  busyShots(): Set<string> {
    return new Set(this.#list().map((run) => run.shotId));
  }

  ofBatch(batchId: string): number {
    return this.#list().filter((run) => run.batchId === batchId).length;
  }

  ofProvider(provider: string): number {
    return this.#list().filter((run) => run.provider === provider).length;
  }

  /** A batch goes on: what its runs tell from here on may be of before. */
  markStragglers(batchId: string): void {
    for (const run of this.#list()) if (run.batchId === batchId) this.#stragglers.add(run);
  }

  isStraggler(shotId: string): boolean {
    return this.#list().some((run) => run.shotId === shotId && this.#stragglers.has(run));
  }

  plannedMicroUsd(): MicroUsd {
    return this.#list().reduce((sum, run) => sum + run.plannedMicroUsd, 0);
  }

  /** Resolves when every run of now has ended. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#runs.values());
  }

  #list(): Run[] {
    return [...this.#runs.keys()];
  }
}
