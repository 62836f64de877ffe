import type { Batch } from '../../../src-shared/domain/batch.ts';
import { phasesInScope } from '../../../src-shared/domain/batch-scope.ts';
import type { Shot } from '../../../src-shared/domain/shot.ts';
import type { AttemptStepStore } from '../ports/store.ts';

type Facts = Pick<AttemptStepStore, 'factsOfBatch'>;

export interface BatchEnd {
  status: 'complete' | 'failed';
  /** null where there is nothing to say */
  reason: string | null;
}

/**
 * How a batch ends that has nothing left to run. It has failed when it brought nothing at all: the plan lost its shots before
 * any take, or no engine took anything of it. Single shots that were halted are no failure of their batch.
 */
export function endOfBatch(store: Facts, batch: Batch, shots: readonly Shot[]): BatchEnd {
  const scope = phasesInScope(batch.config, shots);
  if (scope.length === 0) {
    const reason = `The plan of ${batch.episodeId} no longer lists any shot of this batch.`;
    return { status: hasMade(store, batch.id) ? 'complete' : 'failed', reason };
  }
  const abandoned = scope.find(({ row }) => row.state === 'halted' && row.outcome === 'abandoned');
  const isOver = scope.every(({ row }) => row.state === 'halted' || row.state === 'blocked');
  if (!abandoned || !isOver || hasMade(store, batch.id)) return { status: 'complete', reason: null };
  return { status: 'failed', reason: `No engine made anything of this batch. ${abandoned.row.reason ?? ''}`.trim() };
}

function hasMade(store: Facts, batchId: string): boolean {
  for (let before: number | null = null; ; ) {
    const { facts, next }: ReturnType<typeof store.factsOfBatch> = store.factsOfBatch(batchId, { before, limit: 500 });
    if (facts.some((fact) => fact.takeId !== null)) return true;
    if (next === null) return false;
    before = next;
  }
}
