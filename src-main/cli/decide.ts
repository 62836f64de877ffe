// approve and reject: the director's decisions from a script. Each take is decided for itself; one that is refused does
// not keep the others from being decided, and the exit code tells.
import type { Phase } from '../../src-shared/domain/phase.ts';
import { rejectReasonSchema, rejectReasons } from '../../src-shared/domain/review.ts';
import type { ProjectServices } from '../api/studio-services.ts';
import { AppError } from '../platform/app-error.ts';
import { readEpisode, readPhase, readTakes } from './read-options.ts';
import { exitCodes, UsageError, type Verb, type VerbContext, type VerbInput, type VerbResult } from './verb.ts';

const usage = '<dir> (--take ID… | --episode EP001 --phase previs|keyframe|video --all) [--note TEXT]';
const scopeHelp = '--all decides the newest take of every shot of the phase that awaits a decision.';
const options = {
  take: { type: 'string', multiple: true },
  episode: { type: 'string' },
  phase: { type: 'string' },
  all: { type: 'boolean' },
  note: { type: 'string' },
} as const;

export const approveVerb: Verb = {
  name: 'approve',
  usage,
  summary: 'circle takes: the next phase is enqueued, approved video becomes a select',
  help: [scopeHelp, 'JSON: {"approved": [take ids], "refused": [{"take", "code", "message"}]}'],
  options,
  positionals: { min: 1, max: Number.POSITIVE_INFINITY },
  run: (context) => decideAll(context, 'approved', ({ review }, takeId, note) => review.approve({ takeId, note })),
};

export const rejectVerb: Verb = {
  name: 'reject',
  usage: `${usage} [--reason WHY…]`,
  summary: 'ask for another take',
  help: [
    scopeHelp,
    `--reason is one of ${rejectReasons.join(', ')}.`,
    'JSON: {"rejected": [take ids], "refused": [{"take", "code", "message"}]}',
  ],
  options: { ...options, reason: { type: 'string', multiple: true } },
  positionals: { min: 1, max: Number.POSITIVE_INFINITY },
  run: (context) => {
    const reasons = context.input.texts('reason').map(readReason);
    return decideAll(context, 'rejected', ({ review }, takeId, note) => review.reject({ takeId, reasons, note }));
  },
};

type Decide = (services: ProjectServices, takeId: string, note: string) => Promise<unknown>;
type Refused = { take: string; code: string; message: string };

async function decideAll(context: VerbContext, done: string, decide: Decide): Promise<VerbResult> {
  const scope = readScope(context.input);
  const note = context.input.text('note') ?? '';
  if (note.length > 4000) throw new UsageError('--note: 4,000 characters at most');
  const { services } = await context.openProject();
  const takeIds = scope.kind === 'takes' ? scope.takeIds : await awaitingTakes(services, scope);
  const decided: string[] = [];
  const refused: Refused[] = [];
  for (const takeId of takeIds) {
    context.stop.throwIfAborted();
    try {
      await decide(services, takeId, note);
      decided.push(takeId);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      refused.push({ take: takeId, code: error.code, message: error.message });
    }
  }
  const lines = [...decided.map((id) => `${done} ${id}`), ...refused.map(({ take, message }) => `${take}: ${message}`)];
  const exitCode = refused.length > 0 ? exitCodes.failed : exitCodes.done;
  return { exitCode, answer: { value: { [done]: decided, refused }, lines } };
}

type Scope = { kind: 'takes'; takeIds: string[] } | { kind: 'all'; episodeId: string; phase: Phase };

function readScope(input: VerbInput): Scope {
  const takeIds = readTakes(input);
  if (input.flag('all')) {
    if (takeIds.length > 0) throw new UsageError('give --take or --all, not both');
    return { kind: 'all', episodeId: readEpisode(input), phase: readPhase(input) };
  }
  if (takeIds.length === 0) throw new UsageError('give --take, or --episode, --phase and --all');
  return { kind: 'takes', takeIds };
}

/** Of every shot whose phase awaits a decision: its newest take of the phase that nobody has judged. */
async function awaitingTakes(services: ProjectServices, scope: { episodeId: string; phase: Phase }): Promise<string[]> {
  const { shots } = await services.snapshot(scope.episodeId);
  const awaiting = shots.filter((shot) => shot.phases[scope.phase].state === 'awaiting_operator');
  const newest: string[] = [];
  for (const shot of awaiting) {
    const { takes } = await services.takes.list(shot.id);
    const take = takes.findLast(({ phase, review }) => phase === scope.phase && review === 'unreviewed');
    if (take) newest.push(take.id);
  }
  return newest;
}

function readReason(text: string) {
  const reason = rejectReasonSchema.safeParse(text);
  if (reason.success) return reason.data;
  throw new UsageError(`--reason: “${text}” is none of ${rejectReasons.join(', ')}`);
}
