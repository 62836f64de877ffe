/** Attempts and doubts as people read them; phrases.ts has the rest of the catalogue, and the same test walks both. */
import type { AttemptState } from './domain/attempt.ts';
import type { AttemptStepKind, DoubtFinding, ListedJob } from './domain/attempt-step.ts';

export const attemptStatePhrases: Record<AttemptState, string> = {
  intent: 'Recorded, not sent yet',
  submitting: 'Being sent',
  submitted: 'With the engine',
  downloaded: 'File in place',
  settled: 'Settled',
  failed: 'No take',
  in_doubt: 'In doubt',
};

export const attemptStepPhrases: Record<AttemptStepKind, string> = {
  intent: 'Recorded, money reserved',
  submitting: 'Sending began',
  submitted: 'Taken by the engine',
  downloaded: 'File in place',
  settled: 'Settled with its take',
  failed: 'Ended without a take',
  in_doubt: 'In doubt: money held, nothing sent again',
  waiting: 'Asked to wait; it was not taken',
  trouble: 'A poll or download went wrong',
  asked: 'Engine asked what it lists',
  reopened: 'Listed after its doubt had ended: money held again',
  adopted: 'Job adopted',
  released: 'Said to be never charged: money released',
  charged: 'Said to be charged: money written off',
  waited: 'Decided to wait',
  delivered: 'File delivered',
  cancel_wanted: 'Called off',
  cancel_asked: 'Engine asked to drop it; what it says of the job settles the money',
  cancel_refused: 'Not called off: it is followed to its end',
};

export const doubtFindingPhrases: Record<DoubtFinding, string> = {
  found: 'The engine lists one job that fits',
  several: 'The engine lists several jobs that may be it',
  absent: 'The engine lists no such job',
  unsupported: 'This engine cannot be asked: look at its own page',
  trouble: 'The engine could not be asked now',
};

/** The four ways out of a doubt, with what each of them does. */
export const doubtAnswerPhrases = {
  adopt: {
    action: 'Adopt',
    done: 'job adopted',
    sentence: 'The engine has it under this job id: it is fetched, and billed once.',
  },
  release: {
    action: 'Never charged',
    done: 'never charged',
    sentence: 'The held money is free again and the shot is queued.',
  },
  charged: {
    action: 'Charged, no take',
    done: 'charged, no take',
    sentence: 'The held money is written off and the shot is queued.',
  },
  wait: {
    action: 'Wait',
    done: 'left in doubt',
    sentence: 'Written down; the money stays held. An engine that can be asked is asked again in ten minutes.',
  },
} as const;

/** What a provider listed, for example "The engine lists one job that fits (job-7)". */
export function phraseOfListing(listing: {
  finding: DoubtFinding | null;
  note: string | null;
  jobs: readonly Pick<ListedJob, 'id'>[];
}): string {
  if (listing.finding === null) return listing.note ?? '';
  const detail = listing.note ?? listing.jobs.map(({ id }) => id).join(', ');
  return `${doubtFindingPhrases[listing.finding]}${detail === '' ? '' : ` (${detail})`}`;
}
