/** Jobs that are out, in sentences for people who are about to stop a batch or to leave. Pure. */
import type { JobOut } from './domain/job-out.ts';
import { formatUsd } from './domain/money.ts';

type Told = Pick<JobOut, 'provider' | 'heldMicroUsd' | 'place' | 'inDoubt' | 'callOff' | 'keptUntil'>;

/** "3 jobs are out and hold $0.90." An empty text when none is. */
export function countJobsOut(jobs: readonly Told[]): string {
  if (jobs.length === 0) return '';
  const held = formatUsd(heldBy(jobs));
  return jobs.length === 1 ? `1 job is out and holds ${held}.` : `${jobs.length} jobs are out and hold ${held}.`;
}

/** What a stop would do about each of them, one sentence a kind. */
export function tellStop(jobs: readonly Told[]): string[] {
  const kinds = Map.groupBy(jobs, (job) => `${fateOf(job)} ${job.provider}`);
  return [...kinds.values()].flatMap((alike) => {
    const [job] = alike;
    if (!job) return [];
    const which = `${alike.length} at ${job.provider} (${formatUsd(heldBy(alike))})`;
    const one = alike.length === 1;
    return [`${which} ${one ? fates[fateOf(job)][0] : fates[fateOf(job)][1]}.`];
  });
}

type Fate = 'waits' | 'unknown' | 'called-off' | 'runs' | 'taken' | 'doubt';

/** of one, of several */
const fates: Record<Fate, readonly [string, string]> = {
  waits: [
    'waits its turn: it is called off, and nothing is charged',
    'wait their turn: they are called off, and nothing is charged',
  ],
  unknown: [
    'is called off if it has not begun, and nothing is charged; else it is paid for and fetched',
    'are called off if they have not begun, and nothing is charged; else they are paid for and fetched',
  ],
  'called-off': ['is being called off already', 'are being called off already'],
  runs: ['has begun: it is paid for, and fetched', 'have begun: they are paid for, and fetched'],
  taken: ['cannot be called off: it is paid for, and fetched', 'cannot be called off: they are paid for, and fetched'],
  doubt: [
    'is in doubt: its money stays held until you settle it',
    'are in doubt: their money stays held until you settle them',
  ],
};

function fateOf({ inDoubt, callOff, place }: Told): Fate {
  if (inDoubt) return 'doubt';
  if (callOff === 'wanted' || callOff === 'asked') return 'called-off';
  if (callOff === 'paid') return place === 'running' ? 'runs' : 'taken';
  return place === 'queued' ? 'waits' : 'unknown';
}

/** Until when each provider keeps what is out there, the soonest first; empty when all keep it for good. */
export function tellKept(jobs: readonly Told[], now: Date): string[] {
  const soonest = new Map<string, string>();
  for (const { provider, keptUntil } of jobs) {
    const before = soonest.get(provider);
    if (keptUntil !== null && (before === undefined || keptUntil < before)) soonest.set(provider, keptUntil);
  }
  const byTime = [...soonest].sort(([, a], [, b]) => a.localeCompare(b));
  return byTime.map(([provider, until]) => keptSentence(provider, until, now));
}

/** "fal keeps what it makes until 14:20 at least." */
export function keptSentence(provider: string, until: string, now: Date): string {
  if (until <= now.toISOString()) return `${provider} may have dropped what it made: open the project soon.`;
  return `${provider} keeps what it makes until ${momentOf(until, now)} at least.`;
}

/** For those who leave: that nothing is lost yet, and by when to be back. Null when nothing is out. */
export function tellLeaving(jobs: readonly Told[], now: Date): string | null {
  if (jobs.length === 0) return null;
  const back = jobs.length === 1 ? 'It is' : 'They are';
  return [countJobsOut(jobs), `${back} fetched as soon as the project is open again.`, ...tellKept(jobs, now)].join(
    ' ',
  );
}

function heldBy(jobs: readonly Told[]): number {
  return jobs.reduce((sum, { heldMicroUsd }) => sum + heldMicroUsd, 0);
}

const hour = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' });

function momentOf(at: string, now: Date): string {
  const date = new Date(at);
  const time = hour.format(date);
  return date.toDateString() === now.toDateString() ? time : `${day.format(date)}, ${time}`;
}
