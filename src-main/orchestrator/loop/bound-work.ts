/**
 * Jobs that a provider has and whose batch does not run: paused, stopped or over. Their money is bound, so they are asked
 * about when their time has come, whatever the batch does; nothing is submitted here.
 */
import type { Attempt } from '../../../src-shared/domain/attempt.ts';
import { followAttempt } from '../attempt/follow-attempt.ts';
import type { Bound } from '../stations/bind.ts';
import type { PhaseAddress } from '../stations/move-phase.ts';
import type { StationDeps } from '../stations/station-deps.ts';

export interface BoundWork {
  attempt: Attempt;
  at: PhaseAddress;
  /** epoch milliseconds */
  askAt: number;
}

/** Open jobs outside running batches that wait to be asked about, by the time that their phase names. */
export function boundWork(deps: Pick<StationDeps, 'store'>, running: ReadonlySet<string>): BoundWork[] {
  return deps.store.openAttempts().flatMap((attempt): BoundWork[] => {
    const { shotId, phase, series, batchId, state } = attempt;
    if (state === 'intent' || (batchId !== null && running.has(batchId))) return [];
    const row = deps.store.shotPhase(shotId, phase);
    if (row.state !== 'remediating' || row.series !== series || row.retryAt === null) return [];
    return [{ attempt, at: { shotId, phase, series }, askAt: Date.parse(row.retryAt) }];
  });
}

/** Brings the phase to its job again; null when its engine is not there or somebody has decided since. */
export function bindOpenJob(deps: StationDeps, { attempt, at }: BoundWork): Bound | null {
  const adapter = deps.providers.get(attempt.request.provider);
  if (!adapter || !followAttempt(deps.store, at, { attempt, cause: 'retry-started' })) return null;
  return { at, attempt: deps.store.attempt(attempt.id) ?? attempt, adapter };
}
