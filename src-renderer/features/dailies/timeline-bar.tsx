import { type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react';
import type { Take } from '../../../src-shared/domain/take.ts';
import type { PlayerSession } from '../../player/player-session.ts';
import { usePlayerSnapshot } from '../../player/use-player.ts';
import { frameAtShare, shareOfFrame } from './timeline-geometry.ts';
import { TimelineHover } from './timeline-hover.tsx';
import { CachedRanges, Findings, InOut } from './timeline-layers.tsx';
import { TimelineTicks } from './timeline-ticks.tsx';

/** Scrub, see what is decoded, the in and out points, and where the gates found something. */
export function TimelineBar({
  session,
  projectId,
  take,
}: {
  session: PlayerSession;
  projectId: string;
  take: Take | null;
}) {
  const bar = useRef<HTMLDivElement>(null);
  const [hover, setHover] = useState<number | null>(null);
  const frame = usePlayerSnapshot(session, (snapshot) => snapshot.frame);
  const count = usePlayerSnapshot(session, (snapshot) => snapshot.frameCount);
  const rate = usePlayerSnapshot(session, (snapshot) => snapshot.frameRate);
  const width = useWidth(bar);
  const shareOf = (event: PointerEvent) => {
    const rect = bar.current?.getBoundingClientRect();
    return rect ? Math.max(0, Math.min(1, (event.clientX - rect.left) / rect.width)) : 0;
  };
  const down = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setHover(null);
    session.commands.scrubStart();
    session.commands.scrubMove(frameAtShare(shareOf(event), count));
  };
  const move = (event: PointerEvent<HTMLDivElement>) => {
    // while scrubbing the picture itself shows the frame
    setHover(event.buttons === 0 ? shareOf(event) : null);
    if (event.buttons === 1) session.commands.scrubMove(frameAtShare(shareOf(event), count));
  };
  return (
    <div
      ref={bar}
      role="slider"
      tabIndex={0}
      aria-label="Timeline"
      aria-valuemin={0}
      aria-valuemax={Math.max(0, count - 1)}
      aria-valuenow={frame}
      aria-valuetext={`Frame ${frame}`}
      className="relative h-9 cursor-ew-resize touch-none overflow-visible bg-floor focus-visible:outline-offset-[-2px]"
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={() => session.commands.scrubEnd()}
      onPointerCancel={() => session.commands.scrubEnd()}
      onPointerLeave={() => setHover(null)}
    >
      <TimelineTicks count={count} rate={rate} width={width} />
      <CachedRanges session={session} count={count} />
      <InOut session={session} count={count} />
      <Findings session={session} projectId={projectId} takeId={take?.id ?? null} count={count} />
      <div
        hidden={count <= 1}
        className="pointer-events-none absolute inset-y-0 w-px bg-ink"
        style={{ left: `${shareOfFrame(frame, count) * 100}%` }}
      >
        <div className="absolute -top-px -left-1 border-x-[4.5px] border-t-[7px] border-x-transparent border-t-ink" />
      </div>
      {hover === null || take === null || count <= 1 ? null : (
        <TimelineHover session={session} projectId={projectId} take={take} share={hover} count={count} />
      )}
    </div>
  );
}

function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (element.current === null) return;
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
