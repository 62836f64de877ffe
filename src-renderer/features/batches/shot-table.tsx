import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { Phase } from '../../../src-shared/domain/phase.ts';
import type { Shot } from '../../../src-shared/domain/shot.ts';
import { phasePhrases } from '../../../src-shared/phrases.ts';
import { ensureExplanations, useExplanations } from '../../stores/explanations-store.ts';
import { useViewStore } from '../../stores/view-store.ts';
import { Button } from '../../ui/button.tsx';
import { showCount } from '../../ui/count-text.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { moveChoice } from './move-choice.ts';
import { phaseColumn } from './phase-cell.tsx';
import { type Waits, waitOf } from './phase-waits.ts';
import { ShotTableRow } from './shot-table-row.tsx';

const rowHeight = 36;
const restMs = 120;

/** Every shot of the batch in a row; only rows in view are in the page. Arrow keys move the choice. */
export function ShotTable(props: {
  projectId: string;
  shots: readonly Shot[];
  /** before the filter */
  total: number;
  phases: readonly Phase[];
  waits: Waits;
  onClear: () => void;
}) {
  const { projectId, shots, phases } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const shotId = useViewStore((state) => state.shotId);
  const choose = useViewStore((state) => state.chooseShot);
  const round = useExplanations((state) => state.round);
  // Without keys of its own: a new function for them would measure every row again with each event.
  const list = useVirtualizer({
    count: shots.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  const items = list.getVirtualItems();
  const inView = items.flatMap(({ index }) => shots[index]?.id ?? []).join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round makes sentences in view old
  useEffect(() => {
    if (inView === '') return;
    const timer = setTimeout(() => void ensureExplanations(projectId, phases, inView.split(' ')), restMs);
    return () => clearTimeout(timer);
  }, [projectId, phases, inView, round]);
  const current = shots.findIndex(({ id }) => id === shotId);
  const onKeyDown = (event: KeyboardEvent) => {
    const pageRows = Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight);
    const next = moveChoice(event.key, { current, count: shots.length, pageRows });
    const shot = next === null ? undefined : shots[next];
    if (next === null || shot === undefined) return;
    event.preventDefault();
    choose(shot.id);
    list.scrollToIndex(next, { align: 'auto' });
  };
  if (shots.length === 0) return <NoShots total={props.total} onClear={props.onClear} />;
  return (
    <div className="@container flex min-h-0 flex-1 flex-col">
      <div aria-hidden="true" className="flex h-7 shrink-0 items-center gap-2 border-b px-4 text-xs text-dim">
        <span className="w-16 shrink-0">Shot</span>
        {phases.map((phase) => (
          <span key={phase} className={phaseColumn(phases)}>
            {phasePhrases[phase]}
          </span>
        ))}
        <span className="min-w-0 flex-1">How it stands</span>
        <span className="w-18 shrink-0 text-right" title="On these phases of the shot, by any batch">
          Spent
        </span>
      </div>
      <div
        ref={scroller}
        role="listbox"
        aria-label="Shots of the batch"
        aria-activedescendant={current >= 0 ? `batch-shot-${shotId}` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
        className="min-h-0 flex-1 overflow-y-auto focus-visible:outline-offset-[-2px]"
      >
        <div role="presentation" className="relative" style={{ height: list.getTotalSize() }}>
          {items.map((item) => {
            const shot = shots[item.index];
            return shot === undefined ? null : (
              <div
                key={shot.id}
                role="presentation"
                className="absolute inset-x-0 top-0"
                style={{ height: item.size, transform: `translateY(${item.start}px)` }}
              >
                <ShotTableRow
                  shot={shot}
                  phases={phases}
                  waits={phases.map((phase) => waitOf(shot.phases[phase], props.waits) ?? '').join()}
                  isCurrent={shot.id === shotId}
                />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function NoShots({ total, onClear }: { total: number; onClear: () => void }) {
  if (total === 0)
    return <EmptyState headline="No shots" sentence="The plan lists none of this batch’s shots any more." />;
  return (
    <EmptyState headline="Nothing stands there now" sentence={`None of ${showCount(total)} shots is at this station.`}>
      <Button onClick={onClear}>Show all shots</Button>
    </EmptyState>
  );
}
