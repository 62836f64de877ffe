import { type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react';
import type { Take } from '../../../src-shared/domain/take.ts';
import type { PlayerSession } from '../../player/player-session.ts';
import { usePlayerSnapshot } from '../../player/use-player.ts';
import { ensureDetail, useDetail } from '../../stores/details-store.ts';
import { useViewStore } from '../../stores/view-store.ts';
import { classNames } from '../../ui/class-names.ts';
import { frameAtShare, placeFindings, shareOfFrame, spanOfFrames } from './timeline-geometry.ts';
import { TimelineHover } from './timeline-hover.tsx';
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
    session.commands.scrubStart();
    session.commands.scrubMove(frameAtShare(shareOf(event), count));
  };
  const move = (event: PointerEvent<HTMLDivElement>) => {
    setHover(shareOf(event));
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

function CachedRanges({ session, count }: { session: PlayerSession; count: number }) {
  const paneIndex = useViewStore((state) => (state.side === 'b' ? 1 : 0));
  const cached = usePlayerSnapshot(session, (snapshot) => snapshot.panes[paneIndex]?.cachedRanges);
  const proxies = usePlayerSnapshot(session, (snapshot) => snapshot.panes[paneIndex]?.proxyCachedRanges);
  const rows = [
    { ranges: proxies, look: 'bottom-0 bg-faint/60' },
    { ranges: cached, look: 'bottom-0 bg-accent/70' },
  ];
  return rows.flatMap(({ ranges, look }) =>
    (ranges ?? []).map((range) => (
      <div
        key={`${look}/${range.first}`}
        className={classNames('pointer-events-none absolute h-0.5', look)}
        style={spanOfFrames(range.first, range.last, count)}
      />
    )),
  );
}

function InOut({ session, count }: { session: PlayerSession; count: number }) {
  const inPoint = usePlayerSnapshot(session, (snapshot) => snapshot.inPoint);
  const outPoint = usePlayerSnapshot(session, (snapshot) => snapshot.outPoint);
  if (inPoint === null && outPoint === null) return null;
  const span = spanOfFrames(inPoint ?? 0, outPoint ?? count - 1, count);
  return (
    <div
      className={classNames(
        'pointer-events-none absolute inset-y-0 bg-white/6',
        inPoint !== null && 'border-l-2 border-l-soft',
        outPoint !== null && 'border-r-2 border-r-soft',
      )}
      style={span}
    />
  );
}

function Findings(props: { session: PlayerSession; projectId: string; takeId: string | null; count: number }) {
  const { projectId, takeId, count, session } = props;
  const load = useDetail(takeId);
  useEffect(() => {
    if (takeId !== null) void ensureDetail(projectId, takeId);
  }, [projectId, takeId]);
  const placed = placeFindings(load?.detail?.gates ?? []);
  return placed.map(({ key, finding, first, last }) => (
    <button
      key={key}
      type="button"
      tabIndex={-1}
      aria-label={`${finding.message}, frame ${first}`}
      title={`${finding.message} (frame ${first}${last > first ? `–${last}` : ''})`}
      onPointerDown={(event) => event.stopPropagation()}
      onClick={() => session.commands.seek(first)}
      className="absolute bottom-1 h-3 min-w-2"
      style={spanOfFrames(first, last, count)}
    >
      <span
        className={classNames(
          'block h-1.5 w-full rounded-xs',
          finding.severity === 'fatal' || finding.severity === 'major' ? 'bg-bad' : 'bg-eyes',
        )}
      />
    </button>
  ));
}
