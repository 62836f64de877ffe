/**
 * What the figures say clearly enough to be looked at, as sentences with their evidence. Nothing here changes a threshold, a
 * policy or a strategy: a person does, or does not.
 */
import { createHash } from 'node:crypto';
import type { GateRow, RetryRow, ShotTypeRow, Suggestion } from '../../src-shared/domain/learning-report.ts';
import type { Phase } from '../../src-shared/domain/phase.ts';
import { isApart, type Proportion, proportionText } from '../../src-shared/domain/proportion.ts';
import { categoryPhrases, gateNamePhrases, phasePhrases, shotTypePhrases } from '../../src-shared/phrases.ts';

/** Fewer cases than this are never spoken of, whatever they show. */
export const minCases = 20;

export const suggestionRule = `A figure is spoken of from ${minCases} cases on, and only when its whole 95 % interval lies beyond the limit. Nothing is changed by itself.`;

const limits = { strictGate: 0.2, laxGate: 0.1, trustedGate: 0.1, weakShotType: 0.5, weakRemedy: 0.3 };

export interface SuggestFrom {
  gates: readonly GateRow[];
  retries: readonly RetryRow[];
  byShotType: readonly ShotTypeRow[];
  /** engines side by side where they do the same work */
  byPhase: readonly { phase: Phase; model: string; passed: Proportion }[];
}

/** Every suggestion that the figures carry, gates first. */
export function suggest(from: SuggestFrom): Suggestion[] {
  return [
    ...from.gates.flatMap(suggestOnGate),
    ...suggestOnModels(from.byPhase),
    ...from.byShotType.flatMap(suggestOnShotType),
    ...from.retries.flatMap(suggestOnRemedy),
  ];
}

function suggestOnGate({ gate, falsePositive, falseNegative }: GateRow): Suggestion[] {
  const name = gateNamePhrases[gate];
  const found: Suggestion[] = [];
  if (isAbove(falseNegative, limits.strictGate)) {
    const evidence = `People approved ${proportionText(falseNegative)} of the takes it had rejected.`;
    found.push(suggestion(`${name} turns away takes that people approve: its limits may be too strict.`, evidence));
  }
  if (isAbove(falsePositive, limits.laxGate)) {
    const evidence = `People rejected ${proportionText(falsePositive)} of the takes it had passed.`;
    found.push(suggestion(`${name} passes takes that people reject: its limits may be too wide.`, evidence));
  }
  if (isBelow(falsePositive, limits.trustedGate)) {
    const evidence = `People rejected ${proportionText(falsePositive)} of the takes it had passed.`;
    found.push(suggestion(`What ${name} passes is seldom rejected: autonomy may lean on it.`, evidence));
  }
  return found;
}

/** The better of two engines in the same phase, where their intervals have nothing in common. */
function suggestOnModels(rows: SuggestFrom['byPhase']): Suggestion[] {
  const enough = rows.filter(({ passed }) => passed.n >= minCases);
  return enough.flatMap((better) =>
    enough
      .filter((other) => other.phase === better.phase && rateOf(other.passed) < rateOf(better.passed))
      .filter((other) => isApart(better.passed, other.passed))
      .map((other) =>
        suggestion(
          `${better.model} passes the gates more often than ${other.model} in ${phasePhrases[better.phase]}.`,
          `${better.model}: ${proportionText(better.passed)}; ${other.model}: ${proportionText(other.passed)}.`,
        ),
      ),
  );
}

function suggestOnShotType({ shotType, passed }: ShotTypeRow): Suggestion[] {
  if (shotType === null || !isBelow(passed, limits.weakShotType)) return [];
  const name = shotTypePhrases[shotType];
  const evidence = `${proportionText(passed)} of its takes passed the gates.`;
  return [suggestion(`Shots of type “${name}” seldom pass the gates: look at their prompts and references.`, evidence)];
}

function suggestOnRemedy({ category, succeeded }: RetryRow): Suggestion[] {
  if (!isBelow(succeeded, limits.weakRemedy)) return [];
  const evidence = `${proportionText(succeeded)} of the repeats brought a take that stood.`;
  return [
    suggestion(
      `Repeating after “${categoryPhrases[category]}” seldom helps: fewer repeats would save money.`,
      evidence,
    ),
  ];
}

function isAbove({ n, low }: Proportion, limit: number): boolean {
  return n >= minCases && low !== null && low > limit;
}

function isBelow({ n, high }: Proportion, limit: number): boolean {
  return n >= minCases && high !== null && high < limit;
}

function rateOf({ rate }: Proportion): number {
  return rate ?? 0;
}

function suggestion(text: string, evidence: string): Suggestion {
  return { hash: hashOfFinding(text), text, evidence };
}

/** The same words are the same finding, however they are spaced, capitalised or ended. */
export function hashOfFinding(text: string): string {
  const normal = text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/[.!…]+$/, '');
  return `sha256:${createHash('sha256').update(normal).digest('hex')}`;
}
