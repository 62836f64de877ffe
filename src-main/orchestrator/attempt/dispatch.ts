/**
 * The one way to a provider: the attempt protocol. A submit happens at most once per attempt; everything after it may
 * happen again. Each step is durable before the next one begins, and a step that a crash cut off is told by the attempt's
 * state: intent may be submitted, submitting is in doubt, submitted is polled, downloaded is verified.
 */
import { verifyArtefact } from './artefact.ts';
import type { DispatchDeps, DispatchOrder, DispatchOutcome } from './attempt-outcome.ts';
import { pollAndFetch } from './fetch-attempt.ts';
import { settle } from './settle-attempt.ts';
import { graceOf, hold, interruptedSubmit, reconcile, submitOnce } from './submit-attempt.ts';

/** Takes an attempt from where it stands to its outcome. An abort throws and leaves it as a restart can go on with it. */
export async function dispatch(deps: DispatchDeps, order: DispatchOrder): Promise<DispatchOutcome> {
  let { attempt } = order;
  if (attempt.state === 'intent') {
    const sent = await submitOnce(deps, order, attempt);
    if ('kind' in sent) return sent;
    attempt = sent;
  }
  if (attempt.state === 'submitting') {
    if (graceOf(order.adapter) > 0) return hold(deps, order, attempt, interruptedSubmit);
    attempt = deps.store.advanceAttempt(attempt.id, 'submitting', 'in_doubt', { failure: interruptedSubmit });
  }
  if (attempt.state === 'in_doubt') {
    const resolved = await reconcile(deps, order, attempt);
    if ('kind' in resolved) return resolved;
    attempt = resolved;
  }
  if (attempt.state === 'downloaded') {
    const made = await verifyArtefact(deps, attempt, order.signal);
    if (made) return settle(deps, order, attempt, made);
    attempt = deps.store.advanceAttempt(attempt.id, 'downloaded', 'submitted');
  }
  const fetched = await pollAndFetch(deps, order, attempt);
  return 'kind' in fetched ? fetched : settle(deps, order, fetched.attempt, fetched.made);
}
