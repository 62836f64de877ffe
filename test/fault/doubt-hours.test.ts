/**
 * D9 over hours: pictures that come with the answer to their submit, whose answer is lost. The real adapters against the
 * simulator, the orchestrator on a clock that a test moves, starts in between.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { allProviders } from '../../src-main/providers/all-providers.ts';
import { makeWorld, type ProductionWorld } from '../fakes/production-world.ts';
import { memoryUploads, shippedPrices } from '../fixtures/provider-bench.ts';
import { type RunningSimulator, startSimulator } from '../simulators/start-simulator.ts';

let folder: string;
let simulator: RunningSimulator;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'circletake-hours-'));
  const faultPlan = { schema_version: 'fault-plan.v1', faults: [{ id: 'lost', kind: 'accept-then-drop' }] } as const;
  simulator = await startSimulator({ folder, faultPlan: { ...faultPlan, faults: [...faultPlan.faults] } });
});
afterEach(async () => {
  await simulator.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const workflows = { google: 'google-nano-banana-2', openai: 'openai-gpt-image-2' } as const;
type Name = keyof typeof workflows;

async function adaptersOf(name: Name, world: ProductionWorld) {
  const definition = allProviders.find(({ id }) => id === name);
  if (!definition) throw new Error(`${name} is not registered`);
  const adapter = definition.build({
    ...{ key: () => simulator.key, baseUrl: () => simulator.urls[name], prices: await shippedPrices() },
    ...{ uploads: memoryUploads(), resolvePath: (path) => join(folder, path), jobsFolder: join(folder, 'jobs') },
    now: () => world.clock.now(),
  });
  return new Map([[name as string, adapter]]);
}

function becomesDoubtful(world: ProductionWorld): Promise<void> {
  return new Promise((resolve) => {
    const unsubscribe = world.store.onCommit(() => {
      if (world.store.openAttempts()[0]?.state !== 'in_doubt') return;
      unsubscribe();
      resolve();
    });
  });
}

it.each(['google', 'openai'] as const)(
  '%s: three days and three starts later the doubt stands, charged once',
  async (name) => {
    const project = { default_provider: name, provider_strategy: { previs: workflows[name] } };
    const world = makeWorld({ project });
    world.refs = { refs: [], missing: [] };
    const providers = await adaptersOf(name, world);
    await world.restart({ providers });
    const doubtful = becomesDoubtful(world);
    const batchId = world.startBatch({ provider: name });
    await doubtful;
    const [held] = world.store.openAttempts();
    for (let day = 0; day < 3; day++) {
      for (let hour = 0; hour < 24; hour++) await world.clock.advance(3_600_000);
      await world.orchestrator.close();
      await world.restart({ providers });
      if (world.store.batch(batchId)?.status === 'paused') world.orchestrator.batches.resume(batchId);
    }
    await world.orchestrator.close();
    expect(world.store.attemptsOf(held?.shotId ?? '')).toMatchObject([{ id: held?.id, state: 'in_doubt' }]);
    expect(await simulator.bill()).toHaveLength(1);
    expect(world.store.batchSpend(batchId)).toMatchObject({
      settledMicroUsd: 0,
      inDoubtMicroUsd: held?.reservedMicroUsd,
    });
    expect(held?.reservedMicroUsd).toBeGreaterThan(0);
  },
);
