// reconcile: the attempts of which nobody knows whether they were charged; ask their engines, or say what became of one.
import { attemptStatePhrases, doubtFindingPhrases, phraseOfListing } from '../../src-shared/attempt-phrases.ts';
import { type Attempt, isAttemptOver } from '../../src-shared/domain/attempt.ts';
import type { Doubt, DoubtAnswer } from '../../src-shared/domain/attempt-step.ts';
import { formatUsd } from '../../src-shared/domain/money.ts';
import { phasePhrases } from '../../src-shared/phrases.ts';
import type { ProjectServices } from '../api/studio-services.ts';
import { stampOf } from './describe-batch.ts';
import { exitCodes, UsageError, type Verb, type VerbContext, type VerbInput, type VerbResult } from './verb.ts';

export const reconcileVerb: Verb = {
  name: 'reconcile',
  usage: '<dir> [--ask] [--attempt ID (--adopt JOB | --release | --charged | --wait)]',
  summary: 'attempts in doubt: list them, ask their engines, or say what became of one',
  help: [
    '--ask asks the engines now what they list; with --attempt only about that one, else also about doubts that ended in the',
    'last days without a job: one that is listed after all was paid for, and is fetched.',
    '--adopt JOB: the engine has it under this id; it is fetched and billed once.',
    '--release: never charged; its money is free again and the shot is queued.',
    '--charged: charged without a take; its money is written off and the shot is queued.',
    '--wait: nobody can tell yet; that is written down.',
    `Exit code ${exitCodes.awaitingOperator}: something is in doubt still; ${exitCodes.done}: nothing is.`,
    'JSON: {"doubts": [{"attempt", "since", "canAsk", "listing"}]}; with --ask and "late": [attempt, …]; with an answer {"attempt"}',
  ],
  options: {
    attempt: { type: 'string' },
    ask: { type: 'boolean' },
    adopt: { type: 'string' },
    release: { type: 'boolean' },
    charged: { type: 'boolean' },
    wait: { type: 'boolean' },
  },
  positionals: { min: 1, max: 1 },
  async run(context) {
    const { input } = context;
    const answer = readAnswer(input);
    const attemptId = input.text('attempt');
    if (answer && attemptId === undefined) throw new UsageError('--attempt is missing: say which one');
    const { services } = await context.openProject();
    if (answer && attemptId !== undefined) return settle(context, services, { attemptId, answer });
    return list(context, services, { attemptId, ask: input.flag('ask') });
  },
};

function readAnswer(input: VerbInput): DoubtAnswer | null {
  const jobId = input.text('adopt');
  const given: DoubtAnswer[] = [
    ...(jobId === undefined ? [] : [{ kind: 'adopt' as const, jobId: jobId.trim() }]),
    ...(['release', 'charged', 'wait'] as const).filter((kind) => input.flag(kind)).map((kind) => ({ kind })),
  ];
  if (given.length > 1) throw new UsageError('give one of --adopt, --release, --charged and --wait');
  if (jobId?.trim() === '') throw new UsageError('--adopt: the id of the engine’s job is missing');
  if (given.length === 1 && input.flag('ask')) throw new UsageError('--ask goes without an answer');
  return given[0] ?? null;
}

async function list(
  { stop }: VerbContext,
  services: ProjectServices,
  wanted: { attemptId: string | undefined; ask: boolean },
): Promise<VerbResult> {
  const { attempts } = services;
  const { attemptId } = wanted;
  const late = wanted.ask && attemptId === undefined ? await lookAgain(services, stop) : [];
  const { doubts: all } = await attempts.inDoubt();
  const chosen = all.filter(({ attempt }) => attemptId === undefined || attempt.id === attemptId);
  const doubts: Doubt[] = [];
  for (const doubt of chosen) {
    doubts.push(wanted.ask && doubt.canAsk ? await attempts.reconcile(doubt.attempt.id) : doubt);
  }
  const value = {
    doubts: doubts.map(({ steps: _steps, askAgainAt: _again, ...doubt }) => doubt),
    ...(late.length > 0 ? { late } : {}),
  };
  // one that is unknown is an error, not the end of a doubt
  const over = doubts.length === 0 && attemptId !== undefined ? (await attempts.timeline(attemptId)).attempt : null;
  const nothing = over ? `It is not in doubt (any more): ${standingOf(over)}` : 'Nothing is in doubt.';
  const told = late.map((attempt) => `Listed after its doubt had ended: ${standingOf(attempt)}`);
  const lines = [...told, ...(doubts.length === 0 ? [nothing] : [...doubts.flatMap(describe), howToEnd])];
  return { exitCode: doubts.length === 0 ? exitCodes.done : exitCodes.awaitingOperator, answer: { value, lines } };
}

