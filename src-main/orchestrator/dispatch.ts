/**
 * The one way to a provider: the attempt protocol. A submit happens at most once per attempt; everything after it may
 * happen again. Each step is durable before the next one begins, and a step that a crash cut off is told by the attempt's
 * state: intent may be submitted, submitting is in doubt, submitted is polled, downloaded is verified.
 */
import type { Attempt, AttemptFailure } from '../../src-shared/domain/attempt.ts';
import { dispositionOf } from '../../src-shared/domain/failure.ts';
import type { MediaProbe } from '../../src-shared/domain/media.ts';
import type { MicroUsd } from '../../src-shared/domain/money.ts';
import type { Take } from '../../src-shared/domain/take.ts';
import { AppError, isAbortError } from '../platform/app-error.ts';
import { type Downloaded, inspectDownload, placeArtefact, verifyArtefact } from './artefact.ts';
import type { BudgetGuard } from './budget-guard.ts';
import { classifyFailure } from './classify-failure.ts';
import { type Artefact, artefactOf, jobOf, jobRecord, oneMoreWait } from './job-record.ts';
import type { OrchestratorDeps } from './orchestrator-deps.ts';
import type { ProviderAdapter, ProviderJob, SubmitOutcome } from './ports/provider.ts';
import { buildProvenance } from './take-provenance.ts';
import { wait } from './wait.ts';

/** How an attempt ended, or where it stands until something changes. */
export type DispatchOutcome =
  | { kind: 'arrived'; attempt: Attempt; take: Take }
  | { kind: 'failed'; attempt: Attempt; failure: AttemptFailure }
  /** refused for now: the same attempt is submitted later */
  | { kind: 'waiting'; attempt: Attempt; failure: AttemptFailure }
  /** accepted, and the provider cannot be asked about it now */
  | { kind: 'unreachable'; attempt: Attempt; failure: AttemptFailure }
  /** held; `askAgain`: the provider can still be asked what became of it, else only a person can settle it */
  | { kind: 'in-doubt'; attempt: Attempt; failure: AttemptFailure; askAgain: boolean };

export interface DispatchOrder {
  attempt: Attempt;
  adapter: ProviderAdapter;
  /** Runs in the transaction that records the outcome: the phase's move belongs to it. */
  conclude: (outcome: DispatchOutcome) => void;
  /** ends polls and downloads at once */
  signal: AbortSignal;
  /** ends a submit that is under way; later than `signal`, because cutting it off leaves a doubt */
  submitSignal: AbortSignal;
}

export type DispatchDeps = OrchestratorDeps & { guard: BudgetGuard };

const maxBadDownloads = 2;
/** troubles in a row, with pauses of 1, 2, 4… seconds, before the run makes room for others */
const maxTroubles = 6;

/** Takes an attempt from where it stands to its outcome. An abort throws and leaves it as a restart can go on with it. */
export async function dispatch(deps: DispatchDeps, order: DispatchOrder): Promise<DispatchOutcome> {
  let { attempt } = order;
  if (attempt.state === 'intent') {
    const sent = await submitOnce(deps, order, attempt);
    if ('kind' in sent) return sent;
    attempt = sent;
  }
  if (attempt.state === 'submitting') {
    if (graceOf(order.adapter) > 0) return hold(deps, order, attempt, interruptedSubmit);
    attempt = deps.store.advanceAttempt(attempt.id, 'submitting', 'in_doubt', { failure: interruptedSubmit });
  }
  if (attempt.state === 'in_doubt') {
    const resolved = await reconcile(deps, order, attempt);
    if ('kind' in resolved) return resolved;
    attempt = resolved;
  }
  for (;;) {
    const artefact = attempt.state === 'downloaded' ? artefactOf(attempt) : null;
    if (artefact) {
      const probe = await verifyArtefact(deps, artefact, order.signal);
      if (probe) return settle(deps, order, attempt, { artefact, probe });
      attempt = deps.store.advanceAttempt(attempt.id, 'downloaded', 'submitted');
    }
    const fetched = await pollAndFetch(deps, order, attempt);
    if ('kind' in fetched) return fetched;
    attempt = fetched;
  }
}

