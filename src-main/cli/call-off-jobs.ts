import type { JobOut } from '../../src-shared/domain/job-out.ts';
import { countJobsOut, tellStop } from '../../src-shared/jobs-out.ts';
import type { ProjectServices } from '../api/studio-services.ts';

/** An engine is asked with the next poll of its job, and says with the one after what became of it. */
const patienceMs = 45_000;

/** Waits until engines have said what becomes of the jobs that a batch called off; those that do not are asked at the next start. */
export async function untilCalledOff(services: ProjectServices, batchId: string, stop: AbortSignal): Promise<JobOut[]> {
  const { attempts, journal } = services;
  const ended = AbortSignal.any([stop, AbortSignal.timeout(patienceMs)]);
  let wake = Promise.withResolvers<void>();
  const ring = () => wake.resolve();
  const unsubscribe = journal.onCommit(ring);
  ended.addEventListener('abort', ring, { once: true });
  try {
    for (;;) {
      wake = Promise.withResolvers<void>();
      const jobs = await attempts.jobsOut(batchId);
      const isOpen = jobs.some(({ callOff }) => callOff === 'wanted' || callOff === 'asked');
      if (!isOpen || ended.aborted) return jobs;
      await wake.promise;
    }
  } finally {
    unsubscribe();
    ended.removeEventListener('abort', ring);
  }
}

/** What a person is asked before a batch with jobs out is stopped; null when nothing is out. */
export function stopQuestion(jobs: readonly JobOut[]): string | null {
  if (jobs.length === 0) return null;
  return [countJobsOut(jobs), ...tellStop(jobs), 'Stop the batch? [y/N] '].join('\n');
}
