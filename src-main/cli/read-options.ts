import type { z } from 'zod';
import { episodeIdSchema, shotIdSchema, slugSchema, takeIdSchema } from '../../src-shared/domain/ids.ts';
import { type MicroUsd, parseUsd } from '../../src-shared/domain/money.ts';
import { type Phase, phaseSchema, phases } from '../../src-shared/domain/phase.ts';
import { UsageError, type VerbInput } from './verb.ts';

/** The episode, which must be given. */
export function readEpisode(input: VerbInput): string {
  return readWith(episodeIdSchema, 'episode', required(input, 'episode'));
}

/** `--phase`, one of the three. */
export function readPhase(input: VerbInput): Phase {
  return parsePhase(required(input, 'phase'));
}

function parsePhase(text: string): Phase {
  const phase = phaseSchema.safeParse(text);
  if (phase.success) return phase.data;
  throw new UsageError(`--phase: “${text}” is none of ${phases.join(', ')}`);
}

/** Phases as a list with commas, in the order of production. */
export function readPhases(input: VerbInput): Phase[] {
  required(input, 'phase');
  const given = new Set(splitList(input.texts('phase')).map(parsePhase));
  return phases.filter((phase) => given.has(phase));
}

/** The engine; undefined = the project's own. */
export function readProvider(input: VerbInput): string | undefined {
  const text = input.text('provider');
  return text === undefined ? undefined : readWith(slugSchema, 'provider', text);
}

/** Shots as a list with commas; undefined = all of them. */
export function readShots(input: VerbInput): string[] | undefined {
  const lists = input.texts('shots');
  if (lists.length === 0) return undefined;
  const shots = splitList(lists).map((id) => readWith(shotIdSchema, 'shots', id));
  if (shots.length === 0) throw new UsageError('--shots: an empty list of shots would run nothing');
  return [...new Set(shots)];
}

/** Takes: `--take A --take B`, `--take A,B` and `--take A B` are all understood. */
export function readTakes(input: VerbInput): string[] {
  const given = splitList([...input.texts('take'), ...input.positionals.slice(1)]);
  return [...new Set(given.map((id) => readWith(takeIdSchema, 'take', id)))];
}

/** `--budget` in US dollars; undefined when it was not given. */
export function readBudget(input: VerbInput): MicroUsd | undefined {
  const text = input.text('budget');
  if (text === undefined) return undefined;
  const amount = parseUsd(text);
  if (amount !== null) return amount;
  throw new UsageError(`--budget: “${text}” is not an amount in US dollars, for example 12.50`);
}

function required(input: VerbInput, option: string): string {
  const text = input.text(option);
  if (text === undefined || text === '') throw new UsageError(`--${option} is missing`);
  return text;
}

function readWith(schema: z.ZodType<string>, option: string, text: string): string {
  const result = schema.safeParse(text);
  if (result.success) return result.data;
  throw new UsageError(`--${option}: “${text}”: ${result.error.issues[0]?.message ?? 'not understood'}`);
}

function splitList(lists: string[]): string[] {
  return lists.flatMap((list) => list.split(',')).flatMap((id) => (id.trim() === '' ? [] : [id.trim()]));
}
