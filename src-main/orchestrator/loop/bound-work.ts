/**
 * Jobs that a provider has and that the plan of no running batch goes on with: their batch is on hold or over, their shot has
 * left the plan, or a decision has taken their phase. Their money is bound, so they are asked about whatever becomes of
 * their phase; nothing is submitted here.
 */
import type { Attempt } from '../../../src-shared/domain/attempt.ts';
import type { Batch } from '../../../src-shared/domain/batch.ts';
import { shotsInScope } from '../../../src-shared/domain/batch-scope.ts';
import { isInFlight } from '../../../src-shared/domain/production-state.ts';
import type { ShotPhase } from '../../../src-shared/domain/shot.ts';
import { followAttempt } from '../attempt/follow-attempt.ts';
import type { Clock } from '../ports/clock.ts';
import { maxPauses, pauseMs } from '../retry/pause-before-asking.ts';
import type { Bound } from '../stations/bind.ts';
import type { PhaseAddress } from '../stations/move-phase.ts';
import type { StationDeps } from '../stations/station-deps.ts';

export interface BoundWork {
  attempt: Attempt;
  at: PhaseAddress;
  /** epoch milliseconds */
  askAt: number;
  /** no phase waits for it: when it is asked about is written down nowhere */
  isLeftOver: boolean;
}

/** Open jobs without a plan, by the time at which to ask: their phase's where it waits for them, else `leftOvers`'. */
export function boundWork(
  deps: Pick<StationDeps, 'store' | 'providers'>,
  running: readonly Batch[],
  leftOvers: LeftOverPauses,
): BoundWork[] {
  const byId = new Map(running.map((batch) => [batch.id, batch]));
  return deps.store.openAttempts().flatMap((attempt): BoundWork[] => {
    const { id, shotId, phase, series, batchId, state } = attempt;
    if (state === 'intent') return [];
    const row = deps.store.shotPhase(shotId, phase);
    const batch = batchId === null ? undefined : byId.get(batchId);
    if (batch && isPlannedBy(deps, batch, row, series)) return [];
    const isAwaited = row.series === series && row.state === 'remediating' && isNewest(deps, attempt);
    const askAt = isAwaited ? timeOf(row) : isLeftOver(deps, attempt, row) ? leftOvers.askAt(id) : null;
    return askAt === null ? [] : [{ attempt, at: { shotId, phase, series }, askAt, isLeftOver: !isAwaited }];
  });
}

/** Brings the phase to its job again where it still waits for it; null when the job's engine is not there. */
export function bindOpenJob(deps: StationDeps, { attempt, at }: BoundWork): Bound | null {
  const adapter = deps.providers.get(attempt.request.provider);
  if (!adapter) return null;
  followAttempt(deps.store, at, { attempt, cause: 'retry-started' });
  return { at, attempt: deps.store.attempt(attempt.id) ?? attempt, adapter };
}

/** When jobs that no phase waits for are asked about: at once, then in growing pauses, and no more until the next start. */
export class LeftOverPauses {
  readonly #clock: Clock;
  readonly #asked = new Map<string, { times: number; next: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Epoch milliseconds; null when it was asked about often enough. */
  askAt(attemptId: string): number | null {
    const asked = this.#asked.get(attemptId);
    if (!asked) return this.#clock.now().getTime();
    return asked.times > maxPauses ? null : asked.next;
  }

  note(attemptId: string): void {
    const times = this.#asked.get(attemptId)?.times ?? 0;
    this.#asked.set(attemptId, { times: times + 1, next: this.#clock.now().getTime() + pauseMs(times) });
  }
}

/** An older job, which was listed late, is not what its phase waits for. */
function isNewest({ store }: Pick<StationDeps, 'store'>, { id, shotId, phase }: Attempt): boolean {
  return store.attemptsOf(shotId, phase).at(-1)?.id === id;
}

/** The plan of a running batch comes by a phase of its scope that has work left in the attempt's series. */
function isPlannedBy(deps: Pick<StationDeps, 'store'>, batch: Batch, row: ShotPhase, series: number): boolean {
  const shot = deps.store.shot(row.shotId);
  const isInScope = shot !== null && shotsInScope(batch.config, [shot]).length > 0;
  const hasWork = row.state === 'queued' || row.state === 'remediating' || isInFlight(row.state);
  return isInScope && hasWork && row.series === series && batch.config.phases.includes(row.phase);
}

/** A doubt is a person's to end, a delivery a person's to make; a phase that was halted over its job asks at the next start. */
function isLeftOver(deps: Pick<StationDeps, 'providers'>, attempt: Attempt, row: ShotPhase): boolean {
  const isGivenUp = row.series === attempt.series && row.state === 'halted';
  const byHand = deps.providers.get(attempt.request.provider)?.deliver !== undefined;
  return attempt.state !== 'in_doubt' && !isGivenUp && !byHand;
}

function timeOf({ retryAt }: ShotPhase): number | null {
  return retryAt === null ? null : Date.parse(retryAt);
}
