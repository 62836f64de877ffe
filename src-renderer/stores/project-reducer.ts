/**
 * The project's snapshot moved on by events of the journal: what the shell and the shot list show. Pure, so that
 * "snapshot + events = a fresh snapshot" can be tested.
 */
import type { ProjectSnapshot, ShotSummary } from '../../src-shared/api/projects-contract.ts';
import type { Batch } from '../../src-shared/domain/batch.ts';
import { takeIdOf } from '../../src-shared/domain/ids.ts';
import type { EventBody, JournalEvent } from '../../src-shared/domain/journal.ts';
import { lineStateOf } from '../../src-shared/domain/line-state.ts';
import type { Shot, ShotPhase } from '../../src-shared/domain/shot.ts';
import { furthestApprovedTake, spentOn } from './shot-standing.ts';

/** Applies events in order; those the snapshot already holds are left out. The given snapshot is not changed. */
export function applyEvents(snapshot: ProjectSnapshot, events: readonly JournalEvent[]): ProjectSnapshot {
  const fresh = events.filter((event) => event.seq > snapshot.seq);
  const last = fresh.at(-1);
  if (last === undefined) return snapshot;
  const draft = new Draft(snapshot);
  for (const event of fresh) draft.apply(event.body);
  return draft.finish(last.seq);
}

/** One copy of each part that changes, however many events arrive together. */
class Draft {
  private readonly base: ProjectSnapshot;
  private shots: Map<string, Shot>;
  private summaries: Record<string, ShotSummary>;
  private batches: Map<string, Batch>;
  private spend: ProjectSnapshot['spend'];
  private problems: ProjectSnapshot['problems'];

  constructor(base: ProjectSnapshot) {
    this.base = base;
    this.shots = new Map(base.shots.map((shot) => [shot.id, shot]));
    this.summaries = { ...base.summaries };
    this.batches = new Map(base.batches.map((batch) => [batch.id, batch]));
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
        this.batches.set(body.batch.id, body.batch);
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

  finish(seq: number): ProjectSnapshot {
    const batches = [...this.batches.values()];
    const shots = [...this.shots.values()];
    return {
      ...this.base,
      seq,
      shots,
      summaries: this.summaries,
      batches,
      spend: this.spend,
      problems: this.problems,
      lineState: lineStateOf(batches, shots),
    };
  }

  private movePhase(phase: ShotPhase): void {
    const shot = this.shots.get(phase.shotId);
    if (shot === undefined) return;
    this.shots.set(shot.id, { ...shot, phases: { ...shot.phases, [phase.phase]: phase } });
    this.summarise(shot.id, this.summaries[shot.id]?.takeCount ?? 0);
  }

  private countTake(shotId: string, number: number): void {
    if (!this.shots.has(shotId)) return;
    this.summarise(shotId, Math.max(number, (this.summaries[shotId]?.takeCount ?? 0) + 1));
  }

  private summarise(shotId: string, takeCount: number): void {
    const shot = this.shots.get(shotId);
    if (shot === undefined) return;
    const newest = takeCount > 0 ? takeIdOf(shotId, takeCount) : null;
    this.summaries[shotId] = {
      takeCount,
      posterTakeId: furthestApprovedTake(shot) ?? newest,
      spentMicroUsd: spentOn(shot),
    };
  }

  private replacePlan(body: Extract<EventBody, { type: 'plan_reloaded' }>): void {
    if (body.episodeId !== this.base.episodeId) return;
    for (const id of body.removed) {
      this.shots.delete(id);
      delete this.summaries[id];
    }
    for (const shot of body.shots) {
      this.shots.set(shot.id, shot);
      this.summaries[shot.id] ??= { takeCount: 0, posterTakeId: null, spentMicroUsd: spentOn(shot) };
    }
    this.shots = new Map([...this.shots.values()].sort((a, b) => a.order - b.order).map((shot) => [shot.id, shot]));
  }
}
