import type { AttemptFailure } from '../../../src-shared/domain/attempt.ts';
import type { AttemptStepStore } from '../ports/store.ts';

/** Writes down that a poll or download went wrong; the same trouble again and again is one step. */
export function noteTrouble(store: AttemptStepStore, attemptId: string, failure: AttemptFailure): void {
  const last = store.stepsOf(attemptId).at(-1);
  if (last?.kind === 'trouble' && last.note === failure.message) return;
  store.recordStep({ attemptId, kind: 'trouble', by: null, note: failure.message });
}
