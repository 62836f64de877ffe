import { isAttemptOver } from '../../../src-shared/domain/attempt.ts';
import type { Batch } from '../../../src-shared/domain/batch.ts';
import { phasesInScope } from '../../../src-shared/domain/batch-scope.ts';
import { wantCallOff } from '../attempt/call-off.ts';
import { dropIntent, stoppedBeforeSent } from '../attempt/open-attempt.ts';
import { movePhase } from '../stations/move-phase.ts';
import type { StationDeps } from '../stations/station-deps.ts';

/**
 * A stopped batch sends nothing more: what it had only recorded gives its money back, and what waited for another try is
 * queued for the next batch. What a provider has is called off where that costs nothing, and followed until it is back.
 */
export function standDown(deps: Pick<StationDeps, 'store' | 'providers'>, batch: Batch, person: string | null): void {
  const { store } = deps;
  store.inTransaction(() => {
    for (const attempt of store.openAttempts()) {
      if (attempt.batchId !== batch.id) continue;
      if (attempt.state === 'intent') dropIntent(deps, attempt, stoppedBeforeSent);
      else wantCallOff(deps, attempt, person);
    }
    for (const { row } of phasesInScope(batch.config, store.shots(batch.episodeId))) {
      if (row.state !== 'remediating') continue;
      const { shotId, phase, series } = row;
      if (store.attemptsOf(shotId, phase).some((one) => one.series === series && !isAttemptOver(one.state))) continue;
      const patch = { reason: null, retryAt: null };
      movePhase(store, row, { from: 'remediating', to: 'queued', cause: 'interrupted', patch });
    }
  });
}
