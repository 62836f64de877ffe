/**
 * What the next attempt of a phase is: its request, its lineage, and what it changes against the last one. Read from the
 * ledger alone, so that the sentence that a decision shows and the request that is sent later come from the same rules, also
 * after a restart.
 */
import { type Attempt, wasNoTry } from '../../../src-shared/domain/attempt.ts';
import type { Shot } from '../../../src-shared/domain/shot.ts';
import { planRepair, type Repair } from '../../supervisor/plan-repair.ts';
import type { BudgetGuard } from '../budget-guard.ts';
import type { OrchestratorDeps } from '../orchestrator-deps.ts';
import { type Composed, type ComposeOrder, composeRequest } from '../request/compose-request.ts';
import { findFallback, standingFallback } from '../request/find-fallback.ts';
import { type Lineage, lineageOfDecision, troubleOf } from '../request/next-recipe.ts';
import { repairRequest } from '../request/repair-request.ts';
import { countFailures, type GatesOf, readGates } from '../retry/count-failures.ts';
import type { PhaseAddress } from '../stations/move-phase.ts';

export type NextDeps = OrchestratorDeps & { guard: Pick<BudgetGuard, 'refusalOf'> };

export interface NextOrder {
  at: PhaseAddress;
  shot: Shot;
  /** of the batch */
  provider: string;
  batchId: string | null;
  newSeed: () => number;
}

export interface NextAttempt extends Lineage {
  composed: Composed;
  /** what is different from the last attempt, or why nothing is; empty for a first one */
  change: string;
}

/** Composes the next attempt; reserves and records nothing. */
export function planNextAttempt(deps: NextDeps, order: NextOrder): NextAttempt {
  const { at, shot, provider } = order;
  const attempts = deps.store.attemptsOf(at.shotId, at.phase);
  const ofSeries = attempts.filter((attempt) => attempt.series === at.series && !wasNoTry(attempt));
  const last = ofSeries.at(-1);
  const compose: ComposeOrder = { shot, phase: at.phase, provider, seed: order.newSeed(), startFrame: 'required' };
  if (!last) {
    const lineage = lineageOfDecision({ phase: at.phase, attempts, reviews: deps.store.reviewsOf(at.shotId) });
    return { ...lineage, composed: composeRequest(deps, compose), change: '' };
  }
  const gatesOf = readGates(deps.store, at);
  const trouble = troubleOf(last, gatesOf);
  const standing = standingFallback(deps, { compose, last });
  if (!trouble) {
    const composed = composeRequest(deps, { ...compose, decided: standing });
    const lineage = { parentTakeId: last.takeId ?? last.parentTakeId, changeReason: 'Another take' };
    return { ...lineage, composed, change: 'A new seed.' };
  }
  const repair = repairOf(deps, order, { compose, ofSeries, gatesOf });
  const decided = repair.workflowId ?? standing;
  const repaired = repairRequest(deps, { compose, last: last.request, repair: { ...repair, workflowId: decided } });
  const { composed, change, isChanged } = repaired;
  const because = isChanged || trouble.gate ? `${trouble.why} ${change}` : last.changeReason;
  const lineage = { parentTakeId: last.takeId ?? last.parentTakeId, changeReason: because };
  return { ...lineage, composed, change };
}

/** What all failures of the series call for together; seed and workflow are the last one's matter. */
function repairOf(
  deps: NextDeps,
  order: NextOrder,
  { compose, ofSeries, gatesOf }: { compose: ComposeOrder; ofSeries: readonly Attempt[]; gatesOf: GatesOf },
): Repair {
  const { at, shot, batchId } = order;
  const fallback = findFallback(deps, { compose, attempts: ofSeries, party: { ...at, batchId } });
  const repairs = ofSeries.flatMap((attempt, index) => {
    const trouble = troubleOf(attempt, gatesOf);
    if (!trouble) return [];
    const failed = countFailures(ofSeries.slice(0, index + 1), gatesOf)[trouble.category];
    return planRepair({ ...trouble, failed, shot: shot.plan, fallback });
  });
  const newest = repairs.at(-1);
  if (!newest) throw new Error(`Nothing went wrong in series ${at.series} of ${at.shotId}`);
  return {
    ...newest,
    focus: repairs.findLast((repair) => repair.focus !== null)?.focus ?? null,
    negative: [...new Set(repairs.flatMap((repair) => repair.negative))],
  };
}
