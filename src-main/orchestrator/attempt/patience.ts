/**
 * How long one run goes on asking about a job when the answers are trouble, and what it says when it has had enough. What was
 * paid for is never given up for an answer that may be another one next time.
 */
import type { AttemptFailure } from '../../../src-shared/domain/attempt.ts';
import { dispositionOf } from '../../../src-shared/domain/failure.ts';
import type { MicroUsd } from '../../../src-shared/domain/money.ts';
import type { Downloaded } from './artefact.ts';
import type { Trouble } from './ask-provider.ts';

const maxBadDownloads = 2;
/**
 * An url may have expired between two answers, and the books that an engine answers from may not know a new job for some
 * seconds: what was paid for is asked for again, a quarter of a minute in all, before it counts as lost.
 */
const maxRefusals = 5;
/** answers in a row that refuse the account before the batch is put on hold for it: one may be a slip of the provider's */
const maxLockedOut = 3;
/** troubles in a row, with pauses of 1, 2, 4… seconds, before the run makes room for others */
const maxTroubles = 6;
/** what an engine may ask to be left alone for while the run keeps its place */
const maxAskedPauseMs = 60_000;

/** A poll or download that brought no file, or one that cannot be used. */
export type NoFile = Exclude<Downloaded, { kind: 'good' }> | Trouble;

/** What to do after it. */
export type NextTurn =
  | { kind: 'ask-again'; afterMs: number }
  /** the provider has it no longer */
  | { kind: 'lost' }
  /** the file that it sends is none */
  | { kind: 'unusable'; costMicroUsd: MicroUsd }
  | { kind: 'locked-out' }
  | { kind: 'unreachable' };

/** The patience of one run with one job. */
export class Patience {
  #troubles = 0;
  #badDownloads = 0;
  #refusals = 0;
  #lockedOut = 0;

  /** The provider said how the job goes: whatever was the trouble is over. */
  wasAnswered(): void {
    this.#troubles = 0;
    this.#refusals = 0;
    this.#lockedOut = 0;
  }

  after(got: NoFile): NextTurn {
    const { failure } = got;
    if (got.kind === 'trouble') {
      this.#troubles++;
      if (isRefusal(failure) && ++this.#refusals >= maxRefusals) return { kind: 'lost' };
    } else if (++this.#badDownloads >= maxBadDownloads) {
      return { kind: 'unusable', costMicroUsd: got.costMicroUsd };
    }
    this.#lockedOut = failure.detail === 'account' ? this.#lockedOut + 1 : 0;
    if (this.#lockedOut >= maxLockedOut) return { kind: 'locked-out' };
    if (got.kind === 'trouble' && this.#troubles >= maxTroubles) return { kind: 'unreachable' };
    const pauseMs = 1000 * 2 ** Math.max(0, this.#troubles - 1);
    const askedMs = Math.min(failure.retryAfterMs ?? 0, maxAskedPauseMs);
    return { kind: 'ask-again', afterMs: Math.max(pauseMs, askedMs) };
  }
}

/** Whether an answer says that there is no such result; who is kept out by their account has not been told. */
function isRefusal({ category, detail }: AttemptFailure): boolean {
  return detail !== 'account' && dispositionOf(category) !== 'retry';
}
