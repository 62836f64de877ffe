import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { followJournal } from '../../../src-main/api/follow-journal.ts';
import { createFakeJournal } from '../../fakes/fake-studio-services.ts';

async function take(stream: AsyncGenerator<{ seq: number }>, count: number): Promise<number[]> {
  const seen: number[] = [];
  while (seen.length < count) {
    const { done, value } = await stream.next();
    if (done) break;
    seen.push(value.seq);
  }
  return seen;
}

const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('followJournal', () => {
  it('replays what came after a number, over many pages, then follows', async () => {
    const journal = createFakeJournal(1000);
    const stream = followJournal(journal, 10);
    expect(await take(stream, 990)).toEqual(upTo(11, 1000));
    const next = take(stream, 3);
    journal.commit(1);
    journal.commit(2);
    expect(await next).toEqual([1001, 1002, 1003]);
  });

  it('misses no commit that comes while the client is busy, and queues none', async () => {
    const journal = createFakeJournal(1);
    const stream = followJournal(journal, 0);
    expect(await take(stream, 1)).toEqual([1]);
    const pagesBefore = journal.pagesRead;
    for (let commit = 0; commit < 500; commit += 1) journal.commit(1);
    expect(journal.pagesRead).toBe(pagesBefore);
    expect(await take(stream, 500)).toEqual(upTo(2, 501));
  });

  it('gives every event once and in order, however commits and reads fall', async () => {
    const steps = fc.array(fc.oneof(fc.record({ commit: fc.integer({ min: 1, max: 450 }) }), fc.constant('read')));
    await fc.assert(
      fc.asyncProperty(fc.nat(300), steps, async (rows, script) => {
        const journal = createFakeJournal(rows);
        const stream = followJournal(journal, 0);
        const seen: number[] = [];
        const reading: Promise<unknown>[] = [];
        for (const step of script) {
          if (step !== 'read') journal.commit(step.commit);
          else reading.push(stream.next().then(({ value }) => value && seen.push(value.seq)));
          await Promise.resolve();
        }
        const missing = Math.max(0, reading.length - journal.lastSeq());
        if (missing > 0) journal.commit(missing);
        await Promise.all(reading);
        expect(seen).toEqual(upTo(1, reading.length));
      }),
      { numRuns: 300 },
    );
  });

  it('ends when the client leaves, when the project closes, and at once when either has happened', async () => {
    const journal = createFakeJournal(1);
    const leaving = new AbortController();
    const stream = followJournal(journal, 1, leaving.signal);
    const waiting = stream.next();
    leaving.abort();
    expect((await waiting).done).toBe(true);

    const other = followJournal(journal, 1);
    const alsoWaiting = other.next();
    journal.close();
    expect((await alsoWaiting).done).toBe(true);
    expect((await followJournal(journal, 0).next()).done).toBe(true);
    expect(journal.listeners).toBe(0);
  });
});
