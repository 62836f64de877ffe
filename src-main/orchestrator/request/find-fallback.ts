import { type Attempt, wasNoTry } from '../../../src-shared/domain/attempt.ts';
import { nextFallback } from '../../supervisor/provider-strategy.ts';
import type { BudgetGuard, BudgetParty } from '../budget-guard.ts';
import type { ProductionStore } from '../ports/store.ts';
import { namedWorkflow } from './choose-workflow.ts';
import { type ComposeDeps, type ComposeOrder, composeRequest } from './compose-request.ts';

export interface FallbackOrder {
  compose: ComposeOrder;
  /** of the series, oldest first */
  attempts: readonly Attempt[];
  party: BudgetParty;
}

type FallbackDeps = ComposeDeps & { guard: Pick<BudgetGuard, 'refusalOf'> };

/**
 * The next workflow of the strategy's fallback list that would take this request and whose price fits. None where a person
 * chose the engine: their choice is not replaced by a machine's.
 */
export function findFallback(deps: FallbackDeps, order: FallbackOrder): string | null {
  const { phase, provider } = order.compose;
  const by = namedWorkflow(deps, order.compose)?.by;
  if (by === 'reroute' || by === 'project') return null;
  const strategy = deps.workflows.strategyOf(provider, phase);
  if (!strategy) return null;
  const used = new Set(order.attempts.map((attempt) => attempt.request.workflowId));
  for (;;) {
    const workflowId = nextFallback(strategy, used);
    if (workflowId === null) return null;
    const composed = composeRequest(deps, { ...order.compose, decided: workflowId });
    const cost = composed.kind === 'composed' ? composed.adapter.estimate(composed.request) : null;
    if (cost !== null && deps.guard.refusalOf(order.party, cost) === null) return workflowId;
    used.add(workflowId);
  }
}

/** The fallback that a series runs on already: a decision stands until the next one. */
export function standingFallback(
  deps: Pick<ComposeDeps, 'workflows'>,
  order: { compose: ComposeOrder; last: Attempt },
): string | null {
  const { shot, phase, provider } = order.compose;
  const { workflowId } = order.last.request;
  if (shot.phases[phase].workflowId !== null) return null;
  return deps.workflows.strategyOf(provider, phase)?.fallback.includes(workflowId) ? workflowId : null;
}

/** The workflow that an attempt replaced by the supervisor's decision; null when it ran what the strategy or a person named. */
export function fallbackFromOf(
  store: Pick<ProductionStore, 'attemptsOf' | 'reviewsOf'>,
  attempt: Attempt,
): string | null {
  const { shotId, phase, series, number } = attempt;
  const first = store
    .attemptsOf(shotId, phase)
    .find((before) => before.series === series && before.number < number && !wasNoTry(before));
  const { workflowId } = attempt.request;
  if (!first || first.request.workflowId === workflowId) return null;
  const isChosen = store
    .reviewsOf(shotId)
    .some((review) => review.phase === phase && !review.undone && review.workflowId === workflowId);
  return isChosen ? null : first.request.workflowId;
}
