import type { Attempt } from '../../../src-shared/domain/attempt.ts';
import type { FailureCategory, FailureDetail } from '../../../src-shared/domain/failure.ts';
import type { Phase } from '../../../src-shared/domain/phase.ts';
import type { Review } from '../../../src-shared/domain/review.ts';
import type { GateResult } from '../../../src-shared/domain/verdict.ts';
import { categoryOfGate, failedGate } from '../classify-failure.ts';

/** What a phase has been through, as the ledger and the decisions tell it. */
export interface PhaseHistory {
  phase: Phase;
  /** every attempt of the phase, oldest first */
  attempts: readonly Attempt[];
  /** decisions on the shot, oldest first */
  reviews: readonly Review[];
}

/** Against which take the next attempt is to be read, and why it is made. */
export interface Lineage {
  parentTakeId: string | null;
  changeReason: string | null;
}

/** A new series begins with a person's decision: its take is the parent, its reasons and note say why. */
export function lineageOfDecision(history: PhaseHistory): Lineage {
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

/** What an attempt came to when it brought nothing that can be shown. */
export interface AttemptTrouble {
  category: FailureCategory;
  /** null when a gate rejected its take */
  detail: FailureDetail | null;
  gate: GateResult | null;
  /** a sentence for people */
  why: string;
}

/** Null for an attempt that is not over, and for a take that no gate rejected. */
export function troubleOf(attempt: Attempt, gatesOf: (takeId: string) => readonly GateResult[]): AttemptTrouble | null {
  if (attempt.takeId !== null) {
    const gate = failedGate(gatesOf(attempt.takeId));
    return gate && { category: categoryOfGate(gate.gate), detail: null, gate, why: `${gate.gate}: ${gate.reason}` };
  }
  if (!attempt.failure) return null;
  const { category, detail, message } = attempt.failure;
  return { category, detail, gate: null, why: message };
}
