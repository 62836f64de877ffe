// Attempts in doubt by script: a run that is cut off leaves them, reconcile lists, asks and ends them, batches explains.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RehearsalFault } from '../../../src-main/providers/embedded/rehearsal.ts';
import type { Attempt } from '../../../src-shared/domain/attempt.ts';
import type { Doubt } from '../../../src-shared/domain/attempt-step.ts';
import type { Batch } from '../../../src-shared/domain/batch.ts';
import { type CliWorld, createCliWorld } from './cli-process.ts';

let world: CliWorld;
beforeEach(() => {
  world = createCliWorld();
});
afterEach(() => world.remove());

/** Leaves one attempt at $0.04 in doubt: the run is stopped as soon as nobody knows what became of it. */
async function leaveInDoubt(fault: RehearsalFault): Promise<Doubt> {
  world.project.write(
    'rehearsal.json',
    JSON.stringify({
      ...{ schema_version: 'circletake.rehearsal.v1', price_micro_usd: 40_000 },
      faults: [{ shot_id: 'EP001_SH001', phase: 'previs', submit: 1, fault }],
    }),
  );
  const run = world.start('run', 'film', '--episode', 'EP001', '--phase', 'previs', '--shots', 'EP001_SH001');
  let said = '';
  run.child.stderr?.on('data', (text: string) => {
    // once: a second signal would end it without any order
    const hadSaid = said.includes('Remediating');
    said += text;
    if (!hadSaid && said.includes('Remediating')) run.child.kill('SIGINT');
  });
  await run.ended;
  const endedAt = new Date().toISOString();
  const { code, value } = await world.json('reconcile', 'film');
  expect(code).toBe(3);
  const { doubts } = value as { doubts: Doubt[] };
  expect(doubts).toMatchObject([{ attempt: { state: 'in_doubt', reservedMicroUsd: 40_000 } }]);
  // a run that is stopped asks the engine no more; the next start does by itself, from fifteen seconds after the doubt on
  expect((doubts[0]?.listing?.at ?? endedAt) >= endedAt).toBe(true);
  return doubts[0] as Doubt;
}

async function answer(doubt: Doubt, ...given: string[]) {
  const { code, value } = await world.json('reconcile', 'film', '--attempt', doubt.attempt.id, ...given);
  return { code, attempt: (value as { attempt?: Attempt }).attempt, error: (value as { error?: unknown }).error };
}

async function spendNow() {
  const { value } = await world.json('status', 'film');
  return (value as { spend: unknown }).spend;
}

describe('an attempt in doubt, by script', () => {
  it('is adopted by its job, fetched and billed once; a second answer is refused', async () => {
    const doubt = await leaveInDoubt('dropped-several');
    const asked = await world.json('reconcile', 'film', '--ask');
    const listing = (asked.value as { doubts: Doubt[] }).doubts[0]?.listing;
    expect(listing).toMatchObject({ finding: 'several', jobs: [{ heldBy: null }] });
    const adopted = await answer(doubt, '--adopt', listing?.jobs[0]?.id ?? '');
    expect(adopted).toMatchObject({ code: 0, attempt: { state: 'settled', actualMicroUsd: 40_000 } });
    expect(adopted.attempt?.takeId).toBe('EP001_SH001_T1');
    expect(await spendNow()).toMatchObject({ settledMicroUsd: 40_000, inDoubtMicroUsd: 0, reservedMicroUsd: 0 });
    expect(await answer(doubt, '--release')).toMatchObject({ code: 1, error: { code: 'state.stale' } });
    expect((await world.json('reconcile', 'film')).code).toBe(0);
  });

  it('waits with exit code 3, and is released for nothing', async () => {
    const doubt = await leaveInDoubt('dropped-unlisted');
    const asked = await world.json('reconcile', 'film', '--ask', '--attempt', doubt.attempt.id);
    expect(asked).toMatchObject({ code: 3, value: { doubts: [{ listing: { finding: 'unsupported' } }] } });
    expect(await answer(doubt, '--wait')).toMatchObject({ code: 3, attempt: { state: 'in_doubt' } });
    expect(await answer(doubt, '--release')).toMatchObject({
      code: 0,
      attempt: { state: 'failed', actualMicroUsd: 0 },
    });
    expect(await spendNow()).toMatchObject({ settledMicroUsd: 0, inDoubtMicroUsd: 0 });
  });

  it('is written off as charged', async () => {
    const doubt = await leaveInDoubt('dropped-unlisted');
    expect(await answer(doubt, '--charged')).toMatchObject({ code: 0, attempt: { actualMicroUsd: 40_000 } });
    expect(await spendNow()).toMatchObject({ settledMicroUsd: 40_000, inDoubtMicroUsd: 0 });
    const text = await world.cli('reconcile', 'film');
    expect([text.code, text.out]).toEqual([0, 'Nothing is in doubt.\n']);
  });
});

describe('the batches, by script', () => {
  it('are listed, told shot by shot, and each shot has its log', async () => {
    const { attempt } = await leaveInDoubt('dropped-unlisted');
    const all = await world.json('batches', 'film');
    const [batch] = (all.value as { batches: Batch[] }).batches;
    expect(all).toMatchObject({ code: 0, value: { batches: [{ status: 'paused' }] } });
    const one = await world.json('batches', 'film', batch?.id ?? '');
    expect(one.value).toMatchObject({
      batch: { id: batch?.id },
      shots: [
        {
          id: 'EP001_SH001',
          explanation: 'Previs is in doubt: attempt 1 may be with embedded, and $0.04 is held.',
        },
      ],
      attempts: [{ id: attempt.id, state: 'in_doubt' }],
      doubts: [attempt.id],
    });
    const log = await world.cli('batches', 'film', '--shot', 'EP001_SH001');
    expect(log.out).toMatch(/Attempt 1 is being sent to embedded\.\n.*Attempt 1 is in doubt, \$0\.04 is held/);
    expect((await world.json('batches', 'film', 'batch_EP001_00000000')).value).toMatchObject({
      error: { code: 'batch.not-found' },
    });
  });
});
