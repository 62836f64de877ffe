/** Steps 2 to 4 of the protocol: the one POST of an attempt, and what to make of one whose answer is not known. */
import type { Attempt, AttemptFailure } from '../../../src-shared/domain/attempt.ts';
import { shortShotId } from '../../../src-shared/domain/ids.ts';
import { isAbortError } from '../../platform/app-error.ts';
import { askAboutDoubt, askWidely, noteListing, withoutTaken } from '../doubt/ask-about-doubt.ts';
import { watchDoubt } from '../doubt/doubt-age.ts';
import type { ProviderAdapter, ProviderJob, SubmitOutcome } from '../ports/provider.ts';
import { askProvider } from './ask-provider.ts';
import {
  concluded,
  type DispatchDeps,
  type DispatchOrder,
  type DispatchOutcome,
  failAttempt,
} from './attempt-outcome.ts';
import { jobRecord, oneMoreWait } from './job-record.ts';

/** How long a provider's listing may lag behind a submit before "not there" is believed, where it does not say itself. */
export const reconcileGraceMs = 120_000;

/** Less than the margin with which lists are searched, and more than a clock that is only corrected in passing. */
const believedSetBackMs = 1500;

/** The provider's own figure, else ours. */
export function graceOf(adapter: ProviderAdapter): number {
  return adapter.capabilities.reconcileGraceMs ?? reconcileGraceMs;
}

/** One POST. Answers with the submitted attempt, or with the outcome when there is none. */
export async function submitOnce(
  deps: DispatchDeps,
  order: DispatchOrder,
  attempt: Attempt,
): Promise<Attempt | DispatchOutcome> {
  const reservation = deps.guard.tokenOf(attempt);
  order.signal.throwIfAborted();
  const inputs = await askProvider(order, () => order.adapter.upload(attempt.request, order.signal));
  if ('kind' in inputs) return concludeUploadTrouble(deps, order, attempt, inputs.failure);
  order.signal.throwIfAborted();
  const now = deps.store.attempt(attempt.id) ?? attempt;
  if (now.state !== 'intent' || !order.isWanted()) {
    return deps.store.inTransaction(() => concluded(order, { kind: 'withheld', attempt: now }));
  }
  deps.store.advanceAttempt(attempt.id, 'intent', 'submitting');
  let job: ProviderJob;
  try {
    job = await order.adapter.submit(attempt.request, { reservation, inputs }, order.submitSignal);
  } catch (error) {
    if (order.submitSignal.aborted && isAbortError(error)) throw error;
    return concludeSubmitError(deps, order, attempt, order.adapter.readSubmitError(error));
  }
  const holder = deps.store.attemptByJob(attempt.request.provider, job.id);
  if (holder) return hold(deps, order, attempt, othersJob(job, holder));
  const patch = { providerJobId: job.id, providerJob: jobRecord(attempt, job, null), failure: null };
  return deps.store.advanceAttempt(attempt.id, 'submitting', 'submitted', patch);
}

/** Nothing was sent: the attempt ends unbilled, and the next one tries again. */
function concludeUploadTrouble(
  deps: DispatchDeps,
  order: DispatchOrder,
  attempt: Attempt,
  failure: AttemptFailure,
): DispatchOutcome {
  return failAttempt(deps, order, attempt, failure, 0);
}

function concludeSubmitError(
  deps: DispatchDeps,
  order: DispatchOrder,
  attempt: Attempt,
  read: SubmitOutcome,
): DispatchOutcome {
  const { failure } = read;
  if (read.kind === 'unknown') return hold(deps, order, attempt, failure);
  if (read.kind === 'rejected' && failure.detail === 'rate_limit') {
    return deps.store.inTransaction(() => {
      const waiting = deps.store.advanceAttempt(attempt.id, 'submitting', 'intent', {
        failure,
        providerJob: oneMoreWait(attempt),
      });
      return concluded(order, { kind: 'waiting', attempt: waiting, failure });
    });
  }
  return failAttempt(deps, order, attempt, failure, read.kind === 'rejected' ? read.billedMicroUsd : 0);
}

