import { expect, it } from 'vitest';
import { createOrchestrator } from '../../../src-main/orchestrator/orchestrator.ts';
import type { TakeGate } from '../../../src-main/orchestrator/ports/gate.ts';
import { systemClock } from '../../../src-main/platform/clock.ts';
import { type BatchConfig, batchConfigSchema } from '../../../src-shared/domain/batch.ts';
import { countStatements } from '../../bench/measure.ts';
import { gateResult } from '../../fakes/production-world.ts';
import { instantProduction } from '../../fixtures/instant-production.ts';
import { makeProject } from '../../fixtures/make-project.ts';
import { openTestProject } from '../../fixtures/open-test-project.ts';

const statements = countStatements();
const rejecting: TakeGate = { name: 'gate_1', measure: async () => gateResult('gate_1', 'fail') };

/** How many statements of the database each attempt of a batch takes, from one submit to the next. */
async function statementsPerAttempt(
  shots: number,
  given: { config?: Partial<BatchConfig>; gates?: TakeGate[] } = {},
): Promise<number[]> {
  const project = makeProject({ shots });
  const opened = await openTestProject(project.dir, { clock: systemClock });
  try {
    const submits: number[] = [];
    const deps = instantProduction(opened, { onSubmit: () => void submits.push(statements()) });
    const orchestrator = createOrchestrator({ ...deps, gates: given.gates ?? [] });
    const config = { episodeId: 'EP001', phases: ['previs'], maxConcurrent: 1, ...given.config };
    orchestrator.batches.start(batchConfigSchema.parse(config));
    await orchestrator.idle();
    await orchestrator.close();
    return submits.slice(1).map((count, index) => count - (submits[index] ?? 0));
  } finally {
    await opened.close();
    project.remove();
  }
}

it('asks the database the same for an attempt, however many shots and takes there are', async () => {
  const few = await statementsPerAttempt(4);
  const many = await statementsPerAttempt(40);
  expect(many).toHaveLength(39);
  // shots differ in how many references they send
  expect(Math.max(...many)).toBeLessThanOrEqual(Math.max(...few));
});

it('asks the database the same for a repeat, however many there were before it', async () => {
  const tries = 10;
  const retryPolicies = { gate_mechanical: { maxRetries: tries } };
  const config = { maxAttemptsPerShot: tries, retryPolicies } as Partial<BatchConfig>;
  const [, second, ...later] = await statementsPerAttempt(1, { config, gates: [rejecting] });
  expect(later).toHaveLength(tries - 3);
  for (const count of later) expect(count).toBe(second);
});
