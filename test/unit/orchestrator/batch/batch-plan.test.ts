import { describe, expect, it } from 'vitest';
import registry from '../../../../resources/workflow_registry.v1.json' with { type: 'json' };
import { readWorkflowRegistry } from '../../../../src-main/supervisor/workflow-registry.ts';
import { settleMicrotasks } from '../../../fakes/fake-clock.ts';
import { makeWorld, type ProductionWorld, shotIdOf } from '../../../fakes/production-world.ts';
import { reviewDesk } from '../../../fakes/review-desk.ts';

function circle(world: ProductionWorld, shotNumber: number, phase: 'previs' | 'keyframe'): void {
  reviewDesk(world).approve(world.store.takesOf(shotIdOf(shotNumber), phase).at(-1)?.id ?? '');
}

describe('what a batch may start', () => {
  it('leaves out the money of work that was started and has not reserved yet', async () => {
    const world = makeWorld({ shots: 2 });
    world.provider.price = 100_000;
    const hashing = Promise.withResolvers<void>();
    const { media } = world.disk;
    await world.restart({ media: { ...media, hash: (path) => hashing.promise.then(() => media.hash(path)) } });
    const batchId = world.startBatch({ budgetMicroUsd: 150_000, maxConcurrent: 2 });
    await settleMicrotasks();
    world.orchestrator.wake();
    await settleMicrotasks();
    expect([world.state(1), world.state(2)]).toEqual(['binding', 'queued']);
    hashing.resolve();
    await world.rest();
    expect(world.store.batch(batchId)?.status).toBe('budget_exhausted');
    expect(world.store.shotPhase(shotIdOf(2), 'previs').version).toBe(0);
  });

  it('waits for a person with what is blocked behind a phase that it does not run, and goes on once that is approved', async () => {
    const world = makeWorld({ shots: 2 });
    const first = world.startBatch();
    await world.rest();
    world.orchestrator.batches.stop(first);
    circle(world, 1, 'previs');
    const batchId = world.startBatch({ phases: ['keyframe'] });
    await world.rest();
    circle(world, 1, 'keyframe');
    await world.rest();
    expect(world.store.batch(batchId)).toMatchObject({ status: 'running', awaitingOperator: true });
    circle(world, 2, 'previs');
    await world.rest();
    expect(world.state(2, 'keyframe')).toBe('awaiting_operator');
  });

  it('is not held up by one shot whose engine cannot even be named', async () => {
    const world = makeWorld({ shots: 2 });
    const [still] = registry.workflows;
    const other = { ...still, id: 'other-still', title: 'Other engine' };
    const exceptions = [{ when: { fewerRefsThan: 1 }, workflow: 'other-still', reason: 'Takes no picture.' }];
    const previs = { primary: 'embedded-animatic-standard', exceptions, fallback: [] };
    const strategies = { schema_version: 'provider_strategy.v1', strategies: { embedded: { previs } } };
    const workflows = readWorkflowRegistry({ ...registry, workflows: [...registry.workflows, other] }, strategies);
    const { resolveRefs } = world.deps;
    let isBroken = false;
    await world.restart({
      workflows,
      resolveRefs(shot, surface) {
        if (isBroken && shot.shot_id === shotIdOf(1)) throw new TypeError('no slots');
        return resolveRefs(shot, surface);
      },
    });
    world.startBatch();
    isBroken = true;
    await world.rest();
    expect([world.state(1), world.state(2)]).toEqual(['halted', 'awaiting_operator']);
  });
});
