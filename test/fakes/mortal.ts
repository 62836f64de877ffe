import type { OrchestratorDeps } from '../../src-main/orchestrator/orchestrator-deps.ts';
import type { Clock } from '../../src-main/orchestrator/ports/clock.ts';

/** Thrown by everything from the moment of death on. */
export class Killed extends Error {}

const effects = new Set([
  ...['inTransaction', 'transition', 'annotate', 'recordIntent', 'advanceAttempt', 'failAttempt', 'settleAttempt'],
  ...['nextTakeNumber', 'recordGates', 'updateProvenance', 'recordReview', 'saveUndoState', 'setTakeReview'],
  ...['insertBatch', 'setBatchStatus', 'setAwaitingOperator', 'recountAutoApprovals', 'setBudget'],
  ...['submit', 'poll', 'fetchResult', 'reconcile', 'write', 'moveInto', 'remove'],
]);

/**
 * A process that dies just before its nth effect, which is also right after the one before: from then on nothing it holds
 * does anything. What it had written stays, as after a SIGKILL.
 */
export class Life {
  #dieAt: number;
  #effects = 0;
  dead = false;
  /** the effect that the death came before */
  diedBefore: string | null = null;
  readonly died: Promise<void>;
  #tellDeath: () => void = () => {};

  constructor(dieAt: number) {
    this.#dieAt = dieAt;
    this.died = new Promise((resolve) => {
      this.#tellDeath = resolve;
    });
  }

  get effects(): number {
    return this.#effects;
  }

  /** Plans the death again: just before the nth effect from now. */
  dieIn(effects: number): void {
    this.#dieAt = this.#effects + effects;
  }

  /** The same dependencies, as long as the process lives. */
  inhabit(deps: OrchestratorDeps): OrchestratorDeps {
    const clock: Clock = {
      now: () => deps.clock.now(),
      monotonicMs: () => deps.clock.monotonicMs(),
      after: (delayMs, run) => deps.clock.after(delayMs, () => this.dead || run()),
    };
    const providers = new Map([...deps.providers].map(([name, adapter]) => [name, this.#wrap(adapter)]));
    return { ...deps, clock, providers, store: this.#wrap(deps.store), files: this.#wrap(deps.files) };
  }

  #wrap<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (_, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (!isMethod(value)) return value;
        if (name === 'onCommit') {
          return (listener: (seq: number) => void) => value.call(target, (seq: number) => this.dead || listener(seq));
        }
        return (...args: unknown[]) => this.#call(target, value, name, args);
      },
    });
  }

  #call(target: object, method: (...args: unknown[]) => unknown, name: string | symbol, args: unknown[]): unknown {
    if (this.dead) throw new Killed();
    const isEffect = typeof name === 'string' && effects.has(name);
    if (isEffect && ++this.#effects === this.#dieAt) {
      this.diedBefore = name;
      this.#die();
    }
    const result = method.apply(target, args);
    return result instanceof Promise ? result.finally(() => this.#mustLive()) : result;
  }

  #mustLive(): void {
    if (this.dead) throw new Killed();
  }

  #die(): never {
    this.dead = true;
    this.#tellDeath();
    throw new Killed();
  }
}

function isMethod(value: unknown): value is (...args: unknown[]) => unknown {
  return typeof value === 'function';
}