/** Steps 2 to 4: one POST. Answers with the submitted attempt, or with the outcome when there is none. */
async function submitOnce(
  deps: DispatchDeps,
  order: DispatchOrder,
  attempt: Attempt,
): Promise<Attempt | DispatchOutcome> {
  const token = deps.guard.tokenOf(attempt);
  order.signal.throwIfAborted();
  deps.store.advanceAttempt(attempt.id, 'intent', 'submitting');
  let job: ProviderJob;
  try {
    job = await order.adapter.submit(attempt.request, token, order.submitSignal);
  } catch (error) {
    if (order.submitSignal.aborted && isAbortError(error)) throw error;
    return concludeSubmitError(deps, order, attempt, order.adapter.readSubmitError(error));
  }
  const patch = { providerJobId: job.id, providerJob: jobRecord(job, null), failure: null };
  return deps.store.advanceAttempt(attempt.id, 'submitting', 'submitted', patch);
}

function concludeSubmitError(
  deps: DispatchDeps,
  order: DispatchOrder,
  attempt: Attempt,
  read: SubmitOutcome,
): DispatchOutcome {
  const { failure } = read;
  if (read.kind === 'unknown') return hold(deps, order, attempt, failure);
  if (read.kind === 'rejected' && failure.detail === 'rate_limit') {
    return deps.store.inTransaction(() => {
      const waiting = deps.store.advanceAttempt(attempt.id, 'submitting', 'intent', {
        failure,
        providerJob: oneMoreWait(attempt),
      });
      return concluded(order, { kind: 'waiting', attempt: waiting, failure });
    });
  }
  return fail(deps, order, attempt, failure, read.kind === 'rejected' ? read.billedMicroUsd : 0);
}

/** Nobody here knows whether the provider took it: the reservation is held, nothing is sent again. */
function hold(deps: DispatchDeps, order: DispatchOrder, attempt: Attempt, failure: AttemptFailure): DispatchOutcome {
  const doubt: AttemptFailure = { ...failure, detail: 'in_doubt' };
  return deps.store.inTransaction(() => {
    const held = deps.store.advanceAttempt(attempt.id, 'submitting', 'in_doubt', { failure: doubt });
    const askAgain = order.adapter.capabilities.reconcile !== 'none';
    return concluded(order, { kind: 'in-doubt', attempt: held, failure: doubt, askAgain });
  });
}

/** Asks the provider what became of a submit in doubt. One match is adopted; none counts only after a grace period. */
async function reconcile(
  deps: DispatchDeps,
  order: DispatchOrder,
  attempt: Attempt,
): Promise<Attempt | DispatchOutcome> {
  const failure = attempt.failure ?? interruptedSubmit;
  const answer = await askProvider(order, () => order.adapter.reconcile(attempt, order.signal));
  if (answer.kind === 'found') {
    const patch = { providerJobId: answer.job.id, providerJob: jobRecord(answer.job, null), failure: null };
    return deps.store.advanceAttempt(attempt.id, 'in_doubt', 'submitted', patch);
  }
  const ageMs = deps.clock.now().getTime() - Date.parse(attempt.updatedAt);
  if (answer.kind === 'absent' && ageMs >= graceOf(order.adapter)) {
    const lost: AttemptFailure = { ...failure, category: 'transient', detail: 'network' };
    return fail(deps, order, attempt, lost, 0);
  }
  const askAgain = answer.kind === 'absent' || answer.kind === 'trouble';
  return concluded(order, { kind: 'in-doubt', attempt, failure, askAgain });
}

/** How long a provider's listing may lag behind a submit before "not there" is believed, where it does not say itself. */
export const reconcileGraceMs = 120_000;

function graceOf(adapter: ProviderAdapter): number {
  return adapter.capabilities.reconcileGraceMs ?? reconcileGraceMs;
}

/** Step 5. Answers with the attempt in `downloaded` and its file in place, or with the outcome. */
async function pollAndFetch(
  deps: DispatchDeps,
  order: DispatchOrder,
  attempt: Attempt,
): Promise<Attempt | DispatchOutcome> {
  const job = jobOf(attempt);
  if (!job) throw new Error(`Attempt ${attempt.id} is submitted and has no job id`);
  const { adapter, signal } = order;
  for (let troubles = 0, badDownloads = 0; ; ) {
    const answer = await askProvider(order, () => adapter.poll(job, signal));
    if (answer.kind === 'failed') return fail(deps, order, attempt, answer.failure, answer.billedMicroUsd);
    if (answer.kind === 'pending') {
      troubles = 0;
      await wait(deps.clock, answer.pollAgainMs, signal);
      continue;
    }
    const got = answer.kind === 'trouble' ? answer : await download(deps, order, attempt, job);
    if (got.kind === 'good') {
      const patch = { providerJob: jobRecord(job, got.artefact) };
      const downloaded = deps.store.advanceAttempt(attempt.id, 'submitted', 'downloaded', patch);
      await placeArtefact(deps, got.temporaryPath, got.artefact);
      return downloaded;
    }
    if (got.kind === 'bad') badDownloads++;
    else troubles++;
    // A result that is lost was still made: the reservation counts as billed, so that the ledger never says too little.
    const lost = got.kind === 'trouble' && dispositionOf(got.failure.category) !== 'retry';
    if (lost) return fail(deps, order, attempt, got.failure, attempt.reservedMicroUsd);
    if (got.kind === 'bad' && badDownloads >= maxBadDownloads) {
      return fail(deps, order, attempt, got.failure, got.costMicroUsd);
    }
    if (got.kind === 'trouble' && troubles >= maxTroubles) return unreachable(deps, order, attempt, got.failure);
    await wait(deps.clock, 1000 * 2 ** Math.max(0, troubles - 1), signal);
  }
}

