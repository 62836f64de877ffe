// One command from its arguments to its exit code. Standard output carries the answer and nothing else: with --json one
// JSON value, an error included; progress, logs and errors for people go to standard error.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bugMessage } from '../api/map-errors.ts';
import type { CreateStudio, Studio } from '../api/studio-services.ts';
import { AppError, isAbortError } from '../platform/app-error.ts';
import type { Logger } from '../platform/logger.ts';
import { explainError, isUsageError } from '../shell/explain-error.ts';
import { helpOf, overview } from './help.ts';
import { rehearsalLine } from './status.ts';
import {
  type Answer,
  type ExitCode,
  exitCodes,
  type TerminalInput,
  UsageError,
  type Verb,
  type VerbContext,
  type VerbInput,
} from './verb.ts';
import { verbs } from './verbs.ts';
import { wrapLine } from './wrap-line.ts';

export interface CliOptions {
  /** arguments without program and script */
  args: string[];
  createStudio: CreateStudio;
  dataFolder: string;
  logger: Logger;
  stop: AbortSignal;
  /** absent: nobody is there and nothing comes */
  stdin?: TerminalInput;
  /** widths of the terminals that standard output and standard error are; absent: a file or a pipe, lines stay whole */
  columns?: { out: number | undefined; err: number | undefined };
  out: (text: string) => void;
  err: (text: string) => void;
}

/** Runs one command and answers its exit code; never throws. */
export async function runCli(options: CliOptions): Promise<ExitCode> {
  const [name = '', ...rest] = options.args;
  const verb = verbs.find((each) => each.name === name);
  if (verb) return runVerb(verb, rest, options);
  if (name === '--help' || name === '-h' || name === 'help') return tellHelp(overview(verbs), rest, options);
  const message = name === '' ? 'Say what to do.' : `“${name}” is not a verb of circletake.`;
  return tellError(new UsageError(message), { help: overview(verbs), json: rest.includes('--json'), options });
}

async function runVerb(verb: Verb, args: string[], options: CliOptions): Promise<ExitCode> {
  let json = args.includes('--json');
  let studio: Studio | null = null;
  const marks: string[] = [];
  try {
    const { values, positionals } = parse(verb, args);
    json = values.json === true;
    if (values.help === true) return tellHelp(helpOf(verb), args, options);
    const input = inputOf(values, positionals);
    checkPositionals(verb, positionals);
    const openStudio = async () => {
      const { dataFolder, logger } = options;
      studio ??= await options.createStudio({ dataFolder, rememberProjects: false, logger });
      return studio;
    };
    const tell = ({ value, lines }: Answer) => tellAnswer({ value, lines: [...marks, ...lines] }, json, options);
    const given = { input, openStudio, json, answerNow: tell, mark: (line: string) => marks.push(line) };
    const { exitCode, answer } = await verb.run(contextOf(options, given));
    if (answer) tell(answer);
    return exitCode;
  } catch (error) {
    return tellError(error, { help: helpOf(verb), json, options });
  } finally {
    await (studio as Studio | null)?.close();
  }
}

function parse(verb: Verb, args: string[]) {
  try {
    const options = { ...verb.options, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;
    return parseArgs({ args, allowPositionals: true, options });
  } catch (error) {
    throw isUsageError(error) ? new UsageError(inOurWords(error, verb.name)) : error;
  }
}

/** What node:util says of an option that it does not understand, said shorter. */
function inOurWords({ message }: Error, verb: string): string {
  const option = /--?[\w-]+/.exec(message)?.[0] ?? 'an option';
  if (message.startsWith('Unknown option')) return `${option} is not an option of ${verb}`;
  if (message.includes('does not take an argument')) return `${option} takes no value`;
  return `${option}: its value is missing; one that begins with a dash is written ${option}=-…`;
}

interface Given extends Pick<VerbContext, 'input' | 'openStudio' | 'answerNow' | 'json'> {
  /** stands above whatever the verb answers to people */
  mark(line: string): void;
}

const noInput: TerminalInput = { isTerminal: false, readAll: async () => '', ask: async () => '' };

function contextOf(options: CliOptions, given: Given): VerbContext {
  const { createStudio, dataFolder, logger, stop, err } = options;
  const { mark, ...rest } = given;
  return {
    ...rest,
    createStudio,
    dataFolder,
    logger,
    stop,
    stdin: options.stdin ?? noInput,
    say: (line) => err(paragraph(line, options.columns?.err)),
    async openProject() {
      const studio = await given.openStudio();
      const known = await studio.addProject(resolve(given.input.positionals[0] ?? ''));
      const services = studio.project(known.id);
      // Nobody may take what is told of a rehearsal for the production, whatever is asked.
      if ((await services.snapshot()).project.rehearsal) mark(rehearsalLine);
      return { known, services };
    },
  };
}

function inputOf(values: Record<string, unknown>, positionals: string[]): VerbInput {
  const texts = (option: string) => {
    const value = values[option];
    const list = Array.isArray(value) ? value : [value];
    return list.filter((each) => typeof each === 'string');
  };
  return { positionals, texts, text: (option) => texts(option).at(-1), flag: (option) => values[option] === true };
}

function checkPositionals({ positionals: { min, max } }: Verb, given: string[]): void {
  if (given.length < min || given[0] === '') throw new UsageError('<dir> is missing');
  if (given.length > max) throw new UsageError(`“${given[max]}” is one argument too many`);
}

function tellAnswer({ value, lines }: Answer, json: boolean, { out, columns }: CliOptions): void {
  if (json) out(`${JSON.stringify(value)}\n`);
  else for (const line of lines) out(paragraph(line, columns?.out));
}

function paragraph(text: string, columns: number | undefined): string {
  const lines = text.split('\n').flatMap((line) => wrapLine(line, columns));
  return `${lines.join('\n')}\n`;
}

function tellHelp(help: string, args: string[], { out, columns }: CliOptions): ExitCode {
  out(args.includes('--json') ? `${JSON.stringify({ help })}\n` : paragraph(help.trimEnd(), columns?.out));
  return exitCodes.done;
}

function tellError(error: unknown, context: { help: string; json: boolean; options: CliOptions }): ExitCode {
  const { out, err, logger } = context.options;
  const usage = error instanceof UsageError;
  const stopped = isAbortError(error);
  const told = stopped ? 'Stopped.' : usage ? error.message : explainError(error, logger);
  err(paragraph(usage ? `${told}\n\n${context.help}`.trimEnd() : told, context.options.columns?.err));
  if (context.json) out(`${JSON.stringify({ error: errorValue(error, stopped) })}\n`);
  return usage ? exitCodes.usage : exitCodeOf(error);
}

function errorValue(error: unknown, stopped: boolean) {
  if (error instanceof AppError) return { code: error.code, message: error.message, hint: error.hint };
  if (stopped) return { code: 'shutting-down', message: 'Stopped.', hint: null };
  if (error instanceof UsageError) return { code: 'usage', message: error.message, hint: 'See --help.' };
  return { code: 'unexpected', message: bugMessage, hint: null };
}

function exitCodeOf(error: unknown): ExitCode {
  if (isAbortError(error)) return exitCodes.interrupted;
  if (!(error instanceof AppError)) return exitCodes.failed;
  switch (error.code) {
    case 'input.invalid':
      return exitCodes.usage;
    case 'budget.exhausted':
      return exitCodes.budgetExhausted;
    case 'shutting-down':
      return exitCodes.interrupted;
    case 'project.in-use':
      return exitCodes.inUse;
    default:
      return exitCodes.failed;
  }
}
