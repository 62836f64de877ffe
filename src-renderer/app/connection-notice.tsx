import { useStudioStore } from '../stores/studio-store.ts';
import { Mark } from '../ui/state-mark.tsx';
import { clockTime } from '../ui/time-text.ts';
import { Tip } from '../ui/tip.tsx';

/** Says that what is on screen may be old, in the place where the line's state would be. */
export function ConnectionNotice() {
  const isOver = useStudioStore((state) => state.connection === 'ended');
  const lostAt = useStudioStore((state) => state.lostAt);
  const since = lostAt === null ? '' : ` since ${clockTime(lostAt)}`;
  return (
    <Tip text={isOver ? whenOver : whileAway}>
      <div
        role="alert"
        className="tabular flex h-7 shrink-0 items-center gap-2 rounded border border-eyes/50 bg-notice px-2 text-sm text-eyes"
      >
        <Mark shape={isOver ? 'bar' : 'turn'} tone="eyes" className={isOver ? '' : 'animate-breathe'} />
        {isOver
          ? 'Circletake was started again: open its new link'
          : `The Studio does not answer${since}. Reconnecting…`}
      </div>
    </Tip>
  );
}

const whenOver =
  'This window belongs to the run before. The link that Circletake printed when it started opens a new one; nothing that was decided is lost.';
const whileAway =
  'What you see is as it was then, and nothing can be decided until it answers. If Circletake was started again, open the link that it printed.';
