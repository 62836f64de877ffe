import type { AutonomyConfig } from '../../../src-shared/domain/batch.ts';
import type { ShotType } from '../../../src-shared/domain/plan.ts';
import type { GateName, GateResult } from '../../../src-shared/domain/verdict.ts';
import { gateNamePhrases, shotTypePhrases } from '../../../src-shared/phrases.ts';

export interface AutonomyQuestion {
  config: AutonomyConfig;
  /** phases that autonomy has approved in this batch, from the recorded decisions */
  approvedInBatch: number;
  /** results of this take, never of an earlier one */
  results: readonly GateResult[];
  /** gates that must have measured it */
  requiredGates: readonly GateName[];
  shotType: ShotType;
}

/** The seven checks in their order (facts/orchestrator.md §7). */
export type AutonomyCheck = 'enabled' | 'cap' | 'deferred' | 'gate-3' | 'gates-pass' | 'shot-type' | 'approve';

export interface AutonomyAnswer {
  approve: boolean;
  /** the check that decided */
  check: AutonomyCheck;
  reason: string;
}

/** Whether a take may be approved without a person: no, unless all seven checks say yes. */
export function mayApprove(question: AutonomyQuestion): AutonomyAnswer {
  const { config, results } = question;
  const deny = (check: AutonomyCheck, reason: string): AutonomyAnswer => ({ approve: false, check, reason });
  const resultOf = (gate: GateName) => results.find((result) => result.gate === gate);
  if (!config.enabled) return deny('enabled', 'Autonomy is off.');
  const cap = config.max_auto_approve_per_batch;
  if (cap > 0 && question.approvedInBatch >= cap) return deny('cap', `Autonomy has approved its ${cap} in this batch.`);
  const unsure = results.find(
    ({ status }) => status === 'deferred' || status === 'unmeasurable' || status === 'review',
  );
  if (unsure) return deny('deferred', `${gateNamePhrases[unsure.gate]} could not judge it: ${unsure.reason}`);
  if (config.require_gate3 && resultOf('gate_3')?.status !== 'pass') {
    return deny('gate-3', `${gateNamePhrases.gate_3} is required and has not passed it.`);
  }
  const doubt = doubtOfGates(question);
  if (doubt !== null) return deny('gates-pass', doubt);
  if (config.exclude_shot_types.includes(question.shotType)) {
    return deny('shot-type', `Shots of type “${shotTypePhrases[question.shotType]}” are left to people.`);
  }
  return { approve: true, check: 'approve', reason: whyApproved(question) };
}

/** Fifth check: why the gates are not enough for an approval; null when they are. */
function doubtOfGates({ config, results, requiredGates }: AutonomyQuestion): string | null {
  if (results.every(({ status }) => status === 'skipped')) return 'No gate has measured this take.';
  const rejecting = results.find(({ status }) => status === 'fail');
  if (rejecting) return `${gateNamePhrases[rejecting.gate]} rejected it: ${rejecting.reason}`;
  if (!config.require_all_gates_pass) return null;
  const missing = requiredGates.find((gate) => !results.some((result) => result.gate === gate));
  if (missing) return `${gateNamePhrases[missing]} has not run on this take.`;
  const other = results.find(({ status }) => status !== 'pass');
  return other ? `${gateNamePhrases[other.gate]}: ${other.reason}` : null;
}

/** What the approval stands on, for whoever reads it in the morning. */
function whyApproved({ config, approvedInBatch, results }: AutonomyQuestion): string {
  const passed = results.filter(({ status }) => status === 'pass').map(({ gate }) => gateNamePhrases[gate]);
  const cap = config.max_auto_approve_per_batch;
  const number = `approval ${approvedInBatch + 1}${cap > 0 ? ` of ${cap}` : ''} in this batch`;
  return `All seven checks of autonomy passed: ${passed.join(', ')} passed it; ${number}.`;
}
