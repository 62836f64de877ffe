import type { ShotPhase } from '../../../src-shared/domain/shot.ts';
import type { Clock } from '../ports/clock.ts';
import type { ShotPhasePatch } from '../ports/store.ts';

const longestPauseMs = 15 * 60_000;

/** Between two questions about a job whose provider refuses the account: results are kept for an hour at some. */
export const lockedOutPauseMs = 5 * 60_000;

/** How often an open job is asked about again before its phase is halted until the next start. */
export const maxPauses = 10;

/** Pauses of 1, 2, 4… minutes, a quarter of an hour at most. */
export function pauseMs(asked: number): number {
  return Math.min(60_000 * 2 ** asked, longestPauseMs);
}

/** The next pause of a phase, counted on it so that a restart goes on counting. */
export function askAgainPatch(clock: Clock, row: Pick<ShotPhase, 'remediationCount'>): ShotPhasePatch {
  return {
    retryAt: new Date(clock.now().getTime() + pauseMs(row.remediationCount)).toISOString(),
    remediationCount: row.remediationCount + 1,
    remediationLimit: maxPauses,
  };
}
