import { type PointerEvent, useRef, type WheelEvent } from 'react';
import type { Take } from '../../../src-shared/domain/take.ts';
import { useCommands } from '../../app/keyboard/command-bus.ts';
import { PlayerPane } from '../../player/player-pane.tsx';
import type { PlayerSession } from '../../player/player-session.ts';
import { usePlayerSnapshot } from '../../player/use-player.ts';
import { useTakes } from '../../stores/takes-store.ts';
import { useViewStore } from '../../stores/view-store.ts';
import { classNames } from '../../ui/class-names.ts';
import { takeToCompare } from './take-choice.ts';

const sides = ['a', 'b'] as const;
const dragFromPx = 3;

/** One pane, two beside each other, or two in one place of which Tab shows one. */
export function ViewerPanes({ session, takes }: { session: PlayerSession; takes: readonly Take[] }) {
  const { side, compareMode, chooseSide } = useViewStore();
  useCompareCommands(session, takes);
  // The session makes its panes after this component has rendered; a canvas can be attached only to one that exists.
  const paneCount = usePlayerSnapshot(session, (snapshot) => snapshot.panes.length);
  const isFlip = compareMode === 'flip' && takes.length > 1;
  return (
    <div
      className={classNames(
        'absolute inset-0',
        isFlip ? '' : 'grid gap-px',
        !isFlip && takes.length > 1 && 'grid-cols-2',
      )}
    >
      {takes.slice(0, paneCount).map((take, index) => {
        const mine = sides[index] ?? 'a';
        const isCurrent = takes.length > 1 && side === mine;
        return (
          <PaneFrame
            key={mine}
            session={session}
            paneIndex={index}
            isCurrent={isCurrent && !isFlip}
            onChoose={() => chooseSide(mine)}
            className={classNames(isFlip ? 'absolute inset-0' : 'relative', isFlip && side !== mine && 'invisible')}
            problem={take.probe.playability === 'unreadable' ? take.probe.problem : null}
          />
        );
      })}
    </div>
  );
}

function PaneFrame(props: {
  session: PlayerSession;
  paneIndex: number;
  isCurrent: boolean;
  onChoose: () => void;
  className: string;
  problem: string | null;
}) {
  const { session, paneIndex } = props;
  const drag = useRef<{ x: number; y: number; moved: boolean } | null>(null);
  const pointOf = (event: { clientX: number; clientY: number; currentTarget: HTMLElement }) => {
    const rect = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - rect.left, y: event.clientY - rect.top };
  };
  const wheel = (event: WheelEvent<HTMLElement>) =>
    session.commands.zoomAt(paneIndex, Math.exp(-event.deltaY / 400), pointOf(event));
  const down = (event: PointerEvent<HTMLElement>) => {
    if (event.button > 1) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, y: event.clientY, moved: false };
  };
  const move = (event: PointerEvent<HTMLElement>) => {
    const from = drag.current;
    if (from === null) return;
    const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
    if (!from.moved && Math.hypot(dx, dy) < dragFromPx) return;
    session.commands.pan(paneIndex, dx, dy);
    drag.current = { x: event.clientX, y: event.clientY, moved: true };
  };
  const up = () => {
    if (drag.current?.moved === false) props.onChoose();
    drag.current = null;
  };
  return (
    <section
      aria-label={`Picture ${paneIndex === 0 ? 'A' : 'B'}`}
      className={classNames('min-h-0 min-w-0', props.isCurrent && 'ring-1 ring-accent ring-inset', props.className)}
      onWheel={wheel}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onDoubleClick={() => session.commands.fit()}
    >
      <PlayerPane session={session} paneIndex={paneIndex} className="size-full" />
      {props.problem === null ? null : (
        <p className="text-selectable absolute inset-x-0 top-[calc(50%+24px)] px-6 text-center text-sm text-soft">
          {props.problem}
        </p>
      )}
    </section>
  );
}

function useCompareCommands(session: PlayerSession, takes: readonly Take[]): void {
  const { compare, compareMode, compareWith, swapSides, set } = useViewStore();
  const all = useTakes(takes[0]?.shotId ?? null);
  const hasTwo = takes.length > 1;
  useCommands({
    'compare.add': () => {
      if (compare.b !== null) compareWith(null);
      else if (compare.a !== null) compareWith(takeToCompare(all, compare.a)?.id ?? null);
    },
    'compare.flip': hasTwo ? swapSides : null,
    'compare.mode': hasTwo ? () => set({ compareMode: compareMode === 'flip' ? 'side-by-side' : 'flip' }) : null,
    'view.fit': () => session.commands.fit(),
    'view.actual': () => session.commands.actualSize(),
  });
}
