/**
 * Opens a doubt again that had ended without a job, because its engine lists one. One transaction; the money is held above any
 * cap, because it is out. A job is taken only where nobody else can be its owner; what is not clear is for a person.
 */
import type { Attempt, AttemptFailure } from '../../../src-shared/domain/attempt.ts';
import { isInFlight } from '../../../src-shared/domain/production-state.ts';
import type { OrchestratorDeps } from '../orchestrator-deps.ts';
import type { ListedJob } from '../ports/provider.ts';
import type { ProductionStore } from '../ports/store.ts';
import { type DoubtListing, forPerson, jobsOf, noteListing, withoutTaken } from './ask-about-doubt.ts';
import { adoptJob, type SettledDoubt } from './settle-doubt.ts';

type ReopenDeps = Pick<OrchestratorDeps, 'store' | 'providers'>;

/** Writes down what was listed; null when the doubt stays as it ended. */
export function reopenDoubt(deps: ReopenDeps, attempt: Attempt, listed: DoubtListing): SettledDoubt | null {
  const { store } = deps;
  if (hasOpenRival(store, attempt)) return null;
  return store.inTransaction(() => {
    const left = withoutTaken(store, attempt, listed);
    const isUnsure = left.kind === 'found' && hasWrittenOffRival(store, attempt);
    const listing = isUnsure ? forPerson(jobsOf(left)) : left;
    noteListing(store, attempt, listing);
    const [job, ...others] = unseenJobs(store, attempt, listing);
    if (!job) return null;
    store.recordStep({ attemptId: attempt.id, kind: 'reopened', by: null, note: null });
    const failure = cameBack(store, attempt, [job, ...others]);
    const held = store.advanceAttempt(attempt.id, 'failed', 'in_doubt', { failure });
    if (attempt.batchId !== null) store.tellProgress(attempt.batchId);
    if (listing.kind !== 'found') return { attempt: held, adopted: null };
    const row = store.shotPhase(attempt.shotId, attempt.phase);
    const late = adoptJob(deps, held, { jobId: job.job.id, by: null });
    // a phase that is at work on another try is left to it; the loop follows the job after that
    return row.series === attempt.series && isInFlight(row.state) ? { ...late, adopted: null } : late;
  });
}

/** What nobody has decided on: a person who had unclear jobs before them and said "never charged" is not asked again. */
function unseenJobs(store: ProductionStore, { id }: Attempt, listing: DoubtListing): ListedJob[] {
  const jobs = jobsOf(listing);
  if (listing.kind === 'found') return jobs;
  const steps = store.stepsOf(id);
  const before = steps.slice(0, steps.findLastIndex(({ kind }) => kind === 'released') + 1);
  const seen = new Set(before.flatMap((step) => step.jobs.map((job) => job.id)));
  return jobs.filter(({ job }) => !seen.has(job.id));
}

/** Somebody with the same request whose own job is not known yet: what is listed may be theirs. */
function hasOpenRival(store: ProductionStore, attempt: Attempt): boolean {
  return store
    .openAttempts()
    .some((other) => other.providerJobId === null && other.state !== 'intent' && isAlike(attempt, other));
}

/** Somebody with the same request whose job was written off without its id. */
function hasWrittenOffRival(store: ProductionStore, attempt: Attempt): boolean {
  return store.endedDoubts(attempt.createdAt).some((other) => other.actualMicroUsd !== 0 && isAlike(attempt, other));
}

/** A list cannot tell these apart. */
function isAlike({ request: one }: Attempt, { request: other }: Attempt): boolean {
  const keys = ['provider', 'endpoint', 'prompt', 'seed'] as const;
  return keys.every((key) => one[key] === other[key]);
}

function cameBack(store: ProductionStore, { id, request }: Attempt, jobs: readonly ListedJob[]): AttemptFailure {
  const ids = jobs.map(({ job }) => job.id).join(', ');
  const released = store.stepsOf(id).findLast(({ kind }) => kind === 'released');
  const before = released ? `${released.by} had said that it was never charged` : 'it had counted as never taken';
  const message = `${request.provider} lists what may be it after all (${ids}): ${before}.`;
  return { category: 'transient', detail: 'in_doubt', message, retryAfterMs: null };
}
