import { useEffect } from 'react';
import { type Batch, hasStoppedItself, isCutShort } from '../../src-shared/domain/batch.ts';
import { phraseOfBatch } from '../../src-shared/phrases.ts';
import { useProjectStore } from '../stores/project-store.ts';
import { showToast } from '../stores/toast-store.ts';

/** Says when a batch ends or stops by itself, with its reason: afterwards nothing in the toolbar would. */
export function useBatchNotices(): void {
  useEffect(
    () =>
      useProjectStore.subscribe((state, before) => {
        const [now, then] = [state.snapshot, before.snapshot];
        if (now === null || now.projectId !== then?.projectId || now.batches === then.batches) return;
        for (const batch of now.batches) {
          const known = then.batches.find((one) => one.id === batch.id);
          if (known !== undefined && known.status !== batch.status) announce(batch);
        }
      }),
    [],
  );
}

function announce(batch: Batch): void {
  const { status, counts, statusReason } = batch;
  const isEnd = status === 'complete';
  if (!isEnd && !hasStoppedItself(batch)) return;
  showToast({
    tone: isCutShort(batch) ? 'info' : isEnd ? 'done' : 'trouble',
    about: `batch/${batch.id}`,
    headline: phraseOfBatch(batch),
    sentence: statusReason ?? `${counts.completed} of ${counts.total} shots are done, ${counts.halted} halted.`,
  });
}
