/** What was learned, in memory: the same rules as in SQLite, and a way to fail before or after a write as a crash does. */
import type { LearningBatch, LearningStore, StationTime } from '../../src-main/orchestrator/ports/learning-store.ts';
import type { LearningEvent } from '../../src-shared/domain/learning.ts';

export class MemoryLearning implements LearningStore {
  #events = new Map<string, LearningEvent>();
  #times = new Map<number, StationTime>();
  #memories = new Map<string, unknown>();
  #seq = 0;
  /** what the next writes do; a crash before loses the write, one after keeps it and tells nobody */
  crashes: ('before' | 'after' | 'none')[] = [];

  get events(): LearningEvent[] {
    return [...this.#events.values()];
  }

  get times(): StationTime[] {
    return [...this.#times.values()];
  }

  learnedSeq = () => this.#seq;
  learningMemory = (shotId: string, phase: string) => structuredClone(this.#memories.get(`${shotId}/${phase}`) ?? null);
  hasLearningEvent = (id: string) => this.#events.has(id);
  appendLearning = (batch: LearningBatch) => {
    const crash = this.crashes.shift() ?? 'none';
    if (crash === 'before') throw new Error('crashed before the write');
    for (const event of batch.events) {
      if (!this.#events.has(event.line.id)) this.#events.set(event.line.id, structuredClone(event));
    }
    for (const time of batch.times) this.#times.set(time.seq, time);
    for (const { shotId, phase, memory } of batch.memories)
      this.#memories.set(`${shotId}/${phase}`, structuredClone(memory));
    this.#seq = batch.seq;
    if (crash === 'after') throw new Error('crashed after the write');
  };
  learningEventsAfter: LearningStore['learningEventsAfter'] = (seq, limit, kind) =>
    this.events
      .map((event, index) => ({ seq: index + 1, event }))
      .filter((row) => row.seq > seq && (kind === undefined || row.event.kind === kind))
      .slice(0, limit);
  approvedOutput = () => [];
  stationTimes = () => [];
  chosenTakes = () => [];
}
