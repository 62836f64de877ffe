import { Pause, Play, Square } from 'lucide-react';
import { useState } from 'react';
import type { Batch } from '../../src-shared/domain/batch.ts';
import { phraseOfBatch } from '../../src-shared/phrases.ts';
import { studio } from '../api/client.ts';
import { useActiveBatch, useProjectId } from '../stores/project-store.ts';
import { useIsLive } from '../stores/studio-store.ts';
import { showTrouble } from '../stores/toast-store.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Tip } from '../ui/tip.tsx';
import { useCommands } from './keyboard/command-bus.ts';
import { keyOf } from './keyboard/commands.ts';
import { RaiseCapDialog } from './raise-cap-dialog.tsx';
import { StartBatchDialog } from './start-batch-dialog.tsx';
import { StopBatchDialog } from './stop-batch-dialog.tsx';

/** Start batch while none is under way; its progress with pause, resume and stop while one is. */
export function BatchControls() {
  const batch = useActiveBatch();
  const projectId = useProjectId();
  const [open, setOpen] = useState(false);
  useCommands({ 'batch.start': batch === null ? () => setOpen(true) : null });
  if (projectId === null) return null;
  return (
    <>
      {batch === null ? (
        <Tip text="Scope, phases, cap and a price first" keys={keyOf('batch.start')}>
          <Button tone="primary" icon={<Play className="size-3.5" aria-hidden="true" />} onClick={() => setOpen(true)}>
            Start batch
          </Button>
        </Tip>
      ) : (
        <RunningBatch projectId={projectId} batch={batch} />
      )}
      {open ? <StartBatchDialog onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function RunningBatch({ projectId, batch }: { projectId: string; batch: Batch }) {
  const [asking, setAsking] = useState<'stop' | 'cap' | null>(null);
  const [calling, setCalling] = useState(false);
  const busy = !useIsLive() || calling;
  const { counts, status } = batch;
  const call = async (action: (input: { projectId: string; batchId: string }) => Promise<unknown>) => {
    setCalling(true);
    await action({ projectId, batchId: batch.id }).catch(showTrouble);
    setCalling(false);
  };
  const resume = () => (status === 'budget_exhausted' ? setAsking('cap') : void call(studio.batches.resume));
  const hold = status === 'running' ? () => void call(studio.batches.pause) : resume;
  useCommands({ 'batch.hold': busy ? null : hold, 'batch.stop': busy ? null : () => setAsking('stop') });
  return (
    <div className="flex shrink-0 items-center gap-1" role="toolbar" aria-label="Batch">
      <Tip
        text={
          batch.statusReason ??
          `${counts.pending} at work or queued, ${counts.inReview} need you, ${counts.halted} halted`
        }
      >
        <span className="tabular px-1 text-sm text-soft max-[1599px]:sr-only">
          {phraseOfBatch(batch)}{' '}
          <span className="text-dim">
            {counts.completed}/{counts.total}
          </span>
        </span>
      </Tip>
      {/* One button that changes, so that it keeps the focus. */}
      <IconButton label={holdLabel(status)} keys={keyOf('batch.hold')} busy={busy} onClick={hold}>
        {status === 'running' ? <Pause className="size-4" /> : <Play className="size-4" />}
      </IconButton>
      <IconButton label="Stop the batch" keys={keyOf('batch.stop')} busy={busy} onClick={() => setAsking('stop')}>
        <Square className="size-4" />
      </IconButton>
      {asking === 'stop' ? (
        <StopBatchDialog
          projectId={projectId}
          batchId={batch.id}
          onStop={() => void call(studio.batches.stop)}
          onClose={() => setAsking(null)}
        />
      ) : null}
      {asking === 'cap' ? <RaiseCapDialog projectId={projectId} batch={batch} onClose={() => setAsking(null)} /> : null}
    </div>
  );
}

function holdLabel(status: Batch['status']): string {
  if (status === 'running') return 'Pause: submit nothing more for now';
  return status === 'budget_exhausted' ? 'Raise the cap and resume' : 'Resume';
}
