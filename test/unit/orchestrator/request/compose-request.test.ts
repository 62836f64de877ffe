import { describe, expect, it } from 'vitest';
import type { EndpointCapabilities } from '../../../../src-main/orchestrator/ports/provider.ts';
import {
  type ComposeOrder,
  composeRequest,
  coveringSeconds,
} from '../../../../src-main/orchestrator/request/compose-request.ts';
import { makePlan, makeWorld, type ProductionWorld } from '../../../fakes/production-world.ts';
import { makeNewTake } from '../../../fixtures/open-test-store.ts';

const shotId = 'EP001_SH001';

function compose(world: ProductionWorld, part: Partial<ComposeOrder> = {}) {
  const shot = world.store.shot(shotId);
  if (!shot) throw new Error('no shot');
  const order = { shot, phase: 'video' as const, provider: 'embedded', seed: 7, startFrame: 'planned' as const };
  return composeRequest(world.deps, { ...order, ...part });
}

function withEndpoint(part: Partial<EndpointCapabilities>): ProductionWorld {
  const world = makeWorld();
  const whole = world.provider.endpoint.bind(world.provider);
  world.provider.endpoint = () => ({ ...whole(), ...part });
  return world;
}

function lasting(world: ProductionWorld, duration: number, pipeline: 'i2v' | 't2v' = 'i2v'): ProductionWorld {
  const plan = makePlan(1);
  for (const shot of plan.shots) shot.routing_data = { pipeline, duration };
  world.store.applyPlan(plan);
  return world;
}

describe('the length of a clip', () => {
  it.each([
    [4, null, 4],
    [3.2, null, 3.2],
    [4, [5, 10], 5],
    [5, [5, 10], 5],
    [5.1, [5, 10], 10],
    [5, [10, 5], 5],
    [10.5, [5, 10], null],
  ])('for a shot of %s s and lengths %j is %s s', (planned, offered, seconds) => {
    expect(coveringSeconds(planned, offered)).toBe(seconds);
  });

  it('is what the engine makes; the rest are handles', () => {
    const composed = compose(lasting(withEndpoint({ durationsSeconds: [4, 6, 8] }), 4.5));
    expect(composed).toMatchObject({ kind: 'composed', request: { output: { durationSeconds: 6 } } });
  });

  it('is refused beyond the longest, with both figures', () => {
    expect(compose(lasting(withEndpoint({ durationsSeconds: [4, 6, 8] }), 9))).toEqual({
      kind: 'refused',
      whole: null,
      reason:
        'The shot lasts 9 s and Animatic with camera move makes 8 s at most: shorten it in the plan, or choose another engine.',
    });
  });

  it('is no matter of a still', () => {
    const composed = compose(withEndpoint({ durationsSeconds: [4] }), { phase: 'keyframe' });
    expect(composed).toMatchObject({ request: { output: { kind: 'still', durationSeconds: null } } });
  });
});

describe('the start of a clip', () => {
  it('is the approved keyframe and nothing else: without one the clip is refused', () => {
    const world = makeWorld();
    expect(compose(world, { startFrame: 'required' })).toEqual({
      kind: 'refused',
      whole: null,
      reason: 'No approved keyframe to start from.',
    });
    const take = world.store.recordTake(
      makeNewTake(shotId, world.store.nextTakeNumber(shotId), { source: 'external' }),
    );
    const circled = (phase: 'previs' | 'keyframe') => {
      const shot = world.store.shot(shotId);
      if (!shot) throw new Error('no shot');
      const row = { ...shot.phases[phase], approvedTakeId: take.id };
      return compose(world, { startFrame: 'required', shot: { ...shot, phases: { ...shot.phases, [phase]: row } } });
    };
    expect(circled('previs')).toMatchObject({ kind: 'refused' });
    expect(circled('keyframe')).toMatchObject({ request: { startFrame: { path: take.path, hash: take.sha256 } } });
  });

  it('is told what moves: action and camera, where a picture is told everything', () => {
    expect(compose(makeWorld())).toMatchObject({ request: { prompt: 'Slow push in.' } });
    expect(compose(makeWorld(), { phase: 'keyframe' })).toMatchObject({ request: { prompt: 'A hill, number 1.' } });
  });

  it('is nothing for text to video, which needs no keyframe', () => {
    const composed = compose(lasting(makeWorld(), 4, 't2v'), { startFrame: 'required' });
    expect(composed).toMatchObject({ kind: 'composed', request: { startFrame: null } });
  });
});

describe('sound', () => {
  it.each([
    [undefined, true],
    ['none', false],
    [{ param: 'motion', value: 'move' }, true],
    [{ param: 'motion', value: 'hold' }, false],
  ] as const)('with an engine that says %j is asked for: %s', (sound, audio) => {
    const composed = compose(withEndpoint(sound === undefined ? {} : { sound }));
    expect(composed).toMatchObject({ kind: 'composed', request: { params: { motion: 'move' }, output: { audio } } });
  });
});

