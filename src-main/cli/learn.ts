import type { LearningFigures, LearningReport } from '../../src-shared/domain/learning-report.ts';
import { formatUnitUsd, formatUsd } from '../../src-shared/domain/money.ts';
import { proportionText } from '../../src-shared/domain/proportion.ts';
import {
  accidentReasonPhrases,
  categoryPhrases,
  gateNamePhrases,
  phasePhrases,
  shotTypePhrases,
  statePhrases,
} from '../../src-shared/phrases.ts';
import { exitCodes, type Verb } from './verb.ts';

export const learnVerb: Verb = {
  name: 'learn',
  usage: '<dir> [--share]',
  summary: 'what the gates, people and repeats of a production have taught',
  help: [
    'Also brings state/learning up to date. Rates stand as hits of n with their 95 % interval (Wilson); faults of a',
    'provider are in no rate. Suggestions are text: nothing is changed by itself.',
    '--share puts the suggestions among those that all projects of this user know.',
    'JSON: {"status": "no_data", "message"} or {"status": "ready", "byModel", "byShotType", "gates", "retries", "costs",',
    '"stations", "accidents", "suggestions", "rule", …}; with --share also "shared", how many were new.',
  ],
  options: { share: { type: 'boolean' } },
  positionals: { min: 1, max: 1 },
  async run({ input, openProject }) {
    const { services } = await openProject();
    const { report } = await services.learning.report();
    await services.learning.flush();
    const shared = input.flag('share') ? (await services.learning.share()).added : null;
    const lines = report.status === 'no_data' ? [report.message] : describe(report);
    if (shared !== null) lines.push('', `${shared} new among what all projects know.`);
    return { exitCode: exitCodes.done, answer: { value: withShared(report, shared), lines } };
  },
};

function withShared(report: LearningReport, shared: number | null) {
  return shared === null ? report : { ...report, shared };
}

function describe(report: LearningFigures): string[] {
  return [
    `Verdicts: ${report.verdicts}. Decisions of people: ${report.decisions}, ${report.overrides} of them against a gate.`,
    ...table('Passed the gates, by engine', report.byModel, (row) => [
      row.model,
      `${proportionText(row.passed)}${besides(row)}, ${formatUsd(row.costMicroUsd)}`,
    ]),
    ...table('Passed the gates, by type of shot', report.byShotType, (row) => [
      row.shotType === null ? 'not in the plan' : shotTypePhrases[row.shotType],
      `${proportionText(row.passed)}${besides(row)}`,
    ]),
    ...table('Gates against people', report.gates, (row) => [
      gateNamePhrases[row.gate],
      `passed, then rejected: ${proportionText(row.falsePositive)}; rejected, then approved: ${proportionText(row.falseNegative)}`,
    ]),
    ...table('Repeats that brought what they were for', report.retries, (row) => [
      categoryPhrases[row.category],
      `${proportionText(row.succeeded)}${row.notCarriedThrough > 0 ? `, ${row.notCarriedThrough} not carried through` : ''}`,
    ]),
    ...table('Cost of what was approved', report.costs, (row) => [
      `${phasePhrases[row.phase]} · ${row.model}`,
      `${formatUsd(row.spentMicroUsd)} in ${row.attempts} attempts, ${costText(row)}`,
    ]),
    ...table('Time at each station: median, and what 95 % stay under', report.stations, (row) => [
      `${statePhrases[row.state]} · ${phasePhrases[row.phase]}`,
      `${seconds(row.medianMs)}, ${seconds(row.p95Ms)}, of ${row.n}`,
    ]),
    ...table('Happy accidents', report.accidents, (row) => [
      row.takeId,
      `${row.reasons.map((reason) => accidentReasonPhrases[reason]).join(', ')}${row.note ? ` — ${row.note}` : ''}`,
    ]),
    ...sentences('Suggestions', report.suggestions),
    '',
    report.rule,
  ];
}

/** Two columns under a title; nothing where there is nothing to tell. */
function table<Row>(title: string, rows: readonly Row[], of: (row: Row) => [string, string]): string[] {
  if (rows.length === 0) return [];
  const cells = rows.map(of);
  const width = Math.max(...cells.map(([name]) => name.length));
  return ['', title, ...cells.map(([name, figures]) => `  ${name.padEnd(width)}  ${figures}`)];
}

/** Sentences, each with what it stands on below it. */
function sentences(title: string, rows: readonly { text: string; evidence: string }[]): string[] {
  return rows.length === 0
    ? []
    : ['', title, ...rows.flatMap(({ text, evidence }) => [`  ${text}`, `    ${evidence}`])];
}

function besides({ undecided, faults }: { undecided: number; faults: number }): string {
  const left = undecided > 0 ? `, ${undecided} left to people` : '';
  return faults > 0 ? `${left}, ${faults} provider ${faults === 1 ? 'fault' : 'faults'}` : left;
}

function costText(row: LearningFigures['costs'][number]): string {
  if (row.perSecondMicroUsd !== null) return `${formatUnitUsd(row.perSecondMicroUsd)} per approved second`;
  if (row.perStillMicroUsd !== null) return `${formatUnitUsd(row.perStillMicroUsd)} per approved still`;
  return 'nothing approved yet';
}

function seconds(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}
