import { JournalStudent } from '../../src-main/learning/journal-student.ts';
import type { ProductionStore } from '../../src-main/orchestrator/ports/store.ts';
import type { LearningEvent, LearningKind } from '../../src-shared/domain/learning.ts';
import { MemoryLearning } from './memory-learning.ts';

/** A student of a production's journal whose notes are kept in memory; a new one over the same notes is a restart. */
export function studentOf(store: ProductionStore, notes: MemoryLearning, stretch?: number): JournalStudent {
  const size = stretch === undefined ? {} : { stretch };
  return new JournalStudent({ store: joinStores(store, notes), project: () => 'test', ...size });
}

/** The store with what was learned beside it; its methods keep the object they belong to. */
export function joinStores(store: ProductionStore, notes: MemoryLearning): ProductionStore & MemoryLearning {
  return new Proxy(notes, {
    get(_target, name) {
      const owner = name in notes ? notes : store;
      const value: unknown = Reflect.get(owner, name, owner);
      return typeof value === 'function' ? value.bind(owner) : value;
    },
  }) as ProductionStore & MemoryLearning;
}

type LineOf<Kind extends LearningKind> = Extract<LearningEvent, { kind: Kind }>['line'];

/** Reads all of a journal at once and answers what it taught. */
export async function study(store: ProductionStore) {
  const notes = new MemoryLearning();
  await studentOf(store, notes).study();
  return {
    notes,
    lines: <Kind extends LearningKind>(kind: Kind): LineOf<Kind>[] =>
      notes.events.flatMap((event) => (event.kind === kind ? [event.line as LineOf<Kind>] : [])),
  };
}
