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
  return jobs.length === 0 ? { kind: 'absent' } : { ...listing, jobs };
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

function jobsOf(listing: DoubtListing): ListedJob[] {
  if (listing.kind === 'found') return [{ job: listing.job, sentAt: null, note: '' }];
  return listing.kind === 'ambiguous' ? listing.jobs : [];
}

function toJob({ job, sentAt, note }: ListedJob): AttemptStep['jobs'][number] {
  return { id: job.id, at: sentAt, note, data: jobData(job) };
}
