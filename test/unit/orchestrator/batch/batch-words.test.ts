import { describe, expect, it } from 'vitest';
import { exhaustedText, overrunText } from '../../../../src-main/orchestrator/batch/batch-words.ts';
import type { Spend } from '../../../../src-shared/domain/batch.ts';
import { makeWorld } from '../../../fakes/production-world.ts';

const spend = (settledMicroUsd: number, capMicroUsd: number): Spend => {
  return { settledMicroUsd, reservedMicroUsd: 0, inDoubtMicroUsd: 0, capMicroUsd };
};

describe('a cap that bills have passed', () => {
  it('is named with by how much: the batch’s first, else the project’s', () => {
    const passed = spend(130_000, 100_000);
    expect(overrunText(passed, passed)).toBe(
      'More was billed than had been expected: the cap of $0.10 is passed by $0.03.',
    );
    expect(overrunText(spend(0, 1), passed)).toBe("The project's ceiling of $0.10 is passed by $0.03.");
  });

  it('is not said to be passed when it is used up to the last millionth', () => {
    expect(overrunText(spend(100_000, 100_000), spend(100_000, 100_000))).toBeNull();
  });

  it('of the project is shown while the batch goes on, and no longer once the ceiling is raised', async () => {
    const caps = { batch_micro_usd: 25e6, project_micro_usd: 100_000, retry_micro_usd_per_shot: 6e6 };
    const world = makeWorld({ project: { caps } });
    world.provider.price = 100_000;
    world.provider.billed = 130_000;
    const batchId = world.startBatch();
    await world.rest();
    expect(world.store.batch(batchId)).toMatchObject({
      ...{ status: 'running', statusReason: "The project's ceiling of $0.10 is passed by $0.03." },
    });
    world.project.caps.project_micro_usd = 200_000;
    await world.rest();
    expect(world.store.batch(batchId)).toMatchObject({ status: 'running', statusReason: null });
  });
});

describe('a batch that is out of money', () => {
  it('names the cap that has less left, and its own where both have the same', () => {
    expect(exhaustedText(spend(0, 10), spend(95, 100))).toContain('project.json');
    expect(exhaustedText(spend(0, 10), spend(0, 100))).toBe('Nothing more fits under the cap. Raise it to go on.');
    expect(exhaustedText(spend(90, 100), spend(90, 100))).toBe('Nothing more fits under the cap. Raise it to go on.');
  });
});
