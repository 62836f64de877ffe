import type { Attempt } from '../../../src-shared/domain/attempt.ts';
import { dispositionOf } from '../../../src-shared/domain/failure.ts';
import { AppError } from '../../platform/app-error.ts';
import { askProvider } from '../attempt/ask-provider.ts';
import type { ProviderAdapter, ProviderJob } from '../ports/provider.ts';
import type { AttemptStepStore } from '../ports/store.ts';

/** The job that a person names: as the engine listed it, else as its adapter makes it of the id. */
export function jobToAdopt(
  store: AttemptStepStore,
  adapter: ProviderAdapter,
  order: { attempt: Attempt; jobId: string },
): { job: ProviderJob; isListed: boolean } {
  const { attempt, jobId } = order;
  const listed = store
    .stepsOf(attempt.id)
    .flatMap(({ jobs }) => jobs)
    .findLast(({ id }) => id === jobId);
  const data = listed?.data ?? adapter.adopt?.(attempt, jobId).data ?? {};
  return { job: { id: jobId, data }, isListed: listed !== undefined };
}

/**
 * Asks once about a job that no list has shown: a slip of the hand must not end a doubt. Throws input.invalid when the engine
 * does not know it or has nothing of it, provider.refused when it cannot be asked now; nothing is moved.
 */
export async function refuseUnknownJob(adapter: ProviderAdapter, job: ProviderJob, signal: AbortSignal): Promise<void> {
  const answer = await askProvider({ adapter, signal }, () => adapter.poll(job, signal));
  if (answer.kind !== 'trouble' && !(answer.kind === 'failed' && answer.billedMicroUsd === 0)) return;
  const { message, category } = answer.failure;
  if (answer.kind === 'trouble' && dispositionOf(category) === 'retry') {
    throw new AppError({
      code: 'provider.refused',
      message: `${adapter.name} could not be asked about job ${job.id}: ${message}`,
      hint: 'The attempt stays in doubt. Try again when the engine answers.',
      retry: true,
    });
  }
  throw new AppError({
    code: 'input.invalid',
    message: `There is nothing to fetch of job ${job.id}: ${message}`,
    hint: 'The attempt stays in doubt. Compare the id with the engine’s own list; if the job brought nothing, say that the attempt was never charged.',
  });
}
