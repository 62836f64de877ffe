import { create } from 'zustand';
import type { SharedLearningsView } from '../../src-shared/api/learning-contract.ts';
import type { JournalEvent } from '../../src-shared/domain/journal.ts';
import type { LearningReport } from '../../src-shared/domain/learning-report.ts';
import { studio } from '../api/client.ts';
import { type Trouble, troubleOf } from '../api/trouble.ts';
import { showToast, showTrouble } from './toast-store.ts';

export type LearningLoad =
  | { kind: 'none' }
  | { kind: 'loading' }
  | { kind: 'ready' }
  | { kind: 'refused'; trouble: Trouble };

interface LearningState {
  load: LearningLoad;
  /** what the report is true for; −1 before there is one */
  seq: number;
  report: LearningReport | null;
  shared: SharedLearningsView | null;
  /** the journal has moved since */
  stale: boolean;
}

const nothing: LearningState = { load: { kind: 'none' }, seq: -1, report: null, shared: null, stale: false };

/** The report is the Studio's to make: a journal that moves makes it stale, and the room asks again when it is on the screen. */
export const useLearningStore = create<LearningState>(() => nothing);

export function resetLearning(): void {
  useLearningStore.setState(nothing);
}

/** Asks for the report; the one that is shown stays until the new one is there. */
export async function loadLearning(projectId: string): Promise<void> {
  useLearningStore.setState({ load: { kind: 'loading' }, stale: false });
  try {
    const [{ seq, report }, shared] = await Promise.all([
      studio.learning.report({ projectId }),
      studio.learning.shared({ projectId }),
    ]);
    useLearningStore.setState((state) =>
      seq < state.seq ? { load: { kind: 'ready' } } : { load: { kind: 'ready' }, seq, report, shared },
    );
  } catch (error) {
    useLearningStore.setState({ load: { kind: 'refused', trouble: troubleOf(error) } });
  }
}

/** Puts the suggestions among what all projects know, and says how many were new. */
export async function shareLearning(projectId: string): Promise<void> {
  try {
    const { added, shared } = await studio.learning.share({ projectId });
    useLearningStore.setState({ shared });
    const headline = added === 0 ? 'All of it was known already' : `${added} added to what all projects know`;
    showToast({ tone: 'done', headline, about: 'learning' });
  } catch (error) {
    showTrouble(error);
  }
}

/** After a pause in the connection what was refused is asked for again. */
export function forgetRefusedLearning(): void {
  if (useLearningStore.getState().load.kind === 'refused') useLearningStore.setState({ load: { kind: 'none' } });
}

const teaching: readonly JournalEvent['body']['type'][] = [
  'attempt_changed',
  'take_changed',
  'review_recorded',
  'station_transition',
];

export function applyLearningEvents(events: readonly JournalEvent[]): void {
  const { load, seq, stale } = useLearningStore.getState();
  if (stale || load.kind === 'none') return;
  if (events.some((event) => event.seq > seq && teaching.includes(event.body.type))) {
    useLearningStore.setState({ stale: true });
  }
}
