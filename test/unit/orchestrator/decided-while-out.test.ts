import { describe, expect, it } from 'vitest';
import { type EngineAway, withEngineAway } from '../../fakes/engine-away.ts';
import { makeWorld, type ProductionWorld, shotIdOf, type WorldOptions } from '../../fakes/production-world.ts';
import { reviewDesk } from '../../fakes/review-desk.ts';

const price = 100_000;

interface OutWorld extends EngineAway {
  director: ReturnType<typeof reviewDesk>;
}

/** Two shots; the engine has the job of the first and cannot be reached, the take of the second waits for review. */
async function withJobOut(options: WorldOptions = {}): Promise<OutWorld> {
  const away = withEngineAway(price, { shots: 2, ...options });
  away.world.startBatch();
  await away.world.clock.advance(80_000);
  expect(away.world.state(1)).toBe('remediating');
  return { ...away, director: reviewDesk(away.world) };
}

const first = (world: ProductionWorld) => world.store.attemptsOf(shotIdOf(1));

describe('a job that is out when a decision takes its phase', () => {
  it.each([
    ['the director’s own picture', (out: OutWorld) => out.director.override(1)],
    ['another engine', (out: OutWorld) => out.director.reroute(1, 'embedded-animatic-noir')],
  ])('is fetched in the same run of the app: %s', async (_, decide) => {
    const out = await withJobOut();
    await decide(out);
    out.comeBack();
    await out.world.rest();
    expect(out.world.store.openAttempts()).toEqual([]);
    expect(first(out.world)[0]).toMatchObject({ state: 'settled', actualMicroUsd: price });
  });

  it('is asked about in growing pauses while its engine stays away, and no more until the next start', async () => {
    const { world, director, comeBack } = await withJobOut();
    await director.override(1);
    await world.rest();
    expect(first(world)).toMatchObject([{ state: 'submitted' }]);
    const asked = world.provider.polls.length;
    comeBack();
    await world.clock.advance(24 * 3_600_000);
    expect(world.provider.polls).toHaveLength(asked);
    await world.orchestrator.close();
    await world.restart();
    await world.rest();
    expect(first(world)).toMatchObject([{ state: 'settled', actualMicroUsd: price }]);
  });
});

describe('a decision that is taken back while the engine has a job of its shot', () => {
  it('lets the phase go on with that job and sends no other', async () => {
    const { world, director, comeBack } = await withJobOut();
    await director.override(1);
    director.undo();
    comeBack();
    await world.rest();
    expect(first(world)).toMatchObject([{ state: 'settled', actualMicroUsd: price }]);
    expect(world.provider.jobs.size).toBe(2);
    expect(world.state(1)).toBe('awaiting_operator');
  });

  it('goes on with it too when it was being asked about at that moment and another take waits for review', async () => {
    const { world, director, comeBack } = await withJobOut();
    await director.override(1);
    await world.clock.advance(1000);
    director.undo();
    comeBack();
    await world.rest();
    expect(world.store.takesOf(shotIdOf(1)).map(({ source, review }) => `${source} ${review}`)).toEqual([
      'override unreviewed',
      'generated unreviewed',
    ]);
    expect(world.provider.jobs.size).toBe(2);
  });

  it('does not end a doubt by sending it again', async () => {
    const world = makeWorld({
      shots: 2,
      provider: { capabilities: { reconcile: 'byId', reconcileGraceMs: 3_600_000 } },
    });
    world.provider.faults = ['accepted-then-dropped'];
    world.provider.reconcile = async () => ({ kind: 'absent' });
    world.startBatch();
    await world.clock.advance(1000);
    expect(first(world)).toMatchObject([{ state: 'in_doubt' }]);
    const director = reviewDesk(world);
    await director.override(1);
    director.undo();
    await world.clock.advance(60_000);
    expect(first(world)).toMatchObject([{ state: 'in_doubt' }]);
    expect(world.provider.jobs.size).toBe(2);
  });

  it('does not give the machine its repeats anew', async () => {
    const world = makeWorld({ shots: 2 });
    world.provider.faults = ['not-sent', 'ok', 'not-sent', 'not-sent'];
    world.startBatch({ maxAttemptsPerShot: 2 });
    await world.clock.advance(1000);
    expect(world.state(1)).toBe('remediating');
    const director = reviewDesk(world);
    await director.override(1);
    director.undo();
    await world.rest();
    expect(first(world)).toHaveLength(2);
    expect(world.state(1)).toBe('halted');
  });
});
