/** What a phase of a batch that does not move waits for. Pure. */
import { isAttemptOver } from '../../../src-shared/domain/attempt.ts';
import type { AttemptFact, Doubt } from '../../../src-shared/domain/attempt-step.ts';
import type { Batch } from '../../../src-shared/domain/batch.ts';
import type { Phase } from '../../../src-shared/domain/phase.ts';
import type { Shot, ShotPhase } from '../../../src-shared/domain/shot.ts';

/**
 * `doubt`: nobody knows whether it was charged; `job`: its engine has a job that is asked about again, on hold or not;
 * `turn`: another try at its time; `hold`: another try, which nobody fires while the batch does not run.
 */
export type PhaseWait = 'doubt' | 'job' | 'turn' | 'hold';

export interface Waits {
  doubts: ReadonlySet<string>;
  jobs: ReadonlySet<string>;
  isRunning: boolean;
}

interface Place {
  shotId: string;
  phase: Phase;
}

const placeOf = ({ shotId, phase }: Place) => `${shotId}/${phase}`;

/** What is known of the waits of a batch: the attempts in doubt, and those whose engine has not answered. */
export function waitsOf(
  batch: Pick<Batch, 'status'>,
  doubts: readonly Doubt[] | null,
  attempts: readonly AttemptFact[],
): Waits {
  const open = attempts.filter(({ state }) => state !== 'intent' && state !== 'in_doubt' && !isAttemptOver(state));
  return {
    doubts: new Set(doubts?.map(({ attempt }) => placeOf(attempt))),
    jobs: new Set(open.map(placeOf)),
    isRunning: batch.status === 'running' || batch.status === 'created',
  };
}

/** What a phase waits for; null when it waits for nothing that comes by itself. */
export function waitOf(row: ShotPhase, { doubts, jobs, isRunning }: Waits): PhaseWait | null {
  if (doubts.has(placeOf(row))) return 'doubt';
  if (row.state !== 'remediating') return null;
  if (jobs.has(placeOf(row))) return 'job';
  return isRunning ? 'turn' : 'hold';
}

/** The phases of these shots that wait for another try, the soonest first. */
export function retriesOf(shots: readonly Shot[], phases: readonly Phase[]): ShotPhase[] {
  const rows = shots.flatMap((shot) => phases.map((phase) => shot.phases[phase]));
  return rows
    .filter(({ state }) => state === 'remediating')
    .sort((a, b) => (a.retryAt ?? '').localeCompare(b.retryAt ?? ''));
}
