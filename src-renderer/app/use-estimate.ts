import { useEffect, useState } from 'react';
import type { BatchConfigInput, BatchEstimate } from '../../src-shared/domain/batch.ts';
import { studio } from '../api/client.ts';
import { isAbort, type Trouble, troubleOf } from '../api/trouble.ts';

export type EstimateLoad =
  | { kind: 'waiting' }
  | { kind: 'ready'; estimate: BatchEstimate }
  | { kind: 'refused'; trouble: Trouble };

const restMs = 200;

/** The price of a batch as it is configured now; asked again when the form has rested for a moment. */
export function useEstimate(projectId: string | null, config: BatchConfigInput | null): EstimateLoad {
  const [load, setLoad] = useState<EstimateLoad>({ kind: 'waiting' });
  const text = JSON.stringify(config);
  useEffect(() => {
    const asked: BatchConfigInput | null = JSON.parse(text);
    if (projectId === null || asked === null) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      studio.batches.estimate({ projectId, config: asked }, { signal: abort.signal }).then(
        (estimate) => setLoad({ kind: 'ready', estimate }),
        (error: unknown) => {
          if (!isAbort(error) && !abort.signal.aborted) setLoad({ kind: 'refused', trouble: troubleOf(error) });
        },
      );
    }, restMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [projectId, text]);
  return load;
}
