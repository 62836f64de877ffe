import { create } from 'zustand';
import type { ProjectSnapshot } from '../../src-shared/api/projects-contract.ts';
import type { Batch } from '../../src-shared/domain/batch.ts';
import type { JournalEvent } from '../../src-shared/domain/journal.ts';
import type { Shot } from '../../src-shared/domain/shot.ts';
import type { Trouble } from '../api/trouble.ts';
import { applyEvents } from './project-reducer.ts';

export type ProjectLoad =
  | { kind: 'none' }
  | { kind: 'loading'; projectId: string }
  | { kind: 'refused'; projectId: string; trouble: Trouble }
  | { kind: 'ready'; projectId: string };

interface ProjectState {
  load: ProjectLoad;
  snapshot: ProjectSnapshot | null;
  /** counts changes of a take's derived pictures, so that a poster is asked for again */
  pictureVersions: Record<string, number>;
}

/** Snapshot of the open project and episode, moved on by events. Written by `project-session.ts` alone. */
export const useProjectStore = create<ProjectState>(() => ({
  load: { kind: 'none' },
  snapshot: null,
  pictureVersions: {},
}));

export function showLoading(projectId: string): void {
  useProjectStore.setState((state) => ({
    load: { kind: 'loading', projectId },
    snapshot: state.snapshot?.projectId === projectId ? state.snapshot : null,
  }));
}

export function showRefused(projectId: string, trouble: Trouble): void {
  useProjectStore.setState({ load: { kind: 'refused', projectId, trouble }, snapshot: null });
}

export function closeProjectView(): void {
  useProjectStore.setState({ load: { kind: 'none' }, snapshot: null, pictureVersions: {} });
}

export function showSnapshot(snapshot: ProjectSnapshot): void {
  useProjectStore.setState({ load: { kind: 'ready', projectId: snapshot.projectId }, snapshot });
}

export function applyToProject(events: readonly JournalEvent[]): void {
  useProjectStore.setState((state) => {
    if (state.snapshot === null) return state;
    const changed = events.flatMap((event) => (event.body.type === 'take_changed' ? [event.body.take.id] : []));
    const pictureVersions = { ...state.pictureVersions };
    for (const id of changed) pictureVersions[id] = (pictureVersions[id] ?? 0) + 1;
    return {
      snapshot: applyEvents(state.snapshot, events),
      pictureVersions: changed.length > 0 ? pictureVersions : state.pictureVersions,
    };
  });
}

const noShots: readonly Shot[] = [];

export function useProjectId(): string | null {
  return useProjectStore((state) => state.snapshot?.projectId ?? null);
}

export function useShots(): readonly Shot[] {
  return useProjectStore((state) => state.snapshot?.shots ?? noShots);
}

export function useShot(shotId: string | null): Shot | null {
  return useProjectStore((state) => state.snapshot?.shots.find((shot) => shot.id === shotId) ?? null);
}

/** The batch that can be paused, resumed or stopped; null when none is under way. */
export function useActiveBatch(): Batch | null {
  return useProjectStore((state) => state.snapshot?.batches.findLast(isUnderWay) ?? null);
}

export function isUnderWay(batch: Batch): boolean {
  return batch.status === 'running' || batch.status === 'paused' || batch.status === 'budget_exhausted';
}
