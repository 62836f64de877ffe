/** One sentence for each shot in view. Asked for in one call for all that are missing or out of date. */
import { create } from 'zustand';
import { maxExplained } from '../../src-shared/api/attempts-contract.ts';
import type { JournalEvent } from '../../src-shared/domain/journal.ts';
import type { Phase } from '../../src-shared/domain/phase.ts';
import { studio } from '../api/client.ts';
import { shotOf } from './attempts-store.ts';
import { Freshness } from './freshness.ts';

interface ExplanationsState {
  /** by batch scope and shot */
  sentences: Readonly<Record<string, string>>;
  /** counts the events that made a sentence old, so that those in view are asked for again */
  round: number;
}

export const useExplanations = create<ExplanationsState>(() => ({ sentences: {}, round: 0 }));

const freshness = new Freshness();

export function resetExplanations(): void {
  freshness.clear();
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
  const missing = shotIds.filter((id) => freshness.isOld(explanationKey(phases, id))).slice(0, maxExplained);
  if (missing.length === 0) return;
  const asked = missing.map((id) => {
    const key = explanationKey(phases, id);
    return { id, key, ticket: freshness.ask(key) };
  });
  try {
    const found = await studio.attempts.explanations({ projectId, shotIds: missing, phases: [...phases] });
    useExplanations.setState((state) => {
      const next = { ...state.sentences };
      for (const { id, key, ticket } of asked) if (freshness.accepts(key, ticket)) next[key] = found[id] ?? '';
      return { sentences: next };
    });
  } catch {
    // The connection says so itself; the sentences are asked for again with the next event.
    for (const { key } of asked) freshness.touch(key);
  }
}

/** Marks the sentences of the shots that these events are about as out of date. */
export function applyExplanationEvents(events: readonly JournalEvent[]): void {
  const touched = new Set(events.flatMap(({ body }) => shotOf(body) ?? []));
  if (touched.size === 0) return;
  let isAnyOld = false;
  for (const key of freshness.keys()) {
    if (!touched.has(key.slice(key.indexOf('/') + 1))) continue;
    freshness.touch(key);
    isAnyOld = true;
  }
  if (isAnyOld) useExplanations.setState(({ round }) => ({ round: round + 1 }));
}
