import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFalProvider } from '../../../src-main/providers/fal/fal-provider.ts';
import type { Attempt, GenerationRequest } from '../../../src-shared/domain/attempt.ts';
import { doubtfulAttempt, memoryUploads } from '../../fixtures/provider-bench.ts';
import { type FalWorld, never, openFalWorld, simulatorKey, thrownBy } from './fal-world.ts';

let world: FalWorld;
beforeEach(async () => {
  world = await openFalWorld();
});
afterEach(() => world.close());

const attemptFor = (request: GenerationRequest): Attempt =>
  doubtfulAttempt('a1', request, new Date(world.bench.tools.now().getTime()));

/** Submits and loses the answer. */
async function loseAnswer(request: GenerationRequest): Promise<Attempt> {
  const attempt = attemptFor(request);
  await world.sim.faults({ id: 'drop', kind: 'accept-then-drop' });
  await thrownBy(world.submit(request));
  return attempt;
}

describe('an attempt in doubt', () => {
  it('is found in the list by what was sent, and followed to its take', async () => {
    const request = await world.clip('lost answer');
    const attempt = await loseAnswer(request);
    const answer = await world.fal.reconcile(attempt, never);
    if (answer.kind !== 'found') return expect.fail(`it is ${answer.kind}`);
    const [billed] = await world.billOf('lost answer');
    expect(answer.job.id).toBe(billed?.requestId);
    expect(await world.pollToEnd(answer.job)).toEqual({ kind: 'done' });
    const got = await world.fetchTo(answer.job, 'found.mp4');
    expect(got).toMatchObject({ extension: '.mp4', costMicroUsd: billed?.micro_usd });
  });

  it('is found by another process, after the job has ended', async () => {
    const attempt = await loseAnswer(world.still('ended meanwhile'));
    const found = await world.again().reconcile(attempt, never);
    if (found.kind !== 'found') return expect.fail(`it is ${found.kind}`);
    await world.pollToEnd(found.job);
    await world.sim.crashAndRestart();
    expect(await world.again().reconcile(attempt, never)).toMatchObject({ kind: 'found', job: { id: found.job.id } });
  });

  it('is absent when fal never had it', async () => {
    const request = world.still('never there');
    const attempt = attemptFor(request);
    await world.sim.faults({ id: 'drop', kind: 'drop-unaccepted' });
    await thrownBy(world.submit(request));
    expect(await world.fal.reconcile(attempt, never)).toEqual({ kind: 'absent' });
  });

  it('is absent for as long as the list lags, which is shorter than the time that is given', async () => {
    await world.sim.simulator.setFaults({
      settings: { listingLagMs: 5 * 60_000 },
      faults: [{ id: 'drop', kind: 'accept-then-drop' }],
    });
    const request = world.still('late listing');
    const attempt = attemptFor(request);
    await thrownBy(world.submit(request));
    expect(await world.fal.reconcile(attempt, never)).toEqual({ kind: 'absent' });
    const { reconcileGraceMs = 0 } = world.fal.capabilities;
    await world.sim.simulator.advanceClock(6 * 60_000);
    expect(6 * 60_000).toBeLessThan(reconcileGraceMs);
    expect(await world.fal.reconcile(attempt, never)).toMatchObject({ kind: 'found' });
  });

  it('is for a person to say when two requests are the same', async () => {
    const request = world.still('twins');
    const attempt = await loseAnswer(request);
    const twin = await world.submit(request);
    await world.pollToEnd(twin);
    const answer = await world.fal.reconcile(attempt, never);
    if (answer.kind !== 'ambiguous') return expect.fail(`it is ${answer.kind}`);
    expect(answer.jobs).toHaveLength(2);
    const [listed] = answer.jobs.filter(({ job }) => job.id === twin.id);
    expect(listed?.note).toMatch(/^ended with 200 after [\d.]+ s$/);
    expect(Date.parse(listed?.sentAt ?? '')).not.toBeNaN();
    // any of them can be adopted: it carries what polling needs
    for (const { job } of answer.jobs) expect(await world.pollToEnd(job)).toEqual({ kind: 'done' });
  });

  it('is not taken for an equal request that was sent before it began', async () => {
    const request = world.still('again the same');
    const earlier = await world.submit(request);
    await world.pollToEnd(earlier);
    const attempt = doubtfulAttempt('a2', request, new Date(world.bench.tools.now().getTime() + 10_000));
    expect(await world.fal.reconcile(attempt, never)).toEqual({ kind: 'absent' });
  });

  it('is not taken for another request to the same engine', async () => {
    const attempt = await loseAnswer(world.still('mine'));
    await world.submit(world.still('other words'));
    await world.submit(world.still('mine', { seed: 8 }));
    const answer = await world.fal.reconcile(attempt, never);
    const [mine] = (await world.billOf('mine')).filter(({ seed }) => seed === 7);
    expect(answer).toMatchObject({ kind: 'found', job: { id: mine?.requestId } });
  });

  it('is for a person to say when nobody remembers where its files were', async () => {
    const attempt = await loseAnswer(await world.clip('cache was deleted'));
    const forgetful = createFalProvider({ ...world.bench.tools, uploads: memoryUploads() });
    const answer = await forgetful.reconcile(attempt, never);
    expect(answer).toMatchObject({ kind: 'ambiguous', jobs: [{ note: 'not finished' }] });
  });

  it('is looked for on every page of the list', async () => {
    const attempt = await loseAnswer(world.still('on the second page'));
    for (let number = 0; number < 101; number++) await world.submit(world.still(`filler ${number}`));
    expect(await world.fal.reconcile(attempt, never)).toMatchObject({ kind: 'found' });
  });

  it('is looked for by the clock of fal when ours is wrong', async () => {
    const request = world.still('wrong clock');
    const anHourAhead = { ...world.bench.tools, now: () => new Date(Date.now() + 3_600_000) };
    const ahead = createFalProvider(anHourAhead);
    const attempt = doubtfulAttempt('a3', request, anHourAhead.now());
    await world.sim.faults({ id: 'drop', kind: 'accept-then-drop' });
    await thrownBy(world.submit(request));
    expect(await ahead.reconcile(attempt, never)).toMatchObject({ kind: 'found' });
  });
});

describe('the key', () => {
  it('is in no job, no answer and no error', async () => {
    const told: unknown[] = [];
    const job = await world.submit(await world.clip('planted'));
    told.push(job, await world.pollToEnd(job));
    for (const kind of ['unauthorized', 'insufficient-funds', 'accept-then-500', 'accept-then-drop'] as const) {
      await world.sim.faults({ id: kind, kind });
      const error = await thrownBy(world.submit(world.still(`planted ${kind}`)));
      told.push(error, (error as Error).stack, world.fal.readSubmitError(error));
    }
    const request = world.still('planted still');
    told.push(world.fal.payload(request, new Map()), await world.fal.reconcile(attemptFor(request), never));
    const text = told.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join('\n');
    expect(text).not.toContain(simulatorKey);
    expect(text).not.toContain(simulatorKey.slice(4));
    expect(text.toLowerCase()).not.toContain('authorization');
  });
});
