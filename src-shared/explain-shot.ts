/** Where a shot stands and how it came there, in one sentence. Pure: from its phases and its attempts. */
import { wasNoTry } from './domain/attempt.ts';
import type { AttemptFact } from './domain/attempt-step.ts';
import { leadPhaseOf } from './domain/lead-phase.ts';
import { formatUsd } from './domain/money.ts';
import { type Phase, phases, previousPhase } from './domain/phase.ts';
import type { Shot, ShotPhase } from './domain/shot.ts';
import { phasePhrases, stationPhrases } from './phrases.ts';

export type ExplainedShot = Pick<Shot, 'phases'>;

/** For example "Approved T3 (Keyframe) after 2 attempts; the first was refused by gate 1 (the picture is black)." */
export function explainShot(
  shot: ExplainedShot,
  attempts: readonly AttemptFact[],
  within: readonly Phase[] = phases,
): string {
  const row = leadPhaseOf(shot, within);
  const own = attempts.filter((attempt) => attempt.phase === row.phase && !wasDropped(attempt));
  const doubt = own.find(({ state }) => state === 'in_doubt');
  if (doubt && row.state !== 'stabilized') return inDoubt(row, doubt);
  return `${headline(row, own)}${troubles(row, own)}.`;
}

function inDoubt({ phase }: ShotPhase, doubt: AttemptFact): string {
  const held = formatUsd(doubt.reservedMicroUsd);
  return `${phasePhrases[phase]} is in doubt: attempt ${doubt.number} may be with ${doubt.provider}, and ${held} is held.`;
}

function headline(row: ShotPhase, own: readonly AttemptFact[]): string {
  const name = phasePhrases[row.phase];
  const reason = row.reason === null ? '' : `: ${bare(row.reason)}`;
  const after = own.length === 0 ? '' : ` after ${countOf(own.length, 'attempt')}`;
  switch (row.state) {
    case 'stabilized':
      if (row.outcome !== 'approved') return `${name} skipped${after}${reason}`;
      return `Approved ${shortTake(row.approvedTakeId)} (${name})${own.length === 0 ? ', not made by an attempt' : after}`;
    case 'awaiting_operator': {
      const take = own.findLast(({ takeId, refusal }) => takeId !== null && refusal === null)?.takeId ?? null;
      if (take === null || own.at(-1)?.takeId !== take) return `${name} awaits you${after}${reason}`;
      return `${shortTake(take)} (${name}) awaits your decision${after}${reason}`;
    }
    case 'halted':
      return `Halted at ${name}${after}${reason}`;
    case 'escalated':
      return `Halted at ${name} and acknowledged${after}${reason}`;
    case 'remediating': {
      const last = own.at(-1);
      if (last?.state === 'submitted') return `${name} is with ${last.provider}, attempt ${last.number}${reason}`;
      return `${name} is tried again${after}${reason}`;
    }
    case 'binding':
      return `${name} is at ${stationPhrases.bind}`;
    case 'assembling':
      return `${name} is at ${stationPhrases.asm}, attempt ${own.at(-1)?.number ?? 1}`;
    case 'auditing':
      return `${name} is at ${stationPhrases.aud}, attempt ${own.at(-1)?.number ?? 1}`;
    case 'queued':
      return `${name} is queued${after}${reason}`;
    case 'blocked':
      return `${name} waits for an approved ${phasePhrases[previousPhase(row.phase) ?? row.phase].toLowerCase()}`;
  }
}

