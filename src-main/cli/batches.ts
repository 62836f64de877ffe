// batches: what ran and what runs, one batch with every shot of it explained in a sentence (or its end), or the log of one shot.
import type { AttemptFact } from '../../src-shared/domain/attempt-step.ts';
import type { Batch } from '../../src-shared/domain/batch.ts';
import { shotsInScope } from '../../src-shared/domain/batch-scope.ts';
import { shotIdSchema } from '../../src-shared/domain/ids.ts';
import { formatUsd } from '../../src-shared/domain/money.ts';
import { tellLeaving } from '../../src-shared/jobs-out.ts';
import { phasePhrases } from '../../src-shared/phrases.ts';
import type { ProjectServices } from '../api/studio-services.ts';
import { AppError } from '../platform/app-error.ts';
import { stopQuestion, untilCalledOff } from './call-off-jobs.ts';
import { stampOf, standingOf } from './describe-batch.ts';
import { type Answer, exitCodes, UsageError, type Verb, type VerbInput } from './verb.ts';

export const batchesVerb: Verb = {
  name: 'batches',
  usage: '<dir> [BATCH [--stop] | --shot EP001_SH003]',
  summary: 'batches running and past; one of them shot by shot; the log of a shot',
  help: [
    'With BATCH: each of its shots in one sentence, what it cost and what is in doubt.',
    'With BATCH --stop: ends it. Nothing more is sent; a job that waits its turn is called off where that costs nothing, any',
    'other is paid for and fetched. At a terminal it says which, and asks first.',
    'With --shot: everything that happened to the shot, in order.',
    'JSON: {"batches"}; with BATCH {"batch", "shots": [{"id", "explanation"}], "attempts", "doubts": [attempt ids], "out"};',
    'with --shot {"shotId", "explanation", "attempts", "lines": [{"seq", "at", "phase", "text"}]}',
  ],
  options: { shot: { type: 'string' }, stop: { type: 'boolean' } },
  positionals: { min: 1, max: 2 },
  async run({ input, openProject, stop, stdin, json }) {
    const tell = readQuestion(input);
    const { services } = await openProject();
    const isAsked = stdin.isTerminal && !json;
    const ask = async (question: string) => !isAsked || /^y(es)?$/i.test((await stdin.ask(question)).trim());
    return { exitCode: exitCodes.done, answer: await tell(services, { stop, ask }) };
  },
};

interface Person {
  /** Ctrl-C */
  stop: AbortSignal;
  /** true where nobody is there to be asked */
  ask: (question: string) => Promise<boolean>;
}

type Question = (services: ProjectServices, person: Person) => Promise<Answer>;

function readQuestion(input: VerbInput): Question {
  const batchId = input.positionals[1];
  const shotId = readShot(input.text('shot'));
  const stops = input.flag('stop');
  if (shotId !== null && batchId !== undefined) throw new UsageError('give a batch or --shot, not both');
  if (stops && batchId === undefined) throw new UsageError('--stop: say which batch to end');
  if (shotId !== null) return (services) => tellShot(services, shotId);
  if (batchId === undefined) return tellAll;
  return async (services, person) => {
    if (stops) await stopBatch(services, batchId, person);
    return tellOne(services, batchId);
  };
}

async function stopBatch(services: ProjectServices, batchId: string, { stop, ask }: Person): Promise<void> {
  const { id } = await findBatch(services, batchId);
  const question = stopQuestion(await services.attempts.jobsOut(id));
  if (question !== null && !(await ask(question))) return;
  await services.batches.stop(id);
  await untilCalledOff(services, id, stop);
}

function readShot(text: string | undefined): string | null {
  if (text === undefined) return null;
  const shot = shotIdSchema.safeParse(text);
  if (shot.success) return shot.data;
  throw new UsageError(`--shot: “${text}”: ${shot.error.issues[0]?.message ?? 'not understood'}`);
}

async function tellAll({ batches }: ProjectServices): Promise<Answer> {
  const all = (await batches.list()).reverse();
  const lines = all.length === 0 ? ['No batch has been started.'] : all.map(lineOf);
  return { value: { batches: all }, lines };
}

async function findBatch({ batches }: ProjectServices, batchId: string): Promise<Batch> {
  const batch = (await batches.list()).find(({ id }) => id === batchId);
  if (batch) return batch;
  throw new AppError({
    code: 'batch.not-found',
    message: `There is no batch ${batchId} in this project.`,
    hint: 'circletake batches <dir> lists them.',
  });
}

async function tellOne(services: ProjectServices, batchId: string): Promise<Answer> {
  const batch = await findBatch(services, batchId);
  const attempts = await allAttempts(services, batchId);
  const shots = await explainShots(services, batch);
  const out = await services.attempts.jobsOut(batchId);
  const leaving = tellLeaving(out, new Date());
  const doubts = attempts.filter(({ state }) => state === 'in_doubt').map(({ id }) => id);
  const { settledMicroUsd, reservedMicroUsd, inDoubtMicroUsd } = batch.spend;
  const parts = [`${formatUsd(settledMicroUsd)} settled`, `${formatUsd(reservedMicroUsd)} reserved`];
  const lines = [
    lineOf(batch),
    `  ${parts.join(', ')}, ${formatUsd(inDoubtMicroUsd)} in doubt · ${attempts.length} attempts`,
    ...(batch.statusReason === null ? [] : [`  ${batch.statusReason}`]),
    ...shots.map(({ id, explanation }) => `  ${id}  ${explanation}`),
    ...(leaving === null ? [] : [`  ${leaving}`]),
    ...(doubts.length === 0 ? [] : [`  In doubt: ${doubts.join(', ')}. See circletake reconcile.`]),
  ];
  return { value: { batch, shots, attempts, doubts, out }, lines };
}

async function allAttempts({ attempts }: ProjectServices, batchId: string): Promise<AttemptFact[]> {
  const all: AttemptFact[] = [];
  for (let cursor: number | null = null; ; ) {
    const page = await attempts.ofBatch({ batchId, cursor, limit: 500 });
    all.push(...page.attempts);
    if (page.next === null) return all.reverse();
    cursor = page.next;
  }
}

async function explainShots({ attempts, snapshot }: ProjectServices, batch: Batch) {
  const { shots } = await snapshot(batch.episodeId);
  const wanted = shotsInScope(batch.config, shots);
  const explained: { id: string; explanation: string }[] = [];
  for (let from = 0; from < wanted.length; from += 200) {
    const ids = wanted.slice(from, from + 200).map(({ id }) => id);
    const found = await attempts.explanations(ids, batch.config.phases);
    explained.push(...ids.map((id) => ({ id, explanation: found[id] ?? '' })));
  }
  return explained;
}

async function tellShot({ attempts }: ProjectServices, shotId: string): Promise<Answer> {
  const log = await attempts.shotLog(shotId, 5000);
  const lines = log.lines.map(({ at, phase, text }) =>
    [stampOf(at), (phase === null ? '' : phasePhrases[phase]).padEnd(8), text].join('  '),
  );
  return { value: log, lines: [log.explanation, ...lines] };
}

function lineOf(batch: Batch): string {
  return [batch.id, stampOf(batch.createdAt), standingOf(batch)].join(' · ');
}
