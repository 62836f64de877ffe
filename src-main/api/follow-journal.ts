// The event stream: pages of the journal, then more whenever a commit is told of. Nothing is queued here: a commit only
// rings a bell, and the rows are read from the store when the client has taken those before. A client that is slow or
// was away costs no memory and misses nothing.
import type { JournalEvent } from '../../src-shared/domain/journal.ts';
import type { JournalReader } from './studio-services.ts';

const pageLength = 200;

/** Every event after `since`, for ever; ends when the project closes or the signal aborts. */
export async function* followJournal(
  journal: JournalReader,
  since: number,
  signal?: AbortSignal,
): AsyncGenerator<JournalEvent, void, void> {
  const end = signal ? AbortSignal.any([signal, journal.closed]) : journal.closed;
  const bell = hangBell(journal, end);
  let last = since;
  try {
    while (!end.aborted) {
      const rung = bell.nextRing();
      const page = journal.eventsAfter(last, pageLength);
      for (const event of page) {
        if (end.aborted) return;
        last = event.seq;
        yield event;
      }
      if (page.length === 0) await rung;
    }
  } finally {
    bell.takeDown();
  }
}

/** Rings at each commit and at the end. A ring is a promise: many commits while nobody waits are one ring. */
function hangBell(journal: JournalReader, end: AbortSignal) {
  let ring = Promise.withResolvers<void>();
  const pull = () => {
    ring.resolve();
    ring = Promise.withResolvers<void>();
  };
  const unsubscribe = journal.onCommit(pull);
  end.addEventListener('abort', pull, { once: true });
  return {
    nextRing: () => ring.promise,
    takeDown() {
      unsubscribe();
      end.removeEventListener('abort', pull);
    },
  };
}
