import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createProjectOpener, type OpenerPorts } from '../../../../src-renderer/stores/project-opener.ts';
import { applyEvents, type ProjectView, viewOf } from '../../../../src-renderer/stores/project-reducer.ts';
import type { ProjectSnapshot } from '../../../../src-shared/api/projects-contract.ts';
import { sliceSnapshot } from '../../../../src-shared/api/snapshot-slices.ts';
import type { JournalEvent } from '../../../../src-shared/domain/journal.ts';
import { sampleShot, sampleSnapshot, sampleTime } from '../../../fakes/api-samples.ts';

/** A Studio whose shots move, and a window that opens projects of it one slice at a time. */
class World {
  journal: JournalEvent[] = [];
  shots = ['EP001_SH001', 'EP001_SH002', 'EP001_SH003', 'EP001_SH004'].map((id, place) => sampleShot(id, place));
  /** what the window did, in order */
  log: string[] = [];
  view: ProjectView | null = null;
  /** slices that wait to be let through; null = they come by themselves */
  gates: (() => void)[] | null = null;
  /** rung when one stands there */
  private bell = Promise.withResolvers<void>();
  /** breaks the connection before this slice */
  breakAt = Number.POSITIVE_INFINITY;
  following: AbortSignal[] = [];
  reload: () => Promise<number> = async () => 0;

  readonly opener = createProjectOpener(this.ports());

  moveShot(place: number): void {
    const shot = this.shots[place % this.shots.length];
    if (!shot) return;
    const { previs } = shot.phases;
    const shotPhase = { ...previs, version: previs.version + 1, spentMicroUsd: previs.spentMicroUsd + 5 };
    this.shots = this.shots.map((one) =>
      one === shot ? { ...shot, phases: { ...shot.phases, previs: shotPhase } } : one,
    );
    const body = {
      ...{ type: 'station_transition' as const, shotPhase, from: previs.state, cause: 'work-started' as const },
      ...{ station: null, elapsedMs: 0 },
    };
    this.journal.push({ seq: this.journal.length + 1, at: sampleTime, projectId: 'p', body });
  }

  snapshot(projectId: string): ProjectSnapshot {
    const spentOn = (id: string) => this.shots.find((shot) => shot.id === id)?.phases.previs.spentMicroUsd ?? 0;
    return {
      ...{ ...sampleSnapshot(this.journal.length), projectId, shots: [...this.shots] },
      summaries: Object.fromEntries(
        this.shots.map(({ id }) => [id, { takeCount: 0, posterTakeId: null, spentMicroUsd: spentOn(id) }]),
      ),
    };
  }

  private async *travel(snapshot: ProjectSnapshot) {
    let number = 0;
    for (const slice of sliceSnapshot(snapshot, 1)) {
      if (number++ === this.breakAt) throw new TypeError('network');
      yield slice;
    }
  }

  private ports(): OpenerPorts {
    return {
      open: async (projectId) => void this.log.push(`open ${projectId}`),
      snapshot: async ({ projectId, episodeId }) => {
        if (episodeId === 'EP009') throw new Error('no such episode');
        return this.travel(this.snapshot(projectId));
      },
      loading: (projectId) => void this.log.push(`loading ${projectId}`),
      progress: () => {},
      show: (snapshot) => {
        this.log.push(`show ${snapshot.projectId}`);
        this.view = viewOf(snapshot);
      },
      refused: (projectId, error) => void this.log.push(`refused ${projectId}: ${(error as Error).message}`),
      follow: async ({ seq, reload }, signal) => {
        this.log.push('follow');
        this.following.push(signal);
        this.reload = reload;
        if (this.view) this.view = applyEvents(this.view, this.journal.slice(seq));
      },
      giveWay: () => {
        const { gates } = this;
        if (gates === null) return Promise.resolve();
        return new Promise((resolve) => {
          gates.push(resolve);
          this.bell.resolve();
        });
      },
    };
  }

