// run: works on phases of an episode until nothing is left to run without a person. An active batch with the same scope goes
// on; else a new one starts. Ctrl-C puts it on hold: the same command goes on later. At a terminal it asks before it spends;
// --unattended never waits for anybody.
import { type Batch, type BatchConfig, batchConfigSchema, remainingMicroUsd } from '../../src-shared/domain/batch.ts';
import { formatUsd, type MicroUsd } from '../../src-shared/domain/money.ts';
import { tellLeaving } from '../../src-shared/jobs-out.ts';
import type { ProjectServices } from '../api/studio-services.ts';
import { AppError } from '../platform/app-error.ts';
import { nextStepsOf, standingOf } from './describe-batch.ts';
import { followBatch } from './follow-batch.ts';
import { readBudget, readEpisode, readPhases, readProvider, readShots } from './read-options.ts';
import { rehearsalLine } from './status.ts';
import { type ExitCode, exitCodes, type TerminalInput, type Verb, type VerbResult } from './verb.ts';

export const runVerb: Verb = {
  name: 'run',
  usage:
    '<dir> --episode EP001 --phase previs[,keyframe,video] [--shots EP001_SH003,…] [--budget USD] [--provider NAME] [--unattended]',
  summary: 'make takes until nothing is left to run',
  help: [
    '--budget is the cap of this batch; without it the project’s own cap counts. --provider: without it the project’s own.',
    '--unattended never asks; autonomy is as project.json says, and it ends when only people can go on. Without it a run',
    'that would spend asks first when a person sits at the terminal.',
    `Exit code ${exitCodes.done}: complete; ${exitCodes.awaitingOperator}: takes, halts, doubts, a refused account or a full disk await a person;`,
    `${exitCodes.budgetExhausted}: the cap is reached (run again with a higher --budget); ${exitCodes.fatal}: the batch itself ended;`,
    `${exitCodes.interrupted}: interrupted, the batch is on hold (the same command goes on); ${exitCodes.failed}: it could not start.`,
    'JSON: {"batch", "elapsedSeconds", "remainingMicroUsd"}; {"batch": null} when there was nothing left to run.',
  ],
  options: {
    episode: { type: 'string' },
    phase: { type: 'string', multiple: true },
    shots: { type: 'string', multiple: true },
    budget: { type: 'string' },
    provider: { type: 'string' },
    unattended: { type: 'boolean' },
  },
  positionals: { min: 1, max: 1 },
  async run({ input, openProject, say, stop, stdin, json }) {
    const scope = { episodeId: readEpisode(input), phases: readPhases(input), shotFilter: readShots(input) };
    const budget = readBudget(input);
    const provider = readProvider(input);
    const { services } = await openProject();
    const { project } = await services.snapshot(scope.episodeId);
    if (project.rehearsal) say(rehearsalLine);
    const config = batchConfigSchema.parse({
      ...scope,
      budgetMicroUsd: budget ?? project.caps.batch_micro_usd,
      autonomy: project.autonomy,
      provider: provider ?? project.default_provider,
    });
    const asks = stdin.isTerminal && project.rehearsal !== true && !json && !input.flag('unattended');
    if (asks && !(await maySpend(services, config, stdin))) {
      return { exitCode: exitCodes.done, answer: { value: { batch: null }, lines: ['Nothing was started.'] } };
    }
    const beganMs = performance.now();
    const batch = await startOrResume(services, { config, budget, say });
    if (batch === null) return nothingLeft(services, config);
    const last = await followBatch(services, batch.id, { stop, say, onChange: (now) => say(lineOf(now)) });
    const elapsedSeconds = Math.round((performance.now() - beganMs) / 100) / 10;
    const remaining = remainingMicroUsd(last.spend);
    const figures = `In ${elapsedSeconds} s; ${formatUsd(remaining)} of the cap is left.`;
    const value = { batch: last, elapsedSeconds, remainingMicroUsd: remaining };
    const leaving = tellLeaving(await services.attempts.jobsOut(last.id), new Date());
    const lines = [lineOf(last), figures, ...nextStepsOf(last), ...(leaving === null ? [] : [leaving])];
    return { exitCode: exitCodeOf(last), answer: { value, lines } };
  },
};

