// fal where it is least friendly: a list that knows only what has ended, results that go early, pages in place of answers.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { doubtfulAttempt } from '../../fixtures/provider-bench.ts';
import { type FalWorld, never, openFalWorld, thrownBy } from './fal-world.ts';

let world: FalWorld;
beforeEach(async () => {
  world = await openFalWorld();
});
afterEach(() => world.close());

const gate = (path: string, status: 502 | 503 | 504 | null) =>
  world.sim.faults({ id: path, kind: 'gateway-error', path, status });
/** What a person reads of a call that went wrong. */
const readFetch = async (call: Promise<unknown>) => world.fal.readFetchError(await thrownBy(call));

it('a lost submit is found when it has ended, within the time that is given, though the list knew nothing of it before', async () => {
  const request = world.still('ended only');
  const attempt = doubtfulAttempt('a1', request, world.bench.tools.now());
  await world.sim.simulator.setFaults({
    settings: { lists: 'ended', pace: { queuePolls: 0, runPolls: 0, runMs: 10 * 60_000 } },
    faults: [{ id: 'lost', kind: 'accept-then-drop' }],
  });
  await thrownBy(world.submit(request));
  // the list is what makes the simulator look at a job that nobody asks for
  expect(await world.fal.reconcile(attempt, never)).toEqual({ kind: 'absent' });
  await world.advance(11 * 60_000);
  expect(11 * 60_000).toBeLessThan(world.fal.capabilities.reconcileGraceMs ?? 0);
  expect(await world.fal.reconcile(attempt, never)).toMatchObject({ kind: 'found' });
});

it('a large result that fal kept for six minutes only is found in its list', async () => {
  await world.sim.faults({ id: 'large', kind: 'large-result' });
  const job = await world.submit(world.still('large'));
  expect(await world.pollToEnd(job)).toEqual({ kind: 'done' });
  await world.advance(7 * 60_000);
  expect(await world.fal.poll(job, never)).toEqual({ kind: 'done' });
  expect(await world.fetchTo(job, 'large')).toMatchObject({ extension: '.png' });
});

describe('a page or a cut line in place of an answer', () => {
  it.each([502, 503, 504, null] as const)('says nothing of a submit (%s): it stays in doubt', async (status) => {
    await gate('fal-queue', status);
    const outcome = world.fal.readSubmitError(await thrownBy(world.submit(world.still('gate'))));
    expect(outcome).toMatchObject({ kind: 'unknown', failure: { category: 'transient' } });
  });

  it.each([502, null] as const)('to the list (%s) is trouble and never “absent”', async (status) => {
    const request = world.still('gate list');
    const attempt = doubtfulAttempt('a2', request, world.bench.tools.now());
    await world.submit(request);
    await gate('by-endpoint', status);
    expect(await readFetch(world.fal.reconcile(attempt, never))).toMatchObject({ category: 'transient' });
    expect(await world.fal.reconcile(attempt, never)).toMatchObject({ kind: 'found' });
  });

  it.each([503, null] as const)('to an upload (%s) is before anything was sent', async (status) => {
    await gate('upload/initiate', status);
    const request = await world.clip('gate upload');
    expect(await readFetch(world.fal.upload(request, never))).toMatchObject({ category: 'transient' });
    expect((await world.fal.upload(request, never)).size).toBe(1);
    expect(await world.billOf('gate upload')).toEqual([]);
  });

  it.each([504, null] as const)('to a status question (%s) ends no job', async (status) => {
    const job = await world.submit(world.still('gate status'));
    await gate('/status', status);
    expect(await readFetch(world.fal.poll(job, never))).toMatchObject({ category: 'transient' });
    expect(await world.pollToEnd(job)).toEqual({ kind: 'done' });
  });

  it('to a cancel does not count as one', async () => {
    const job = await world.submit(world.still('gate cancel'));
    await gate('/cancel', 502);
    await thrownBy(Promise.resolve(world.fal.cancel?.(job, never)));
    expect(await world.pollToEnd(job)).toEqual({ kind: 'done' });
  });
});
