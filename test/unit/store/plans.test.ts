import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makePlan } from '../../fixtures/make-project.ts';
import { openTestStore, type TestStore } from '../../fixtures/open-test-store.ts';

let world: TestStore;
beforeEach(() => {
  world = openTestStore({ shots: 3 });
});
afterEach(() => world.remove());

const duration = (seconds: number) =>
  makePlan(3, (shot) => ({ ...shot, routing_data: { ...shot.routing_data, duration: seconds } }));
const start = (shotId: string) =>
  world.store.transition({ shotId, phase: 'previs', to: 'binding', cause: 'work-started', expectedVersion: 0 });
const standings = () => world.store.shots('EP001').map((shot) => `${shot.id.slice(6)} ${shot.standing}`);

describe('applyPlan', () => {
  it('is silent when nothing differs', () => {
    const seq = world.store.lastSeq();
    expect(world.store.applyPlan(makePlan(3))).toEqual({ added: [], changed: [], removed: [] });
    expect(world.store.lastSeq()).toBe(seq);
  });

  it('follows a changed plan silently where no work was started, and marks where it was', () => {
    start('EP001_SH002');
    expect(world.store.applyPlan(duration(5)).changed).toHaveLength(3);
    expect(standings()).toEqual(['SH001 planned', 'SH002 changed-since-start', 'SH003 planned']);
    expect(world.store.shot('EP001_SH002')?.plan.routing_data.duration).toBe(5);
    world.store.applyPlan(duration(2));
    expect(standings()).toEqual(['SH001 planned', 'SH002 planned', 'SH003 planned']);
  });

  it('drops a shot nobody touched, keeps and marks one with work on it, and takes it back', () => {
    start('EP001_SH002');
    const result = world.store.applyPlan(makePlan(1));
    expect(result.removed).toEqual(['EP001_SH002', 'EP001_SH003']);
    expect(standings()).toEqual(['SH001 planned', 'SH002 removed-from-plan']);
    const told = world.events().at(-1)?.body;
    expect(told).toMatchObject({ type: 'plan_reloaded', removed: ['EP001_SH003'], shots: [{ id: 'EP001_SH002' }] });
    expect(world.store.applyPlan(makePlan(3)).added).toEqual(['EP001_SH002', 'EP001_SH003']);
    expect(standings()).toEqual(['SH001 planned', 'SH002 planned', 'SH003 planned']);
    expect(world.store.shotPhase('EP001_SH002', 'previs').state).toBe('binding');
  });

  it('shows the new text of a shot that was dropped and came back changed', () => {
    world.store.shots('EP001');
    world.store.applyPlan(makePlan(2));
    world.store.applyPlan(duration(9));
    expect(world.store.shot('EP001_SH003')?.plan.routing_data.duration).toBe(9);
  });

  it('shows the old text after a change was taken back', () => {
    expect(() =>
      world.store.inTransaction(() => {
        world.store.applyPlan(duration(9));
        throw new Error('no');
      }),
    ).toThrow('no');
    world.store.applyPlan(duration(4));
    expect(world.store.shots('EP001').map((shot) => shot.plan.routing_data.duration)).toEqual([4, 4, 4]);
  });

  it('reorders', () => {
    const plan = makePlan(3);
    world.store.applyPlan({ ...plan, shots: plan.shots.toReversed() });
    expect(world.store.shots('EP001').map((shot) => shot.id)).toEqual(['EP001_SH003', 'EP001_SH002', 'EP001_SH001']);
  });
});
