import type { Batch } from '../../../src-shared/domain/batch.ts';
import type { OrchestratorDeps } from '../orchestrator-deps.ts';

/**
 * A batch that goes on asks at once about the jobs that it has out, whatever pause they were left in: what kept their
 * provider from answering may be mended. What waits to be sent, and what is in doubt, keeps its own time.
 */
export function askAtOnce({ store, clock }: Pick<OrchestratorDeps, 'store' | 'clock'>, { id }: Batch): void {
  const retryAt = clock.now().toISOString();
  for (const { batchId, state, shotId, phase, series } of store.openAttempts()) {
    if (batchId !== id || (state !== 'submitted' && state !== 'downloaded')) continue;
    const row = store.shotPhase(shotId, phase);
    if (row.state !== 'remediating' || row.series !== series) continue;
    store.annotate(shotId, phase, row.version, { retryAt });
  }
}
