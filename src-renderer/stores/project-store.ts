import { create } from 'zustand';
import type { ProjectSnapshot } from '../../src-shared/api/projects-contract.ts';
import type { SnapshotProgress } from '../../src-shared/api/snapshot-slices.ts';
import type { Batch } from '../../src-shared/domain/batch.ts';
import type { JournalEvent } from '../../src-shared/domain/journal.ts';
import type { Shot } from '../../src-shared/domain/shot.ts';
import type { Trouble } from '../api/trouble.ts';
import { applyEvents, type ProjectView, viewOf } from './project-reducer.ts';

export type ProjectLoad =
  | { kind: 'none' }
  | { kind: 'loading'; projectId: string }
  | { kind: 'refused'; projectId: string; trouble: Trouble }
  | { kind: 'ready'; projectId: string };

interface ProjectState {
  load: ProjectLoad;
  /** how much of a snapshot is here while it comes */
  progress: SnapshotProgress | null;
  snapshot: ProjectView | null;
  /** takes that came while this page was open and whose poster is not made yet: asking for it would be in vain */
  withoutPoster: ReadonlySet<string>;
}

/** Snapshot of the open project and episode, moved on by events. Written by `project-session.ts` alone. */
export const useProjectStore = create<ProjectState>(() => ({
  load: { kind: 'none' },
  progress: null,
  snapshot: null,
  withoutPoster: new Set(),
}));

export function showLoading(projectId: string): void {
  useProjectStore.setState((state) => ({
    load: { kind: 'loading', projectId },
    progress: null,
    snapshot: state.snapshot?.projectId === projectId ? state.snapshot : null,
  }));
}

export function showProgress(progress: SnapshotProgress): void {
  useProjectStore.setState({ progress });
}

export function showRefused(projectId: string, trouble: Trouble): void {
  useProjectStore.setState({ load: { kind: 'refused', projectId, trouble }, snapshot: null });
}

export function closeProjectView(): void {
  useProjectStore.setState({ load: { kind: 'none' }, snapshot: null, withoutPoster: new Set() });
}

export function showSnapshot(snapshot: ProjectSnapshot): void {
  useProjectStore.setState({ load: { kind: 'ready', projectId: snapshot.projectId }, snapshot: viewOf(snapshot) });
}

export function applyToProject(events: readonly JournalEvent[]): void {
  useProjectStore.setState((state) => {
    if (state.snapshot === null) return state;
    return {
      snapshot: applyEvents(state.snapshot, events),
      withoutPoster: postersMissing(state.withoutPoster, events),
    };
  });
}

function postersMissing(known: ReadonlySet<string>, events: readonly JournalEvent[]): ReadonlySet<string> {
  const takes = events.flatMap(({ body }) =>
    body.type === 'take_recorded' || body.type === 'take_changed' ? [body.take] : [],
  );
  if (takes.length === 0) return known;
  const next = new Set(known);
  for (const take of takes) {
    if (take.prepared?.poster) next.delete(take.id);
    else next.add(take.id);
  }
  return next;
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
