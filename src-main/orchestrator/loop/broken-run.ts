/**
 * Ends a run that threw, so that the rest of the line goes on. A full disk pauses the batch. Anything else is a bug: what a
 * provider has taken is asked about again in pauses, because its money is bound; what it has not taken gives its money back
 * and halts this shot alone.
 */
import type { Attempt } from '../../../src-shared/domain/attempt.ts';
import type { Phase } from '../../../src-shared/domain/phase.ts';
import { isInFlight } from '../../../src-shared/domain/production-state.ts';
import type { ShotPhase } from '../../../src-shared/domain/shot.ts';
import { AppError } from '../../platform/app-error.ts';
import { followAttempt } from '../attempt/follow-attempt.ts';
import { dropIntent, isBatchOver } from '../attempt/open-attempt.ts';
import { classifyFailure } from '../classify-failure.ts';
import { askAgainPatch, maxPauses } from '../retry/pause-before-asking.ts';
import { pauseBatch } from '../retry/retry-dispatcher.ts';
import { movePhase, type PhaseAddress } from '../stations/move-phase.ts';
import type { StationDeps } from '../stations/station-deps.ts';

export interface BrokenRun {
  shotId: string;
  phase: Phase;
  batchId: string | null;
}

/** How it was ended; `left`: the phase stands as it stood, because it was not at a station. */
export type BrokenEnd = 'paused' | 'asked-again' | 'halted' | 'left';

export function concludeBrokenRun(deps: StationDeps, run: BrokenRun, error: unknown): BrokenEnd {
  const failure = classifyFailure(error);
  if (failure.detail === 'disk') return waitForRoom(deps, run, failure.message);
  return deps.store.inTransaction(() => {
    const { at, row, open } = standingOf(deps, run);
    for (const attempt of deps.store.attemptsOf(run.shotId, run.phase)) {
      if (attempt.state === 'intent') dropIntent(deps, attempt, 'Its run was stopped before it was sent.');
    }
    if (!isInFlight(row.state)) return 'left';
    const said =
      error instanceof AppError ? error.message : 'Something went wrong with this shot. The log has the details.';
    if (open && open.state !== 'intent' && row.remediationCount < maxPauses) {
      followAttempt(deps.store, at, { attempt: open, cause: 'interrupted' });
      const reason = `${said} Its job is bound and is asked about again.`;
      const patch = { ...askAgainPatch(deps.clock, row), reason };
      movePhase(deps.store, at, { from: 'assembling', to: 'remediating', cause: 'interrupted', patch });
      return 'asked-again';
    }
    const reason = open ? `${said} Its job is still open and is asked about again at the next start.` : said;
    const patch = { reason, outcome: 'abandoned' as const, retryAt: null };
    movePhase(deps.store, at, { from: row.state, to: 'halted', cause: 'attempt-lost', patch });
    return 'halted';
  });
}

/**
 * Nothing is lost: an open job waits for the batch to go on, or, where that is over, is asked about in pauses; a take that is
 * there is measured then.
 */
function waitForRoom(deps: StationDeps, run: BrokenRun, message: string): 'paused' {
  const isOver = run.batchId === null || isBatchOver(deps, run.batchId);
  return deps.store.inTransaction(() => {
    const reason = pauseBatch(deps, run, `${message} Make room.`);
    const { at, row, open } = standingOf(deps, run);
    if (row.state === 'assembling' || row.state === 'binding') {
      const to = row.state === 'assembling' && open && open.state !== 'intent' ? 'remediating' : 'queued';
      const isAskedAgain = to === 'remediating' && isOver && row.remediationCount < maxPauses;
      const patch = { retryAt: null, ...(isAskedAgain ? askAgainPatch(deps.clock, row) : {}), reason };
      movePhase(deps.store, at, { from: row.state, to, cause: 'interrupted', patch });
    }
    return 'paused';
  });
}

/** Where the phase stands, and the attempt of its series that is not over. */
function standingOf(
  deps: StationDeps,
  run: BrokenRun,
): { at: PhaseAddress; row: ShotPhase; open: Attempt | undefined } {
  const row = deps.store.shotPhase(run.shotId, run.phase);
  const open = deps.store
    .attemptsOf(run.shotId, run.phase)
    .findLast(({ series, state }) => series === row.series && state !== 'settled' && state !== 'failed');
  return { at: { shotId: run.shotId, phase: run.phase, series: row.series }, row, open };
}
