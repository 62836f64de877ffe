import { useEffect, useState } from 'react';
import type { BatchConfigInput, EstimateLine } from '../../src-shared/domain/batch.ts';
import { studio } from '../api/client.ts';
import { isAbort, type Trouble, troubleOf } from '../api/trouble.ts';

/** What a batch would cost and what would be refused, as far as it is known. */
export interface Preflight {
  lines: readonly EstimateLine[];
  refused: readonly EstimateLine[];
  totalMicroUsd: number;
  done: boolean;
}

export type PreflightLoad =
  | { kind: 'waiting' }
  | { kind: 'pricing'; preflight: Preflight }
  | { kind: 'refused'; trouble: Trouble };

const restMs = 200;
const nothingYet: Preflight = { lines: [], refused: [], totalMicroUsd: 0, done: false };

/**
 * The price of a batch as it is configured now; asked again when the form has rested for a moment, and when `world`
 * changes: what beside the form decides what would be refused.
 */
export function usePreflight(projectId: string | null, config: BatchConfigInput | null, world: string): PreflightLoad {
  const [load, setLoad] = useState<PreflightLoad>({ kind: 'waiting' });
  const text = JSON.stringify({ config, world });
  useEffect(() => {
    const { config: asked }: { config: BatchConfigInput | null } = JSON.parse(text);
    if (projectId === null || asked === null) return;
    const abort = new AbortController();
    const show = (preflight: Preflight) => {
      if (!abort.signal.aborted) setLoad({ kind: 'pricing', preflight });
    };
    const timer = setTimeout(() => {
      collect(projectId, asked, { show, signal: abort.signal }).catch((error: unknown) => {
        if (!isAbort(error) && !abort.signal.aborted) setLoad({ kind: 'refused', trouble: troubleOf(error) });
      });
    }, restMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
      setLoad((known) =>
        known.kind === 'pricing' ? { ...known, preflight: { ...known.preflight, done: false } } : known,
      );
    };
  }, [projectId, text]);
  return load;
}

interface Collecting {
  show: (preflight: Preflight) => void;
  signal: AbortSignal;
}

async function collect(projectId: string, config: BatchConfigInput, { show, signal }: Collecting): Promise<void> {
  let known = nothingYet;
  for await (const lines of await studio.batches.preflight({ projectId, config }, { signal })) {
    known = withLines(known, lines);
    show(known);
  }
  show({ ...known, done: true });
}

/** How many lines, in their order, the cap lets through before a retry costs anything. Pure. */
export function countWithin(lines: readonly EstimateLine[], capMicroUsd: number): number {
  let left = capMicroUsd;
  const first = lines.findIndex((line) => {
    left -= line.costMicroUsd ?? 0;
    return left < 0;
  });
  return first < 0 ? lines.length : first;
}

/** The lines that the cap keeps from running, in the order of the plan; one that is refused is none of them. Pure. */
export function beyondCap(lines: readonly EstimateLine[], capMicroUsd: number): ReadonlySet<EstimateLine> {
  const runs = lines.filter((line) => line.refusal === null);
  return new Set(runs.slice(countWithin(runs, capMicroUsd)));
}

/** What is known with more lines. Pure. */
export function withLines(known: Preflight, lines: readonly EstimateLine[]): Preflight {
  const runs = lines.filter((line) => line.refusal === null);
  return {
    lines: [...known.lines, ...lines],
    refused: [...known.refused, ...lines.filter((line) => line.refusal !== null)],
    totalMicroUsd: known.totalMicroUsd + runs.reduce((sum, line) => sum + (line.costMicroUsd ?? 0), 0),
    done: false,
  };
}
