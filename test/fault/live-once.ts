import { createOrchestrator } from '../../src-main/orchestrator/orchestrator.ts';
import { settleMicrotasks } from '../fakes/fake-clock.ts';
import type { Life } from '../fakes/mortal.ts';
import { makeConfig, type ProductionWorld } from '../fakes/production-world.ts';

/** One process from its start to its death, or to its rest; a person resumes what is on hold. */
export async function liveOnce(world: ProductionWorld, life: Life): Promise<void> {
  world.disk.emptyTemporary();
  const orchestrator = createOrchestrator(life.inhabit(world.deps));
  try {
    await orchestrator.recover();
    const batch = world.store.batches()[0];
    if (!batch) orchestrator.batches.start(makeConfig());
    else if (batch.status === 'paused') orchestrator.batches.resume(batch.id);
    await world.clock.runUntil(Promise.race([orchestrator.idle(), life.died]));
  } catch (error) {
    if (!life.dead) throw error;
  }
  await settleMicrotasks();
  if (!life.dead) await orchestrator.close();
  life.dead = true;
}
