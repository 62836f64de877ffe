import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Shot } from '../../../src-shared/domain/shot.ts';
import { noFilters, useViewStore } from '../../stores/view-store.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ShotRow } from './shot-row.tsx';
import { areSamePlaces, type ShotRowItem, stickyHeading, toRows } from './shot-rows.ts';

const headingHeight = 28;
const shotHeight = 64;

/** The shots of the episode. Only rows in view are in the page; the heading of the scene in view stays on top. */
export function ShotList({ shots, total }: { shots: readonly Shot[]; total: number }) {
  const scroller = useRef<HTMLDivElement>(null);
  const stuck = useRef<number | null>(null);
  const sort = useViewStore((state) => state.sort);
  const shotId = useViewStore((state) => state.shotId);
  const rows = useMemo(() => toRows(shots, sort), [shots, sort]);
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.kind === 'scene' ? headingHeight : shotHeight),
    getItemKey: useRowKeys(rows),
    overscan: 6,
    scrollPaddingStart: headingHeight,
    rangeExtractor: (range: Range) => {
      stuck.current = stickyHeading(rows, range.startIndex);
      const visible = defaultRangeExtractor(range);
      return stuck.current === null ? visible : [...new Set([stuck.current, ...visible])].sort((a, b) => a - b);
    },
  });
  const current = rows.findIndex((row) => row.kind === 'shot' && row.shot.id === shotId);
  useEffect(() => {
    if (current >= 0) list.scrollToIndex(current, { align: 'auto' });
  }, [current, list]);
  if (rows.length === 0) return <NoShots total={total} />;
  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto">
      <div role="listbox" aria-label="Shots" className="relative" style={{ height: list.getTotalSize() }}>
        {list.getVirtualItems().map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          const isStuck = item.index === stuck.current;
          const place = isStuck
            ? { height: item.size }
            : { height: item.size, transform: `translateY(${item.start}px)` };
          return (
            <div key={item.key} className={isStuck ? 'sticky top-0 z-10' : 'absolute inset-x-0 top-0'} style={place}>
              {row.kind === 'scene' ? (
                <SceneHeading heading={row.heading} shots={row.shots} />
              ) : (
                <ShotRow shot={row.shot} isCurrent={row.shot.id === shotId} />
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** The keys of the rows, as one function until rows move: a new one would measure all of them again with each event. */
function useRowKeys(rows: readonly ShotRowItem[]): (index: number) => string | number {
  const [placed, setPlaced] = useState(rows);
  if (placed !== rows && !areSamePlaces(placed, rows)) setPlaced(rows);
  return useCallback((index) => placed[index]?.key ?? index, [placed]);
}

function SceneHeading({ heading, shots }: { heading: string; shots: number }) {
  return (
    <div role="presentation" className="flex h-full items-center gap-2 border-b bg-floor px-3 text-xs text-dim">
      <span className="min-w-0 flex-1 truncate font-medium" title={heading}>
        {heading}
      </span>
      <span className="tabular text-faint">{shots}</span>
    </div>
  );
}

function NoShots({ total }: { total: number }) {
  const set = useViewStore((state) => state.set);
  if (total === 0) {
    return (
      <EmptyState
        headline="No shots"
        sentence="The plan of this episode lists no shot yet. When it does, they appear here by themselves."
      />
    );
  }
  return (
    <EmptyState headline="No shot matches" sentence={`None of ${total} shots passes the filters.`}>
      <Button onClick={() => set({ filters: noFilters })}>Clear the filters</Button>
    </EmptyState>
  );
}
