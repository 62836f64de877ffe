/** Asks a provider what became of a submit in doubt, and writes down what it lists. Asking moves nothing. */
import type { Attempt } from '../../../src-shared/domain/attempt.ts';
import type { AttemptStep, DoubtFinding, NewAttemptStep } from '../../../src-shared/domain/attempt-step.ts';
import { type AskOrder, askProvider, type Trouble } from '../attempt/ask-provider.ts';
import { jobData } from '../attempt/job-record.ts';
import type { ListedJob, ReconcileAnswer } from '../ports/provider.ts';
import type { AttemptStepStore } from '../ports/store.ts';

/** What a provider answered, or why it could not be asked now. */
export type DoubtListing = ReconcileAnswer | Trouble;

/** An engine that keeps no list is not asked: nobody but a person can know. */
export async function askAboutDoubt(order: AskOrder, attempt: Attempt): Promise<DoubtListing> {
  if (order.adapter.capabilities.reconcile === 'none') return { kind: 'unsupported' };
  return askProvider(order, () => order.adapter.reconcile(attempt, order.signal));
}

/** How wrong a clock may have been that dated an attempt and was put right since: a time zone, or a day. */
const wrongClockMs = 24 * 3_600_000;

/**
 * Asks before "not there" is believed for good. Lists are searched by time, so this search is for an attempt that a wrong clock
 * dated; what nothing but it shows may be somebody else's, and is for a person.
 */
export async function askWidely(order: AskOrder, attempt: Attempt): Promise<DoubtListing> {
  if (order.adapter.capabilities.reconcile !== 'list') return { kind: 'absent' };
  const createdAt = movedBy(attempt.createdAt, -wrongClockMs);
  const listing = await askAboutDoubt(order, {
    ...attempt,
    createdAt,
    updatedAt: movedBy(attempt.updatedAt, wrongClockMs),
  });
  if (listing.kind === 'unsupported') return { kind: 'absent' };
  if (listing.kind === 'found') return forPerson([{ job: listing.job, sentAt: null, note: '' }]);
  return listing.kind === 'ambiguous' ? forPerson(listing.jobs) : listing;
}

/** Jobs of which nobody but a person may say whose they are. */
export function forPerson(jobs: readonly ListedJob[]): DoubtListing {
  return { kind: 'ambiguous', jobs: jobs.map((one) => ({ ...one, isExact: false })) };
}

/**
 * A listing without the jobs that other attempts hold: a repeat has the words and often the seed of the try before it, and an
 * engine's list cannot tell them apart. One job is one take.
 */
export function withoutTaken(
  store: Pick<AttemptStepStore, 'attemptByJob'>,
  attempt: Attempt,
  listing: DoubtListing,
): DoubtListing {
  const isTaken = ({ job }: Pick<ListedJob, 'job'>) => {
    const holder = store.attemptByJob(attempt.request.provider, job.id);
    return holder !== null && holder.id !== attempt.id;
  };
  if (listing.kind === 'found') return isTaken(listing) ? { kind: 'absent' } : listing;
  if (listing.kind !== 'ambiguous') return listing;
  const jobs = listing.jobs.filter((one) => !isTaken(one));
  const [only] = jobs;
  if (!only) return { kind: 'absent' };
  return jobs.length === 1 && only.isExact ? { kind: 'found', job: only.job } : { ...listing, jobs };
}

/** The step that tells an answer; `by` is the person who asked, null when the line did. */
export function stepOfListing(attemptId: string, listing: DoubtListing, by: string | null): NewAttemptStep {
  const note = listing.kind === 'trouble' ? listing.failure.message : null;
  return { attemptId, kind: 'asked', by, note, finding: findingOf(listing), jobs: jobsOf(listing).map(toJob) };
}

/** Writes down what the line itself found out, unless it is what it found the last time: it may ask for hours. */
export function noteListing(store: AttemptStepStore, attempt: Attempt, listing: DoubtListing): void {
  const step = stepOfListing(attempt.id, listing, null);
  const last = store.stepsOf(attempt.id).findLast(({ kind }) => kind === 'asked');
  if (last && sayOf(last) === sayOf(step)) return;
  store.recordStep(step);
}

function sayOf({
  finding,
  note,
  jobs,
}: Pick<NewAttemptStep, 'finding' | 'note'> & { jobs?: AttemptStep['jobs'] }): string {
  return JSON.stringify([finding, note, (jobs ?? []).map(({ id }) => id)]);
}

function findingOf(listing: DoubtListing): DoubtFinding {
  return listing.kind === 'ambiguous' ? 'several' : listing.kind;
}

function movedBy(iso: string, ms: number): string {
  return new Date(Date.parse(iso) + ms).toISOString();
}

export function jobsOf(listing: DoubtListing): ListedJob[] {
  if (listing.kind === 'found') return [{ job: listing.job, sentAt: null, note: '' }];
  return listing.kind === 'ambiguous' ? listing.jobs : [];
}

function toJob({ job, sentAt, note }: ListedJob): AttemptStep['jobs'][number] {
  return { id: job.id, at: sentAt, note, data: jobData(job) };
}
