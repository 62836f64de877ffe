/**
 * M1: histories by chance (ingest, decide with notes, override, reroute, undo, start, pause, stop, a cap that runs out, doubts
 * that a person ends, approvals by autonomy, faults of the engine, doubts of the gate, crashes, restarts)
 * against a model that knows only what a person was told. After every step model = database; at the end = disk.
 * The same history again: CIRCLETAKE_FAULT_SEED.
 */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { faultSize, report, suiteTimeoutMs } from './fault-size.ts';
import { emptyModel, type Model } from './model.ts';
import { checkAtRest, checkDatabase, checkDisk } from './model-checks.ts';
import { histories, restartIfDead, type Tally } from './model-commands.ts';
import { createModelWorlds, type ModelWorld } from './model-world.ts';
import { faultSeed } from './seeded-chance.ts';

const runs = faultSize('M1', { ci: 1000, long: 50_000 });
const seed = faultSeed();
const worlds = createModelWorlds();
afterAll(() => worlds.remove());

describe(`${runs} histories of a production (CIRCLETAKE_FAULT_SEED=${seed})`, () => {
  it('leave the model, the database and the disk of one mind', { timeout: suiteTimeoutMs }, async () => {
    const tally: Tally = { commands: 0, crashes: 0, refusals: 0, approvals: 0, takenBack: 0 };
    const startedAt = performance.now();
    const property = fc.asyncProperty(histories(tally, 20), async (commands) => {
      const world = await worlds.open();
      const model = emptyModel();
      try {
        await fc.asyncModelRun(() => ({ model, real: world }), commands);
        world.planCrash(Number.POSITIVE_INFINITY);
        await restartIfDead(model, world, tally);
        world.provider.faults = [];
        await world.rest();
        const status = model.batch && world.session.store.batch(model.batch.id)?.status;
        if (model.batch && (status === 'paused' || status === 'budget_exhausted')) {
          world.session.orchestrator.batches.resume(model.batch.id, 50_000_000);
          model.batch.status = 'running';
        }
        expect(await world.rest()).toBe(true);
        await clearDoubts(model, world);
        await world.takeInLeft();
        await world.exportAll();
        checkDatabase(model, world);
        checkAtRest(world);
        checkDisk(world);
        const byItself = model.decisions.filter(({ action }) => action === 'auto-approve');
        tally.approvals += byItself.length;
        tally.takenBack += byItself.filter(({ undone }) => undone).length;
      } finally {
        await world.remove();
      }
    });
    await fc.assert(property, { numRuns: runs, seed, endOnFailure: process.env.CI === 'true' });
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    const approved = `${tally.approvals} approvals by autonomy (${tally.takenBack} taken back)`;
    const told = `${tally.commands} commands, ${tally.crashes} crashes, ${tally.refusals} refusals, ${approved}`;
    report('M1', `${runs} histories: ${told}; ${seconds} s; seed ${seed}`);
  });
});

/** A doubt that no running batch asks about any more is a person's: what the engine lists is adopted, the rest released. */
async function clearDoubts(model: Model, world: ModelWorld): Promise<void> {
  const { doubts } = world.session.orchestrator;
  for (const { attempt } of doubts.list()) {
    const job = [...world.provider.jobs].find(([, { attemptId }]) => attemptId === attempt.id);
    const answer = job ? { kind: 'adopt' as const, jobId: job[0] } : { kind: 'release' as const };
    doubts.settle({ attemptId: attempt.id, answer, person: 'director' });
    checkDatabase(model, world);
  }
  expect(await world.rest()).toBe(true);
}
