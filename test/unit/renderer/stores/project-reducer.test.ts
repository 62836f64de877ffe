import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEvents, viewOf } from '../../../../src-renderer/stores/project-reducer.ts';
import type { ProjectSnapshot } from '../../../../src-shared/api/projects-contract.ts';
import { takeIdOf } from '../../../../src-shared/domain/ids.ts';
import type { EventBody, JournalEvent } from '../../../../src-shared/domain/journal.ts';
import { lineStateOf } from '../../../../src-shared/domain/line-state.ts';
import { type Phase, phases } from '../../../../src-shared/domain/phase.ts';
import { productionStates } from '../../../../src-shared/domain/production-state.ts';
import type { Shot } from '../../../../src-shared/domain/shot.ts';
import { sampleBatch, sampleShot, sampleSnapshot, sampleTake, sampleTime } from '../../../fakes/api-samples.ts';

/** A Studio of its own: keeps shots and takes, writes a journal, answers snapshots computed from scratch. */
class SmallStudio {
  shots = [sampleShot('EP001_SH001', 0), sampleShot('EP001_SH002', 1), sampleShot('EP001_SH003', 2)];
  takes = new Map<string, number>();
  spend = sampleSnapshot(0).spend;
  batches = [sampleBatch()];
  problems: ProjectSnapshot['problems'] = [];
  journal: JournalEvent[] = [];

  write(body: EventBody): void {
    this.journal.push({ seq: this.journal.length + 1, at: sampleTime, projectId: 'p', body });
  }

  snapshot() {
    const whole: ProjectSnapshot = {
      ...sampleSnapshot(0),
      seq: this.journal.length,
      shots: this.shots,
      summaries: Object.fromEntries(this.shots.map((shot) => [shot.id, this.summaryOf(shot)])),
      batches: this.batches,
      spend: this.spend,
      lineState: lineStateOf(this.batches, this.shots),
      problems: this.problems,
    };
    return viewOf(whole);
  }

  summaryOf(shot: Shot) {
    const takeCount = this.takes.get(shot.id) ?? 0;
    const approved =
      shot.phases.video.approvedTakeId ?? shot.phases.keyframe.approvedTakeId ?? shot.phases.previs.approvedTakeId;
    const spentMicroUsd = phases.reduce((sum, phase) => sum + shot.phases[phase].spentMicroUsd, 0);
    return {
      takeCount,
      posterTakeId: approved ?? (takeCount > 0 ? takeIdOf(shot.id, takeCount) : null),
      spentMicroUsd,
    };
  }
}

type Step = (studio: SmallStudio) => void;

const shotIndex = fc.nat({ max: 2 });
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc
    .record({
      at: shotIndex,
      phase: fc.constantFrom(...phases),
      state: fc.constantFrom(...productionStates),
      spent: fc.nat(),
      approve: fc.boolean(),
    })
    .map(
      (move): Step =>
        (studio) =>
          movePhase(studio, move),
    ),
  shotIndex.map(
    (at): Step =>
      (studio) =>
        recordTake(studio, at),
  ),
  fc.nat().map(
    (settledMicroUsd): Step =>
      (studio) => {
        studio.spend = { ...studio.spend, settledMicroUsd };
        studio.write({ type: 'spend_changed', project: studio.spend });
      },
  ),
  fc.constantFrom('running', 'paused', 'complete').map(
    (status): Step =>
      (studio) => {
        const batch = { ...sampleBatch(), status: status as 'running' };
        studio.batches = [batch];
        studio.write({ type: 'batch_changed', batch });
      },
  ),
  fc.constantFrom('a', 'b').map(
    (key): Step =>
      (studio) =>
        raiseOrClear(studio, key),
  ),
  fc.constant<Step>((studio) => {
    const shot = studio.shots[1];
    if (shot === undefined) return;
    const changed: Shot = { ...shot, standing: 'changed-since-start' };
    studio.shots = studio.shots.map((one) => (one.id === shot.id ? changed : one));
    studio.write({ type: 'plan_reloaded', episodeId: 'EP001', shots: [changed], removed: [] });
  }),
);

function movePhase(
  studio: SmallStudio,
  move: { at: number; phase: Phase; state: Shot['phases']['video']['state']; spent: number; approve: boolean },
) {
  const shot = studio.shots[move.at];
  if (shot === undefined) return;
  const before = shot.phases[move.phase];
  const takeCount = studio.takes.get(shot.id) ?? 0;
  const approvedTakeId = move.approve && takeCount > 0 ? takeIdOf(shot.id, 1) : null;
  const shotPhase = {
    ...before,
    state: move.state,
    spentMicroUsd: move.spent,
    approvedTakeId,
    version: before.version + 1,
  };
  studio.shots = studio.shots.map((one) =>
    one.id === shot.id ? { ...one, phases: { ...one.phases, [move.phase]: shotPhase } } : one,
  );
  studio.write({
    type: 'station_transition',
    shotPhase,
    from: before.state,
    cause: 'work-started',
    station: null,
    elapsedMs: 1,
  });
}

