import type { AutonomyConfig } from '../../../src-shared/domain/batch.ts';
import type { ShotType } from '../../../src-shared/domain/plan.ts';
import type { GateName, GateResult } from '../../../src-shared/domain/verdict.ts';

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
  const unmeasured = results.find((result) => result.status === 'deferred' || result.status === 'unmeasurable');
  if (unmeasured) return deny('deferred', `${unmeasured.gate} could not judge it: ${unmeasured.reason}`);
  if (config.require_gate3 && resultOf('gate_3')?.status !== 'pass') return deny('gate-3', 'gate_3 has not passed it.');
  if (results.length === 0) return deny('gates-pass', 'No gate has measured this take.');
  if (config.require_all_gates_pass) {
    const missing = question.requiredGates.find((gate) => !resultOf(gate));
    if (missing) return deny('gates-pass', `${missing} has not run on this take.`);
    const other = results.find((result) => result.status !== 'pass');
    if (other) return deny('gates-pass', `${other.gate}: ${other.reason}`);
  }
  if (results.some((result) => result.status === 'fail')) return deny('gates-pass', 'A gate rejected it.');
  if (config.exclude_shot_types.includes(question.shotType)) {
    return deny('shot-type', `Shots of type ${question.shotType} are left to people.`);
  }
  return { approve: true, check: 'approve', reason: 'All seven checks of autonomy passed.' };
}
