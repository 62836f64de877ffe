import { type Batch, type BatchStatus, isCutShort } from '../../../src-shared/domain/batch.ts';
import type { MarkShape, MarkTone } from '../../ui/state-mark.tsx';

export interface BatchMark {
  shape: MarkShape;
  tone: MarkTone;
  moving: boolean;
}

const marks: Record<BatchStatus, BatchMark> = {
  created: { shape: 'ring', tone: 'quiet', moving: false },
  running: { shape: 'half', tone: 'accent', moving: true },
  paused: { shape: 'bar', tone: 'eyes', moving: false },
  budget_exhausted: { shape: 'bar', tone: 'eyes', moving: false },
  complete: { shape: 'check', tone: 'good', moving: false },
  failed: { shape: 'cross', tone: 'bad', moving: false },
};

/** The mark of a batch; one that only waits for reviews looks as what waits for a person does everywhere. */
export function batchMark(batch: Pick<Batch, 'status' | 'awaitingOperator' | 'counts'>): BatchMark {
  if (batch.status === 'running' && batch.awaitingOperator) return { shape: 'eye', tone: 'eyes', moving: false };
  return isCutShort(batch) ? { shape: 'bar', tone: 'quiet', moving: false } : marks[batch.status];
}
