import { CircleCheck, Route, Undo2, Upload, X } from 'lucide-react';
import { useState } from 'react';
import { leadPhaseOf } from '../../../src-shared/domain/lead-phase.ts';
import type { Shot } from '../../../src-shared/domain/shot.ts';
import type { Take } from '../../../src-shared/domain/take.ts';
import { phasePhrases, phraseOfPhase } from '../../../src-shared/phrases.ts';
import { useCommands } from '../../app/keyboard/command-bus.ts';
import { keyOf } from '../../app/keyboard/commands.ts';
import { useIsLive } from '../../stores/studio-store.ts';
import { useTake } from '../../stores/takes-store.ts';
import { useCurrentTakeId } from '../../stores/view-store.ts';
import { Button } from '../../ui/button.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { approveTake, rejectTake, undoDecision, useDeciding } from './decisions.ts';
import { OverrideDialog } from './override-dialog.tsx';
import { RejectPanel } from './reject-panel.tsx';
import { RerouteMenu } from './reroute-menu.tsx';
import { phaseOfNextTake } from './take-choice.ts';
import { WhyDialog } from './why-dialog.tsx';

type Asking = 'reject' | 'override' | 'why' | null;

/** The five decisions, one key each, and what they speak of. */
export function VerdictBar({ projectId, shot }: { projectId: string; shot: Shot }) {
  const takeId = useCurrentTakeId();
  const found = useTake(takeId);
  const take = found?.shotId === shot.id ? found : null;
  const phase = shot.phases[take?.phase ?? leadPhaseOf(shot).phase];
  const nextWork = phaseOfNextTake(shot, take);
  const isRecording = useDeciding((state) => state.busy);
  const isLive = useIsLive();
  const busy = isRecording || !isLive;
  const [asking, setAsking] = useState<Asking>(null);
  const close = () => setAsking(null);
  const approve = (one: Take) => {
    if (phase.approvedTakeId !== null && phase.approvedTakeId !== one.id) setAsking('why');
    else void approveTake(projectId, one);
  };
  const isCircled = take !== null && phase.approvedTakeId === take.id;
  useCommands({
    'decide.approve': !isLive || take === null || isCircled ? null : () => approve(take),
    'decide.reject': !isLive || take === null ? null : () => setAsking('reject'),
    'decide.override': isLive ? () => setAsking('override') : null,
    'decide.undo': isLive ? () => void undoDecision(projectId) : null,
  });
  return (
    <div
      role="toolbar"
      aria-label="Decisions"
      className="relative flex h-12 shrink-0 items-center gap-2 border-t bg-panel px-3"
    >
      <span className="flex min-w-0 flex-1 items-center gap-2 text-sm">
        <StateMark state={phase.state} />
        <span className="min-w-0">
          <span className="block truncate">{take === null ? shot.id : take.id}</span>
          <span className="block truncate text-xs text-dim">
            {phasePhrases[phase.phase]} · {phraseOfPhase(phase)}
          </span>
        </span>
        {isRecording ? <span className="shrink-0 animate-breathe text-xs text-dim">Recording…</span> : null}
      </span>
      <Button
        tone="good"
        keys={keyOf('decide.approve')}
        disabled={busy || take === null || isCircled}
        icon={<CircleCheck className="size-4" />}
        onClick={() => (take ? approve(take) : undefined)}
      >
        {isCircled ? 'Approved' : 'Approve'}
      </Button>
      <Button
        tone="bad"
        keys={keyOf('decide.reject')}
        disabled={busy || take === null}
        icon={<X className="size-4" />}
        onClick={() => setAsking('reject')}
      >
        Reject
      </Button>
      <RerouteMenu key={`${shot.id}/${nextWork.phase}`} projectId={projectId} phase={nextWork}>
        <Button keys={keyOf('decide.reroute')} disabled={busy} icon={<Route className="size-4" />}>
          Reroute
        </Button>
      </RerouteMenu>
      <Button
        keys={keyOf('decide.override')}
        disabled={busy}
        icon={<Upload className="size-4" />}
        onClick={() => setAsking('override')}
      >
        Override
      </Button>
      <Button
        tone="quiet"
        keys={keyOf('decide.undo')}
        disabled={busy}
        icon={<Undo2 className="size-4" />}
        onClick={() => void undoDecision(projectId)}
      >
        Undo
      </Button>
      {asking === 'reject' && take !== null ? (
        <RejectPanel
          key={take.id}
          take={take}
          onClose={close}
          onReject={(why) => void rejectTake(projectId, take, why)}
        />
      ) : null}
      {asking === 'override' ? <OverrideDialog projectId={projectId} phase={nextWork} onClose={close} /> : null}
      {asking === 'why' && take !== null ? (
        <WhyDialog
          approvedTakeId={phase.approvedTakeId ?? ''}
          takeId={take.id}
          onClose={close}
          onSay={(note) => void approveTake(projectId, take, note)}
        />
      ) : null}
    </div>
  );
}
