import { startTransition, useDeferredValue, useEffect, useMemo, useState } from 'react';
import type { ShotSummary } from '../../../src-shared/api/projects-contract.ts';
import type { Shot } from '../../../src-shared/domain/shot.ts';
import { useCommands } from '../../app/keyboard/command-bus.ts';
import { useProjectId, useProjectStore, useShot, useShots } from '../../stores/project-store.ts';
import { listShots } from '../../stores/shot-filter.ts';
import { nextDecision } from '../../stores/shot-standing.ts';
import { ensureTakes, useShotTakes, useTakes } from '../../stores/takes-store.ts';
import { useCurrentTakeId, useViewStore } from '../../stores/view-store.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Inspector } from './inspector.tsx';
import { ShotFiltersBar } from './shot-filters.tsx';
import { ShotList } from './shot-list.tsx';
import { neighbourShot, neighbourTake } from './take-choice.ts';
import { TakesStrip } from './takes-strip.tsx';
import { useShownTake } from './use-shown-take.ts';
import { Viewer } from './viewer.tsx';

const noSummaries: ReadonlyMap<string, ShotSummary> = new Map();

/** Look, compare, decide: shots left, picture and takes in the middle, evidence right. */
export function DailiesRoom() {
  const projectId = useProjectId();
  const all = useShots();
  const shots = useListedShots(all);
  const shotId = useViewStore((state) => state.shotId);
  const inspectorOpen = useViewStore((state) => state.inspectorOpen);
  const set = useViewStore((state) => state.set);
  const shot = useShot(shotId);
  const isListDrawn = useListFirst();
  useChosenShot(shot === null ? (nextDecision(shots, null)?.shotId ?? shots[0]?.id ?? null) : null);
  useLoadedTakes(projectId, shot?.id ?? null);
  useShownTake(shot);
  useRoomCommands(shots);
  useCommands({ 'inspect.toggle': () => set({ inspectorOpen: !inspectorOpen }) });
  if (projectId === null) return null;
  return (
    <main className="flex min-h-0 flex-1">
      <section aria-label="Shot list" className="flex w-[272px] shrink-0 flex-col border-r 2xl:w-[320px]">
        <ShotFiltersBar shown={shots.length} total={all.length} />
        <ShotList shots={shots} total={all.length} />
      </section>
      {shot === null ? (
        <div className="flex-1">
          {all.length === 0 ? (
            <EmptyState headline="Nothing to look at yet" sentence="Takes appear here once the plan lists shots." />
          ) : (
            <EmptyState headline="No shot is chosen" sentence="Choose a shot on the left." />
          )}
        </div>
      ) : !isListDrawn ? null : (
        <>
          <section aria-label="Viewer" className="flex min-w-0 flex-1 flex-col">
            <Viewer key={projectId} projectId={projectId} shot={shot} />
            <TakesStrip projectId={projectId} shot={shot} />
          </section>
          {inspectorOpen ? <Inspector projectId={projectId} shot={shot} /> : null}
        </>
      )}
    </main>
  );
}

/** The list at once; picture and evidence are drawn after it, in slices that hold nothing up. */
function useListFirst(): boolean {
  const [isDrawn, setDrawn] = useState(false);
  useEffect(() => startTransition(() => setDrawn(true)), []);
  return isDrawn;
}

/**
 * The shots that pass the filters; made again when a shot has changed, or a summary that they are sorted by. What is typed
 * shows at once, the list of thousands after it.
 */
function useListedShots(all: readonly Shot[]): readonly Shot[] {
  const filters = useDeferredValue(useViewStore((state) => state.filters));
  const sort = useDeferredValue(useViewStore((state) => state.sort));
  const isBySummary = sort === 'spend' || sort === 'takes';
  const summaries = useProjectStore((state) => (isBySummary ? state.snapshot?.summaries : undefined)) ?? noSummaries;
  return useMemo(() => listShots(all, summaries, { filters, sort }), [all, summaries, filters, sort]);
}

/** Loads the takes of the shot; again when they have been forgotten, as after a gap in the journal. */
function useLoadedTakes(projectId: string | null, shotId: string | null): void {
  const isMissing = useShotTakes(shotId) === null;
  useEffect(() => {
    if (projectId !== null && shotId !== null && isMissing) void ensureTakes(projectId, shotId);
  }, [projectId, shotId, isMissing]);
}

/** Chooses a shot while none is. */
function useChosenShot(wanted: string | null): void {
  const choose = useViewStore((state) => state.chooseShot);
  useEffect(() => {
    if (wanted !== null) choose(wanted);
  }, [wanted, choose]);
}

function useRoomCommands(shots: readonly Shot[]): void {
  const { shotId, chooseShot, chooseTake } = useViewStore();
  const takes = useTakes(shotId);
  const takeId = useCurrentTakeId();
  const goShot = (step: 1 | -1) => () => {
    const shot = neighbourShot(shots, shotId, step);
    if (shot) chooseShot(shot.id);
  };
  const goTake = (step: 1 | -1) => () => {
    const take = neighbourTake(takes, takeId, step);
    if (take) chooseTake(take.id);
  };
  const byNumber = (number: number) => () => {
    const take = takes.find((one) => one.number === number);
    if (take) chooseTake(take.id);
  };
  useCommands({
    'shot.previous': goShot(-1),
    'shot.next': goShot(1),
    'take.previous': goTake(-1),
    'take.next': goTake(1),
    'take.1': byNumber(1),
    'take.2': byNumber(2),
    'take.3': byNumber(3),
    'take.4': byNumber(4),
    'take.5': byNumber(5),
    'take.6': byNumber(6),
    'take.7': byNumber(7),
    'take.8': byNumber(8),
    'take.9': byNumber(9),
    'shot.next-decision': () => {
      const phase = takes.find((take) => take.id === takeId)?.phase ?? 'previs';
      const next = nextDecision(shots, shotId === null ? null : { shotId, phase });
      if (next) chooseShot(next.shotId);
    },
  });
}