  /** Waits until a slice stands at the gate. */
  async arrival(): Promise<void> {
    while (this.gates?.length === 0) {
      this.bell = Promise.withResolvers();
      await this.bell.promise;
    }
  }

  async letOneThrough(): Promise<void> {
    await this.arrival();
    this.gates?.shift()?.();
  }
}

/** after the head, after each of the four shots, and before all of it is drawn */
const stops = 6;

describe('opening a project', () => {
  test('shows nothing before its snapshot is whole', async () => {
    const world = new World();
    world.gates = [];
    const opening = world.opener.open('one');
    for (let stop = 1; stop < stops; stop++) await world.letOneThrough();
    await world.arrival();
    expect(world.log).toEqual(['loading one', 'open one']);
    await world.letOneThrough();
    await opening;
    expect(world.log).toEqual(['loading one', 'open one', 'show one', 'follow']);
  });

  test('ends with the Studio’s shots, whatever moves between which slices', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat(3), { maxLength: 3 }), { minLength: stops, maxLength: stops }),
        async (moves) => {
          const world = new World();
          world.gates = [];
          const opening = world.opener.open('one');
          for (const places of moves) {
            await world.arrival();
            for (const place of places) world.moveShot(place);
            await world.letOneThrough();
          }
          await opening;
          expect(world.view).toEqual(viewOf(world.snapshot('one')));
        },
      ),
      { numRuns: 50 },
    );
  });

  test.each([1, 2, 3, 4, 5, 6])('of another one ends it, at stop %i', async (reached) => {
    const world = new World();
    world.gates = [];
    const first = world.opener.open('one');
    for (let stop = 1; stop < reached; stop++) await world.letOneThrough();
    await world.arrival();
    const held = world.gates;
    world.gates = null;
    await world.opener.open('two');
    for (const goOn of held) goOn();
    await first;
    expect(world.log.slice(2)).toEqual(['loading two', 'open two', 'show two', 'follow']);
    expect(world.view?.projectId).toBe('two');
  });

  test('that is left in the middle shows nothing and refuses nothing', async () => {
    const world = new World();
    world.gates = [];
    const opening = world.opener.open('one');
    await world.arrival();
    world.opener.leave();
    await world.letOneThrough();
    await opening;
    expect(world.log).toEqual(['loading one', 'open one']);
  });

  test.each([0, 1, 3])('says what broke it off after %i slices, and can be tried again', async (breakAt) => {
    const world = new World();
    world.breakAt = breakAt;
    await world.opener.open('one');
    expect(world.log.slice(2)).toEqual(['refused one: network']);
    world.breakAt = Number.POSITIVE_INFINITY;
    await world.opener.open('one');
    expect(world.log.slice(-2)).toEqual(['show one', 'follow']);
  });

  test('of an episode that is gone shows the first one', async () => {
    const world = new World();
    await world.opener.open('one', 'EP009');
    expect(world.log.slice(-2)).toEqual(['show one', 'follow']);
  });

  test('ends the subscription of the one before', async () => {
    const world = new World();
    await world.opener.open('one');
    await world.opener.open('two');
    expect(world.following.map(({ aborted }) => aborted)).toEqual([true, false]);
  });
});

describe('loading the snapshot again', () => {
  test('keeps what is shown until the new one is whole, and what broke it off is told to who asked', async () => {
    const world = new World();
    await world.opener.open('one');
    const before = world.view;
    world.moveShot(0);
    world.breakAt = 2;
    await expect(world.reload()).rejects.toThrow('network');
    expect(world.view).toBe(before);
    world.breakAt = Number.POSITIVE_INFINITY;
    expect(await world.reload()).toBe(1);
    expect(world.view).toEqual(viewOf(world.snapshot('one')));
    expect(world.log.filter((line) => line.startsWith('refused'))).toEqual([]);
  });
});
