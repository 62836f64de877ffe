/**
 * Which job of a provider's own list is the one in doubt. The seed is what tells requests apart; a job is taken for ours
 * only when it is the one with our seed in the whole list, and was sent when we sent. All else is for a person to say.
 */
import type { Attempt } from '../../src-shared/domain/attempt.ts';
import type { ListedJob, ProviderJob, ReconcileAnswer } from '../orchestrator/ports/provider.ts';
import { jobAtPrice } from './priced-job.ts';

/** A job as an adapter found it in the list, already known to have our model and prompt as far as the list tells. */
export interface JobInList {
  id: string;
  /** null = the list does not say */
  seed: number | null;
  sentAt: Date | null;
  note: string;
}

/** What the dates in an answer leave open of the difference between the provider's clock and ours. */
const skewMs = 60_000;
/** The same where nothing but the time can tell jobs apart: then rather one too many for the person to look at. */
const seedlessSkewMs = 600_000;
/** How far back a list must reach before "not there" is believed. */
export const listReachMs = 24 * 3_600_000;

export interface JobList {
  jobs: readonly JobInList[];
  /** it was read to a time before the attempt began, or to its end */
  reachedBack: boolean;
  /** by how much the clock that dated it is ahead of ours */
  clockAheadMs: number;
}

/** What a list says of an attempt in doubt. */
export function matchListedJobs(attempt: Attempt, { jobs, reachedBack, clockAheadMs }: JobList): ReconcileAnswer {
  const { seed } = attempt.request;
  const began = Date.parse(attempt.createdAt) + clockAheadMs;
  const ended = Date.parse(attempt.updatedAt) + clockAheadMs;
  const isInTime = ({ sentAt }: JobInList, skew: number) =>
    sentAt !== null && sentAt.getTime() >= began - skew && sentAt.getTime() <= ended + skew;
  const mayBeOurs = (job: JobInList) =>
    seed === null || job.seed === null ? isInTime(job, seedlessSkewMs) : job.seed === seed;
  const ours = jobs.filter(mayBeOurs);
  const isExact = (job: JobInList) => seed !== null && job.seed === seed && isInTime(job, skewMs);
  const [only] = ours;
  if (only && ours.length === 1 && isExact(only)) return { kind: 'found', job: jobOf(attempt, only) };
  if (ours.length > 0) {
    return { kind: 'ambiguous', jobs: ours.map((job) => ({ ...listed(attempt, job), isExact: isExact(job) })) };
  }
  return reachedBack ? { kind: 'absent' } : { kind: 'unsupported' };
}

function jobOf({ reservedMicroUsd }: Attempt, { id }: JobInList): ProviderJob {
  return jobAtPrice(id, reservedMicroUsd);
}

function listed(attempt: Attempt, job: JobInList): ListedJob {
  return { job: jobOf(attempt, job), sentAt: job.sentAt?.toISOString() ?? null, note: job.note };
}
