import { describe, expect, it } from 'vitest';
import { type ComposeOrder, composeRequest } from '../../../../src-main/orchestrator/request/compose-request.ts';
import { repairRequest } from '../../../../src-main/orchestrator/request/repair-request.ts';
import type { Repair } from '../../../../src-main/supervisor/plan-repair.ts';
import type { GenerationRequest } from '../../../../src-shared/domain/attempt.ts';
import { makePlan, makeWorld, type ProductionWorld } from '../../../fakes/production-world.ts';

const none: Repair = { seed: 'same', focus: null, negative: [], workflowId: null };

function orderOf(world: ProductionWorld): ComposeOrder {
  const shot = world.store.shot('EP001_SH001');
  if (!shot) throw new Error('no shot');
  return { shot, phase: 'previs', provider: 'embedded', seed: 8, startFrame: 'required' };
}

function sent(world: ProductionWorld): GenerationRequest {
  const composed = composeRequest(world.deps, { ...orderOf(world), seed: 7 });
  if (composed.kind === 'refused') throw new Error(composed.reason);
  return composed.request;
}

function repaired(world: ProductionWorld, repair: Partial<Repair>, last = sent(world)) {
  const order = { compose: orderOf(world), last, repair: { ...none, ...repair } };
  const { composed, ...told } = repairRequest(world.deps, order);
  if (composed.kind === 'refused') throw new Error(composed.reason);
  return { ...told, request: composed.request };
}

/** The plan as its author changes it. */
function withPlan(world: ProductionWorld, change: { prompt?: string; negative?: string }): void {
  const plan = makePlan(1);
  for (const { prompt_data } of plan.shots) {
    if (change.prompt !== undefined) prompt_data.prompt_skeleton.compiled_prompt = change.prompt;
    if (change.negative !== undefined) prompt_data.negative_prompt = change.negative;
  }
  world.store.applyPlan(plan);
}

describe('a request that is repaired', () => {
  it('keeps its seed where the engine was at fault, and says that nothing changes', () => {
    expect(repaired(makeWorld(), {})).toMatchObject({
      ...{ isChanged: false, change: 'The same request: the engine was at fault, not the picture.' },
      request: { seed: 7 },
    });
  });

  it('takes up what the author has changed since, and says so', () => {
    const world = makeWorld();
    const last = sent(world);
    withPlan(world, { prompt: 'A lower hill.' });
    expect(repaired(world, {}, last)).toMatchObject({
      ...{ isChanged: true, change: 'The plan’s new prompt.', request: { prompt: 'A lower hill.' } },
    });
    world.refs = { refs: [], missing: [] };
    expect(repaired(world, {}, last).change).toBe('The plan’s new prompt. Other references.');
  });

  it('leaves out what the plan’s own words say already, however they are written', () => {
    const world = makeWorld();
    withPlan(world, { negative: 'Black Frames, rain' });
    expect(repaired(world, { seed: 'new', negative: ['black frames', 'flicker, strobing'] })).toMatchObject({
      change: 'A new seed. Added to the negative prompt: flicker, strobing.',
      request: { seed: 8, negativePrompt: 'Black Frames, rain, flicker, strobing' },
    });
  });

  it('is sent without the clauses where the engine would refuse it with them', () => {
    const world = makeWorld();
    world.provider.refusal = (request) => (request.negativePrompt === '' ? null : 'It takes no negative prompt.');
    expect(repaired(world, { seed: 'new', negative: ['flicker'] })).toMatchObject({
      change: 'A new seed. It cannot be told what to leave out.',
      request: { negativePrompt: '' },
    });
  });

  it('is taken to reach the engine unchanged where it cannot be laid out yet', () => {
    const world = makeWorld();
    world.provider.payload = () => {
      throw new Error('the pictures are not uploaded');
    };
    expect(repaired(world, { seed: 'new', negative: ['flicker'] })).toMatchObject({
      change: 'A new seed. It cannot be told what to leave out.',
    });
  });

  it('says where there is no character whose references could lead', () => {
    const focus = { kind: 'identity' as const, characters: [] };
    expect(repaired(makeWorld(), { focus })).toMatchObject({
      ...{ isChanged: false, change: 'The same request: the shot names no character whose references could lead.' },
    });
  });
});
