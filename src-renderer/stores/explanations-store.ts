/** One sentence for each shot in view. Asked for in one call for all that are missing or out of date. */
import { create } from 'zustand';
import { maxExplained } from '../../src-shared/api/attempts-contract.ts';
import type { JournalEvent } from '../../src-shared/domain/journal.ts';
import type { Phase } from '../../src-shared/domain/phase.ts';
import { studio } from '../api/client.ts';
import { shotOf } from './attempts-store.ts';

interface ExplanationsState {
  /** by batch scope and shot */
  sentences: Readonly<Record<string, string>>;
  /** counts the events that made a sentence old, so that those in view are asked for again */
  round: number;
}

export const useExplanations = create<ExplanationsState>(() => ({ sentences: {}, round: 0 }));

let generation = 0;
const old = new Set<string>();

export function resetExplanations(): void {
  generation += 1;
  old.clear();
  useExplanations.setState({ sentences: {}, round: 0 }, true);
}

export function explanationKey(phases: readonly Phase[], shotId: string): string {
  return `${phases.join('+')}/${shotId}`;
}

/** Asks for the sentences of these shots that are not here or are out of date. */
export async function ensureExplanations(
  projectId: string,
  phases: readonly Phase[],
  shotIds: readonly string[],
): Promise<void> {
  const { sentences } = useExplanations.getState();
  const missing = shotIds
    .filter((id) => {
      const key = explanationKey(phases, id);
      return sentences[key] === undefined || old.has(key);
    })
    .slice(0, maxExplained);
  if (missing.length === 0) return;
  const asked = generation;
  for (const id of missing) old.delete(explanationKey(phases, id));
  try {
    const found = await studio.attempts.explanations({ projectId, shotIds: missing, phases: [...phases] });
    if (asked !== generation) return;
    useExplanations.setState((state) => {
      const next = { ...state.sentences };
      for (const id of missing) next[explanationKey(phases, id)] = found[id] ?? '';
      return { sentences: next };
    });
  } catch {
    // The connection says so itself; the sentences are asked for again with the next event.
    for (const id of missing) old.add(explanationKey(phases, id));
  }
}

/** Marks the sentences of the shots that these events are about as out of date. */
export function applyExplanationEvents(events: readonly JournalEvent[]): void {
  const { sentences, round } = useExplanations.getState();
  const touched = new Set(events.flatMap(({ body }) => shotOf(body) ?? []));
  if (touched.size === 0) return;
  const outdated = Object.keys(sentences).filter((key) => touched.has(key.slice(key.indexOf('/') + 1)));
  if (outdated.length === 0) return;
  for (const key of outdated) old.add(key);
  useExplanations.setState({ round: round + 1 });
}
