/**
 * Sums over everything that was learned. Adding is all that happens to a tally, so that the order of events does not matter
 * and a report over a long production need only add what is new.
 */
import { assertNever } from '../../src-shared/domain/assert-never.ts';
import type { FailureCategory } from '../../src-shared/domain/failure.ts';
import type {
  CostLine,
  LearningEvent,
  OverrideLine,
  RetryLine,
  VerdictLine,
} from '../../src-shared/domain/learning.ts';
import type { Phase } from '../../src-shared/domain/phase.ts';
import type { ShotType } from '../../src-shared/domain/plan.ts';
import type { GateName } from '../../src-shared/domain/verdict.ts';

/** Attempts of one engine in one phase on one type of shot. */
export interface PassCell {
  model: string;
  phase: Phase;
  shotType: ShotType | null;
  passed: number;
  rejected: number;
  undecided: number;
  faults: number;
}

/** Decisions of people on takes that a gate passed, and on takes that it rejected. */
export interface GateCell {
  gate: GateName;
  passed: { decided: number; against: number };
  rejected: { decided: number; against: number };
}

export interface RetryCell {
  category: FailureCategory;
  succeeded: number;
  failed: number;
  notCarriedThrough: number;
}

export interface CostCell {
  phase: Phase;
  model: string;
  output: 'still' | 'clip';
  attempts: number;
  spentMicroUsd: number;
  unknownCosts: number;
}

export interface Tally {
  verdicts: number;
  passes: Map<string, PassCell>;
  gates: Map<GateName, GateCell>;
  /** lines of each decision that stand */
  decisions: Map<string, number>;
  retries: Map<FailureCategory, RetryCell>;
  costs: Map<string, CostCell>;
}

export function emptyTally(): Tally {
  return {
    verdicts: 0,
    ...{ passes: new Map(), gates: new Map(), decisions: new Map(), retries: new Map(), costs: new Map() },
  };
}

/** Adds one event to a tally. */
export function addToTally(tally: Tally, { kind, line }: LearningEvent): void {
  switch (kind) {
    case 'verdict':
      addVerdict(tally, line);
      break;
    case 'fault':
      passCell(tally, line).faults++;
      break;
    case 'override':
      addDecision(tally, line);
      break;
    case 'retry':
      addRetry(tally, line);
      break;
    case 'cost':
      addCost(tally, line);
      break;
    default:
      assertNever(kind, 'learning event');
  }
}

function addVerdict(tally: Tally, line: VerdictLine): void {
  tally.verdicts++;
  const cell = passCell(tally, line);
  if (line.gate_deferred) cell.undecided++;
  else if (line.success) cell.passed++;
  else cell.rejected++;
}

function passCell(tally: Tally, of: Pick<VerdictLine, 'model' | 'phase' | 'shot_type'>): PassCell {
  return cellOf(tally.passes, `${of.model}\n${of.phase}\n${of.shot_type}`, () => ({
    ...{ model: of.model, phase: of.phase, shotType: of.shot_type, passed: 0, rejected: 0, undecided: 0, faults: 0 },
  }));
}

function addDecision(tally: Tally, line: OverrideLine): void {
  const step = line.human_decision === 'undone' ? -1 : 1;
  const decision = line.id.split(':')[1] ?? line.id;
  tally.decisions.set(decision, (tally.decisions.get(decision) ?? 0) + step);
  const gate = line.gate_name;
  if (gate === null || line.gate_passed === null) return;
  const cell = cellOf(tally.gates, gate, () => ({
    ...{ gate, passed: { decided: 0, against: 0 }, rejected: { decided: 0, against: 0 } },
  }));
  const side = line.gate_passed ? cell.passed : cell.rejected;
  side.decided += step;
  if (line.override_type === 'false_positive' || line.override_type === 'false_negative') side.against += step;
}

function addRetry(tally: Tally, { failure_category: category, succeeded }: RetryLine): void {
  const cell = cellOf(tally.retries, category, () => ({ category, succeeded: 0, failed: 0, notCarriedThrough: 0 }));
  if (succeeded === null) cell.notCarriedThrough++;
  else if (succeeded) cell.succeeded++;
  else cell.failed++;
}

function addCost(tally: Tally, line: CostLine): void {
  const { phase, model, output } = line;
  const cell = cellOf(tally.costs, `${phase}\n${model}\n${output}`, () => ({
    ...{ phase, model, output, attempts: 0, spentMicroUsd: 0, unknownCosts: 0 },
  }));
  if (line.part === 'generation') cell.attempts++;
  if (line.cost_micro_usd === null) cell.unknownCosts++;
  else cell.spentMicroUsd += line.cost_micro_usd;
}

function cellOf<Key, Cell>(cells: Map<Key, Cell>, key: Key, make: () => Cell): Cell {
  const known = cells.get(key);
  if (known) return known;
  const made = make();
  cells.set(key, made);
  return made;
}
