import { failureCategories } from '../../src-shared/domain/failure.ts';
import type {
  AccidentReason,
  CostRow,
  GateRow,
  HappyAccident,
  LearningReport,
  ModelRow,
  RetryRow,
  ShotTypeRow,
} from '../../src-shared/domain/learning-report.ts';
import { phases } from '../../src-shared/domain/phase.ts';
import { shotTypes } from '../../src-shared/domain/plan.ts';
import { proportionOf } from '../../src-shared/domain/proportion.ts';
import { gateNameSchema } from '../../src-shared/domain/verdict.ts';
import type { ApprovedOutput, ChosenTake, StationTimes } from '../orchestrator/ports/learning-store.ts';
import { suggest, suggestionRule } from './suggest.ts';
import type { PassCell, Tally } from './tally.ts';

/** What a report tells beside the sums: what stands in the project now. */
export interface ReportFacts {
  project: string;
  /** ISO time */
  now: string;
  approved: readonly ApprovedOutput[];
  times: readonly StationTimes[];
  chosen: readonly ChosenTake[];
}

/** The report over a tally: the same tally and facts always give the same report. */
export function buildReport(tally: Tally, facts: ReportFacts): LearningReport {
  const decisions = [...tally.decisions.values()].filter((lines) => lines > 0).length;
  if (tally.passes.size + decisions + tally.retries.size + tally.costs.size === 0) {
    const message = 'Nothing has been learned yet: no take of this project has been judged by a gate or a person.';
    return { status: 'no_data', message };
  }
  const cells = [...tally.passes.values()];
  const gates = gateRows(tally);
  const retries = retryRows(tally);
  const byShotType = shotTypeRows(cells);
  const byPhase = groupBy(cells, ({ phase, model }) => `${phase} ${model}`).map((group) => ({
    ...{ phase: group[0].phase, model: group[0].model },
    passed: passesOf(group).passed,
  }));
  return {
    status: 'ready',
    ...{ project: facts.project, generatedAt: facts.now, verdicts: tally.verdicts, decisions },
    overrides: gates.reduce((sum, row) => sum + row.falsePositive.hits + row.falseNegative.hits, 0),
    ...{ byModel: modelRows(tally, cells), byShotType, gates, retries, costs: costRows(tally, facts.approved) },
    stations: facts.times.map((row) => ({ ...row })),
    accidents: facts.chosen.flatMap(accidentOf),
    suggestions: suggest({ gates, retries, byShotType, byPhase }),
    rule: suggestionRule,
  };
}

function passesOf(cells: readonly PassCell[]) {
  const sum = (of: (cell: PassCell) => number) => cells.reduce((total, cell) => total + of(cell), 0);
  const passed = sum((cell) => cell.passed);
  return {
    passed: proportionOf(passed, passed + sum((cell) => cell.rejected)),
    undecided: sum((cell) => cell.undecided),
    faults: sum((cell) => cell.faults),
  };
}

function modelRows(tally: Tally, cells: readonly PassCell[]): ModelRow[] {
  const spent = (model: string) =>
    [...tally.costs.values()].reduce((sum, cost) => sum + (cost.model === model ? cost.spentMicroUsd : 0), 0);
  return groupBy(cells, ({ model }) => model)
    .map((group): ModelRow => {
      const { model } = group[0];
      return { model, ...passesOf(group), costMicroUsd: spent(model) };
    })
    .sort((a, b) => (a.model < b.model ? -1 : 1));
}

function shotTypeRows(cells: readonly PassCell[]): ShotTypeRow[] {
  const rank = (row: ShotTypeRow) => (row.shotType === null ? shotTypes.length : shotTypes.indexOf(row.shotType));
  return groupBy(cells, ({ shotType }) => String(shotType))
    .map((group): ShotTypeRow => ({ shotType: group[0].shotType, ...passesOf(group) }))
    .sort((a, b) => rank(a) - rank(b));
}

function gateRows({ gates }: Tally): GateRow[] {
  return gateNameSchema.options.flatMap((gate): GateRow[] => {
    const cell = gates.get(gate);
    if (!cell || cell.passed.decided + cell.rejected.decided === 0) return [];
    const falsePositive = proportionOf(cell.passed.against, cell.passed.decided);
    return [{ gate, falsePositive, falseNegative: proportionOf(cell.rejected.against, cell.rejected.decided) }];
  });
}

function retryRows({ retries }: Tally): RetryRow[] {
  return failureCategories.flatMap((category): RetryRow[] => {
    const cell = retries.get(category);
    if (!cell) return [];
    const { succeeded, failed, notCarriedThrough } = cell;
    return [{ category, succeeded: proportionOf(succeeded, succeeded + failed), notCarriedThrough }];
  });
}

function costRows({ costs }: Tally, approved: readonly ApprovedOutput[]): CostRow[] {
  const rows = [...costs.values()].map((cost): CostRow => {
    const isSame = (row: ApprovedOutput) =>
      row.phase === cost.phase && row.model === cost.model && row.output === cost.output;
    const { takes, seconds } = approved.find(isSame) ?? { takes: 0, seconds: 0 };
    const isClip = cost.output === 'clip';
    return {
      ...cost,
      ...{ approvedTakes: takes, approvedSeconds: seconds },
      perSecondMicroUsd: isClip && seconds > 0 ? cost.spentMicroUsd / seconds : null,
      perStillMicroUsd: !isClip && takes > 0 ? cost.spentMicroUsd / takes : null,
    };
  });
  return rows.sort((a, b) => phases.indexOf(a.phase) - phases.indexOf(b.phase) || (a.model < b.model ? -1 : 1));
}

/** Chosen against what the gates or the plan favoured, or empty. */
function accidentOf(take: ChosenTake): HappyAccident[] {
  const { takeId, shotId, phase, note, decidedAt } = take;
  const reasons: AccidentReason[] = [];
  if (take.source === 'external') reasons.push('external');
  if (take.source === 'override') reasons.push('own_file');
  if (take.gateStatus === 'fail') reasons.push('gate_rejected');
  if (take.hadNewerPass) reasons.push('earlier_take');
  return reasons.length === 0 ? [] : [{ takeId, shotId, phase, reasons, note, decidedAt }];
}

/** Groups with at least one member each. */
function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): [Item, ...Item[]][] {
  const groups = new Map<string, [Item, ...Item[]]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return [...groups.values()];
}
