import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { journalEventSchema } from '../../../src-shared/domain/journal.ts';
import { openTestStore, type TestStore } from '../../fixtures/open-test-store.ts';

let world: TestStore;
beforeEach(() => {
  world = openTestStore();
});
afterEach(() => world.remove());

const shotId = 'EP001_SH001';

describe('the journal', () => {
  it('is told once after the outermost transaction, and not at all when it is given up', () => {
    const heard: number[] = [];
    const stop = world.store.onCommit((seq) => heard.push(seq));
    world.store.inTransaction(() => {
      world.store.transition({ shotId, phase: 'previs', to: 'binding', cause: 'work-started', expectedVersion: 0 });
      world.store.inTransaction(() =>
        world.store.transition({
          shotId,
          phase: 'previs',
          to: 'assembling',
          cause: 'request-bound',
          expectedVersion: 1,
        }),
      );
      expect(heard).toEqual([]);
    });
    expect(heard).toEqual([world.store.lastSeq()]);
    expect(() =>
      world.store.inTransaction(() => {
        world.store.annotate(shotId, 'previs', 2, { reason: 'x' });
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(heard).toHaveLength(1);
    stop();
    world.store.annotate(shotId, 'previs', 2, { reason: 'x' });
    expect(heard).toHaveLength(1);
  });

  it('lets nobody be kept from hearing by a follower that throws', () => {
    const heard: number[] = [];
    world.store.onCommit(() => {
      throw new Error('a broken follower');
    });
    world.store.onCommit((seq) => heard.push(seq));
    world.store.annotate(shotId, 'previs', 0, { reason: 'x' });
    expect(heard).toHaveLength(1);
  });

  it('keeps what an inner transaction that failed had written out of the outer one', () => {
    world.store.inTransaction(() => {
      world.store.annotate(shotId, 'previs', 0, { reason: 'kept' });
      try {
        world.store.inTransaction(() => {
          world.store.annotate(shotId, 'previs', 1, { reason: 'lost' });
          throw new Error('inner');
        });
      } catch {
        // the outer one goes on
      }
    });
    expect(world.store.shotPhase(shotId, 'previs')).toMatchObject({ reason: 'kept', version: 1 });
  });

  it('reads aloud rows that fit their schema, in pages, numbered without a gap', () => {
    world.store.transition({ shotId, phase: 'previs', to: 'binding', cause: 'work-started', expectedVersion: 0 });
    world.store.raiseProblem({ key: 'k', severity: 'error', file: 'a', where: null, message: 'm', hint: 'h' });
    world.store.clearProblem('k');
    const events = world.events();
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
    for (const event of events) expect(journalEventSchema.parse(event)).toEqual(event);
    expect(world.store.eventsAfter(1, 1).map((event) => event.seq)).toEqual([2]);
    const raised = events.filter((event) => event.body.type === 'problem_raised');
    expect(world.store.eventsAfter(0, 10, 'problem_raised')).toEqual(raised);
    expect(raised).toHaveLength(1);
    expect(world.store.lastSeq()).toBe(events.length);
  });

  it('says that the project is not open to whoever asks after it was closed', () => {
    const { store } = world;
    store.close();
    store.close();
    const refused = expect.objectContaining({ code: 'project.not-open' });
    expect(() => store.lastSeq()).toThrow(refused);
    expect(() => store.annotate(shotId, 'previs', 0, { reason: 'late' })).toThrow(refused);
  });

  it('makes no noise for a problem that is raised again as it stands', () => {
    const problem = { key: 'k', severity: 'error', file: 'a', where: null, message: 'm', hint: 'h' } as const;
    world.store.raiseProblem(problem);
    const seq = world.store.lastSeq();
    world.store.raiseProblem(problem);
    world.store.clearProblem('other');
    expect(world.store.lastSeq()).toBe(seq);
    world.store.raiseProblem({ ...problem, message: 'worse' });
    expect(world.store.problems()).toMatchObject([{ message: 'worse' }]);
  });
});
