import { describe, expect, it } from 'vitest';
import { undo } from '../../../src-main/review/undo.ts';
import { gateResult, makePlan, makeWorld, type ProductionWorld, scriptedGate } from '../../fakes/production-world.ts';

const shotId = 'EP001_SH001';
const enabled = { enabled: true };
const row = (world: ProductionWorld) => world.store.shotPhase(shotId, 'previs');
const passing = () => scriptedGate('gate_1', ['pass']);

describe('autonomy on the line', () => {
  it('is off unless a batch switches it on', async () => {
    const world = makeWorld({ gates: [passing()] });
    world.startBatch();
    await world.rest();
    expect(row(world).state).toBe('awaiting_operator');
    expect(world.store.reviewsOf(shotId)).toEqual([]);
  });

  it('approves the phase and not the shot: the next phase follows', async () => {
    const world = makeWorld({ gates: [passing()] });
    const batchId = world.startBatch({ phases: ['previs', 'keyframe', 'video'], autonomy: enabled });
    await world.rest();
    expect(['previs', 'keyframe', 'video'].map((phase) => world.state(1, phase as 'previs'))).toEqual([
      ...['stabilized', 'stabilized', 'stabilized'],
    ]);
    expect(world.store.reviewsOf(shotId).map(({ phase }) => phase)).toEqual(['previs', 'keyframe', 'video']);
    expect(world.store.batch(batchId)).toMatchObject({ status: 'complete', autoApproved: 3 });
  });

  it('writes down by which rule it approved, as a decision that can be taken back', async () => {
    const world = makeWorld({ gates: [passing()] });
    world.startBatch({ autonomy: enabled });
    await world.rest();
    // what is asked for after it begins anew, as after an approval of a person
    expect(row(world).series).toBe(1);
    const [decision] = world.store.reviewsOf(shotId);
    expect(decision).toMatchObject({
      ...{ action: 'auto-approve', decidedBy: 'autonomy', takeId: 'EP001_SH001_T1' },
      note: 'All seven checks of autonomy passed: Gate 1 · Mechanical passed it; approval 1 in this batch.',
    });
    const deps = { ...world.deps, person: 'dana', project: () => world.project, wake: () => {} };
    undo(decision?.id, { ...deps, media: world.disk.media as never });
    expect(row(world)).toMatchObject({ state: 'awaiting_operator', approvedTakeId: null });
    expect(world.store.take('EP001_SH001_T1')?.review).toBe('unreviewed');
  });

  it('judges the take that is there, not the verdicts of an earlier one', async () => {
    const world = makeWorld({ gates: [scriptedGate('gate_1', ['fail', 'pass'])] });
    world.startBatch({ autonomy: enabled });
    await world.rest();
    expect(row(world)).toMatchObject({ state: 'stabilized', approvedTakeId: 'EP001_SH001_T2' });

    const worse = makeWorld({ gates: [scriptedGate('gate_1', ['fail', 'unmeasurable'])] });
    worse.startBatch({ autonomy: enabled });
    await worse.rest();
    expect(row(worse).state).toBe('awaiting_operator');
  });

  it('does not hold it against a still that gate 3 looks at clips alone', async () => {
    const world = makeWorld({ gates: [passing(), scriptedGate('gate_3', ['skipped'])] });
    world.startBatch({ autonomy: enabled });
    await world.rest();
    expect(row(world).state).toBe('stabilized');
  });

  it('leaves a take to people, and says which check did, when another gate was skipped', async () => {
    const world = makeWorld({ gates: [passing(), scriptedGate('gate_2a_identity', ['skipped'])] });
    world.startBatch({ autonomy: enabled });
    await world.rest();
    expect(row(world)).toMatchObject({
      ...{ state: 'awaiting_operator', reason: expect.stringContaining('gate_2a_identity says skipped') },
    });
  });

  it('excludes by the type of the shot, whatever its pipeline is called', async () => {
    const world = makeWorld({ gates: [passing()] });
    const plan = makePlan(1);
    for (const shot of plan.shots) shot.prompt_data.shot_type = 'two_shot';
    world.store.applyPlan(plan);
    world.startBatch({ autonomy: enabled });
    await world.rest();
    expect(row(world).reason).toContain('“Two shot” are left to people');
  });

  it('approves nothing where a gate could not run', async () => {
    const broken = { name: 'gate_1' as const, measure: () => Promise.reject(new Error('no model')) };
    const world = makeWorld({ gates: [broken] });
    world.startBatch({ autonomy: enabled });
    await world.rest();
    expect(row(world).state).toBe('awaiting_operator');
    expect(gateResult('gate_1', 'pass').status).not.toBe(world.store.gates('EP001_SH001_T1')[0]?.status);
  });
});