describe('references', () => {
  it('are those of the clip for a clip, of the board for a picture', () => {
    const world = makeWorld();
    const asked: string[] = [];
    world.deps.resolveRefs = (_, surface) => {
      asked.push(surface);
      return world.refs;
    };
    for (const phase of ['previs', 'keyframe', 'video'] as const) {
      asked.length = 0;
      compose(world, { phase });
      expect(new Set(asked)).toEqual(new Set([phase === 'video' ? 'video' : 'board']));
    }
  });

  it('stay behind where a clip starts from a frame and the engine takes none', () => {
    const composed = compose(withEndpoint({ modality: 'i2v', maxRefs: 0 }));
    expect(composed).toMatchObject({ kind: 'composed', request: { refs: [] } });
  });

  it('stay behind where a clip is made from words alone', () => {
    expect(compose(withEndpoint({ modality: 't2v', maxRefs: 0 }))).toMatchObject({ kind: 'composed' });
  });

  it('are refused where a picture would be made without them', () => {
    const composed = compose(withEndpoint({ modality: 't2i', maxRefs: 0 }), { phase: 'keyframe' });
    expect(composed).toEqual({
      kind: 'refused',
      reason: 'The shot has 1 ref; Storyboard, ink and wash takes 0.',
      whole: null,
    });
  });

  it('stay behind in a draft as far as the engine takes none', () => {
    const composed = compose(withEndpoint({ modality: 't2i', maxRefs: 0 }), { phase: 'previs' });
    expect(composed).toMatchObject({ kind: 'composed', request: { refs: [] } });
  });

  it('that are missing refuse a clip too, before any money is reserved', () => {
    const world = withEndpoint({ modality: 'i2v', maxRefs: 0 });
    world.refs = { refs: [], missing: world.refs.refs.map(({ slot }) => slot) };
    expect(compose(world)).toMatchObject({ kind: 'refused', reason: expect.stringContaining('No hero yet') });
  });
});

describe('a prompt', () => {
  it('that is empty is refused with the fields to fill in, and no attempt is counted', async () => {
    const world = makeWorld();
    world.startBatch();
    const plan = makePlan(1);
    for (const { prompt_data } of plan.shots) {
      prompt_data.description = '';
      prompt_data.prompt_skeleton = { ...prompt_data.prompt_skeleton, compiled_prompt: '', camera_line: '' };
    }
    world.store.applyPlan(plan);
    await world.rest();
    expect(world.store.shotPhase(shotId, 'previs')).toMatchObject({
      ...{ state: 'awaiting_operator', attempts: 0, reason: expect.stringContaining('fill in its lines') },
    });
    expect(world.provider.posts.size).toBe(0);
  });

  it('of a clip is what moves, of a picture what is to be seen', () => {
    expect(compose(makeWorld())).toMatchObject({ request: { prompt: 'Slow push in.' } });
    expect(compose(makeWorld(), { phase: 'keyframe' })).toMatchObject({ request: { prompt: 'A hill, number 1.' } });
  });

  it('that the engine would not take is refused in its words, and no batch starts for it', () => {
    const world = makeWorld();
    world.provider.refuses = 'It draws no hills.';
    expect(compose(world)).toEqual({ kind: 'refused', reason: 'It draws no hills.', whole: null });
    expect(() => world.startBatch()).toThrow(expect.objectContaining({ hint: 'It draws no hills.' }));
  });

  it('that is longer than the engine takes is refused, never cut', () => {
    const composed = compose(withEndpoint({ maxPromptChars: 5 }), { phase: 'keyframe' });
    expect(composed).toMatchObject({ kind: 'refused', reason: expect.stringContaining('takes 5') });
  });

  it('that is longer than the engine’s row of the table takes is refused too', () => {
    const world = withEndpoint({ maxPromptChars: 50_000 });
    const plan = makePlan(1);
    for (const { prompt_data } of plan.shots) prompt_data.prompt_skeleton.compiled_prompt = 'x'.repeat(11_000);
    world.store.applyPlan(plan);
    const composed = compose(world, { phase: 'keyframe' });
    expect(composed).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/has 11000 characters.* takes 10000/),
    });
  });

  it('says beside what is wanted what is not, as the plan says it', () => {
    const world = makeWorld();
    const plan = makePlan(1);
    for (const { prompt_data } of plan.shots) prompt_data.negative_prompt = ' rain, people ';
    world.store.applyPlan(plan);
    expect(compose(world, { phase: 'keyframe' })).toMatchObject({ request: { negativePrompt: 'rain, people' } });
  });
});
