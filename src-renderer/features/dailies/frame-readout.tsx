import { useRef, useState } from 'react';
import { useCommands } from '../../app/keyboard/command-bus.ts';
import { keyOf } from '../../app/keyboard/commands.ts';
import type { PlayerSession } from '../../player/player-session.ts';
import { usePlayerSnapshot } from '../../player/use-player.ts';
import { useViewStore } from '../../stores/view-store.ts';
import { Tip } from '../../ui/tip.tsx';
import { parseFrameText, showFrame, showRate } from './frame-text.ts';

/** The frame that is painted now, its total and rate; a click lets one type where to go. */
export function FrameReadout({ session }: { session: PlayerSession }) {
  const side = useViewStore((state) => state.side);
  const display = useViewStore((state) => state.timeDisplay);
  const set = useViewStore((state) => state.set);
  const paneIndex = side === 'b' ? 1 : 0;
  const rate = usePlayerSnapshot(session, (snapshot) => snapshot.frameRate);
  const count = usePlayerSnapshot(session, (snapshot) => snapshot.frameCount);
  const wanted = usePlayerSnapshot(session, (snapshot) => snapshot.frame);
  const painted = usePlayerSnapshot(session, (snapshot) => snapshot.panes[paneIndex]?.paintedFrame ?? null);
  const [text, setText] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const edit = () => {
    session.commands.pause();
    setText(showFrame(wanted, rate, display));
    requestAnimationFrame(() => input.current?.select());
  };
  useCommands({ 'go.frame': edit });
  const go = () => {
    const frame = text === null ? null : parseFrameText(text, rate, wanted);
    if (frame !== null) session.commands.seek(frame);
    setText(null);
  };
  return (
    <div className="flex shrink-0 items-center gap-2">
      {text === null ? (
        <Tip text="Frame on screen; click to go to another" keys={keyOf('go.frame')}>
          <button
            type="button"
            onClick={edit}
            aria-label="Frame on screen"
            className="tabular min-w-26 rounded bg-well px-2 py-1 text-left font-mono text-base text-ink hover:ring-1 hover:ring-edge"
          >
            {painted === null ? '–' : count <= 1 ? 'Still' : showFrame(painted, rate, display)}
          </button>
        </Tip>
      ) : (
        <input
          ref={input}
          aria-label="Go to a frame or timecode"
          className="text-selectable tabular w-26 rounded bg-well px-2 py-1 font-mono text-base text-ink ring-1 ring-accent outline-none"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onBlur={() => setText(null)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') go();
            if (event.key === 'Escape') setText(null);
          }}
        />
      )}
      <button
        type="button"
        hidden={count <= 1}
        title="Timecode or frames"
        onClick={() => set({ timeDisplay: display === 'timecode' ? 'frames' : 'timecode' })}
        className="tabular rounded px-1 text-xs text-dim hover:bg-hover hover:text-ink"
      >
        / {showFrame(Math.max(0, count - 1), rate, display)} <span className="text-faint">@ {showRate(rate)}</span>
      </button>
    </div>
  );
}
