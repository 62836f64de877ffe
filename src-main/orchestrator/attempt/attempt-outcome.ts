import type { Attempt, AttemptFailure } from '../../../src-shared/domain/attempt.ts';
import type { MicroUsd } from '../../../src-shared/domain/money.ts';
import type { Take } from '../../../src-shared/domain/take.ts';
import type { BudgetGuard } from '../budget-guard.ts';
import type { OrchestratorDeps } from '../orchestrator-deps.ts';
import type { ProviderAdapter } from '../ports/provider.ts';
import { billedFigure } from './billed-figure.ts';
import { tellJobsEnd } from './call-off.ts';
import type { JobPlaces } from './jobs-out.ts';

/** How an attempt ended, or where it stands until something changes. */
export type DispatchOutcome =
  | { kind: 'arrived'; attempt: Attempt; take: Take }
  /** accepted by a person, who will deliver the file; nothing is asked until then */
  | { kind: 'with-person'; attempt: Attempt; message: string }
  | { kind: 'failed'; attempt: Attempt; failure: AttemptFailure }
  /** not sent: it is not wanted now, or any more */
  | { kind: 'withheld'; attempt: Attempt }
  /** refused for now: the same attempt is submitted later */
  | { kind: 'waiting'; attempt: Attempt; failure: AttemptFailure }
  /** accepted, and the provider cannot be asked about it now */
  | { kind: 'unreachable'; attempt: Attempt; failure: AttemptFailure }
  /** accepted, and the provider refuses the account that asks about it */
  | { kind: 'locked-out'; attempt: Attempt; failure: AttemptFailure }
  /** held; `askAgain`: the provider can still be asked what became of it, else only a person can settle it */
  | { kind: 'in-doubt'; attempt: Attempt; failure: AttemptFailure; askAgain: boolean };

export interface DispatchOrder {
  attempt: Attempt;
  adapter: ProviderAdapter;
  /** Runs in the transaction that records the outcome: the phase's move belongs to it. */
  conclude: (outcome: DispatchOutcome) => void;
  /** asked right before the submit: a pause, a stop or a decision may have come while files were uploaded */
  isWanted: () => boolean;
  /** ends polls and downloads at once */
  signal: AbortSignal;
  /** ends a submit that is under way; later than `signal`, because cutting it off leaves a doubt */
  submitSignal: AbortSignal;
}

export type DispatchDeps = OrchestratorDeps & { guard: BudgetGuard; places: JobPlaces };

/** Hands an outcome to whoever ordered it; called inside the transaction that records it. */
export function concluded(order: DispatchOrder, outcome: DispatchOutcome): DispatchOutcome {
  order.conclude(outcome);
  return outcome;
}

/** Ends an attempt without a take, with what the provider bills for it. */
export function failAttempt(
  deps: DispatchDeps,
  order: DispatchOrder,
  attempt: Attempt,
  told: AttemptFailure,
  billedMicroUsd: MicroUsd,
): DispatchOutcome {
  const failure = tellJobsEnd(deps.store, attempt, { failure: told, billedMicroUsd });
  return deps.store.inTransaction(() => {
    const failed = deps.store.failAttempt(attempt.id, failure, billedFigure(attempt, billedMicroUsd));
    return concluded(order, { kind: 'failed', attempt: failed, failure });
  });
}
