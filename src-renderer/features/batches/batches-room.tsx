import { useState } from 'react';
import type { Batch } from '../../../src-shared/domain/batch.ts';
import { runCommand, useCommands } from '../../app/keyboard/command-bus.ts';
import { keyOf } from '../../app/keyboard/commands.ts';
import { useAttemptsStore } from '../../stores/attempts-store.ts';
import { useProjectId, useProjectStore } from '../../stores/project-store.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { BatchNav } from './batch-nav.tsx';
import { BatchView } from './batch-view.tsx';
import { DoubtsView } from './doubts-view.tsx';
import { ShotPanel } from './shot-panel.tsx';

const noBatches: readonly Batch[] = [];

/** What is chosen on the left: the attempts in doubt, or a batch; null = the newest batch. */
type Choice = { kind: 'doubts' } | { kind: 'batch'; batchId: string } | null;

/** Batches running and past: where every shot of them stands, what they cost, what waits, and what is in doubt. */
export function BatchesRoom() {
  const projectId = useProjectId();
  const batches = useProjectStore((state) => state.snapshot?.batches ?? noBatches);
  const doubts = useAttemptsStore((state) => state.doubts.value?.length ?? 0);
  const [choice, setChoice] = useState<Choice>(null);
  const showDoubts = () => setChoice({ kind: 'doubts' });
  useCommands({ 'batches.doubts': showDoubts });
  if (projectId === null) return null;
  if (batches.length === 0 && doubts === 0) {
    return (
      <main className="min-h-0 flex-1">
        <EmptyState
          headline="No batch has been started"
          sentence="Its shots, its spend and its log appear here and stay."
        >
          <Button tone="primary" keys={keyOf('batch.start')} onClick={() => runCommand('batch.start')}>
            Start batch
          </Button>
        </EmptyState>
      </main>
    );
  }
  const newest = batches.at(-1) ?? null;
  const chosen = choice?.kind === 'batch' ? (batches.find(({ id }) => id === choice.batchId) ?? newest) : newest;
  const showsDoubts = choice?.kind === 'doubts' || chosen === null;
  return (
    <main className="flex min-h-0 flex-1">
      <BatchNav
        batches={batches}
        doubts={doubts}
        current={showsDoubts ? 'doubts' : (chosen?.id ?? null)}
        onDoubts={showDoubts}
        onBatch={(batchId) => setChoice({ kind: 'batch', batchId })}
      />
      {showsDoubts || chosen === null ? (
        <DoubtsView projectId={projectId} />
      ) : (
        <BatchView key={chosen.id} projectId={projectId} batch={chosen} onDoubts={showDoubts} />
      )}
      <ShotPanel projectId={projectId} />
    </main>
  );
}
