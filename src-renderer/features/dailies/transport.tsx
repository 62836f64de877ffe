import type { Take } from '../../../src-shared/domain/take.ts';
import type { PlayerSession } from '../../player/player-session.ts';
import { FrameReadout } from './frame-readout.tsx';
import { PlayerHud } from './player-hud.tsx';
import { TimelineBar } from './timeline-bar.tsx';
import { TransportButtons } from './transport-buttons.tsx';
import { useTransportCommands } from './use-transport-commands.ts';
import { ViewButtons } from './view-buttons.tsx';

/** Timeline and buttons under the picture. */
export function Transport({
  session,
  projectId,
  take,
}: {
  session: PlayerSession;
  projectId: string;
  take: Take | null;
}) {
  useTransportCommands(session);
  return (
    <div className="shrink-0 border-t bg-panel">
      <TimelineBar session={session} projectId={projectId} take={take} />
      <div className="flex h-10 items-center gap-3 px-3">
        <div className="flex min-w-0 flex-1 items-center gap-3">
          <FrameReadout session={session} />
          <PlayerHud session={session} />
        </div>
        <TransportButtons session={session} />
        <div className="flex min-w-0 flex-1 items-center justify-end gap-1">
          <ViewButtons session={session} />
        </div>
      </div>
    </div>
  );
}
