import { create } from 'zustand';
import type { JournalEvent } from '../../src-shared/domain/journal.ts';
import type { Take } from '../../src-shared/domain/take.ts';
import { studio } from '../api/client.ts';
import { troubleOf } from '../api/trouble.ts';
import { applyToTakes, beginLoading, putList, putRefusal, type ShotTakes, type TakesByShot } from './takes-reducer.ts';

interface TakesState {
  projectId: string | null;
  byShot: TakesByShot;
}

const useTakesStore = create<TakesState>(() => ({ projectId: null, byShot: {} }));

/** Forgets everything; called when another project or episode is shown and after a gap in the journal. */
export function resetTakes(projectId: string | null): void {
  useTakesStore.setState({ projectId, byShot: {} });
}

export function applyTakeEvents(events: readonly JournalEvent[]): void {
  useTakesStore.setState((state) => ({ byShot: applyToTakes(state.byShot, events) }));
}

/** Loads the takes of a shot unless they are here or on their way. */
export async function ensureTakes(projectId: string, shotId: string): Promise<void> {
  const known = useTakesStore.getState().byShot[shotId];
  if (known?.kind === 'ready' || known?.kind === 'loading') return;
  await reloadTakes(projectId, shotId);
}

export async function reloadTakes(projectId: string, shotId: string): Promise<void> {
  useTakesStore.setState((state) => ({ byShot: beginLoading(state.byShot, shotId) }));
  const isCurrent = () => useTakesStore.getState().projectId === projectId;
  try {
    const list = await studio.takes.list({ projectId, shotId });
    if (isCurrent()) useTakesStore.setState((state) => ({ byShot: putList(state.byShot, shotId, list) }));
  } catch (error) {
    const trouble = troubleOf(error);
    if (isCurrent()) useTakesStore.setState((state) => ({ byShot: putRefusal(state.byShot, shotId, trouble) }));
  }
}

/** Lists that could not be read are asked for again when somebody looks at them next. */
export function forgetRefusedTakes(): void {
  useTakesStore.setState((state) => ({ byShot: withoutRefused(state.byShot) }));
}

function withoutRefused(byShot: TakesByShot): TakesByShot {
  return Object.fromEntries(Object.entries(byShot).filter(([, known]) => known.kind !== 'refused'));
}

const noTakes: readonly Take[] = [];

export function useShotTakes(shotId: string | null): ShotTakes | null {
  return useTakesStore((state) => (shotId === null ? null : (state.byShot[shotId] ?? null)));
}

export function useTakes(shotId: string | null): readonly Take[] {
  return useTakesStore((state) => (shotId === null ? noTakes : (state.byShot[shotId]?.takes ?? noTakes)));
}

export function useTake(takeId: string | null): Take | null {
  return useTakesStore((state) => {
    if (takeId === null) return null;
    const shotId = takeId.slice(0, takeId.lastIndexOf('_T'));
    return state.byShot[shotId]?.takes.find((take) => take.id === takeId) ?? null;
  });
}
