/** Reads the journal from where it stopped, in short stretches, and records what each stretch taught with the mark of its end. */
import { setImmediate } from 'node:timers/promises';
import type { JournalEvent } from '../../src-shared/domain/journal.ts';
import type { Phase } from '../../src-shared/domain/phase.ts';
import type { LearningBatch, LearningStore } from '../orchestrator/ports/learning-store.ts';
import type { AttemptStore, JournalStore, ShotStore, TakeStore } from '../orchestrator/ports/store.ts';
import { learnFrom, subjectOf } from './learn-from.ts';
import type { LearningWorld } from './learning-world.ts';
import { type PhaseMemory, readMemory } from './phase-memory.ts';

export interface StudentDeps {
  store: LearningStore & JournalStore & AttemptStore & TakeStore & ShotStore;
  project: () => string;
  /** rows that are read and recorded at a time */
  stretch?: number;
}

/** Stays well under the 40 ms that the main thread may be kept. */
const usualStretch = 100;

export class JournalStudent {
  readonly #deps: StudentDeps;
  /** the journal number up to which it has read */
  seen: number;
  /** stretches that taught something */
  learned = 0;
  /** batches that came to their end in what was read */
  completed = 0;

  constructor(deps: StudentDeps) {
    this.#deps = deps;
    this.seen = deps.store.learnedSeq();
  }

  /** Reads all there is. */
  async study(): Promise<void> {
    const { stretch = usualStretch } = this.#deps;
    for (;;) {
      const events = this.#deps.store.eventsAfter(this.seen, stretch);
      if (events.length === 0) return;
      this.#record(events, events.length === stretch);
      if (events.length < stretch) return;
      await setImmediate();
    }
  }

  #record(journal: readonly JournalEvent[], hasMore: boolean): void {
    const { store } = this.#deps;
    const seq = journal.at(-1)?.seq ?? this.seen;
    const batch: LearningBatch = { events: [], times: [], memories: [], seq };
    const memories = new Map<string, { shotId: string; phase: Phase; memory: PhaseMemory }>();
    const world = this.#worldWith(batch);
    for (const event of journal) {
      if (event.body.type === 'batch_changed' && event.body.batch.status === 'complete') this.completed++;
      const subject = subjectOf(event);
      if (!subject) continue;
      const { shotId, phase } = subject;
      const key = `${shotId}/${phase}`;
      const before = memories.get(key)?.memory ?? readMemory(store.learningMemory(shotId, phase));
      const { events, time, memory } = learnFrom(event, before, world);
      batch.events.push(...events);
      if (time) batch.times.push(time);
      if (memory !== before) memories.set(key, { shotId, phase, memory });
    }
    batch.memories = [...memories.values()];
    const taught = batch.events.length + batch.times.length + batch.memories.length > 0;
    // A stretch that taught nothing may be read once more after a crash: it is not worth a flush of the disk.
    if (taught || hasMore) store.appendLearning(batch);
    if (taught) this.learned++;
    this.seen = seq;
  }

  #worldWith(batch: LearningBatch): LearningWorld {
    const { store, project } = this.#deps;
    return {
      project: project(),
      attempt: (attemptId) => store.attempt(attemptId),
      gates: (takeId) => store.gates(takeId),
      shotType: (shotId) => store.shot(shotId)?.plan.prompt_data.shot_type ?? null,
      isKnown: (id) => batch.events.some(({ line }) => line.id === id) || store.hasLearningEvent(id),
    };
  }
}
