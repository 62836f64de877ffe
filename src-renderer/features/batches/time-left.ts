/** How long a batch still runs without a person, if enough has been made to say so. Pure. */
import type { AttemptFact } from '../../../src-shared/domain/attempt-step.ts';
import type { Batch } from '../../../src-shared/domain/batch.ts';
import type { Phase } from '../../../src-shared/domain/phase.ts';
import { isInFlight, type ProductionState } from '../../../src-shared/domain/production-state.ts';
import type { Shot } from '../../../src-shared/domain/shot.ts';
import { phasePhrases } from '../../../src-shared/phrases.ts';

export type TimeLeft =
  | { kind: 'nothing-to-run' }
  | { kind: 'not-running' }
  | { kind: 'unknown'; why: string }
  | { kind: 'about'; ms: number; takes: number };

const enough = 3;

/** Shots in scope. From the middle time of the takes that were settled, how many attempts a take needed, and what runs side by side. */
export function timeLeftOf(batch: Batch, shots: readonly Shot[], attempts: readonly AttemptFact[]): TimeLeft {
  const toRun = new Map<Phase, number>();
  for (const phase of batch.config.phases) {
    const count = shots.filter(({ phases }) => runsByItself(phases[phase].state)).length;
    if (count > 0) toRun.set(phase, count);
  }
  const total = [...toRun.values()].reduce((sum, count) => sum + count, 0);
  if (batch.status !== 'running' && batch.status !== 'created') return { kind: 'not-running' };
  if (total === 0) return { kind: 'nothing-to-run' };
  let workMs = 0;
  let takes = 0;
  for (const [phase, count] of toRun) {
    const own = attempts.filter((attempt) => attempt.phase === phase);
    const settled = own.filter(({ state }) => state === 'settled');
    if (settled.length < enough) {
      const name = phasePhrases[phase].toLowerCase();
      return {
        kind: 'unknown',
        why: `known after ${enough} ${name} takes (${settled.length} so far)`,
      };
    }
    const over = own.filter(({ state }) => state === 'settled' || state === 'failed').length;
    workMs += count * middle(settled.map(durationOf)) * (over / settled.length);
    takes += settled.length;
  }
  return { kind: 'about', ms: workMs / Math.min(batch.config.maxConcurrent, total), takes };
}

function runsByItself(state: ProductionState): boolean {
  return state === 'queued' || state === 'remediating' || isInFlight(state);
}

function durationOf({ createdAt, updatedAt }: AttemptFact): number {
  return Math.max(0, Date.parse(updatedAt) - Date.parse(createdAt));
}

function middle(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** For example "about 4 min, by 12 settled takes". */
export function sayTimeLeft(left: TimeLeft): string {
  switch (left.kind) {
    case 'nothing-to-run':
      return 'nothing left to run';
    case 'not-running':
      return 'the line does not run';
    case 'unknown':
      return left.why;
    case 'about':
      return `about ${roughly(left.ms)}, by ${left.takes} settled takes`;
  }
}

function roughly(ms: number): string {
  const minutes = ms / 60_000;
  if (minutes < 1) return 'a minute';
  if (minutes < 90) return `${Math.round(minutes)} min`;
  return `${Math.round(minutes / 60)} h`;
}