/** What was found late is fetched at once; what may be it is among the doubts from now on. */
async function lookAgain(services: ProjectServices, stop: AbortSignal): Promise<Attempt[]> {
  const found: Attempt[] = [];
  for (const attempt of await services.attempts.lookAgain()) {
    found.push(attempt.state === 'in_doubt' ? attempt : await followAttempt(services, attempt, stop));
  }
  return found;
}

const howToEnd = 'End one with --attempt ID and --adopt JOB, --release, --charged or --wait.';

/** "att_1 · Settled, billed $0.04 · EP001_SH001_T1" */
function standingOf({ id, state, actualMicroUsd, takeId }: Attempt): string {
  const billed = actualMicroUsd === null ? '' : `, billed ${formatUsd(actualMicroUsd)}`;
  return [id, `${attemptStatePhrases[state]}${billed}`, takeId ?? ''].filter(Boolean).join(' · ');
}

function describe({ attempt, since, canAsk, listing }: Doubt): string[] {
  const { id, shotId, phase, number, request, reservedMicroUsd, failure } = attempt;
  return [
    `${id} · ${shotId} ${phasePhrases[phase]}, attempt ${number} · ${request.provider} ${request.endpoint}`,
    `  ${formatUsd(reservedMicroUsd)} held since ${stampOf(since)}: ${failure?.message ?? 'no reason was given'}`,
    ...(listing ? [`  ${stampOf(listing.at)}  ${phraseOfListing(listing)}`] : []),
    ...(listing?.jobs ?? []).map(
      (job) =>
        `    ${job.id}  ${job.at === null ? '' : `${stampOf(job.at)}  `}${job.note}${job.heldBy ? ` (attempt ${job.heldBy.number} of ${job.heldBy.shotId})` : ''}`,
    ),
    // one that has just said that it lists nothing is not praised for what it could do
    ...(canAsk && listing?.finding !== 'unsupported' ? ['  This engine can be asked: --ask.'] : []),
    ...(!canAsk && listing?.finding !== 'unsupported' ? [`  ${doubtFindingPhrases.unsupported}.`] : []),
  ];
}

async function settle(
  { stop, say }: VerbContext,
  services: ProjectServices,
  order: { attemptId: string; answer: DoubtAnswer },
): Promise<VerbResult> {
  await services.attempts.timeline(order.attemptId);
  const settled = await services.attempts.settleDoubt(order.attemptId, order.answer);
  const attempt = order.answer.kind === 'adopt' ? await followAttempt(services, settled, stop) : settled;
  if (order.answer.kind === 'adopt' && !isAttemptOver(attempt.state)) {
    say('Stopped before it was fetched; the next start of the project goes on with it.');
  }
  const isOpen = attempt.state === 'in_doubt';
  return {
    exitCode: isOpen ? exitCodes.awaitingOperator : exitCodes.done,
    answer: { value: { attempt }, lines: [standingOf(attempt)] },
  };
}

/** Waits until an adopted job has ended, or Ctrl-C: its money is bound, and the next start polls it again. */
async function followAttempt(
  { attempts, journal }: ProjectServices,
  first: Attempt,
  stop: AbortSignal,
): Promise<Attempt> {
  let attempt = first;
  let wake = Promise.withResolvers<void>();
  const ring = () => wake.resolve();
  const unsubscribe = journal.onCommit(ring);
  stop.addEventListener('abort', ring, { once: true });
  try {
    while (!isAttemptOver(attempt.state) && !stop.aborted) {
      wake = Promise.withResolvers<void>();
      ({ attempt } = await attempts.timeline(first.id));
      if (!isAttemptOver(attempt.state)) await wake.promise;
    }
    return attempt;
  } finally {
    unsubscribe();
    stop.removeEventListener('abort', ring);
  }
}
