/**
 * The project's snapshot moved on by events of the journal: what the shell and the shot list show. Pure, so that
 * "snapshot + events = a fresh snapshot" can be tested. What no event has touched stays the very same object: of ten
 * thousand shots only those that moved cost anything, here and in what is drawn from it.
 */
import type { ProjectSnapshot, ShotSummary } from '../../src-shared/api/projects-contract.ts';
import type { Batch } from '../../src-shared/domain/batch.ts';
import { takeIdOf } from '../../src-shared/domain/ids.ts';
import type { EventBody, JournalEvent } from '../../src-shared/domain/journal.ts';
import { lineStateOf } from '../../src-shared/domain/line-state.ts';
import type { Shot, ShotPhase } from '../../src-shared/domain/shot.ts';
import { furthestApprovedTake, inStoryOrder, spentOn } from './shot-standing.ts';

/** The snapshot as the renderer keeps it: summaries in a map, for a record of many names is slow to copy. */
export type ProjectView = Omit<ProjectSnapshot, 'shots' | 'batches' | 'summaries'> & {
  shots: readonly Shot[];
  batches: readonly Batch[];
  summaries: ReadonlyMap<string, ShotSummary>;
};

export function viewOf(snapshot: ProjectSnapshot): ProjectView {
  return { ...snapshot, summaries: new Map(Object.entries(snapshot.summaries)) };
}

/** Applies events in order; those the view already holds are left out. The given view is not changed. */
export function applyEvents(view: ProjectView, events: readonly JournalEvent[]): ProjectView {
  const fresh = events.filter((event) => event.seq > view.seq);
  const last = fresh.at(-1);
  if (last === undefined) return view;
  const draft = new Draft(view);
  for (const event of fresh) draft.apply(event.body);
  return draft.finish(last.seq);
}

/** Where each shot stands in its list. Shots keep their places until a plan changes, so the places pass from list to list. */
const placesByList = new WeakMap<readonly Shot[], ReadonlyMap<string, number>>();

function placesOf(shots: readonly Shot[]): ReadonlyMap<string, number> {
  const known = placesByList.get(shots);
  if (known) return known;
  const places = new Map(shots.map((shot, place) => [shot.id, place]));
  placesByList.set(shots, places);
  return places;
}

/** One copy of each part that changes, however many events arrive together, and none of the others. */
class Draft {
  private readonly base: ProjectView;
  private shots: readonly Shot[];
  private ownShots: Shot[] | null = null;
  private ownSummaries: Map<string, ShotSummary> | null = null;
  private batches: readonly Batch[];
  private spend: ProjectView['spend'];
  private problems: ProjectView['problems'];

  constructor(base: ProjectView) {
    this.base = base;
    this.shots = base.shots;
    this.batches = base.batches;
    this.spend = base.spend;
    this.problems = base.problems;
  }

  apply(body: EventBody): void {
    switch (body.type) {
      case 'station_transition':
        this.movePhase(body.shotPhase);
        return;
      case 'take_recorded':
        this.countTake(body.take.shotId, body.take.number);
        return;
      case 'batch_changed':
        this.batches = withBatch(this.batches, body.batch);
        return;
      case 'spend_changed':
        this.spend = body.project;
        return;
      case 'plan_reloaded':
        this.replacePlan(body);
        return;
      case 'problem_raised':
        this.problems = [...this.problems.filter((known) => known.key !== body.problem.key), body.problem];
        return;
      case 'problem_cleared':
        this.problems = this.problems.filter((known) => known.key !== body.key);
        return;
      case 'take_changed':
      case 'attempt_changed':
      case 'review_recorded':
      case 'ref_promoted':
        // Belong to the stores of takes, reviews and refs.
        return;
    }
  }

  finish(seq: number): ProjectView {
    const { base, shots, batches, spend, problems } = this;
    const isSame = shots === base.shots && batches === base.batches;
    return {
      ...base,
      ...{ seq, spend, problems },
      ...{ shots, batches },
      summaries: this.ownSummaries ?? base.summaries,
      lineState: isSame ? base.lineState : lineStateOf(batches, shots),
    };
  }

  private shotOf(shotId: string): Shot | undefined {
    const place = placesOf(this.shots).get(shotId);
    return place === undefined ? undefined : this.shots[place];
  }

  private put(shot: Shot): void {
    const places = placesOf(this.shots);
    const place = places.get(shot.id);
    if (place === undefined) return;
    if (this.ownShots === null) {
      this.ownShots = [...this.shots];
      this.shots = this.ownShots;
      placesByList.set(this.shots, places);
    }
    this.ownShots[place] = shot;
  }

  private summaries(): Map<string, ShotSummary> {
    this.ownSummaries ??= new Map(this.base.summaries);
    return this.ownSummaries;
  }

  private takeCountOf(shotId: string): number {
    return (this.ownSummaries ?? this.base.summaries).get(shotId)?.takeCount ?? 0;
  }

  private movePhase(phase: ShotPhase): void {
    const shot = this.shotOf(phase.shotId);
    if (shot === undefined) return;
    this.put({ ...shot, phases: { ...shot.phases, [phase.phase]: phase } });
    this.summarise(shot.id, this.takeCountOf(shot.id));
  }

  private countTake(shotId: string, number: number): void {
    this.summarise(shotId, Math.max(number, this.takeCountOf(shotId) + 1));
  }

  private summarise(shotId: string, takeCount: number): void {
    const shot = this.shotOf(shotId);
    if (shot === undefined) return;
    const newest = takeCount > 0 ? takeIdOf(shotId, takeCount) : null;
    const posterTakeId = furthestApprovedTake(shot) ?? newest;
    this.summaries().set(shotId, { takeCount, posterTakeId, spentMicroUsd: spentOn(shot) });
  }

  private replacePlan(body: Extract<EventBody, { type: 'plan_reloaded' }>): void {
    if (body.episodeId !== this.base.episodeId) return;
    const shots = new Map(this.shots.map((shot) => [shot.id, shot]));
    const summaries = this.summaries();
    for (const id of body.removed) {
      shots.delete(id);
      summaries.delete(id);
    }
    for (const shot of body.shots) {
      shots.set(shot.id, shot);
      if (!summaries.has(shot.id))
        summaries.set(shot.id, { takeCount: 0, posterTakeId: null, spentMicroUsd: spentOn(shot) });
    }
    this.ownShots = [...inStoryOrder([...shots.values()])];
    this.shots = this.ownShots;
  }
}

function withBatch(batches: readonly Batch[], batch: Batch): readonly Batch[] {
  const isKnown = batches.some(({ id }) => id === batch.id);
  return isKnown ? batches.map((known) => (known.id === batch.id ? batch : known)) : [...batches, batch];
}