/** A person at the terminal is told the price before anything is spent; what costs nothing is not asked. */
async function maySpend(services: ProjectServices, config: BatchConfig, stdin: TerminalInput): Promise<boolean> {
  const { runnable, refused, totalMicroUsd } = await services.batches.estimate(config);
  if (totalMicroUsd === 0) return true;
  const price = `${formatUsd(totalMicroUsd)} of ${formatUsd(config.budgetMicroUsd)} with ${config.provider}`;
  const answer = await stdin.ask(`${runnable} takes for ${price}; ${refused} refused. Start? [y/N] `);
  return /^y(es)?$/i.test(answer.trim());
}

interface Order {
  config: BatchConfig;
  /** as it was given on the command line */
  budget: MicroUsd | undefined;
  say: (line: string) => void;
}

/** Null when everything in the scope has been made already. */
async function startOrResume(services: ProjectServices, { config, budget, say }: Order): Promise<Batch | null> {
  const { batches } = services;
  const all = await batches.list();
  const active = all.find((batch) => batch.episodeId === config.episodeId && isActive(batch));
  if (!active) return startNew(services, config);
  if (sameScope(active.config, config)) {
    if (active.status === 'budget_exhausted' && budget === undefined) return active;
    if (active.status === 'running' && budget === undefined) return active;
    if (active.status === 'running') await batches.pause(active.id);
    return batches.resume(active.id, budget);
  }
  // A batch of another scope that only waits for reviews does not keep this one from running.
  if (active.counts.pending > 0) throw otherScope(active);
  say(`Ending ${active.id}, which has nothing left to run.`);
  await batches.stop(active.id);
  return startNew(services, config);
}

function otherScope({ id, config, counts }: Batch): AppError {
  const { episodeId, phases, shotFilter, provider } = config;
  const shots = shotFilter ? ` --shots ${shotFilter.join(',')}` : '';
  return new AppError({
    code: 'batch.already-active',
    message: `${id} is still open for ${episodeId}, with another scope and ${counts.pending} to go.`,
    hint: `Go on with it: --phase ${phases.join(',')}${shots} --provider ${provider}. Or end it: circletake batches <dir> ${id} --stop.`,
  });
}

async function startNew({ batches }: ProjectServices, config: BatchConfig): Promise<Batch | null> {
  try {
    return await batches.start(config);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'batch.nothing-to-run') throw error;
    // What is refused is told; what has been made already is no failure of a script that runs again.
    const { lines } = await batches.estimate(config);
    if (lines.length > 0) throw error;
    return null;
  }
}

async function nothingLeft(services: ProjectServices, config: BatchConfig): Promise<VerbResult> {
  const { shots } = await services.snapshot(config.episodeId);
  const inScope = shots.filter(({ id }) => config.shotFilter?.includes(id) ?? true);
  const settled = inScope.every((shot) => config.phases.every((phase) => shot.phases[phase].state === 'stabilized'));
  const lines = [settled ? 'Everything in this scope is settled.' : 'Nothing is left to run; decisions are awaited.'];
  return { exitCode: settled ? exitCodes.done : exitCodes.awaitingOperator, answer: { value: { batch: null }, lines } };
}

function isActive(batch: Batch): boolean {
  return batch.status !== 'complete' && batch.status !== 'failed';
}

function sameScope(a: BatchConfig, b: BatchConfig): boolean {
  const scope = ({ phases, shotFilter, provider }: BatchConfig) =>
    JSON.stringify([phases, provider, shotFilter && [...shotFilter].sort()]);
  return scope(a) === scope(b);
}

function lineOf(batch: Batch): string {
  return `${batch.id} · ${standingOf(batch)}`;
}

/** How a batch that nothing runs in any more ended. One that is on hold, and not by Ctrl-C, has put itself there for a person. */
function exitCodeOf(batch: Batch): ExitCode {
  if (batch.status === 'budget_exhausted') return exitCodes.budgetExhausted;
  if (batch.status === 'complete' || batch.status === 'running') {
    const waiting = batch.awaitingOperator || batch.counts.inReview > 0 || batch.counts.halted > 0;
    return waiting ? exitCodes.awaitingOperator : exitCodes.done;
  }
  return batch.status === 'failed' ? exitCodes.fatal : exitCodes.awaitingOperator;
}
