import { create } from 'zustand';
import type { JournalEvent } from '../../src-shared/domain/journal.ts';
import type { RefSubject } from '../../src-shared/domain/ref.ts';
import { studio } from '../api/client.ts';
import { type Trouble, troubleOf } from '../api/trouble.ts';

export type RefsLoad =
  | { kind: 'none' }
  | { kind: 'loading' }
  | { kind: 'ready' }
  | { kind: 'refused'; trouble: Trouble };

interface RefsState {
  load: RefsLoad;
  seq: number;
  subjects: readonly RefSubject[];
}

/** Subjects and their slots. Which takes an old hero touches is the Studio's to say, so a promotion loads the list again. */
export const useRefsStore = create<RefsState>(() => ({ load: { kind: 'none' }, seq: 0, subjects: [] }));

export function resetRefs(): void {
  useRefsStore.setState({ load: { kind: 'none' }, seq: 0, subjects: [] });
}

export async function loadRefs(projectId: string): Promise<void> {
  useRefsStore.setState({ load: { kind: 'loading' } });
  try {
    const { seq, subjects } = await studio.refs.list({ projectId });
    useRefsStore.setState((state) => (seq < state.seq ? state : { load: { kind: 'ready' }, seq, subjects }));
  } catch (error) {
    useRefsStore.setState({ load: { kind: 'refused', trouble: troubleOf(error) } });
  }
}

export async function applyRefEvents(projectId: string, events: readonly JournalEvent[]): Promise<void> {
  const { load, seq } = useRefsStore.getState();
  const touches = (event: JournalEvent) =>
    event.seq > seq && (event.body.type === 'ref_promoted' || event.body.type === 'plan_reloaded');
  if (load.kind === 'none' || !events.some(touches)) return;
  await loadRefs(projectId);
}
