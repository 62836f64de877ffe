import { useStudioStore } from '../stores/studio-store.ts';
import { Mark } from '../ui/state-mark.tsx';
import { clockTime } from '../ui/time-text.ts';
import { Tip } from '../ui/tip.tsx';

/** Says that what is on screen may be old, in the place where the line's state would be. */
export function ConnectionNotice() {
  const connection = useStudioStore((state) => state.connection);
  const lostAt = useStudioStore((state) => state.lostAt);
  const isOver = connection === 'ended';
  const since = lostAt === null ? '' : ` since ${clockTime(lostAt)}`;
  return (
    <Tip
      text={isOver ? 'Its key was for another run of the Studio.' : 'What you see is as it was then. Decisions wait.'}
    >
      <div
        role="alert"
        className="tabular flex h-7 shrink-0 items-center gap-2 rounded border border-eyes/50 bg-notice px-2 text-sm text-eyes"
      >
        <Mark shape={isOver ? 'bar' : 'turn'} tone="eyes" className={isOver ? '' : 'animate-breathe'} />
        {isOver
          ? 'This window’s session has ended. Open Circletake again.'
          : `The Studio does not answer${since}. Reconnecting…`}
      </div>
    </Tip>
  );
}
