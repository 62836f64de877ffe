import { describe, expect, it } from 'vitest';
import { whileWanted } from '../../../src-main/api/while-wanted.ts';

describe('a long answer', () => {
  it('lets what waits have its turn before each slice', async () => {
    const order: string[] = [];
    for await (const slice of whileWanted([1, 2, 3])) {
      order.push(`slice ${slice}`);
      setImmediate(() => order.push(`others after ${slice}`));
    }
    expect(order).toEqual(['slice 1', 'others after 1', 'slice 2', 'others after 2', 'slice 3']);
  });

  it('ends when nobody wants it any more', async () => {
    const leaving = new AbortController();
    let made = 0;
    function* slices() {
      for (;;) yield ++made;
    }
    for await (const slice of whileWanted(slices(), leaving.signal)) if (slice === 2) leaving.abort();
    expect(made).toBe(3);
  });
});
