import { useState } from 'react';
import { studio } from '../api/client.ts';
import { useProjectStore } from '../stores/project-store.ts';
import { listShots } from '../stores/shot-filter.ts';
import { showToast, showTrouble } from '../stores/toast-store.ts';
import { useViewStore } from '../stores/view-store.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { BatchFields } from './batch-fields.tsx';
import { newBatchForm, toBatchConfig } from './batch-form.ts';
import { EstimateTable, EstimateTotals } from './estimate-table.tsx';
import { useEstimate } from './use-estimate.ts';

/** Scope, phases and cap; the price of every shot and everything that would be refused; then start. */
export function StartBatchDialog({ onClose }: { onClose: () => void }) {
  const snapshot = useProjectStore((state) => state.snapshot);
  const [form, setForm] = useState(() => (snapshot === null ? null : newBatchForm(snapshot.project)));
  const [busy, setBusy] = useState(false);
  const { filters, sort, shotId } = useViewStore();
  const listedShotIds =
    snapshot === null ? [] : listShots(snapshot.shots, snapshot.summaries, { filters, sort }).map((shot) => shot.id);
  // The estimate is asked for again only when the text of the request changes, so it may be built on every render.
  const request =
    snapshot === null || form === null
      ? { missing: 'No project is open.' }
      : toBatchConfig(form, { project: snapshot.project, episodeId: snapshot.episodeId, shotId, listedShotIds });
  const estimate = useEstimate(snapshot?.projectId ?? null, 'config' in request ? request.config : null);
  if (snapshot === null || form === null) return null;
  const ready = estimate.kind === 'ready' ? estimate.estimate : null;
  const start = async () => {
    if (!('config' in request)) return;
    setBusy(true);
    try {
      await studio.batches.start({ projectId: snapshot.projectId, config: request.config });
      showToast({ tone: 'done', headline: 'Production started' });
      onClose();
    } catch (error) {
      showTrouble(error);
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title="Start batch"
      footer={
        <>
          <div className="flex-1">{ready ? <EstimateTotals estimate={ready} /> : null}</div>
          <Button tone="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button tone="primary" disabled={busy || ready === null || ready.runnable === 0} onClick={() => void start()}>
            Start Production
          </Button>
        </>
      }
    >
      <BatchFields
        form={form}
        onChange={setForm}
        project={snapshot.project}
        listed={listedShotIds.length}
        shotId={shotId}
      />
      {'missing' in request ? (
        <p className="px-4 pb-4 text-sm text-eyes">▲ {request.missing}</p>
      ) : (
        <EstimateTable load={estimate} />
      )}
    </Dialog>
  );
}
