import { useEffect, useMemo, useRef, useState } from 'react';
import type { AttemptFact } from '../../../src-shared/domain/attempt-step.ts';
import type { Batch } from '../../../src-shared/domain/batch.ts';
import { shotsInScope } from '../../../src-shared/domain/batch-scope.ts';
import { loadBatchAttempts, useAttemptsStore } from '../../stores/attempts-store.ts';
import { openProject } from '../../stores/project-session.ts';
import { useProjectStore, useShots } from '../../stores/project-store.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { BatchHeader } from './batch-header.tsx';
import { waitsOf } from './phase-waits.ts';
import { RetryList } from './retry-list.tsx';
import { ShotTable } from './shot-table.tsx';
import { SpendParts } from './spend-parts.tsx';
import { type StationFilter, shotsAt } from './station-counts.ts';
import { StationTable } from './station-table.tsx';
import { sayTimeLeft, timeLeftOf } from './time-left.ts';

const noAttempts: readonly AttemptFact[] = [];

/** One batch: how it goes, what it costs, what waits for another try, and every shot of it. */
export function BatchView({ projectId, batch, onDoubts }: { projectId: string; batch: Batch; onDoubts: () => void }) {
  const episodeId = useProjectStore((state) => state.snapshot?.episodeId ?? null);
  const all = useShots();
  const attempts = useAttemptsStore((state) => state.byBatch[batch.id]?.value ?? noAttempts);
  const isUnknown = useAttemptsStore((state) => state.byBatch[batch.id] === undefined);
  const [filter, setFilter] = useState<StationFilter | null>(null);
  const shots = useMemo(() => shotsInScope(batch.config, all), [batch.config, all]);
  const shown = useMemo(() => shotsAt(shots, filter), [shots, filter]);
  useEffect(() => {
    if (isUnknown) void loadBatchAttempts(projectId, batch.id);
  }, [projectId, batch.id, isUnknown]);
  const place = useRef<HTMLElement>(null);
  const isHere = episodeId === batch.episodeId;
  const doubts = useAttemptsStore((state) => state.doubts.value);
  const waits = useMemo(() => waitsOf(batch, doubts, attempts), [batch, doubts, attempts]);
  const left = useMemo(() => timeLeftOf(batch, shots, attempts), [batch, shots, attempts]);
  const timeLeft = isHere ? sayTimeLeft(left) : 'shown with its episode';
  return (
    <section
      ref={place}
      tabIndex={-1}
      aria-label={`Batch ${batch.id}`}
      className="flex min-w-0 flex-1 flex-col outline-none"
    >
      <BatchHeader projectId={projectId} batch={batch} timeLeft={timeLeft} />
      <SpendParts spend={batch.spend} onDoubts={onDoubts} />
      {isHere ? (
        <>
          <StationTable shots={shots} phases={batch.config.phases} filter={filter} onFilter={setFilter} />
          <ShotTable
            projectId={projectId}
            shots={shown}
            total={shots.length}
            phases={batch.config.phases}
            waits={waits}
            onClear={() => setFilter(null)}
          />
          <RetryList
            projectId={projectId}
            shots={shots}
            phases={batch.config.phases}
            waits={waits}
            onDoubts={onDoubts}
            home={place}
          />
        </>
      ) : (
        <EmptyState headline={`This batch is of ${batch.episodeId}`} sentence="Its shots show when that episode does.">
          <Button onClick={() => void openProject(projectId, batch.episodeId)}>Show {batch.episodeId}</Button>
        </EmptyState>
      )}
    </section>
  );
}
