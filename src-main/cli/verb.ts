/** What a verb of the command line is, and what it is given. Scripts build on verbs: names, JSON and exit codes stay. */
import type { ParseArgsOptionsConfig } from 'node:util';
import type { KnownProject } from '../../src-shared/api/projects-contract.ts';
import type { CreateStudio, ProjectServices, Studio } from '../api/studio-services.ts';
import type { Logger } from '../platform/logger.ts';

/**
 * 0 done · 1 anything else · 2 usage · 3 awaiting operator · 4 verification mismatch · 5 budget exhausted · 6 in use ·
 * 7 fatal: the batch itself ended · 130 interrupted: it is on hold, the same command goes on
 */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  awaitingOperator: 3,
  mismatch: 4,
  budgetExhausted: 5,
  inUse: 6,
  fatal: 7,
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The command line was not understood: the message says why, the verb's help follows. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The standard input of the program. */
export interface TerminalInput {
  /** a person sits there */
  readonly isTerminal: boolean;
  /** Everything up to its end. */
  readAll(): Promise<string>;
  /** Asks a person for one line; `hidden`: what is typed is not shown. */
  ask(question: string, options?: { hidden?: boolean }): Promise<string>;
}

export interface VerbInput {
  positionals: string[];
  text(option: string): string | undefined;
  texts(option: string): string[];
  flag(option: string): boolean;
}

export interface OpenProject {
  known: KnownProject;
  services: ProjectServices;
}

export interface VerbContext {
  input: VerbInput;
  createStudio: CreateStudio;
  dataFolder: string;
  logger: Logger;
  stdin: TerminalInput;
  /** --json was given: a script reads */
  json: boolean;
  /** aborted by Ctrl-C */
  stop: AbortSignal;
  /** A line for people, on standard error. */
  say(line: string): void;
  /** The answer of a verb that goes on running, at the moment it is known. */
  answerNow(answer: Answer): void;
  openStudio(): Promise<Studio>;
  /** Opens the project folder that the first positional names. */
  openProject(): Promise<OpenProject>;
}

export interface Answer {
  /** the one value that --json prints */
  value: unknown;
  /** the same for people; no line at all is nothing to say */
  lines: string[];
}

export interface VerbResult {
  exitCode: ExitCode;
  /** null when `answerNow` was used */
  answer: Answer | null;
}

export interface Verb {
  name: string;
  /** after the name: `<dir> --episode EP001` */
  usage: string;
  summary: string;
  /** lines of help below the usage */
  help: string[];
  options: ParseArgsOptionsConfig;
  /** how many positionals it takes */
  positionals: { min: number; max: number };
  run(context: VerbContext): Promise<VerbResult>;
}