/** What became of the attempts before: two are told one by one unless it is the same of both, more are counted by cause. */
function troubles(row: ShotPhase, own: readonly AttemptFact[]): string {
  const told = own.flatMap((attempt, index) => {
    const isLast = index === own.length - 1;
    // The last trouble of a phase that waits or was halted is the reason that was given already.
    if (isLast && row.state !== 'stabilized' && row.reason !== null) return [];
    const why = whyNot(attempt, own[index + 1], row);
    return why === null ? [] : [{ index, ...why }];
  });
  if (told.length === 0) return '';
  const only = own.length === 1 ? 'it' : null;
  const [first, second] = told;
  if (told.length === 2 && first && second && first.short === second.short && first.detail === second.detail) {
    const both = `the ${ordinal(first.index)} and the ${ordinal(second.index)}`;
    return `; ${both} ${ofSeveral(first.short)}${first.detail}`;
  }
  if (told.length <= 2) {
    return `; ${told.map(({ index, short, detail }) => `${only ?? `the ${ordinal(index)}`} ${short}${detail}`).join(', ')}`;
  }
  const counts = new Map<string, number>();
  for (const { short } of told) counts.set(short, (counts.get(short) ?? 0) + 1);
  return `; ${[...counts].map(([short, count]) => `${count} ${count === 1 ? short : ofSeveral(short)}`).join(', ')}`;
}

/** "was refused" of one is "were refused" of several. */
function ofSeveral(short: string): string {
  return short.replace(/^was /, 'were ');
}

interface Why {
  short: string;
  detail: string;
}

function whyNot(attempt: AttemptFact, next: AttemptFact | undefined, row: ShotPhase): Why | null {
  if (attempt.refusal) {
    const gate = attempt.refusal.gate.replace(
      /^gate_(\w+?)(?:_(\w+))?$/,
      (_all, number: string) => `gate ${number.toUpperCase()}`,
    );
    return { short: `was refused by ${gate}`, detail: ` (${bare(attempt.refusal.reason)})` };
  }
  if (attempt.doubtEnd === 'released') return { short: 'was in doubt and never charged', detail: '' };
  if (attempt.doubtEnd === 'charged') return { short: 'was charged without a take', detail: '' };
  if (attempt.doubtEnd === 'reopened') {
    if (attempt.state === 'in_doubt') return { short: 'is in doubt again', detail: '' };
    const isPaid = attempt.state !== 'failed' || attempt.actualMicroUsd !== 0;
    const detail = attempt.takeId === null ? '' : ` (${shortTake(attempt.takeId)})`;
    if (isPaid && attempt.takeId !== row.approvedTakeId) return { short: 'was listed late and paid for', detail };
  }
  if (attempt.state === 'failed') {
    // What the reason says already is not said twice.
    const isSaid = attempt.failure === null || (row.reason?.includes(attempt.failure.message) ?? false);
    return { short: 'brought no take', detail: isSaid ? '' : ` (${bare(attempt.failure?.message ?? '')})` };
  }
  const wasLeft = attempt.takeId !== null && attempt.takeId !== row.approvedTakeId && next !== undefined;
  const asked = wasLeft ? /^(rejected|rerouted[^:]*)(?:: (.*))?$/s.exec(next.changeReason ?? '') : null;
  if (!asked) return null;
  return { short: `was ${asked[1]}`, detail: asked[2] ? ` (${bare(asked[2])})` : '' };
}

/** Taken back before anything was sent, or refused with its account: no try of this shot's. */
function wasDropped(attempt: AttemptFact): boolean {
  const { state, actualMicroUsd, providerJobId, doubtEnd } = attempt;
  return doubtEnd === null && state === 'failed' && wasNoTry(attempt) && !actualMicroUsd && providerJobId === null;
}

function shortTake(takeId: string | null): string {
  return takeId === null ? 'a take' : takeId.slice(takeId.lastIndexOf('_') + 1);
}

function countOf(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}

const ordinals = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth'];

function ordinal(index: number): string {
  return ordinals[index] ?? `${index + 1}th`;
}

/** A sentence as a part of another: without its full stop, and small where it began with an ordinary word. */
function bare(sentence: string): string {
  const text = sentence.trim().replace(/\.+$/, '');
  return /^[A-Z][a-z]*[ ,]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