/** The job is the provider's and goes on there: the attempt stays as it is and is asked about again later. */
function unreachable(
  deps: DispatchDeps,
  order: DispatchOrder,
  attempt: Attempt,
  failure: AttemptFailure,
): DispatchOutcome {
  return deps.store.inTransaction(() => concluded(order, { kind: 'unreachable', attempt, failure }));
}

interface Trouble {
  kind: 'trouble';
  failure: AttemptFailure;
}

/** Polls and downloads are safe to repeat: what a provider throws there is its trouble; an abort or our own error is not. */
async function askProvider<T>(order: DispatchOrder, ask: () => Promise<T>): Promise<T | Trouble> {
  order.signal.throwIfAborted();
  try {
    return await ask();
  } catch (error) {
    if (order.signal.aborted || isAbortError(error)) throw error;
    if (!(error instanceof AppError)) return { kind: 'trouble', failure: order.adapter.readFetchError(error) };
    const failure = classifyFailure(error);
    if (failure.detail === 'disk') throw error;
    return { kind: 'trouble', failure };
  }
}

async function download(
  deps: DispatchDeps,
  order: DispatchOrder,
  attempt: Attempt,
  job: ProviderJob,
): Promise<Downloaded | Trouble> {
  const temporaryPath = deps.paths.temporaryPath(attempt.id);
  const fetched = await askProvider(order, () => order.adapter.fetchResult(job, temporaryPath, order.signal));
  return 'kind' in fetched ? fetched : inspectDownload(deps, { attempt, temporaryPath, fetched }, order.signal);
}

/** Step 6, one transaction: take, provenance, cost, reservation, and the phase's move. */
function settle(
  deps: DispatchDeps,
  order: DispatchOrder,
  attempt: Attempt,
  made: { artefact: Artefact; probe: MediaProbe },
): DispatchOutcome {
  const { artefact, probe } = made;
  const { request } = attempt;
  return deps.store.inTransaction(() => {
    const parent = attempt.parentTakeId === null ? null : deps.store.take(attempt.parentTakeId);
    const provenance = buildProvenance({
      attempt,
      project: deps.documents().project.slug,
      takeNumber: artefact.takeNumber,
      path: artefact.path,
      file: artefact,
      costMicroUsd: artefact.costMicroUsd,
      at: deps.clock.now().toISOString(),
      parentPrompt: parent ? deps.store.provenance(parent.id).generation.prompt : null,
    });
    const take = deps.store.settleAttempt(
      attempt.id,
      {
        shotId: attempt.shotId,
        phase: attempt.phase,
        number: artefact.takeNumber,
        source: 'generated',
        path: artefact.path,
        sha256: artefact.sha256,
        probe,
        attemptId: attempt.id,
        parentTakeId: attempt.parentTakeId,
        provider: request.provider,
        model: request.model,
        seed: request.seed,
        costMicroUsd: artefact.costMicroUsd,
        provenance,
      },
      artefact.costMicroUsd,
    );
    return concluded(order, { kind: 'arrived', attempt: deps.store.attempt(attempt.id) ?? attempt, take });
  });
}

function fail(
  deps: DispatchDeps,
  order: DispatchOrder,
  attempt: Attempt,
  failure: AttemptFailure,
  billedMicroUsd: MicroUsd,
): DispatchOutcome {
  return deps.store.inTransaction(() => {
    const failed = deps.store.failAttempt(attempt.id, failure, billedMicroUsd);
    return concluded(order, { kind: 'failed', attempt: failed, failure });
  });
}

function concluded(order: DispatchOrder, outcome: DispatchOutcome): DispatchOutcome {
  order.conclude(outcome);
  return outcome;
}

const interruptedSubmit: AttemptFailure = {
  category: 'transient',
  detail: 'in_doubt',
  message: 'The app ended while this request was being sent; the engine may have it.',
  retryAfterMs: null,
};
