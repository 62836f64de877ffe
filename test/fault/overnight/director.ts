/**
 * What a director and a producer would do in the course of such a night, as one pure-ish step over the Studio's own services:
 * circle what passed, ask for another take here and there, raise the cap, look at the provider's bill where a submit is in
 * doubt. Every act is one that the app offers to a person, and can be cut off at any point.
 */
import type { ProjectServices } from '../../../src-main/api/studio-services.ts';
import { AppError } from '../../../src-main/platform/app-error.ts';
import type { Attempt } from '../../../src-shared/domain/attempt.ts';
import type { Batch, BatchConfigInput } from '../../../src-shared/domain/batch.ts';
import { batchConfigSchema } from '../../../src-shared/domain/batch.ts';
import { phases } from '../../../src-shared/domain/phase.ts';
import type { Shot, ShotPhase } from '../../../src-shared/domain/shot.ts';
import type { BillRow } from '../../simulators/start-simulator.ts';
import { markOf, nightShots } from './night-plan.ts';

/** Small waits, so that a night fits into minutes; limits are the ones of the sheet. */
export const nightConfig: BatchConfigInput = {
  episodeId: 'EP001',
  budgetMicroUsd: 12_000_000,
  maxConcurrent: 6,
  maxAttemptsPerShot: 8,
  provider: 'fal',
  retryPolicies: { transient: { baseBackoffSeconds: 0.2, maxBackoffSeconds: 1 } },
};
const raisedMicroUsd = 45_000_000;

export interface Night {
  services: ProjectServices;
  /** the provider's own book */
  bill: () => Promise<BillRow[]>;
}

/** Does everything that a person can do now; true when nothing is left to do and nothing runs. */
export async function doRounds(night: Night): Promise<boolean> {
  const batch = await keepRunning(night);
  const wasAtRest = batch.status === 'complete' || batch.awaitingOperator;
  const { shots } = await night.services.snapshot('EP001');
  let acted = await settleDoubts(night);
  for (const shot of shots) {
    for (const phase of phases) {
      if (await asPerson(() => decide(night, shot, shot.phases[phase]))) acted = true;
    }
  }
  return wasAtRest && !acted;
}

async function keepRunning({ services }: Night): Promise<Batch> {
  const [newest] = (await services.batches.list()).toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
  if (!newest) return services.batches.start(batchConfigSchema.parse(nightConfig));
  if (newest.status === 'paused') return services.batches.resume(newest.id);
  if (newest.status === 'budget_exhausted') return services.batches.resume(newest.id, raisedMicroUsd);
  return newest;
}

/** The operator looks into the provider's book: what is in it is adopted, what is not was never taken. */
async function settleDoubts(night: Night): Promise<boolean> {
  const { doubts } = await night.services.attempts.inDoubt();
  let acted = false;
  for (const { attempt, canAsk } of doubts) {
    acted = (await asPerson(() => settleDoubt(night, attempt, canAsk))) || acted;
  }
  return acted;
}

/** Somebody who is told "look again" does so on the next round. */
async function asPerson(act: () => Promise<boolean>): Promise<boolean> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof AppError && error.code.startsWith('state.')) return true;
    throw error;
  }
}

async function settleDoubt({ services, bill }: Night, attempt: Attempt, canAsk: boolean): Promise<boolean> {
  if (canAsk) {
    const { listing } = await services.attempts.reconcile(attempt.id);
    if (listing?.finding === 'found') return false;
  }
  const rows = (await bill()).filter(
    ({ provider, prompt, seed, at }) =>
      provider === attempt.request.provider &&
      prompt.includes(markOf(attempt.shotId)) &&
      (seed === null || seed === attempt.request.seed) &&
      at >= attempt.createdAt,
  );
  const known = new Set(await jobIds(services, attempt.shotId));
  const own = rows.filter(({ requestId }) => !known.has(requestId));
  const answer =
    own.length === 0 ? ({ kind: 'release' } as const) : answerFor(own[0]?.requestId ?? '', attempt.request.provider);
  await services.attempts.settleDoubt(attempt.id, answer);
  return true;
}

/** What was answered only once cannot be fetched again: it is written off. */
function answerFor(jobId: string, provider: string) {
  if (provider === 'google' || provider === 'openai') return { kind: 'charged' } as const;
  return { kind: 'adopt', jobId } as const;
}

async function jobIds(services: ProjectServices, shotId: string): Promise<string[]> {
  const { attempts } = await services.attempts.shotLog(shotId, 1);
  return attempts.flatMap(({ providerJobId }) => providerJobId ?? []);
}

async function decide({ services }: Night, shot: Shot, row: ShotPhase): Promise<boolean> {
  if (row.state !== 'awaiting_operator' && row.state !== 'halted') return false;
  const role = nightShots.get(shot.id);
  const { takes } = await services.takes.list(shot.id);
  const candidate = takes.filter((take) => take.phase === row.phase && take.review === 'unreviewed').at(-1);
  if (!candidate) {
    if (role?.reroute?.phase !== row.phase || row.workflowId === role.reroute.workflowId) return false;
    await services.review.reroute({ shotId: shot.id, ...role.reroute, note: 'Another engine may take it.' });
    return true;
  }
  const isFirst = takes.filter((take) => take.phase === row.phase).length === 1;
  if (role?.rejectFirst === row.phase && isFirst) {
    await services.review.reject({ takeId: candidate.id, reasons: ['performance'], note: 'Once more, slower.' });
  } else {
    await services.review.approve({ takeId: candidate.id, note: '' });
  }
  return true;
}