/** Nobody here knows whether the provider took it: the reservation is held, nothing is sent again. */
export function hold(
  deps: DispatchDeps,
  order: DispatchOrder,
  attempt: Attempt,
  failure: AttemptFailure,
): DispatchOutcome {
  const doubt: AttemptFailure = { ...failure, detail: 'in_doubt' };
  return deps.store.inTransaction(() => {
    const held = deps.store.advanceAttempt(attempt.id, 'submitting', 'in_doubt', { failure: doubt });
    watchDoubt(deps.clock, attempt.id);
    const askAgain = order.adapter.capabilities.reconcile !== 'none';
    return concluded(order, { kind: 'in-doubt', attempt: held, failure: doubt, askAgain });
  });
}

/** Asks the provider what became of a submit in doubt. One match is adopted; none counts only after a grace period. */
export async function reconcile(
  deps: DispatchDeps,
  order: DispatchOrder,
  attempt: Attempt,
): Promise<Attempt | DispatchOutcome> {
  const failure = attempt.failure ?? interruptedSubmit;
  const listed = withoutTaken(deps.store, attempt, await askAboutDoubt(order, attempt));
  const isPastGrace = watchDoubt(deps.clock, attempt.id).ageMs >= graceOf(order.adapter);
  const isLastWord = listed.kind === 'absent' && isPastGrace;
  const answer = isLastWord ? withoutTaken(deps.store, attempt, await askWidely(order, attempt)) : listed;
  const now = deps.store.attempt(attempt.id) ?? attempt;
  // A person has settled it while the provider was asked: their word counts, and the phase has moved with it.
  if (now.state !== 'in_doubt') return { kind: 'failed', attempt: now, failure: now.failure ?? failure };
  if (answer.kind === 'found') {
    const patch = { providerJobId: answer.job.id, providerJob: jobRecord(attempt, answer.job, null), failure: null };
    return deps.store.inTransaction(() => {
      noteListing(deps.store, attempt, answer);
      return deps.store.advanceAttempt(attempt.id, 'in_doubt', 'submitted', patch);
    });
  }
  noteListing(deps.store, attempt, answer);
  if (answer.kind === 'absent' && isPastGrace) {
    const { setBackMs } = watchDoubt(deps.clock, attempt.id);
    // the list was searched from a time that was still to come
    if (setBackMs > believedSetBackMs) return concluded(order, clockSetBack(attempt, failure));
    const lost: AttemptFailure = { ...failure, category: 'transient', detail: 'network' };
    return failAttempt(deps, order, attempt, lost, 0);
  }
  const askAgain = answer.kind === 'absent' || answer.kind === 'trouble';
  return concluded(order, { kind: 'in-doubt', attempt, failure, askAgain });
}

/** One job is one take: settled twice it would be a cost that nobody billed and a take that nobody made. */
function othersJob(job: ProviderJob, { number, shotId, phase }: Attempt): AttemptFailure {
  const whose = `attempt ${number} of ${shortShotId(shotId)} (${phase})`;
  const message = `The engine answered with job ${job.id}, which ${whose} has already.`;
  return { category: 'transient', detail: 'in_doubt', message, retryAfterMs: null };
}

function clockSetBack(attempt: Attempt, failure: AttemptFailure): DispatchOutcome {
  const { provider } = attempt.request;
  const message = `This machine’s clock was put back while it was asked about, so ${provider} may list it under another time. ${failure.message}`;
  return { kind: 'in-doubt', attempt, failure: { ...failure, message }, askAgain: false };
}

/** What is known of a submit that a crash cut off. */
export const interruptedSubmit: AttemptFailure = {
  category: 'transient',
  detail: 'in_doubt',
  message: 'The app ended while this request was being sent; the engine may have it.',
  retryAfterMs: null,
};
