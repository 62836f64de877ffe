import type { Batch } from '../../../src-shared/domain/batch.ts';
import { phasesInScope } from '../../../src-shared/domain/batch-scope.ts';
import type { Shot } from '../../../src-shared/domain/shot.ts';
import type { AttemptStepStore } from '../ports/store.ts';

/**
 * Why a batch that has nothing left to run did not succeed: the plan lost its shots, or no engine took anything of it. Null
 * where it is simply over; single shots that were halted are no failure of their batch.
 */
export function fatalReason(
  store: Pick<AttemptStepStore, 'factsOfBatch'>,
  batch: Batch,
  shots: readonly Shot[],
): string | null {
  const scope = phasesInScope(batch.config, shots);
  if (scope.length === 0) return `The plan of ${batch.episodeId} no longer lists any shot of this batch.`;
  const abandoned = scope.filter(({ row }) => row.state === 'halted' && row.outcome === 'abandoned');
  const isAll = scope.every(({ row }) => row.state === 'halted' || row.state === 'blocked');
  if (abandoned.length === 0 || !isAll || hasMade(store, batch.id)) return null;
  return `No engine made anything of this batch. ${abandoned[0]?.row.reason ?? ''}`.trim();
}

function hasMade(store: Pick<AttemptStepStore, 'factsOfBatch'>, batchId: string): boolean {
  for (let before: number | null = null; ; ) {
    const { facts, next }: ReturnType<typeof store.factsOfBatch> = store.factsOfBatch(batchId, { before, limit: 500 });
    if (facts.some((fact) => fact.takeId !== null)) return true;
    if (next === null) return false;
    before = next;
  }
}
