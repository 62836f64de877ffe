import { create } from 'zustand';
import type { JournalEvent } from '../../src-shared/domain/journal.ts';
import type { TakeDetail } from '../../src-shared/domain/take.ts';
import { studio } from '../api/client.ts';
import { type Trouble, troubleOf } from '../api/trouble.ts';

export type DetailLoad =
  | { kind: 'loading'; detail: TakeDetail | null }
  | { kind: 'ready'; detail: TakeDetail }
  | { kind: 'refused'; detail: null; trouble: Trouble };

interface DetailsState {
  byTake: Readonly<Record<string, DetailLoad>>;
}

const keptDetails = 60;

/** Recipes and gate results of takes that have been looked at, newest asked last. */
const useDetailsStore = create<DetailsState>(() => ({ byTake: {} }));

export function resetDetails(): void {
  useDetailsStore.setState({ byTake: {} });
}

export async function ensureDetail(projectId: string, takeId: string): Promise<void> {
  const known = useDetailsStore.getState().byTake[takeId];
  if (known?.kind === 'ready' || known?.kind === 'loading') return;
  await loadDetail(projectId, takeId);
}

/** Details whose take changed or was decided on are asked for again, but only those that are here. */
export function applyDetailEvents(projectId: string, events: readonly JournalEvent[]): void {
  const touched = new Set(
    events.flatMap(({ body }) => {
      if (body.type === 'take_changed') return [body.take.id];
      if (body.type === 'review_recorded' && body.review.takeId !== null) return [body.review.takeId];
      return [];
    }),
  );
  for (const takeId of touched) {
    if (useDetailsStore.getState().byTake[takeId] !== undefined) void loadDetail(projectId, takeId);
  }
}

/** Records that could not be read are asked for again when somebody looks at them next. */
export function forgetRefusedDetails(): void {
  useDetailsStore.setState((state) => ({
    byTake: Object.fromEntries(Object.entries(state.byTake).filter(([, known]) => known.kind !== 'refused')),
  }));
}

async function loadDetail(projectId: string, takeId: string): Promise<void> {
  put(takeId, { kind: 'loading', detail: useDetailsStore.getState().byTake[takeId]?.detail ?? null });
  try {
    put(takeId, { kind: 'ready', detail: await studio.takes.detail({ projectId, takeId }) });
  } catch (error) {
    put(takeId, { kind: 'refused', detail: null, trouble: troubleOf(error) });
  }
}

function put(takeId: string, load: DetailLoad): void {
  useDetailsStore.setState((state) => {
    const { [takeId]: _, ...others } = state.byTake;
    return { byTake: { ...Object.fromEntries(Object.entries(others).slice(-(keptDetails - 1))), [takeId]: load } };
  });
}

export function useDetail(takeId: string | null): DetailLoad | null {
  return useDetailsStore((state) => (takeId === null ? null : (state.byTake[takeId] ?? null)));
}
