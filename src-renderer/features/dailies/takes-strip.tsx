import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { leadPhaseOf } from '../../../src-shared/domain/lead-phase.ts';
import type { Shot } from '../../../src-shared/domain/shot.ts';
import type { Take } from '../../../src-shared/domain/take.ts';
import { reloadTakes, useShotTakes } from '../../stores/takes-store.ts';
import { useViewStore } from '../../stores/view-store.ts';
import { Button } from '../../ui/button.tsx';
import { PhaseNow } from './phase-now.tsx';
import { TakeCard } from './take-card.tsx';
import { useStripSize } from './use-strip-size.ts';

const gap = 8;
const footHeight = 24;

/** The takes of the shot, oldest left, and what the line is doing for it now. */
export function TakesStrip({ projectId, shot }: { projectId: string; shot: Shot }) {
  const load = useShotTakes(shot.id);
  const takes = load?.takes ?? [];
  if (load?.kind === 'refused') {
    return (
      <StripNotice>
        <span className="text-eyes">▲ {load.trouble.sentence}</span>
        <Button onClick={() => void reloadTakes(projectId, shot.id)}>Try again</Button>
      </StripNotice>
    );
  }
  if (takes.length === 0) {
    if (load === null || load.kind === 'loading') return <StripNotice>Reading the takes…</StripNotice>;
    return <StripNotice>No takes yet</StripNotice>;
  }
  return <Strip projectId={projectId} shot={shot} takes={takes} />;
}

function Strip({ projectId, shot, takes }: { projectId: string; shot: Shot; takes: readonly Take[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const size = useStripSize();
  const { a, b } = useViewStore((state) => state.compare);
  const lead = leadPhaseOf(shot);
  const strip = useVirtualizer({
    horizontal: true,
    count: takes.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => size.width,
    getItemKey: (index) => takes[index]?.id ?? index,
    gap,
    paddingStart: 12,
    paddingEnd: 12,
    scrollPaddingStart: 12,
    scrollPaddingEnd: 12,
    overscan: 4,
  });
  const current = takes.findIndex((take) => take.id === a);
  useEffect(() => {
    if (current >= 0) strip.scrollToIndex(current, { align: 'auto' });
  }, [current, strip]);
  useEffect(() => {
    if (size.width > 0) strip.measure();
  }, [size.width, strip]);
  return (
    <div className="flex border-t bg-floor">
      <div ref={scroller} className="min-w-0 flex-1 overflow-x-auto overflow-y-hidden py-2">
        <div
          role="listbox"
          aria-label="Takes"
          aria-orientation="horizontal"
          className="relative"
          style={{ width: strip.getTotalSize(), height: size.height + footHeight + 2 }}
        >
          {strip.getVirtualItems().map((item) => {
            const take = takes[item.index];
            if (take === undefined) return null;
            return (
              <div
                key={item.key}
                className="absolute top-px left-0"
                style={{ transform: `translateX(${item.start}px)` }}
              >
                <TakeCard
                  projectId={projectId}
                  take={take}
                  {...size}
                  side={take.id === a ? 'A' : take.id === b ? 'B' : null}
                />
              </div>
            );
          })}
        </div>
      </div>
      {lead.state === 'awaiting_operator' || lead.state === 'stabilized' ? null : (
        <aside className="flex w-52 shrink-0 items-center border-l px-3 text-xs">
          <PhaseNow phase={lead} />
        </aside>
      )}
    </div>
  );
}

function StripNotice({ children }: { children: React.ReactNode }) {
  const size = useStripSize();
  return (
    <div
      role="status"
      className="flex items-center justify-center gap-2 border-t bg-floor text-sm text-dim"
      style={{ height: size.height + footHeight + 19 }}
    >
      {children}
    </div>
  );
}
