/**
 * What an attempt says about its engine. A take that the gates judged does, and so does work that the engine refused or
 * delivered unusable; a provider out of reach, an account, a disk or a cancelled request does not.
 */
import type { Attempt, AttemptFailure } from '../../src-shared/domain/attempt.ts';
import type { FailureCategory } from '../../src-shared/domain/failure.ts';
import type { LearningEvent, VerdictLine } from '../../src-shared/domain/learning.ts';
import { usdNumber } from '../../src-shared/domain/money.ts';
import type { Phase } from '../../src-shared/domain/phase.ts';
import { type FlatStatus, flatStatusSchema, toFlatStatus } from '../../src-shared/domain/production-state.ts';
import type { Take } from '../../src-shared/domain/take.ts';
import type { GateResult } from '../../src-shared/domain/verdict.ts';
import { categoryOfGate, failedGate } from '../orchestrator/classify-failure.ts';
import type { LearningWorld } from './learning-world.ts';

export function verdictIdOf(attemptId: string): string {
  return `verdict:${attemptId}`;
}

/** The verdict of the gates on a take; null when none of them applied to it. */
export function verdictOnTake(
  at: string,
  work: { attempt: Attempt; take: Take; gates: readonly GateResult[] },
  world: LearningWorld,
): LearningEvent | null {
  const { attempt, take, gates } = work;
  const deciding = decidingGate(gates);
  if (!deciding) return null;
  const rejected = deciding.status === 'fail';
  const category = rejected ? categoryOfGate(deciding.gate) : null;
  const line: VerdictLine = {
    ...headOf(at, attempt, world),
    success: !rejected,
    cost: usdNumber(take.costMicroUsd),
    gate_name: deciding.gate,
    gate_passed: deciding.status === 'pass',
    gate_reason: deciding.reason,
    gate_deferred: !rejected && deciding.status !== 'pass',
    final_state: category === null ? toFlatStatus(take.phase, 'awaiting_operator', null) : flatOf(take.phase, category),
    gate_details: {
      total_score: numberOf(deciding, 'total_score'),
      mismatches: deciding.findings.filter(({ severity }) => severity !== 'info').map(({ code }) => code),
      failure_category: category,
      drift_count: numberOf(deciding, 'drift_count'),
      skipped: gates.some(({ status }) => status === 'skipped'),
    },
  };
  return { kind: 'verdict', line };
}

/** What an attempt without a take says; null when it says nothing (it was cancelled before it was sent). */
export function verdictOnFailure(at: string, attempt: Attempt, world: LearningWorld): LearningEvent | null {
  const { failure } = attempt;
  if (!failure || failure.detail === 'cancelled') return null;
  const head = headOf(at, attempt, world);
  if (!isEnginesDoing(failure)) {
    const line = { ...head, failure_category: failure.category, failure_detail: failure.detail };
    return { kind: 'fault', line: { ...line, id: `fault:${attempt.id}` } };
  }
  const line: VerdictLine = {
    ...head,
    success: false,
    cost: attempt.actualMicroUsd === null ? null : usdNumber(attempt.actualMicroUsd),
    ...{ gate_name: null, gate_passed: null, gate_reason: failure.message, gate_deferred: false },
    final_state: flatOf(attempt.phase, failure.category),
    gate_details: {
      ...{ total_score: null, mismatches: [], drift_count: null, skipped: false },
      failure_category: failure.category,
    },
  };
  return { kind: 'verdict', line };
}

function headOf(at: string, attempt: Attempt, world: LearningWorld) {
  return {
    id: verdictIdOf(attempt.id),
    timestamp: at,
    project: world.project,
    shot_id: attempt.shotId,
    model: attempt.request.model,
    phase: attempt.phase,
    shot_type: world.shotType(attempt.shotId),
  };
}

function isEnginesDoing({ category, detail }: AttemptFailure): boolean {
  if (category === 'transient' || category === 'budget') return false;
  return detail === 'bad_output' || detail === 'rejected_request' || detail === 'unknown';
}

/** The gate by which a take goes back or to a person; else the last one that passed it. */
function decidingGate(gates: readonly GateResult[]): GateResult | null {
  const undecided = gates.find(({ status }) => status !== 'pass' && status !== 'skipped');
  return failedGate(gates) ?? undecided ?? gates.findLast(({ status }) => status === 'pass') ?? null;
}

/** The sheet's flat word for an attempt that was lost or rejected; where it has none for the phase, the plain one. */
function flatOf(phase: Phase, category: FailureCategory): FlatStatus {
  const kind =
    category === 'gate_mechanical' ? 'mechanical_failed' : category.startsWith('gate_') ? 'semantic_failed' : 'failed';
  const fine = flatStatusSchema.safeParse(`${phase}_${kind}`);
  if (fine.success) return fine.data;
  const plain = flatStatusSchema.safeParse(`${phase}_failed`);
  return plain.success ? plain.data : 'failed';
}

function numberOf(result: GateResult, metric: string): number | null {
  const value = result.measurements.find((measurement) => measurement.metric === metric)?.value;
  return typeof value === 'number' ? value : null;
}
