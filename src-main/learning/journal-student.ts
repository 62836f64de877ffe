/**
 * Reads the journal from where it stopped and records what it taught with the mark of where it got to, in one transaction. A
 * long journal is read in short stretches, so that others get their turn, and recorded every few of them.
 */
import { setImmediate } from 'node:timers/promises';
import type { JournalEvent } from '../../src-shared/domain/journal.ts';
import type { LearningEvent } from '../../src-shared/domain/learning.ts';
import type { LearningMemory, LearningStore, StationTime } from '../orchestrator/ports/learning-store.ts';
import type { AttemptStore, JournalStore, ShotStore, TakeStore } from '../orchestrator/ports/store.ts';
import { learnFrom, subjectOf } from './learn-from.ts';
import type { LearningWorld } from './learning-world.ts';
import { type PhaseMemory, readMemory } from './phase-memory.ts';

export interface StudentDeps {
  store: LearningStore & JournalStore & AttemptStore & TakeStore & ShotStore;
  project: () => string;
  /** rows that are read at a time */
  stretch?: number;
}

/** Stays well under the 40 ms that the main thread may be kept. */
const usualStretch = 50;
/** A flush of the disk costs more than a stretch: one for this many. */
const stretchesARecord = 10;

/** What was read and is not recorded yet. */
interface Notes {
  /** the last journal number read */
  seq: number;
  stretches: number;
  completed: number;
  events: Map<string, LearningEvent>;
  times: StationTime[];
  memories: Map<string, LearningMemory & { memory: PhaseMemory }>;
}

export class JournalStudent {
  readonly #deps: StudentDeps;
  /** the journal number up to which it has read */
  seen: number;
  /** records that taught something */
  learned = 0;
  /** batches that came to their end in what was read */
  completed = 0;

  constructor(deps: StudentDeps) {
    this.#deps = deps;
    this.seen = deps.store.learnedSeq();
  }

  /** Reads all there is. What is not recorded when it throws is read again. */
  async study(): Promise<void> {
    const { store, stretch = usualStretch } = this.#deps;
    for (let notes = emptyNotes(this.seen); ; ) {
      const journal = store.eventsAfter(notes.seq, stretch);
      for (const event of journal) this.#read(event, notes);
      notes.stretches++;
      const isEnd = journal.length < stretch;
      if (isEnd || notes.stretches === stretchesARecord) {
        this.#record(notes, isEnd);
        notes = emptyNotes(this.seen);
      }
      if (isEnd) return;
      await setImmediate();
    }
  }

  #read(event: JournalEvent, notes: Notes): void {
    notes.seq = event.seq;
    if (event.body.type === 'batch_changed' && event.body.batch.status === 'complete') notes.completed++;
    const subject = subjectOf(event);
    if (!subject) return;
    const { shotId, phase } = subject;
    const key = `${shotId}/${phase}`;
    const before = notes.memories.get(key)?.memory ?? readMemory(this.#deps.store.learningMemory(shotId, phase));
    const { events, time, memory } = learnFrom(event, before, this.#worldWith(notes));
    for (const one of events) if (!notes.events.has(one.line.id)) notes.events.set(one.line.id, one);
    if (time) notes.times.push(time);
    if (memory !== before) notes.memories.set(key, { shotId, phase, memory });
  }

  /** An end that taught nothing may be read once more after a crash: it is not worth a flush of the disk. */
  #record({ events, times, memories, seq, completed }: Notes, isEnd: boolean): void {
    const taught = events.size + times.length + memories.size > 0;
    if (taught || !isEnd) {
      const batch = { events: [...events.values()], times, memories: [...memories.values()], seq };
      this.#deps.store.appendLearning(batch);
    }
    if (taught) this.learned++;
    this.completed += completed;
    this.seen = seq;
  }

  #worldWith(notes: Notes): LearningWorld {
    const { store, project } = this.#deps;
    return {
      project: project(),
      attempt: (attemptId) => store.attempt(attemptId),
      gates: (takeId) => store.gates(takeId),
      shotType: (shotId) => store.shot(shotId)?.plan.prompt_data.shot_type ?? null,
      isKnown: (id) => notes.events.has(id) || store.hasLearningEvent(id),
    };
  }
}

function emptyNotes(seq: number): Notes {
  return { seq, stretches: 0, completed: 0, events: new Map(), times: [], memories: new Map() };
}
