import { type ReactNode, useDeferredValue } from 'react';
import { BatchesRoom } from '../features/batches/batches-room.tsx';
import { DailiesRoom } from '../features/dailies/dailies-room.tsx';
import { LearningRoom } from '../features/learning/learning-room.tsx';
import { RefsRoom } from '../features/refs/refs-room.tsx';
import { leaveProject, openProject } from '../stores/project-session.ts';
import { useProjectStore } from '../stores/project-store.ts';
import { type Room as RoomName, useViewStore } from '../stores/view-store.ts';
import { Button } from '../ui/button.tsx';
import { showCount } from '../ui/count-text.ts';
import { TroublePanel } from '../ui/trouble-panel.tsx';

const rooms: Record<RoomName, () => ReactNode> = {
  dailies: DailiesRoom,
  refs: RefsRoom,
  batches: BatchesRoom,
  learning: LearningRoom,
};

/** The room that is chosen, or why the project cannot be shown. */
export function RoomView() {
  const room = useViewStore((state) => state.room);
  const load = useProjectStore((state) => state.load);
  const hasSnapshot = useProjectStore((state) => state.snapshot !== null);
  // The room of a project that has just been opened is made ready in slices that hold nothing up.
  const isReady = useDeferredValue(hasSnapshot);
  if (load.kind === 'refused') {
    const { projectId, trouble } = load;
    return (
      <TroublePanel headline={trouble.headline} sentence={trouble.sentence} hint={trouble.hint}>
        <Button onClick={() => void openProject(projectId)}>Open again</Button>
        <Button tone="quiet" onClick={leaveProject}>
          Other projects
        </Button>
      </TroublePanel>
    );
  }
  if (!hasSnapshot || !isReady) return <Opening />;
  // What was remembered may be a room that this version does not have.
  const Room = rooms[room] ?? DailiesRoom;
  return <Room />;
}

/** Nothing of a project is shown before all of it is there: how far that is. */
function Opening() {
  const progress = useProjectStore((state) => state.progress);
  const isLong = progress !== null && progress.shots < progress.of;
  return (
    <div role="status" className="tabular flex flex-1 items-center justify-center text-base text-dim">
      {isLong
        ? `Opening the project… ${showCount(progress.shots)} of ${showCount(progress.of)} shots`
        : 'Opening the project…'}
    </div>
  );
}
