import { describe, expect, it } from 'vitest';
import { askAgainPatch, maxPauses, pauseMs } from '../../../../src-main/orchestrator/retry/pause-before-asking.ts';
import { WaitTimes } from '../../../../src-main/orchestrator/retry/wait-times.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';
import { makeWorld } from '../../../fakes/production-world.ts';

const hour = 3_600_000;
/** How long a wait seems to last now. */
const leftOf = (clock: FakeClock, waits: WaitTimes, until: number) =>
  waits.endOf('shot', until) - clock.now().getTime();

describe('the end of a wait', () => {
  it.each([
    ['put back two days', -48 * hour],
    ['put on an hour', hour],
  ])('is as far off as before when the clock is %s', async (_, jump) => {
    const clock = new FakeClock();
    const waits = new WaitTimes(clock);
    const until = clock.now().getTime() + 5000;
    expect(leftOf(clock, waits, until)).toBe(5000);
    clock.jump(jump);
    await clock.advance(2000);
    expect(leftOf(clock, waits, until)).toBe(3000);
  });

  it('is measured anew when another one is planned, and is over at once when it lies in the past', async () => {
    const clock = new FakeClock();
    const waits = new WaitTimes(clock);
    waits.endOf('shot', clock.now().getTime() + 5000);
    await clock.advance(5000);
    expect(leftOf(clock, waits, clock.now().getTime() + 7000)).toBe(7000);
    expect(leftOf(clock, waits, clock.now().getTime() - 60_000)).toBe(0);
  });

  it('that was written down before the clock was put back is a day off at most', () => {
    const clock = new FakeClock();
    expect(leftOf(clock, new WaitTimes(clock), clock.now().getTime() + 48 * hour)).toBe(24 * hour);
  });

  it('of a back-off comes although the clock was put back in between', async () => {
    const world = makeWorld();
    world.provider.faults = ['not-sent'];
    world.startBatch();
    await world.clock.advance(1000);
    world.clock.jump(-48 * hour);
    await world.clock.advance(6000);
    expect(world.state(1)).toBe('awaiting_operator');
  });
});

describe('a job that could not be asked about', () => {
  it('is asked about in pauses of 1, 2, 4… minutes, a quarter of an hour at most, ten times', () => {
    expect([0, 1, 2, 3, 4, 9].map((asked) => pauseMs(asked) / 60_000)).toEqual([1, 2, 4, 8, 15, 15]);
    const clock = new FakeClock();
    expect(askAgainPatch(clock, { remediationCount: 2 })).toEqual({
      ...{ retryAt: new Date(clock.now().getTime() + 240_000).toISOString() },
      ...{ remediationCount: 3, remediationLimit: 10 },
    });
    expect(maxPauses).toBe(10);
  });
});
