import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ExportKeeper, keepExportsCurrent } from '../../../src-main/handoff/keep-exports-current.ts';
import { makeNewTake, openTestStore, type TestStore } from '../../fixtures/open-test-store.ts';

let world: TestStore;
let written: string[][];
let problems: unknown[];
let trouble: Error | null;
beforeEach(() => {
  world = openTestStore({ shots: 3 });
  written = [];
  problems = [];
  trouble = null;
});
afterEach(() => world.remove());

function keep(): ExportKeeper {
  return keepExportsCurrent({
    ...{ store: world.store, clock: world.clock, onProblem: (error) => problems.push(error) },
    async write(_episode, shots) {
      if (trouble) throw trouble;
      written.push([...shots].map((id) => id.slice(6)).sort());
    },
  });
}

function recordTake(shot: number): void {
  const shotId = `EP001_SH00${shot}`;
  world.store.recordTake(makeNewTake(shotId, world.store.nextTakeNumber(shotId)));
}

describe('exports that follow the journal', () => {
  it('are written together soon after what changed them, and at the end', async () => {
    const keeper = keep();
    recordTake(1);
    recordTake(3);
    await world.clock.advance(1000);
    expect(written).toEqual([['SH001', 'SH003']]);
    recordTake(2);
    await keeper.close();
    expect(written).toEqual([['SH001', 'SH003'], ['SH002']]);
  });

  it('are caught up with at the next start when the process had been killed before they were written', async () => {
    const first = keep();
    recordTake(1);
    await first.flush();
    recordTake(2);
    // killed: its timer never comes
    world.reopen();
    keep();
    await world.clock.advance(1000);
    expect(written).toEqual([['SH001'], ['SH002']]);
    world.reopen();
    keep();
    await world.clock.advance(10_000);
    expect(written).toHaveLength(2);
  });

  it('are tried again with the next change when they could not be written, and the problem is cleared', async () => {
    const keeper = keep();
    trouble = new Error('no room');
    recordTake(1);
    await world.clock.advance(1000);
    expect(world.store.problems()).toMatchObject([
      { key: 'export:EP001', message: expect.stringContaining('no room') },
    ]);
    expect(world.store.exportedSeq()).toBe(0);
    trouble = null;
    recordTake(2);
    await world.clock.advance(10_000);
    await keeper.close();
    expect(written.flat()).toEqual(expect.arrayContaining(['SH001', 'SH002']));
    expect(world.store.problems()).toEqual([]);
    expect(world.store.exportedSeq()).toBeGreaterThan(0);
  });

  it('go on after even the problem could not be recorded', async () => {
    const { store } = world;
    const keeper = keepExportsCurrent({
      store: {
        ...store,
        raiseProblem: () => {
          throw new Error('the disk is full');
        },
      },
      ...{ clock: world.clock, onProblem: (error) => problems.push(error) },
      async write(_episode, shots) {
        if (trouble) throw trouble;
        written.push([...shots].map((id) => id.slice(6)));
      },
    });
    trouble = new Error('the disk is full');
    recordTake(1);
    await keeper.flush();
    expect(problems).toHaveLength(2);
    trouble = null;
    await keeper.flush();
    expect(written).toEqual([['SH001']]);
    await keeper.close();
  });
});
