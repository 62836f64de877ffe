import { describe, expect, it } from 'vitest';
import { batchStateFileSchema } from '../../../../src-main/orchestrator/batch/batch-export.ts';
import type { DurableFiles } from '../../../../src-main/orchestrator/ports/project-files.ts';
import { settleMicrotasks } from '../../../fakes/fake-clock.ts';
import { makeWorld, type ProductionWorld, scriptedGate, type WorldOptions } from '../../../fakes/production-world.ts';

const pathOf = (batchId: string) => `/p/state/visual/batches/${batchId}.json`;
const read = (world: ProductionWorld, batchId: string) =>
  batchStateFileSchema.parse(JSON.parse(world.disk.contents.get(pathOf(batchId)) ?? ''));

/** A world whose batch files are counted, and cannot be written while `isBroken`. */
async function watchedWorld(options: WorldOptions = {}) {
  const world = makeWorld(options);
  const { files } = world.disk;
  const watch = { isBroken: false, writes: 0 };
  const write: DurableFiles['write'] = async (path, content) => {
    if (!path.includes('/batches/')) return files.write(path, content);
    watch.writes++;
    if (watch.isBroken) throw new Error('read-only');
    return files.write(path, content);
  };
  await world.restart({ files: { ...files, write } });
  return { world, watch };
}

describe('the batch file', () => {
  it('is the reference’s BatchState, written at each change', async () => {
    const world = makeWorld({ shots: 2 });
    world.provider.price = 100_000;
    const batchId = world.startBatch();
    await world.rest();
    expect(read(world, batchId)).toMatchObject({
      ...{ batch_id: batchId, project: 'test', episode_id: 'EP001', status: 'running', completed_at: 0 },
      ...{ shots_in_review: 2, shots_pending: 0, total_cost: 0.2, error_message: null },
    });
    world.orchestrator.batches.pause(batchId);
    await world.rest();
    expect(read(world, batchId)).toMatchObject({
      ...{ status: 'paused', error_message: 'Put on hold by the director.', total_cost: 0.2, shots_in_review: 2 },
      started_at: Date.parse('2026-11-21T09:00:00.000Z') / 1000,
    });
  });

  it('tells what became of every shot, what autonomy approved and when it ended', async () => {
    const world = makeWorld({ shots: 3, gates: [scriptedGate('gate_1', ['pass'])] });
    world.provider.faults = ['rejected'];
    const batchId = world.startBatch({ autonomy: { enabled: true }, maxConcurrent: 1 });
    await world.rest();
    expect(read(world, batchId)).toMatchObject({
      ...{ status: 'complete', shots_completed: 2, shots_failed: 1, shots_pending: 0, auto_approved: 2 },
      completed_at: Date.parse(world.store.batch(batchId)?.completedAt ?? '') / 1000,
    });
    expect(read(world, batchId)).not.toHaveProperty('rehearsal');
  });

  it('of a rehearsal is marked as one', async () => {
    const world = makeWorld({ project: { rehearsal: true } });
    const batchId = world.startBatch();
    await world.rest();
    expect(read(world, batchId)).toMatchObject({ rehearsal: true });
  });

  it('follows a change of status at once and progress once a second at most', async () => {
    const { world, watch } = await watchedWorld({ shots: 20 });
    const batchId = world.startBatch({ maxConcurrent: 1 });
    await world.rest();
    expect(world.store.takesOfEpisode('EP001')).toHaveLength(20);
    expect(watch.writes).toBeLessThan(5);
    expect(read(world, batchId)).toMatchObject({ shots_in_review: 20 });
    world.orchestrator.batches.pause(batchId);
    // no time goes by
    await settleMicrotasks();
    expect(read(world, batchId)).toMatchObject({ status: 'paused' });
  });

  it('misses no change among thousands that came with it', async () => {
    const world = makeWorld();
    const batchId = world.startBatch();
    await world.rest();
    world.store.inTransaction(() => {
      for (let times = 0; times < 1100; times++) {
        const { version } = world.store.shotPhase('EP001_SH001', 'previs');
        world.store.annotate('EP001_SH001', 'previs', version, { reason: `noted ${times}` });
      }
      world.store.setBatchStatus(batchId, 'paused', 'Put on hold by the director.');
    });
    await settleMicrotasks();
    expect(read(world, batchId)).toMatchObject({ status: 'paused' });
  });

  it('is written again at the next start when somebody has removed it', async () => {
    const world = makeWorld();
    const batchId = world.startBatch();
    await world.rest();
    await world.orchestrator.close();
    world.disk.contents.delete(pathOf(batchId));
    await world.restart();
    expect(read(world, batchId)).toMatchObject({ status: 'running', shots_in_review: 1 });
  });

  it('that cannot be written stops nothing', async () => {
    const { world, watch } = await watchedWorld();
    watch.isBroken = true;
    world.startBatch();
    await world.rest();
    expect(world.state(1)).toBe('awaiting_operator');
    expect(world.log).toMatchObject([{ message: 'a batch file could not be written' }]);
    expect(world.store.problems()).toMatchObject([
      { severity: 'warning', file: expect.stringContaining('state/visual') },
    ]);
  });

  it('is written at once when that is possible again, and the problem is gone', async () => {
    const { world, watch } = await watchedWorld();
    watch.isBroken = true;
    const batchId = world.startBatch();
    await world.rest();
    expect(world.store.problems()).toHaveLength(1);
    watch.isBroken = false;
    world.store.setBudget(batchId, 30_000_000);
    await settleMicrotasks();
    expect(read(world, batchId)).toMatchObject({ status: 'running' });
    expect(world.store.problems()).toEqual([]);
  });
});
