/**
 * What the next attempt does differently after a failure: a rule table over what went wrong. It only proposes; the request
 * is then composed with it, and what cannot be changed there is said. The director's prompt is never rewritten.
 */
import type { FailureCategory, FailureDetail } from '../../src-shared/domain/failure.ts';
import type { PlanShot } from '../../src-shared/domain/plan.ts';
import type { GateResult } from '../../src-shared/domain/verdict.ts';

/** Pictures that lead the references: those of these characters, by face or by what they wear. */
export interface RefFocus {
  kind: 'identity' | 'wardrobe';
  /** ids, in the plan's order */
  characters: readonly string[];
}

export interface Repair {
  seed: 'new' | 'same';
  focus: RefFocus | null;
  /** clauses for the end of the negative prompt */
  negative: readonly string[];
  /** run another workflow instead; only where the strategy lists one */
  workflowId: string | null;
}

export interface RepairQuestion {
  category: FailureCategory;
  /** of a lost attempt; null when a gate rejected a take */
  detail: FailureDetail | null;
  /** the gate that rejected the take; null for a lost attempt */
  gate: GateResult | null;
  /** failures of this category in this series, this one included */
  failed: number;
  shot: PlanShot;
  /** the next workflow of the strategy's fallback list; null = none */
  fallback: string | null;
}

/** After so many failures of one category the strategy's fallback is run. */
const fallbackAfter = 2;

/** What to try next; for what only a person can mend there is nothing to try. */
export function planRepair(question: RepairQuestion): Repair {
  const { category, detail, gate, failed, shot } = question;
  const again = failed >= fallbackAfter ? question.fallback : null;
  switch (category) {
    case 'transient':
      return { ...asBefore, workflowId: detail !== null && staysWithEngine.includes(detail) ? null : again };
    case 'gate_mechanical':
      return { ...asBefore, seed: 'new', negative: clausesOf(gate), workflowId: again };
    case 'gate_identity':
    case 'gate_wardrobe': {
      const kind = category === 'gate_identity' ? 'identity' : 'wardrobe';
      return {
        ...asBefore,
        seed: 'new',
        focus: { kind, characters: failingCharacters(gate, shot) },
        workflowId: again,
      };
    }
    case 'gate_video_drift':
    case 'content_filter':
    case 'permanent':
    case 'budget':
      return asBefore;
  }
}

/** It asked for patience, it may have the request, or nobody can be reached from here: another engine would not help. */
const staysWithEngine: readonly FailureDetail[] = ['rate_limit', 'in_doubt', 'network'];

const asBefore: Repair = { seed: 'same', focus: null, negative: [], workflowId: null };

/** What an engine can be told to leave out, by the code of a finding of gate 1. */
const clauses: Record<string, string> = {
  black: 'black frames',
  blank: 'blank picture',
  frozen: 'frozen frames',
  sharpness: 'blur, out of focus',
  flicker: 'flicker, strobing',
};

function clausesOf(gate: GateResult | null): string[] {
  const failed = (gate?.findings ?? []).filter(({ severity }) => severity === 'major' || severity === 'fatal');
  return [...new Set(failed.flatMap(({ code }) => clauses[code] ?? []))];
}

/** The characters that a gate's findings name; all of the shot where they name none. */
export function failingCharacters(gate: GateResult | null, shot: PlanShot): string[] {
  const ids = shot.asset_data.characters.map((character) => character.character_id);
  const said = [
    ...(gate?.findings ?? []).map(({ code, message }) => `${code} ${message}`),
    ...(gate?.measurements ?? []).filter(({ status }) => status === 'fail').map(({ metric }) => metric),
  ].join(' ');
  const words = new Set(said.toLowerCase().split(/[^a-z0-9_-]+/));
  const named = ids.filter((id) => words.has(id));
  return named.length > 0 ? named : ids;
}
