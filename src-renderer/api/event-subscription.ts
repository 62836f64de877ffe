/**
 * The one subscription to the journal of the open project. Resumes from the last number it has seen, with back-off;
 * when a number is missing it asks its owner to load the snapshot again. It reports the state of the connection.
 */
import type { JournalEvent } from '../../src-shared/domain/journal.ts';

export type Connection = 'live' | 'reconnecting';

export interface SubscriptionPorts {
  open: (since: number, signal: AbortSignal) => Promise<AsyncIterable<JournalEvent>>;
  /** events in order, grouped by what arrived together */
  deliver: (events: JournalEvent[]) => void;
  /** loads the snapshot again and answers its number */
  reload: () => Promise<number>;
  connection: (state: Connection) => void;
  /** an answer after which asking again is in vain */
  isOver: (error: unknown) => boolean;
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

const firstWaitMs = 250;
const longestWaitMs = 8000;

/** Follows the journal after `since` until the signal is aborted or the Studio has ended the session. */
export async function followJournal(since: number, ports: SubscriptionPorts, signal: AbortSignal): Promise<void> {
  let last = since;
  let waitMs = firstWaitMs;
  while (!signal.aborted) {
    try {
      const stream = await ports.open(last, signal);
      ports.connection('live');
      const batch = collector(ports.deliver);
      for await (const event of stream) {
        waitMs = firstWaitMs;
        if (event.seq <= last) continue;
        if (event.seq > last + 1) {
          batch.flush();
          last = await ports.reload();
          if (event.seq <= last) continue;
        }
        last = event.seq;
        batch.add(event);
      }
      batch.flush();
    } catch (error) {
      // Whatever else broke the stream (Studio closed, network), the answer is the same: ask again.
      if (ports.isOver(error)) return;
    }
    if (signal.aborted) return;
    ports.connection('reconnecting');
    await ports.wait(waitMs, signal);
    waitMs = Math.min(longestWaitMs, waitMs * 2);
  }
}

/** Puts events that arrive in one go into one delivery, so that a storm costs one render. */
function collector(deliver: (events: JournalEvent[]) => void): {
  add: (event: JournalEvent) => void;
  flush: () => void;
} {
  let held: JournalEvent[] = [];
  const flush = () => {
    if (held.length === 0) return;
    const events = held;
    held = [];
    deliver(events);
  };
  return {
    add(event) {
      held.push(event);
      if (held.length === 1) setTimeout(flush, 0);
    },
    flush,
  };
}
