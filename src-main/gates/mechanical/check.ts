import type { Finding, GateStatus } from '../../../src-shared/domain/verdict.ts';
import type { Check } from '../gate.ts';

export interface CheckInput {
  metric: string;
  status: GateStatus;
  value: Check['measurement']['value'];
  unit?: string;
  threshold?: string;
  /** what is wrong, for people; a check that passes says nothing */
  message?: string;
  /** how bad a fail is; a review is always minor */
  severity?: Finding['severity'];
  frames?: { start: number; end: number };
}

/** A check with its finding when it is not a pass. */
export function makeCheck(input: CheckInput): Check {
  const { metric, status, value, message, frames } = input;
  const measurement = { metric, value, unit: input.unit ?? null, threshold: input.threshold ?? null, status };
  if (message === undefined || status === 'pass' || status === 'skipped') return { measurement, finding: null };
  const severity = status === 'fail' ? (input.severity ?? 'major') : 'minor';
  const finding = { code: metric, severity, message, startFrame: frames?.start ?? null, endFrame: frames?.end ?? null };
  return { measurement, finding };
}

/** Two digits for a sentence; measurements keep the raw figure. */
export function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}
