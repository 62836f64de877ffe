// What all gates share: how single findings add up to a verdict. The port itself is orchestrator/ports/gate.ts.
import type { Finding, GateStatus, Measurement } from '../../src-shared/domain/verdict.ts';

/** One thing that was looked at: the figure, and what is wrong with it when something is. */
export interface Check {
  measurement: Measurement;
  finding: Finding | null;
}

/**
 * The verdict of several checks. One fail fails; one doubt asks a person; what could not be measured is deferred to a
 * person and never a pass. Skipped checks do not count.
 */
export function combineStatuses(statuses: readonly GateStatus[]): GateStatus {
  if (statuses.includes('fail')) return 'fail';
  if (statuses.includes('review')) return 'review';
  if (statuses.includes('unmeasurable') || statuses.includes('deferred')) return 'deferred';
  return statuses.includes('pass') ? 'pass' : 'skipped';
}

/** Where a figure lies between two limits; `lower` says that small figures are the good ones. */
export function gradeBelow(value: number, limits: { pass: number; review: number }): GateStatus {
  if (value <= limits.pass) return 'pass';
  return value <= limits.review ? 'review' : 'fail';
}
