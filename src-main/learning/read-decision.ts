import type { LearningEvent, OverrideLine, OverrideType } from '../../src-shared/domain/learning.ts';
import type { Review } from '../../src-shared/domain/review.ts';
import type { GateResult } from '../../src-shared/domain/verdict.ts';

type Decision = 'approved' | 'rejected' | 'overridden';

/**
 * A person's decision on a take beside each gate that had passed or rejected it. A decision that is taken back is told once
 * more as `undone`; a gate that left it to people has nothing to be held against it.
 */
export function overridesOf(
  at: string,
  review: Review,
  world: { project: string; gates: readonly GateResult[] },
): LearningEvent[] {
  const decision = decisionOf(review);
  if (decision === null || review.takeId === null) return [];
  const head = { timestamp: review.undone ? at : review.decidedAt, project: world.project, shot_id: review.shotId };
  const say = (gate: GateResult | null): LearningEvent => {
    const passed = gate === null ? null : gate.status === 'pass';
    const line: OverrideLine = {
      ...{ id: `${review.undone ? 'undone' : 'override'}:${review.id}:${gate?.gate ?? 'none'}`, ...head },
      override_type: typeOf(decision, passed),
      gate_name: gate?.gate ?? null,
      gate_passed: passed,
      human_decision: review.undone ? 'undone' : decision,
      notes: [review.reasons.join(', '), review.note.trim()].filter(Boolean).join(' — '),
    };
    return { kind: 'override', line };
  };
  const judging = world.gates.filter(({ status }) => status === 'pass' || status === 'fail');
  return judging.length === 0 ? [say(null)] : judging.map(say);
}

function decisionOf({ action }: Review): Decision | null {
  switch (action) {
    case 'approve':
      return 'approved';
    case 'reject':
      return 'rejected';
    case 'override':
      return 'overridden';
    default:
      return null;
  }
}

function typeOf(decision: Decision, passed: boolean | null): OverrideType {
  if (passed === null) return 'no_gate';
  if (decision === 'rejected') return passed ? 'false_positive' : 'agreement';
  return passed ? 'agreement' : 'false_negative';
}
