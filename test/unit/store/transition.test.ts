import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isLegalMove, productionStates } from '../../../src-shared/domain/production-state.ts';
import { openTestStore, type TestStore } from '../../fixtures/open-test-store.ts';

let world: TestStore;
beforeEach(() => {
  world = openTestStore();
});
afterEach(() => world.remove());

const at = { shotId: 'EP001_SH001', phase: 'previs' } as const;

describe('transition', () => {
  it('starts a new shot with previs queued and the rest blocked', () => {
    const phases = world.store.shot('EP001_SH001')?.phases;
    expect([phases?.previs.state, phases?.keyframe.state, phases?.video.state]).toEqual([
      'queued',
      'blocked',
      'blocked',
    ]);
  });

  it('writes the time spent in the state that was left with the move', async () => {
    await world.clock.advance(1500);
    world.store.transition({ ...at, to: 'binding', cause: 'work-started', expectedVersion: 0 });
    await world.clock.advance(40);
    world.store.annotate(at.shotId, at.phase, 1, { reason: 'two refs' });
    await world.clock.advance(60);
    const now = world.store.transition({ ...at, to: 'assembling', cause: 'request-bound', expectedVersion: 2 });
    const moves = world.events().flatMap(({ body }) => (body.type === 'station_transition' ? [body] : []));
    expect(moves.map(({ from, elapsedMs, station }) => ({ from, elapsedMs, station }))).toEqual([
      { from: 'queued', elapsedMs: 1500, station: 'bind' },
      { from: 'binding', elapsedMs: 0, station: 'bind' },
      { from: 'binding', elapsedMs: 100, station: 'asm' },
    ]);
    expect(now).toMatchObject({ state: 'assembling', version: 3, reason: 'two refs' });
  });

  it('refuses a move decided on an older version and changes nothing', () => {
    world.store.transition({ ...at, to: 'binding', cause: 'work-started', expectedVersion: 0 });
    const seq = world.store.lastSeq();
    expect(() => world.store.transition({ ...at, to: 'queued', cause: 'interrupted', expectedVersion: 0 })).toThrow(
      expect.objectContaining({ code: 'state.stale' }),
    );
    expect(() => world.store.annotate(at.shotId, at.phase, 0, { reason: 'x' })).toThrow(
      expect.objectContaining({ code: 'state.stale' }),
    );
    expect(world.store.lastSeq()).toBe(seq);
  });

  it('makes exactly the moves of the table', () => {
    for (const from of productionStates) {
      for (const to of productionStates) {
        const row = bringTo(from);
        const move = () => world.store.transition({ ...at, to, cause: 'restarted', expectedVersion: row });
        if (isLegalMove(from, to)) expect(move().state).toBe(to);
        else expect(move).toThrow(expect.objectContaining({ code: 'state.illegal-move' }));
      }
    }
  });

  it('forgets how a phase ended when it goes back to work', () => {
    const end = { to: 'stabilized', cause: 'skipped', patch: { outcome: 'skipped' } } as const;
    world.store.transition({ ...at, ...end, expectedVersion: 0 });
    const back = world.store.transition({ ...at, to: 'queued', cause: 'undone', expectedVersion: 1 });
    expect(back.outcome).toBeNull();
  });

  it('says which shot is unknown', () => {
    expect(() => world.store.shotPhase('EP001_SH999', 'previs')).toThrow(
      expect.objectContaining({ code: 'shot.not-found' }),
    );
  });

  /** Walks to a state by the shortest legal way; answers the version there. */
  function bringTo(goal: (typeof productionStates)[number]): number {
    for (;;) {
      const row = world.store.shotPhase(at.shotId, at.phase);
      if (row.state === goal) return row.version;
      const next = wayBetween(row.state, goal)[0];
      if (next === undefined) throw new Error(`no way from ${row.state} to ${goal}`);
      world.store.transition({ ...at, to: next, cause: 'restarted', expectedVersion: row.version });
    }
  }
});

type State = (typeof productionStates)[number];

function wayBetween(from: State, goal: State): State[] {
  const ways: State[][] = [[]];
  const seen = new Set<State>([from]);
  for (const way of ways) {
    const here = way.at(-1) ?? from;
    if (here === goal) return way;
    for (const next of productionStates.filter((state) => isLegalMove(here, state) && !seen.has(state))) {
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  return [];
}
