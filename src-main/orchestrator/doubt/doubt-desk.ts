/** Attempts in doubt as a person handles them: what there is, ask the provider now, say what became of one. */
import type { Attempt } from '../../../src-shared/domain/attempt.ts';
import type { AttemptStep, Doubt, DoubtJob } from '../../../src-shared/domain/attempt-step.ts';
import { askLaterAt, createLaterAsking } from '../attempt/ask-later.ts';
import type { ProductionLoop } from '../loop/production-loop.ts';
import { runAttempt } from '../loop/shot-run.ts';
import type { StationDeps } from '../stations/station-deps.ts';
import { askAboutDoubt, stepOfListing } from './ask-about-doubt.ts';
import type { LateJobs } from './late-jobs.ts';
import { checkAnswer, type DoubtOrder, requireDoubt, settleDoubt } from './settle-doubt.ts';

export interface DoubtDesk {
  /** oldest first */
  list(): Doubt[];
  /** Asks the provider now and answers what it lists; nothing is moved. */
  ask(attemptId: string, person: string): Promise<Doubt>;
  /** Looks again for doubts that ended without a job; answers with those opened again in this session. */
  lookAgain(): Promise<Attempt[]>;
  /** Asks the engine about a job that a person typed; throws when it has none of that id. */
  check(order: DoubtOrder): Promise<void>;
  /** Carries a person's answer out; what is adopted is polled from now on. */
  settle(order: DoubtOrder): Attempt;
}

export interface DoubtDeskParts {
  loop: Pick<ProductionLoop, 'adopt'>;
  late: Pick<LateJobs, 'look' | 'found'>;
  /** lets the line go on with what an answer has freed */
  wake: () => void;
}

/** The desk of one open project. */
export function createDoubtDesk(deps: StationDeps, { loop, late, wake }: DoubtDeskParts): DoubtDesk {
  const ask = async (attempt: Attempt, person: string | null): Promise<void> => {
    const adapter = deps.providers.get(attempt.request.provider);
    const listing = adapter
      ? await askAboutDoubt({ adapter, signal: deps.signal }, attempt)
      : { kind: 'unsupported' as const };
    deps.store.recordStep(stepOfListing(attempt.id, listing, person));
  };
  const later = createLaterAsking(deps, (attempt) => ask(attempt, null));
  return {
    list() {
      const inDoubt = deps.store.openAttempts().filter(({ state }) => state === 'in_doubt');
      for (const attempt of inDoubt) if (canAsk(deps, attempt)) later.plan(attempt);
      return inDoubt.map((attempt) => doubtOf(deps, attempt));
    },
    async ask(attemptId, person) {
      const attempt = requireDoubt(deps.store, attemptId);
      await ask(attempt, person);
      return doubtOf(deps, attempt);
    },
    async lookAgain() {
      await late.look();
      return late.found();
    },
    check: (order) => checkAnswer(deps, order, deps.signal),
    settle(order) {
      const { attempt, adopted } = settleDoubt(deps, order);
      if (adopted) {
        const { shotId, phase, batchId } = attempt;
        const run = { shotId, phase, batchId, provider: adopted.adapter.name };
        loop.adopt(run, () => runAttempt(deps, adopted));
      }
      if (order.answer.kind === 'wait' && canAsk(deps, attempt)) later.plan(attempt);
      wake();
      return attempt;
    },
  };
}

function canAsk(deps: StationDeps, attempt: Attempt): boolean {
  const adapter = deps.providers.get(attempt.request.provider);
  return adapter !== undefined && adapter.capabilities.reconcile !== 'none';
}

function doubtOf(deps: StationDeps, attempt: Attempt): Doubt {
  const steps = deps.store.stepsOf(attempt.id);
  const asked = steps.findLast(({ kind }) => kind === 'asked');
  const row = deps.store.shotPhase(attempt.shotId, attempt.phase);
  const isAskedAgain = row.series === attempt.series && row.state === 'remediating';
  const isAskable = canAsk(deps, attempt);
  return {
    attempt,
    steps,
    since: attempt.updatedAt,
    canAsk: isAskable,
    askAgainAt: isAskedAgain ? row.retryAt : isAskable ? askLaterAt(steps) : null,
    listing: asked?.finding
      ? { finding: asked.finding, at: asked.at, note: asked.note, jobs: jobsOf(deps, attempt, asked) }
      : null,
  };
}

/** Whose each listed job is: most jobs of a provider's list belong to other attempts. */
function jobsOf(deps: StationDeps, attempt: Attempt, asked: AttemptStep): DoubtJob[] {
  return asked.jobs.map(({ id, at, note }) => {
    const holder = deps.store.attemptByJob(attempt.request.provider, id);
    const heldBy = holder && { id: holder.id, shotId: holder.shotId, phase: holder.phase, number: holder.number };
    return { id, at, note, heldBy };
  });
}
