import { describe, expect, test } from 'vitest';
import { followJournal, type SubscriptionPorts } from '../../../../src-renderer/api/event-subscription.ts';
import type { JournalEvent } from '../../../../src-shared/domain/journal.ts';
import { sampleTime } from '../../../fakes/api-samples.ts';

const event = (seq: number): JournalEvent => ({
  seq,
  at: sampleTime,
  projectId: 'p',
  body: { type: 'problem_cleared', key: String(seq) },
});

/** In place of events: the Studio answers that the session is over. */
const ended = -1;

/** A journal that plays one list of events for each connection and then breaks it off; the last one ends the test. */
async function follow(connections: number[][], reloadTo = 0) {
  const log = {
    since: [] as number[],
    delivered: [] as number[],
    waits: [] as number[],
    states: [] as string[],
    reloads: 0,
  };
  const stop = new AbortController();
  const ports: SubscriptionPorts = {
    open: async (since) => {
      log.since.push(since);
      const events = connections.shift();
      if (events?.[0] === ended) throw new RangeError('session');
      if (events === undefined) throw new TypeError('no answer');
      return (async function* () {
        for (const seq of events) yield event(seq);
      })();
    },
    deliver: (events) => log.delivered.push(...events.map((one) => one.seq)),
    reload: async () => {
      log.reloads += 1;
      return reloadTo;
    },
    connection: (state) => log.states.push(state),
    isOver: (error) => error instanceof RangeError,
    wait: async (ms) => {
      log.waits.push(ms);
      if (connections.length === 0 && log.waits.length >= 3) stop.abort();
    },
  };
  await followJournal(0, ports, stop.signal);
  return log;
}

describe('the subscription to the journal', () => {
  test('goes on after the last number it has seen when the connection breaks', async () => {
    const log = await follow([[1, 2], [3], []]);
    expect(log.since.slice(0, 3)).toEqual([0, 2, 3]);
    expect(log.delivered).toEqual([1, 2, 3]);
  });

  test('delivers a number once, however often it is sent', async () => {
    expect((await follow([[1, 2], [2, 3], []])).delivered).toEqual([1, 2, 3]);
  });

  test('loads the snapshot again when a number is missing, and leaves out what that holds', async () => {
    const log = await follow([[1, 5, 6, 7], [], []], 6);
    expect(log.reloads).toBe(1);
    expect(log.delivered).toEqual([1, 7]);
  });

  test('waits longer after each connection that brings nothing', async () => {
    const { waits } = await follow([[], [], []]);
    expect(waits.slice(0, 3)).toEqual([250, 500, 1000]);
  });

  test('stops asking when the session is over', async () => {
    const log = await follow([[1], [ended], [2]]);
    expect(log.delivered).toEqual([1]);
    expect(log.since).toHaveLength(2);
  });

  test('says when it is connected and when it is not', async () => {
    const { states } = await follow([[1], [], []]);
    expect(states.slice(0, 2)).toEqual(['live', 'reconnecting']);
  });
});
