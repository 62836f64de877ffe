import { useEffect, useMemo } from 'react';
import { leadPhaseOf } from '../../../src-shared/domain/lead-phase.ts';
import type { Shot } from '../../../src-shared/domain/shot.ts';
import { studio } from '../../api/client.ts';
import { runCommand } from '../../app/keyboard/command-bus.ts';
import { keyOf } from '../../app/keyboard/commands.ts';
import { usePlayerSession } from '../../player/use-player.ts';
import { useActiveBatch } from '../../stores/project-store.ts';
import { useShotTakes, useTake } from '../../stores/takes-store.ts';
import { useViewStore } from '../../stores/view-store.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { TroublePanel } from '../../ui/trouble-panel.tsx';
import { needsPreparing, paneSourceOf } from './pane-source.ts';
import { PhaseNow } from './phase-now.tsx';
import { Transport } from './transport.tsx';
import { VerdictBar } from './verdict-bar.tsx';
import { ViewerPanes } from './viewer-panes.tsx';

/** The picture of one or two takes under one clock, with transport and the decisions below it. */
export function Viewer({ projectId, shot }: { projectId: string; shot: Shot }) {
  const compare = useViewStore((state) => state.compare);
  const takeA = useTake(compare.a);
  const takeB = useTake(compare.b);
  usePrepared(projectId, takeA?.id ?? null, takeA !== null && needsPreparing(takeA));
  usePrepared(projectId, takeB?.id ?? null, takeB !== null && needsPreparing(takeB));
  const sources = useMemo(() => {
    const a = takeA === null ? null : paneSourceOf(projectId, takeA, 'A');
    return takeB === null ? [a] : [a, paneSourceOf(projectId, takeB, 'B')];
  }, [projectId, takeA, takeB]);
  const session = usePlayerSession(sources);
  const wantedFrame = useViewStore((state) => state.wantedFrame);
  const showFrame = useViewStore((state) => state.showFrame);
  useEffect(() => {
    if (wantedFrame === null || session === null) return;
    session.commands.seek(wantedFrame.frame);
    showFrame(null);
  }, [session, wantedFrame, showFrame]);
  return (
    <>
      <div className="relative min-h-0 flex-1 bg-well">
        {session === null || takeA === null ? null : (
          <ViewerPanes session={session} takes={takeB === null ? [takeA] : [takeA, takeB]} />
        )}
        {takeA === null ? <NothingToSee shot={shot} /> : null}
      </div>
      {session === null ? <div className="h-20" /> : <Transport session={session} projectId={projectId} take={takeA} />}
      <VerdictBar projectId={projectId} shot={shot} />
    </>
  );
}

/** Asks once for the derived pictures of a take that is looked at before they were made. */
function usePrepared(projectId: string, takeId: string | null, isNeeded: boolean): void {
  useEffect(() => {
    if (takeId === null || !isNeeded) return;
    // Only a hint for the order of work; without it the pictures come a little later.
    studio.takes.prepare({ projectId, takeId }).catch(() => undefined);
  }, [projectId, takeId, isNeeded]);
}

function NothingToSee({ shot }: { shot: Shot }) {
  const load = useShotTakes(shot.id);
  const lead = leadPhaseOf(shot);
  const hasBatch = useActiveBatch() !== null;
  if (load === null || load.kind === 'loading') {
    return (
      <div role="status" className="flex h-full items-center justify-center text-sm text-dim">
        Reading the takes…
      </div>
    );
  }
  if (load.kind === 'refused') return <TroublePanel {...load.trouble} />;
  const canStart = lead.state === 'queued' && !hasBatch;
  return (
    <EmptyState headline="No take yet" sentence={<PhaseNow phase={lead} />}>
      {canStart ? (
        <Button tone="primary" keys={keyOf('batch.start')} onClick={() => runCommand('batch.start')}>
          Start batch
        </Button>
      ) : null}
    </EmptyState>
  );
}