function recordTake(studio: SmallStudio, at: number) {
  const shot = studio.shots[at];
  if (shot === undefined) return;
  const number = (studio.takes.get(shot.id) ?? 0) + 1;
  studio.takes.set(shot.id, number);
  studio.write({ type: 'take_recorded', take: sampleTake(takeIdOf(shot.id, number)) });
}

function raiseOrClear(studio: SmallStudio, key: string) {
  if (studio.problems.some((problem) => problem.key === key)) {
    studio.problems = studio.problems.filter((problem) => problem.key !== key);
    studio.write({ type: 'problem_cleared', key });
    return;
  }
  const problem = {
    key,
    severity: 'error' as const,
    file: null,
    where: null,
    message: key,
    hint: '',
    raisedAt: sampleTime,
  };
  studio.problems = [...studio.problems, problem];
  studio.write({ type: 'problem_raised', problem });
}

describe('the project of the renderer', () => {
  test('is the same from an old snapshot and the events since as from a fresh snapshot', () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 40, size: 'max' }), fc.nat({ max: 40 }), (all, cut) => {
        const studio = new SmallStudio();
        for (const step of all.slice(0, cut)) step(studio);
        const old = studio.snapshot();
        for (const step of all.slice(cut)) step(studio);
        expect(applyEvents(old, studio.journal)).toEqual(studio.snapshot());
      }),
    );
  });

  test('does not change the snapshot it began with', () => {
    const studio = new SmallStudio();
    const old = studio.snapshot();
    const copy = structuredClone(old);
    recordTake(studio, 0);
    applyEvents(old, studio.journal);
    expect(old).toEqual(copy);
  });

  test('hands back the very same snapshot when every event is in it already', () => {
    const studio = new SmallStudio();
    recordTake(studio, 0);
    const now = studio.snapshot();
    expect(applyEvents(now, studio.journal)).toBe(now);
  });

  test('keeps untouched shots as they were, so that their rows need not be drawn again', () => {
    const studio = new SmallStudio();
    const old = studio.snapshot();
    movePhase(studio, { at: 0, phase: 'previs', state: 'stabilized', spent: 1, approve: false });
    const next = applyEvents(old, studio.journal);
    expect(next.shots[1]).toBe(old.shots[1]);
    expect(next.shots[0]).not.toBe(old.shots[0]);
  });

  test('keeps the whole list as it was when only money or a batch has moved', () => {
    const studio = new SmallStudio();
    const old = studio.snapshot();
    studio.write({ type: 'spend_changed', project: studio.spend });
    studio.write({ type: 'batch_changed', batch: sampleBatch() });
    const next = applyEvents(old, studio.journal);
    expect(next.shots).toBe(old.shots);
    expect(next.summaries).toBe(old.summaries);
  });

  test('finds shots in their new places after a plan has moved them', () => {
    const studio = new SmallStudio();
    const old = studio.snapshot();
    const plan: EventBody = { type: 'plan_reloaded', episodeId: 'EP001', shots: [], removed: ['EP001_SH001'] };
    studio.write(plan);
    studio.shots = studio.shots.slice(1);
    movePhase(studio, { at: 1, phase: 'previs', state: 'stabilized', spent: 1, approve: false });
    const next = applyEvents(applyEvents(old, studio.journal.slice(0, 1)), studio.journal);
    expect(next.shots).toEqual(studio.shots);
  });

  test('puts shots that a plan adds into story order and drops those it removes', () => {
    const studio = new SmallStudio();
    const added = sampleShot('EP001_SH009', 0);
    const body: EventBody = { type: 'plan_reloaded', episodeId: 'EP001', shots: [added], removed: ['EP001_SH001'] };
    const next = applyEvents(studio.snapshot(), [{ seq: 1, at: sampleTime, projectId: 'p', body }]);
    expect(next.shots.map((shot) => shot.id)).toEqual(['EP001_SH009', 'EP001_SH002', 'EP001_SH003']);
    expect([...next.summaries.keys()].sort()).toEqual(['EP001_SH002', 'EP001_SH003', 'EP001_SH009']);
  });

  test('leaves the shots alone when another episode’s plan changes', () => {
    const old = new SmallStudio().snapshot();
    const body: EventBody = { type: 'plan_reloaded', episodeId: 'EP002', shots: [], removed: ['EP001_SH001'] };
    expect(applyEvents(old, [{ seq: 1, at: sampleTime, projectId: 'p', body }]).shots).toEqual(old.shots);
  });
});
