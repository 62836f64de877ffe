/** Layers of the timeline. Each renders only when its own part changes, not with every frame that plays. */
import { memo, useEffect } from 'react';
import type { PlayerSession } from '../../player/player-session.ts';
import { usePlayerSnapshot } from '../../player/use-player.ts';
import { ensureDetail, useDetail } from '../../stores/details-store.ts';
import { useViewStore } from '../../stores/view-store.ts';
import { classNames } from '../../ui/class-names.ts';
import { placeFindings, spanOfFrames } from './timeline-geometry.ts';

/** What is decoded of the current side: proxy frames and full ones. */
export const CachedRanges = memo(function CachedRanges({ session, count }: { session: PlayerSession; count: number }) {
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
});

/** The range that plays, with its ends. */
export const InOut = memo(function InOut({ session, count }: { session: PlayerSession; count: number }) {
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
});

/** Where the gates found something; a click goes there. */
export const Findings = memo(function Findings(props: {
  session: PlayerSession;
  projectId: string;
  takeId: string | null;
  count: number;
}) {
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
});
