/** The model of M1: what a person was told of a production. */
import type { Phase } from '../../src-shared/domain/phase.ts';
import type { TakeReviewState } from '../../src-shared/domain/take.ts';

export interface ModelDecision {
  id: string;
  action: 'approve' | 'reject' | 'reroute' | 'override' | 'undo' | 'auto-approve';
  shotId: string;
  takeId: string | null;
  note: string;
  undone: boolean;
  /** what undoing it brings back */
  before: { key: string; circled: string | null; marks: Map<string, TakeReviewState> };
}

/** What a person was told, and nothing that the program told nobody. */
export interface Model {
  batch: { id: string; status: 'running' | 'paused' | 'stopped' } | null;
  decisions: ModelDecision[];
  /** circled take by shot and phase */
  circled: Map<string, string>;
  marks: Map<string, TakeReviewState>;
  /** takes that were there once: none may go */
  takes: Map<string, string>;
}

export function emptyModel(): Model {
  return { batch: null, decisions: [], circled: new Map(), marks: new Map(), takes: new Map() };
}

/** How the contents of the director's own files begin. */
export const ownFile = 'still of one’s own';

export const keyOf = (shotId: string, phase: Phase) => `${shotId}/${phase}`;

/** Keeps a decision with the marks that its undoing brings back. */
export function remember(model: Model, made: Omit<ModelDecision, 'undone' | 'before'>, key: string): void {
  const circled = model.circled.get(key) ?? null;
  const touched = [made.takeId, circled].filter((takeId) => takeId !== null);
  const marks = new Map(touched.map((takeId) => [takeId, model.marks.get(takeId) ?? 'unreviewed']));
  model.decisions.push({ ...made, undone: false, before: { key, circled, marks } });
}
