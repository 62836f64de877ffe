import { describe, expect, it } from 'vitest';
import type { PlanFile } from '../../../src-shared/domain/plan.ts';
import { hashText } from '../../fakes/memory-files.ts';
import { makePlan, makeWorld, type ProductionWorld, refPath, shotIdOf } from '../../fakes/production-world.ts';
import { reviewDesk } from '../../fakes/review-desk.ts';

const shotId = shotIdOf(1);

function changedShot(change: (shot: PlanFile['shots'][number]) => PlanFile['shots'][number]): PlanFile {
  const plan = makePlan(1);
  return { ...plan, shots: plan.shots.map(change) };
}

/** The request of a video, recorded and asked to wait by its engine; its batch is on hold until the answer is called. */
async function waitingVideo(): Promise<{ world: ProductionWorld; goOn: () => Promise<void> }> {
  const world = makeWorld({ project: { auto_advance_phases: ['previs'] } });
  world.provider.price = 100_000;
  world.provider.endpoint = () => ({
    ...{ modality: 'i2v', phases: ['previs', 'keyframe', 'video'], seedSupported: true },
    ...{ maxPromptChars: 10_000, maxRefs: 16, durationsSeconds: null },
  });
  world.provider.faults = ['ok', 'ok', 'rate-limited'];
  world.provider.retryAfterMs = 60_000;
  const batchId = world.startBatch({ phases: ['previs', 'keyframe', 'video'] });
  await world.rest();
  const [keyframe] = world.store.takesOf(shotId, 'keyframe');
  reviewDesk(world).approve(keyframe?.id ?? '');
  await world.clock.advance(1000);
  expect(world.store.attemptsOf(shotId, 'video')).toMatchObject([{ state: 'intent' }]);
  world.orchestrator.batches.pause(batchId);
  return {
    world,
    async goOn() {
      world.orchestrator.batches.resume(batchId);
      await world.rest();
    },
  };
}

const sent = (world: ProductionWorld) => [...world.provider.jobs.values()].at(-1)?.request;

describe('a request that waited to be sent', () => {
  it('is sent as it was recorded when nothing has changed', async () => {
    const { world, goOn } = await waitingVideo();
    await goOn();
    expect(world.store.attemptsOf(shotId, 'video')).toMatchObject([{ state: 'settled' }]);
  });

  it('is made anew when the plan asks for another length', async () => {
    const { world, goOn } = await waitingVideo();
    world.store.applyPlan(changedShot((shot) => ({ ...shot, routing_data: { ...shot.routing_data, duration: 6 } })));
    await goOn();
    expect(sent(world)?.output.durationSeconds).toBe(6);
    expect(world.store.attemptsOf(shotId, 'video')).toMatchObject([
      { state: 'failed', actualMicroUsd: 0, failure: { message: 'The plan was changed before it was sent.' } },
      { state: 'settled' },
    ]);
    expect(world.store.projectSpend().reservedMicroUsd).toBe(0);
  });

  it('is made anew when another hero was promoted', async () => {
    const { world, goOn } = await waitingVideo();
    const path = refPath.replace('wide.png', 'wide-2.png');
    world.disk.contents.set(`/p/${path}`, 'a greener hill');
    const [ref] = world.refs.refs;
    if (ref) world.refs = { refs: [{ ...ref, path, sha256: hashText('a greener hill') }], missing: [] };
    await goOn();
    expect(sent(world)?.refs.map(({ hash }) => hash)).toEqual([hashText('a greener hill')]);
  });

  it('is made anew when another keyframe was circled', async () => {
    const { world, goOn } = await waitingVideo();
    const director = reviewDesk(world);
    await director.override(1, 'still of another hill', 'keyframe');
    const circled = world.store.shotPhase(shotId, 'keyframe').approvedTakeId;
    await goOn();
    const start = world.store.take(circled ?? '');
    expect(start?.source).toBe('override');
    expect(sent(world)?.startFrame?.hash).toBe(start?.sha256);
  });
});
