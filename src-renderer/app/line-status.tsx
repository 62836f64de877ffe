import type { LineState } from '../../src-shared/domain/journal.ts';
import { phraseOfLine } from '../../src-shared/phrases.ts';
import { useProjectStore, useShots } from '../stores/project-store.ts';
import { standingCounts } from '../stores/shot-standing.ts';
import { useStudioStore } from '../stores/studio-store.ts';
import { showCount } from '../ui/count-text.ts';
import { Mark, type MarkShape, type MarkTone } from '../ui/state-mark.tsx';
import { Tip } from '../ui/tip.tsx';
import { ConnectionNotice } from './connection-notice.tsx';
import { runCommand } from './keyboard/command-bus.ts';
import { keyOf } from './keyboard/commands.ts';

const marks: Record<LineState, { shape: MarkShape; tone: MarkTone }> = {
  idle: { shape: 'ring', tone: 'quiet' },
  active: { shape: 'half', tone: 'accent' },
  stopped: { shape: 'bar', tone: 'eyes' },
  complete: { shape: 'check', tone: 'good' },
};

/** State of the line with its count, and how many shots await the operator. */
export function LineStatus() {
  const connection = useStudioStore((state) => state.connection);
  const shots = useShots();
  const lineState = useProjectStore((state) => state.snapshot?.lineState ?? 'idle');
  const { awaiting, done } = standingCounts(shots);
  const mark = marks[lineState];
  // A narrow toolbar keeps the count whole rather than the name of the line.
  const [name = '', state = ''] = phraseOfLine(lineState, done, shots.length).split(': ');
  const word = state.lastIndexOf(' ');
  // What the line does now is not known while nobody answers.
  if (connection !== 'live') return <ConnectionNotice />;
  return (
    <div
      role="status"
      aria-live="polite"
      className="tabular flex min-w-0 items-center gap-2 text-sm text-soft max-[1599px]:shrink-0"
    >
      <Mark shape={mark.shape} tone={mark.tone} className={lineState === 'active' ? 'animate-breathe' : ''} />
      <span className="truncate">
        <span className="max-[1599px]:sr-only">{name}: </span>
        {state.slice(0, word)}
        <span className="max-[1199px]:sr-only">{state.slice(word)}</span>
      </span>
      {awaiting > 0 ? (
        <Tip text="Go to the next shot that needs a decision" keys={keyOf('shot.next-decision')}>
          <button
            type="button"
            onClick={() => runCommand('shot.next-decision')}
            className="flex shrink-0 items-center gap-1.5 rounded-full whitespace-nowrap border border-eyes/40 px-2 py-0.5 text-eyes hover:bg-eyes/15"
          >
            <Mark shape="eye" tone="eyes" />
            <span>
              {showCount(awaiting)}
              <span className="max-[1023px]:sr-only"> {awaiting === 1 ? 'needs' : 'need'} you</span>
            </span>
          </button>
        </Tip>
      ) : null}
    </div>
  );
}
