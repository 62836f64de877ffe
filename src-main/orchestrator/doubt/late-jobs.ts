/**
 * Doubts that ended without a job, by the engine's list or by a person, are looked for again: a list lags, a clock was wrong, a
 * person slips. A job that is there after all is money that is out: its attempt is in doubt again, its money held whatever a
 * cap says, and the job is fetched. Owns the timer of the next look, which ends with the project. Nothing here sends anything.
 */
import type { Attempt } from '../../../src-shared/domain/attempt.ts';
import { isAbortError } from '../../platform/app-error.ts';
import type { ProductionLoop } from '../loop/production-loop.ts';
import { runAttempt } from '../loop/shot-run.ts';
import type { Timer } from '../ports/clock.ts';
import type { ProviderAdapter } from '../ports/provider.ts';
import type { StationDeps } from '../stations/station-deps.ts';
import { askAboutDoubt, askWidely, type DoubtListing, withoutTaken } from './ask-about-doubt.ts';
import { reopenDoubt } from './reopen-doubt.ts';

/**
 * How long a doubt that has ended is looked for: from a Friday night to a Monday. Asking is free, but a list is read page by
 * page back to the attempt, and what is older than a weekend is compared with the engine's own bill anyway. fal keeps a file
 * for a week, so that what is found can still be fetched there.
 */
export const lookedForMs = 72 * 3_600_000;
/** while the app stays open */
const lookAgainMs = 3_600_000;

export interface LateJobs {
  /** Asks the engines, after a look that is under way. Never throws: what goes wrong is in the log. */
  look(): Promise<void>;
  /** the attempts that were opened again in this session */
  found(): Attempt[];
  /** Resolves when no look is under way; whether one was. */
  settled(): Promise<boolean>;
}

/** Looks for the late jobs of one open project; what it finds is followed by `loop`. */
export function createLateJobs(deps: StationDeps, loop: Pick<ProductionLoop, 'adopt'>): LateJobs {
  let timer: Timer | null = null;
  let looks = 0;
  let last: Promise<void> = Promise.resolve();
  const found = new Set<string>();
  deps.signal.addEventListener('abort', () => timer?.cancel());
  const lookOnce = async (): Promise<void> => {
    timer?.cancel();
    for (const { id } of await lookForLate(deps, loop)) found.add(id);
    if (!deps.signal.aborted && lookedFor(deps).length > 0) timer = deps.clock.after(lookAgainMs, () => void look());
  };
  const look = (): Promise<void> => {
    looks++;
    last = last
      .then(lookOnce)
      .catch((error: unknown) => {
        if (!deps.signal.aborted) deps.logger.error('late jobs could not be looked for', { error });
      })
      .finally(() => looks--);
    return last;
  };
  return {
    look,
    found: () => [...found].flatMap((id) => deps.store.attempt(id) ?? []),
    async settled() {
      const wasLooking = looks > 0;
      while (looks > 0) await last;
      return wasLooking;
    },
  };
}

/**
 * Newest first: a list of what was sent since an attempt shows the jobs of its repeats too, which have to be known before. What
 * is not clear is looked at last, when the clear ones have their owners.
 */
async function lookForLate(deps: StationDeps, loop: Pick<ProductionLoop, 'adopt'>): Promise<Attempt[]> {
  const unclear: { attempt: Attempt; listing: DoubtListing }[] = [];
  const reopened: Attempt[] = [];
  const conclude = (attempt: Attempt, listing: DoubtListing) => {
    const late = reopenDoubt(deps, attempt, listing);
    if (!late) return;
    reopened.push(late.attempt);
    const { adopted } = late;
    if (!adopted) return;
    const { shotId, phase, batchId } = attempt;
    loop.adopt({ shotId, phase, batchId, provider: adopted.adapter.name }, () => runAttempt(deps, adopted));
  };
  for (const { attempt, adapter } of lookedFor(deps)) {
    const listing = await listingOf(deps, attempt, adapter);
    if (listing?.kind === 'found') conclude(attempt, listing);
    else if (listing) unclear.push({ attempt, listing });
  }
  for (const { attempt, listing } of unclear) conclude(attempt, listing);
  return reopened;
}

/** Unbilled, young enough, and with an engine that can be asked. */
function lookedFor({ store, clock, providers }: StationDeps): { attempt: Attempt; adapter: ProviderAdapter }[] {
  const since = new Date(clock.now().getTime() - lookedForMs).toISOString();
  return store.endedDoubts(since).flatMap((attempt) => {
    const adapter = providers.get(attempt.request.provider);
    const canAsk = adapter && adapter.capabilities.reconcile !== 'none' && adapter.deliver === undefined;
    return canAsk && attempt.actualMicroUsd === 0 ? [{ attempt, adapter }] : [];
  });
}

/** What the engine lists by the rules of a doubt, and by the wider search; null when it cannot be asked now. */
async function listingOf(deps: StationDeps, attempt: Attempt, adapter: ProviderAdapter): Promise<DoubtListing | null> {
  if (deps.whyNotReady?.(adapter.name) ?? null) return null;
  const order = { adapter, signal: deps.signal };
  const began = deps.store.stepsOf(attempt.id).find(({ kind }) => kind === 'in_doubt');
  const asInDoubt: Attempt = { ...attempt, state: 'in_doubt', updatedAt: began?.at ?? attempt.updatedAt };
  try {
    const listed = withoutTaken(deps.store, attempt, await askAboutDoubt(order, asInDoubt));
    if (listed.kind !== 'absent') return listed;
    return withoutTaken(deps.store, attempt, await askWidely(order, asInDoubt));
  } catch (error) {
    if (isAbortError(error)) throw error;
    deps.logger.warn('a late job could not be looked for', { attemptId: attempt.id, error });
    return null;
  }
}
