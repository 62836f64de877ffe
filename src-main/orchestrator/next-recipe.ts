import type { Attempt } from '../../src-shared/domain/attempt.ts';
import type { Phase } from '../../src-shared/domain/phase.ts';
import type { Review } from '../../src-shared/domain/review.ts';
import type { GateResult } from '../../src-shared/domain/verdict.ts';
import { failedGate } from './classify-failure.ts';

/** What a phase has been through, as the ledger and the decisions tell it. */
export interface PhaseHistory {
  phase: Phase;
  series: number;
  /** every attempt of the phase, oldest first */
  attempts: readonly Attempt[];
  gatesOf: (takeId: string) => readonly GateResult[];
  /** decisions on the shot, oldest first */
  reviews: readonly Review[];
  newSeed: () => number;
}

/** What the next attempt changes, and against which take it is to be read. */
export interface NextRecipe {
  seed: number;
  parentTakeId: string | null;
  changeReason: string | null;
}

/** Seed and lineage of the next attempt, from what the last one came to; nothing but the history is remembered. */
export function nextRecipe(history: PhaseHistory): NextRecipe {
  const last = history.attempts.filter((attempt) => attempt.series === history.series).at(-1);
  if (!last) return { seed: history.newSeed(), ...lineageOfDecision(history) };
  if (last.takeId !== null) {
    const rejected = failedGate(history.gatesOf(last.takeId));
    return {
      seed: history.newSeed(),
      parentTakeId: last.takeId,
      changeReason: rejected ? `${rejected.gate}: ${rejected.reason}` : 'Another take',
    };
  }
  const keepsSeed = last.failure?.category === 'transient';
  const { parentTakeId, changeReason } = last;
  return { seed: (keepsSeed ? last.request.seed : null) ?? history.newSeed(), parentTakeId, changeReason };
}

/** A new series begins with a person's decision: its take is the parent, its reasons and note say why. */
function lineageOfDecision(history: PhaseHistory): Omit<NextRecipe, 'seed'> {
  const asked = history.reviews.findLast(
    (review) =>
      review.phase === history.phase && !review.undone && (review.action === 'reject' || review.action === 'reroute'),
  );
  const latestTake = history.attempts.findLast((attempt) => attempt.takeId !== null)?.takeId ?? null;
  if (!asked) return { parentTakeId: latestTake, changeReason: latestTake === null ? null : 'Another take' };
  const what = asked.action === 'reroute' ? `rerouted to ${asked.workflowId ?? 'another engine'}` : 'rejected';
  const why = [asked.reasons.join(', '), asked.note.trim()].filter(Boolean).join(' — ');
  return { parentTakeId: asked.takeId ?? latestTake, changeReason: why ? `${what}: ${why}` : what };
}
