import { useEffect, useMemo, useState } from 'react';
import { remainingMicroUsd } from '../../src-shared/domain/batch.ts';
import { whyNotReady } from '../../src-shared/domain/provider-settings.ts';
import { studio } from '../api/client.ts';
import type { ProjectView } from '../stores/project-reducer.ts';
import { useProjectStore } from '../stores/project-store.ts';
import { loadSettings, useSettingsStore } from '../stores/settings-store.ts';
import { listShots } from '../stores/shot-filter.ts';
import { useIsLive } from '../stores/studio-store.ts';
import { showToast, showTrouble } from '../stores/toast-store.ts';
import { useViewStore } from '../stores/view-store.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { BatchFields } from './batch-fields.tsx';
import { enginesOf, newBatchForm, providerTrouble, toBatchConfig } from './batch-form.ts';
import { keyOf } from './keyboard/commands.ts';
import { PreflightTable, PreflightTotals } from './preflight-table.tsx';
import { RehearseMenu } from './rehearse-menu.tsx';
import { type PreflightLoad, usePreflight } from './use-preflight.ts';

/** Scope, phases, engine and cap; the price of every shot and everything that would be refused; then start. */
export function StartBatchDialog({ onClose }: { onClose: () => void }) {
  const snapshot = useProjectStore((state) => state.snapshot);
  if (snapshot === null) return null;
  return <StartBatch snapshot={snapshot} onClose={onClose} />;
}

function StartBatch({ snapshot, onClose }: { snapshot: ProjectView; onClose: () => void }) {
  const { project, projectId, episodeId, shots } = snapshot;
  const [form, setForm] = useState(() => newBatchForm(project));
  const [busy, setBusy] = useState(false);
  const { filters, sort, shotId } = useViewStore();
  const { summaries } = snapshot;
  const known = useSettingsStore((state) => state.list?.providers ?? null);
  const providers = useMemo(() => enginesOf(project, known), [project, known]);
  useEffect(() => {
    void loadSettings();
  }, []);
  const shotIds = useMemo(() => shots.map((shot) => shot.id), [shots]);
  const listedShotIds = useMemo(
    () => listShots(shots, summaries, { filters, sort }).map((shot) => shot.id),
    [shots, summaries, filters, sort],
  );
  // The estimate is asked for again only when the text of the request changes, so it may be built on every render.
  const place = { episodeId, shotId, listedShotIds, shotIds, providers };
  const request = toBatchConfig(form, place);
  const keys = (providers ?? []).filter((provider) => whyNotReady(provider) === null).map(({ id }) => id);
  const load = usePreflight(projectId, 'config' in request ? request.config : null, keys.join());
  const isLive = useIsLive();
  const trouble = 'missing' in request ? request.missing : (providerTrouble(form, providers) ?? obstacleOf(load));
  const obstacle = isLive ? trouble : 'This window is not connected: nothing can be started until it is.';
  const canStart = !busy && obstacle === null;
  const start = async () => {
    if (!('config' in request) || !canStart) return;
    setBusy(true);
    try {
      await studio.batches.start({ projectId, config: request.config });
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
      onCommit={canStart ? () => void start() : null}
      {...(project.rehearsal === true ? { description: 'Rehearsal: nothing is spent.' } : {})}
      footer={
        <>
          <div className="flex min-h-9 min-w-0 flex-1 flex-col justify-center">
            {load.kind === 'pricing' && 'config' in request ? (
              <PreflightTotals
                preflight={load.preflight}
                capMicroUsd={request.config.budgetMicroUsd ?? 0}
                project={snapshot.spend}
              />
            ) : null}
            {obstacle === null ? null : (
              <p id={obstacleId} className="mt-0.5 line-clamp-2 text-sm text-eyes" title={obstacle}>
                ▲ {obstacle}
              </p>
            )}
          </div>
          <Button tone="quiet" onClick={onClose}>
            Cancel
          </Button>
          {project.rehearsal === true ? null : (
            <RehearseMenu
              projectId={projectId}
              config={'config' in request ? request.config : null}
              onStarted={onClose}
            />
          )}
          <Button
            tone="primary"
            keys={keyOf('batch.commit')}
            disabled={obstacle !== null}
            busy={busy}
            aria-describedby={obstacle === null ? undefined : obstacleId}
            onClick={() => void start()}
          >
            Start Production
          </Button>
        </>
      }
    >
      <BatchFields
        form={form}
        onChange={setForm}
        shots={shots}
        providers={providers}
        listed={listedShotIds.length}
        shotId={shotId}
      />
      <PreflightTable
        load={load}
        isHeld={'missing' in request}
        capMicroUsd={Math.min(
          'config' in request ? (request.config.budgetMicroUsd ?? 0) : Number.POSITIVE_INFINITY,
          remainingMicroUsd(snapshot.spend),
        )}
      />
    </Dialog>
  );
}

const obstacleId = 'why-not-start';

/** Why the batch cannot start as its preflight stands; null when it can. */
function obstacleOf(load: PreflightLoad): string | null {
  if (load.kind === 'refused') return load.trouble.sentence;
  if (load.kind === 'waiting' || !load.preflight.done) return 'Every shot is priced first…';
  const { lines, refused } = load.preflight;
  if (lines.length === 0) return 'Nothing is left to run in this scope.';
  return lines.length > refused.length ? null : `Everything would be refused: ${refused[0]?.refusal}`;
}
